from odoo import api, fields, models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "care.touch.mixin"]

    care_segment_ids = fields.Many2many(
        related="partner_id.care_segment_ids",
        string="Segments",
        groups="customer_care.group_agent_own",
    )

    @api.model
    def _care_touch_fields(self):
        return super()._care_touch_fields() | {
            "stage_id",
            "type",
            "probability",
            "expected_revenue",
            "user_id",
            "tag_ids",
        }
