"""The rule as the sentence that a reader sees: When – Who – Do."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareRule(models.Model):
    _inherit = "care.rule"

    when_text = fields.Char(
        string="When In Words", compute="_compute_words", compute_sudo=False
    )
    who_text = fields.Char(
        string="Who In Words", compute="_compute_words", compute_sudo=False
    )
    do_text = fields.Char(
        string="Do In Words", compute="_compute_words", compute_sudo=False
    )

    @api.model
    def _words_depends(self):
        """Hook: what the words depend on."""
        return [
            "occasion",
            "segment_id.name",
            "from_stage_id.name",
            "to_stage_id.name",
            "days_before",
            "domain",
            "only_segment_ids.name",
            "except_segment_ids.name",
            "again_after_days",
            "daily_limit",
            "action",
            "subject",
            "getter",
            "getter_id.name",
            "team_id.name",
            "deadline_days",
            "target_segment_id.name",
            "tag_ids.name",
            "target_stage_id.name",
            "keep_days",
            "contact_channel",
            "message_id.name",
            "message_channel",
        ]

    @api.depends(lambda self: self._words_depends())
    @api.depends_context("lang", "uid")
    def _compute_words(self):
        for rule in self:
            rule.when_text = rule._say_when()
            rule.who_text = rule._say_who()
            say = getattr(rule, f"_say_{rule.action}", None)
            rule.do_text = say() if say else False

    def _say_when(self):
        """Return the occasion in words; a hook for further occasions."""
        segment = self.segment_id.name or "…"
        if self.occasion == "enter":
            return self.env._(
                "When a customer comes into “%(segment)s”", segment=segment
            )
        if self.occasion == "leave":
            return self.env._("When a customer leaves “%(segment)s”", segment=segment)
        if self.occasion == "stage":
            stages = {"old": self.from_stage_id.name, "new": self.to_stage_id.name}
            if self.from_stage_id and self.to_stage_id:
                return self.env._(
                    "When a customer moves from “%(old)s” to “%(new)s”", **stages
                )
            if self.from_stage_id:
                return self.env._("When a customer moves out of “%(old)s”", **stages)
            stages["new"] = stages["new"] or "…"
            return self.env._("When a customer moves to “%(new)s”", **stages)
        if self.occasion == "birthday" and self.days_before:
            return self.env._(
                "%(days)s days before a customer's birthday", days=self.days_before
            )
        if self.occasion == "birthday":
            return self.env._("On a customer's birthday")
        return False

    def _say_who(self):
        """Return in words of whom the rule takes notice."""
        lines = []
        try:
            condition = self._condition()
        except ValidationError as error:
            return error.args[0]
        if self.only_segment_ids:
            names = ", ".join(self.only_segment_ids.mapped("name"))
            lines.append(self.env._("in any of: %(names)s", names=names))
        if not condition.is_true():
            tree = self.env["care.segment"]._tree_lines(
                condition, self.env["res.partner"], 0
            )
            lines += [text for _depth, text, _domain in tree]
        if self.except_segment_ids:
            names = ", ".join(self.except_segment_ids.mapped("name"))
            lines.append(self.env._("not in: %(names)s", names=names))
        if not lines:
            return self.env._("whoever it is")
        return self.env._(
            "if the customer is: %(conditions)s", conditions="; ".join(lines)
        )
