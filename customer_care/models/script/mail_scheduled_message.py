from odoo import api, models


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    @api.model
    def _notification_parameters_whitelist(self):
        """A message that goes out later still says which scripts it was made of."""
        return super()._notification_parameters_whitelist() | {
            "care_script_variant_ids"
        }
