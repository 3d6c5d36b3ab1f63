from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _care_of(self, partners):
        """Return the orders of these people, those sent to them among them."""
        orders = self.sudo().with_context(active_test=False)
        return orders.search(
            [
                "|",
                ("partner_id", "in", partners.ids),
                "|",
                ("partner_invoice_id", "in", partners.ids),
                ("partner_shipping_id", "in", partners.ids),
            ]
        )

    @api.model
    def _care_forget_partners(self, partners):
        """Take notes and signatures off the orders; goods and amounts stay."""
        self._care_of(partners).with_context(**self.env.context).write(
            {
                "client_order_ref": False,
                "note": False,
                "signed_by": False,
                "signature": False,
                "access_token": False,
            }
        )

    @api.model
    def _care_export_partners(self, partners):
        """Return the orders of these people with their lines."""
        return [
            {
                "record": "order",
                "number": order.name,
                "when": fields.Datetime.to_string(order.date_order) or "",
                "state": order.state,
                "amount": order.amount_total,
                "currency": order.currency_id.name,
                "lines": [
                    {"text": line.name, "quantity": line.product_uom_qty}
                    for line in order.order_line
                ],
            }
            for order in self._care_of(partners).sorted("id")
        ]
