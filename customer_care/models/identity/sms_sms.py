from odoo import api, models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    @api.model
    def _care_forget_partners(self, partners):
        """Delete text messages to these people, those that wait among them."""
        partners._care_records(self._name).unlink()

    @api.model
    def _care_export_partners(self, partners):
        """Return the text messages that are still in the queue."""
        return [
            {
                "record": "sms",
                "number": sms.number or "",
                "text": sms.body or "",
                "state": sms.state,
            }
            for sms in partners._care_records(self._name).sorted("id")
        ]
