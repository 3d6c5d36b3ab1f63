from odoo import api, models


class CareReceipt(models.Model):
    _inherit = "care.receipt"

    @api.model
    def _care_of(self, partners):
        emails = partners._care_addresses()[0]
        return self.sudo().search([("email", "in", list(emails))])

    @api.model
    def _care_forget_partners(self, partners):
        """Forget that these addresses got a receipt; it is kept a week at most."""
        self._care_of(partners).unlink()

    @api.model
    def _care_export_partners(self, partners):
        """Return the receipts of the last days."""
        return [
            {"record": "receipt", "email": receipt.email, "day": str(receipt.day)}
            for receipt in self._care_of(partners)
        ]
