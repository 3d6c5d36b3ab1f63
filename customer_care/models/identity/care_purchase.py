from odoo import api, models


class CarePurchase(models.Model):
    _inherit = "care.purchase"

    @api.model
    def _care_forget_partners(self, partners):
        """Nothing to take away: a day, an amount and the number of a receipt."""

    @api.model
    def _care_export_partners(self, partners):
        """Return the purchases that were brought in from files."""
        purchases = self.sudo().search(
            [("partner_id", "in", partners.ids)], order="day, id"
        )
        return [
            {
                "record": "purchase",
                "day": str(purchase.day),
                "company": purchase.company_id.name,
                "amount": purchase.amount,
                "currency": purchase.currency_id.name,
                "purchases": purchase.purchase_count,
                "reference": purchase.reference or "",
                "delivered": str(purchase.delivered_on or ""),
            }
            for purchase in purchases
        ]
