"""Do: change what is kept of the customer: segment, tag, care stage."""

from datetime import timedelta

from odoo import fields, models

from ...lib.internal import INTERNAL


class CareRule(models.Model):
    _inherit = "care.rule"

    target_segment_id = fields.Many2one(
        comodel_name="care.segment",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    tag_ids = fields.Many2many(
        comodel_name="res.partner.category",
        relation="care_rule_tag_rel",
        column1="rule_id",
        column2="tag_id",
        string="Tags",
    )
    target_stage_id = fields.Many2one(
        comodel_name="care.stage",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    keep_days = fields.Integer(
        string="Kept For (days)",
        default=90,
        help="So long the rules of the care stages leave the customer there; 0: they "
        "decide again at once.",
    )

    _keep_days_range = models.Constraint(
        "CHECK (keep_days BETWEEN 0 AND 3650)",
        "A customer can be kept in a care stage for up to ten years.",
    )

    # ------------------------------------------------------------------ segment
    def _missing_segment_add(self):
        if self.target_segment_id:
            return []
        return [self.env._("Choose into or out of which segment.")]

    def _missing_segment_remove(self):
        return self._missing_segment_add()

    def _say_segment_add(self):
        """Return the action in one sentence."""
        return self.env._(
            "put the customer into “%(segment)s”",
            segment=self.target_segment_id.name or "…",
        )

    def _say_segment_remove(self):
        """Return the action in one sentence."""
        return self.env._(
            "take the customer out of “%(segment)s”",
            segment=self.target_segment_id.name or "…",
        )

    def _do_segment_add(self, partners):
        """Put the customers in, whatever the condition of the segment says."""
        self.target_segment_id._set_override(partners, "include")
        return dict.fromkeys(partners.ids, self.target_segment_id)

    def _do_segment_remove(self, partners):
        """Keep the customers out, whatever the condition of the segment says."""
        self.target_segment_id._set_override(partners, "exclude")
        return dict.fromkeys(partners.ids, self.target_segment_id)

    # ---------------------------------------------------------------------- tag
    def _missing_tag_add(self):
        return [] if self.tag_ids else [self.env._("Choose the tag.")]

    def _missing_tag_remove(self):
        return self._missing_tag_add()

    def _say_tag_add(self):
        """Return the action in one sentence."""
        return self.env._(
            "add the tag %(tags)s",
            tags=", ".join(self.tag_ids.mapped("name")) or "…",
        )

    def _say_tag_remove(self):
        """Return the action in one sentence."""
        return self.env._(
            "take away the tag %(tags)s",
            tags=", ".join(self.tag_ids.mapped("name")) or "…",
        )

    def _do_tag_add(self, partners):
        """Add the tags to the contacts."""
        partners.write({"category_id": [(4, tag.id) for tag in self.tag_ids]})
        return dict.fromkeys(partners.ids, None)

    def _do_tag_remove(self, partners):
        """Take the tags off the contacts."""
        partners.write({"category_id": [(3, tag.id) for tag in self.tag_ids]})
        return dict.fromkeys(partners.ids, None)

    # -------------------------------------------------------------------- stage
    def _missing_stage(self):
        return [] if self.target_stage_id else [self.env._("Choose the care stage.")]

    def _say_stage(self):
        """Return the action in one sentence."""
        stage = self.target_stage_id.name or "…"
        if not self.keep_days:
            return self.env._("move the customer to “%(stage)s”", stage=stage)
        return self.env._(
            "move the customer to “%(stage)s” and keep him there for %(days)s days",
            stage=stage,
            days=self.keep_days,
        )

    def _do_stage(self, partners):
        """Move the customers; their history names the rule.

        Odoo's log of the contact is left out: the history of care stages says it.
        """
        stage, today = (
            self.target_stage_id,
            self.env["care.profile"]._today(self.company_id),
        )
        partners = partners.with_context(
            care_stage_moved=INTERNAL, tracking_disable=True
        )
        moving = partners.filtered(lambda partner: partner.care_stage_id != stage)
        moving._care_note_move(
            stage, reason="automation", note=self.name, user_id=False
        )
        until = today + timedelta(days=self.keep_days) if self.keep_days else False
        partners.write({"care_stage_id": stage.id, "care_stage_lock_until": until})
        moving.write({"care_stage_since": today})
        return dict.fromkeys(partners.ids, None)
