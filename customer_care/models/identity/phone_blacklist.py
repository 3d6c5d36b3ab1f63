from odoo import api, models


class PhoneBlacklist(models.Model):
    _inherit = "phone.blacklist"

    @api.model
    def _care_of(self, partners):
        ids = partners._care_ids_by_address(
            self._name, set(), partners._care_addresses()[1]
        )
        return self.sudo().with_context(active_test=False).browse(ids)

    @api.model
    def _care_forget_partners(self, partners):
        """Delete the number: the suppression list keeps writing to it impossible."""
        self._care_of(partners).unlink()

    @api.model
    def _care_export_partners(self, partners):
        """Return whether these people refused all text messages."""
        return [
            {"record": "sms refused", "number": entry.number}
            for entry in self._care_of(partners).filtered("active")
        ]
