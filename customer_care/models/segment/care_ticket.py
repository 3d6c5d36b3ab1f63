from odoo import api, fields, models


class CareTicket(models.Model):
    _name = "care.ticket"
    _inherit = ["care.ticket", "care.touch.mixin"]

    care_segment_ids = fields.Many2many(
        related="partner_id.care_segment_ids",
        string="Segments",
        groups="customer_care.group_agent_own",
    )

    @api.model
    def _care_touch_fields(self):
        return super()._care_touch_fields() | {
            "stage_id",
            "commercial_partner_id",
            "kind",
            "category_id",
            "channel_id",
            "tag_ids",
        }

    def _care_touched(self):
        """Return the customers; they are columns of the ticket, nothing is read."""
        return self.sudo().commercial_partner_id
