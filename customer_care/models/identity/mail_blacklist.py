from odoo import api, models


class MailBlacklist(models.Model):
    _inherit = "mail.blacklist"

    @api.model
    def _care_forget_partners(self, partners):
        """Delete the address: the suppression list keeps writing to it impossible."""
        emails = partners._care_addresses()[0]
        entries = self.sudo().with_context(active_test=False)
        entries.search([("email", "in", list(emails))]).unlink()

    @api.model
    def _care_export_partners(self, partners):
        """Return whether these people refused all mail."""
        emails = partners._care_addresses()[0]
        return [
            {"record": "mail refused", "email": entry.email}
            for entry in self.sudo().search([("email", "in", list(emails))])
        ]
