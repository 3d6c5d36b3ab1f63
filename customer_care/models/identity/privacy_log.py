from odoo import models


class PrivacyLog(models.Model):
    _inherit = "privacy.log"

    def _anonymize_email(self, label):
        """Somebody may have no address; Odoo keeps an exception in its place."""
        return super()._anonymize_email(label) if "@" in (label or "") else "-"
