from odoo import api, fields, models

from ...lib.internal import is_internal


class CareSegment(models.Model):
    _inherit = "care.segment"

    rule_ids = fields.One2many(
        comodel_name="care.rule",
        inverse_name="segment_id",
        string="Used By",
        groups="customer_care.group_lead",
    )

    def _after_difference(self):
        """Hand on who came and left to the rules that wait for it."""
        result = super()._after_difference()
        if self.is_filled and not is_internal(self.env.context, "care_silent"):
            self.env["care.rule"]._note_segment(self)
        return result

    @api.model
    def _used_by_rules_fields(self):
        """Hook: fields of ``care.rule`` by which a rule uses a segment."""
        return [
            "segment_id",
            "target_segment_id",
            "only_segment_ids",
            "except_segment_ids",
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_a_rule_waits(self):
        self.env["care.rule"]._refuse_to_lose(
            self, self._used_by_rules_fields(), ["care_segment_id"]
        )

    def action_new_care_rule(self):
        """Begin a rule that waits for customers who come into this segment."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Automatic Rule"),
            "res_model": "care.rule",
            "views": [(False, "form")],
            "context": {
                "default_occasion": "enter",
                "default_segment_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }
