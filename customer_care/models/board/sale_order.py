from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        if {"state", "opportunity_id", "partner_id"} & vals.keys():
            self._care_assess_leads()
        return result

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        viewed = message.subtype_id == self.env.ref("sale.mt_order_viewed")
        if viewed or (not message.is_internal and message.author_id.partner_share):
            self._care_assess_leads()
        return result

    def _care_assess_leads(self):
        """Look at the leads of these orders again, as the system."""
        orders = self.sudo()
        if "opportunity_id" in self._fields:
            leads = orders.opportunity_id
        else:
            leads = (
                self.env["crm.lead"]
                .sudo()
                .search(
                    [
                        ("partner_id", "in", orders.partner_id.ids),
                        ("won_status", "=", "pending"),
                    ]
                )
            )
        leads._care_assess()
