"""Which promises fit the same tickets, and which of them counts."""

from odoo import api, fields, models


class CareSlaPolicy(models.Model):
    _inherit = "care.sla.policy"

    condition_text = fields.Char(
        string="For", compute="_compute_condition_text", help="For whom, in words."
    )
    target_summary = fields.Char(
        string="In Short",
        compute="_compute_target_summary",
        help="What is promised within how long, in words.",
    )
    overlap_note = fields.Text(
        string="Fits With Others",
        compute="_compute_overlap_note",
        help="Promises that fit the same tickets, and which of them counts.",
    )

    @api.depends(
        "team_ids", "category_ids", "kind", "tag_ids", "segment_id", "care_stage_ids"
    )
    @api.depends_context("lang")
    def _compute_condition_text(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for policy in self:
            parts = [
                ", ".join(records.mapped("display_name"))
                for records in (
                    policy.team_ids,
                    policy.category_ids,
                    policy.tag_ids,
                    policy.segment_id,
                    policy.care_stage_ids,
                )
                if records
            ]
            if policy.kind:
                parts.append(kinds[policy.kind])
            if policy.domain and policy.domain != "[]":
                parts.append(self.env._("a further condition"))
            policy.condition_text = " · ".join(parts) or self.env._("All tickets")

    @api.depends("target_ids.metric", "target_ids.priority", "target_ids.hours")
    @api.depends_context("lang")
    def _compute_target_summary(self):
        clocks = self.env["care.sla.clock"]
        targets = self.env["care.sla.target"]
        metrics = dict(targets._fields["metric"]._description_selection(self.env))
        for policy in self:
            by_metric = {}
            for target in policy.target_ids:
                if target.metric:
                    by_metric.setdefault(target.metric, []).append(target.hours)
            parts = []
            for metric, hours in by_metric.items():
                low = clocks._say_seconds(min(hours) * 3600)
                high = clocks._say_seconds(max(hours) * 3600)
                span = low if low == high else f"{low} – {high}"
                parts.append(f"{metrics[metric]}: {span}")
            policy.target_summary = " · ".join(parts)

    @api.depends(
        "sequence",
        "company_id",
        "team_ids",
        "category_ids",
        "kind",
        "tag_ids",
        "segment_id",
        "care_stage_ids",
        "domain",
        "date_from",
        "date_to",
        "target_ids.metric",
        "target_ids.priority",
    )
    @api.depends_context("lang")
    def _compute_overlap_note(self):
        """Say what comes before and after, per policy in one sentence each."""
        for policy in self:
            others = policy._origin and self.sudo().search(
                [
                    ("company_id", "=", policy.company_id.id),
                    ("id", "!=", policy._origin.id),
                ]
            )
            lines = []
            for other in others or ():
                line = policy._say_overlap(other)
                if line:
                    lines.append(line)
            policy.overlap_note = "\n".join(lines) or False

    def _say_overlap(self, other):
        """Return the sentence about one other policy, empty where nothing is shared."""
        mine, theirs = self.sudo()._as_rule(), other._as_rule()
        if not _may_share_tickets(mine, theirs) or not _share_lines(mine, theirs):
            return ""
        comes_first = (other.sequence, other.id) < (self.sequence, self._origin.id)
        names = {"name": other.name}
        if comes_first and _covers(theirs, mine):
            return self.env._(
                "Never counts: every ticket that fits it also fits “%(name)s”, which"
                " stands before it.",
                **names,
            )
        if comes_first:
            return self.env._(
                "A ticket that also fits “%(name)s” gets that promise: it stands"
                " before this one.",
                **names,
            )
        return self.env._(
            "A ticket that also fits “%(name)s” gets this promise: it stands before"
            " that one.",
            **names,
        )


CONDITIONS = ("teams", "categories", "kinds", "stages")


def _may_share_tickets(one, other):
    """Whether a ticket can fit both: no condition keeps them apart."""
    for name in CONDITIONS:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs and mine.isdisjoint(theirs):
            return False
    starts = [rule.first_day for rule in (one, other) if rule.first_day]
    ends = [rule.last_day for rule in (one, other) if rule.last_day]
    return not (starts and ends and max(starts) > min(ends))


def _share_lines(one, other):
    """Whether both promise the same thing for some priority."""
    return any(
        metric == other_metric
        and (priority == other_priority or None in (priority, other_priority))
        for metric, priority in one.lines
        for other_metric, other_priority in other.lines
    )


def _covers(wide, narrow):
    """Whether every ticket of ``narrow`` fits ``wide``, with every line of it."""
    for name in (*CONDITIONS, "tags"):
        outer, inner = getattr(wide, name), getattr(narrow, name)
        if outer and not (inner and inner <= outer):
            return False
    if wide.segment and wide.segment != narrow.segment:
        return False
    if wide.domain and wide.domain != narrow.domain:
        return False
    if wide.first_day and not (narrow.first_day and narrow.first_day >= wide.first_day):
        return False
    if wide.last_day and not (narrow.last_day and narrow.last_day <= wide.last_day):
        return False
    return all(
        (metric, None) in wide.lines or (metric, priority) in wide.lines
        for metric, priority in narrow.lines
    )
