from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_privacy_lookup(self):
        """Look the contact up by phone number as well."""
        action = super().action_privacy_lookup()
        return {**action, "context": {**action["context"], "default_phone": self.phone}}
