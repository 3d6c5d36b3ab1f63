from odoo import api, models


class CareTouch(models.Model):
    _inherit = "care.touch"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Have the customer looked at again; touches of who is gone lead nowhere."""
        self._touch(sources | destination | sources._care_merge_home(destination))

    @api.model
    def _look_at(self, partners, silent):
        """Look for duplicates of these customers as well."""
        result = super()._look_at(partners, silent)
        if partners:
            self.env["care.duplicate"]._refresh(partners)
        return result
