from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "care.touch.mixin"]

    care_segment_ids = fields.Many2many(
        related="partner_id.care_segment_ids",
        string="Segments",
        groups="customer_care.group_agent_own",
    )

    @api.model
    def _care_touch_fields(self):
        return super()._care_touch_fields() | {
            "state",
            "date_order",
            "order_line",
            "currency_id",
        }
