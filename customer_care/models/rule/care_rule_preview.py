"""What a rule would do, before it does anything: how many, who, and with which words."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

SAMPLES = 10
PAST_DAYS = 30
#: Who builds rules; a preview of any condition is no matter of everybody else.
EDITORS = "customer_care.group_manager"


class CareRule(models.Model):
    _inherit = "care.rule"

    problem = fields.Text(
        compute="_compute_problem",
        compute_sudo=False,
        help="Why this rule can never act.",
    )
    doubt = fields.Text(
        compute="_compute_preview",
        compute_sudo=False,
        groups=EDITORS,
        help="Why this rule may not act for a long time.",
    )
    preview_count = fields.Integer(
        string="Fit Now",
        compute="_compute_preview",
        compute_sudo=False,
        groups=EDITORS,
        help="Customers to whom it can happen and whom the rule would act for.",
    )
    preview_past_count = fields.Integer(
        string="In the Last 30 Days",
        compute="_compute_preview",
        compute_sudo=False,
        groups=EDITORS,
        help="How often it happened to customers whom the rule would act for today.",
    )
    preview_samples = fields.Html(
        string="For Example",
        compute="_compute_preview",
        compute_sudo=False,
        sanitize=False,
        groups=EDITORS,
    )
    can_start_present = fields.Boolean(compute="_compute_can_start_present")

    # ------------------------------------------------------------ never matching
    @api.model
    def _never_depends(self):
        """Hook: what decides whether a rule can never act."""
        return [
            "occasion",
            "segment_id.active",
            "segment_id.domain",
            "segment_id.kind",
            "from_stage_id.active",
            "to_stage_id.active",
            "domain",
            "only_segment_ids.active",
            "except_segment_ids",
            "action",
            "target_segment_id",
            "target_stage_id",
        ]

    @api.depends(lambda self: self._never_depends())
    @api.depends_context("lang", "uid")
    def _compute_problem(self):
        for rule in self:
            rule.problem = "\n".join(rule._never()) or False

    def _never(self):
        """Return sentences why the rule can never act; empty: it can. A hook.

        What is said here follows from the rule alone, whatever customers there are.
        """
        self.ensure_one()
        reasons = self._never_by_occasion()
        try:
            contradicts = self._contradicts()
        except ValidationError as error:
            return [*reasons, error.args[0]]
        except ValueError as error:
            return [
                *reasons,
                self.env._("The condition cannot be used: %(error)s", error=error),
            ]
        if contradicts:
            reasons.append(
                self.env._("The condition contradicts itself or the occasion.")
            )
        if self.only_segment_ids and self.only_segment_ids <= self.except_segment_ids:
            reasons.append(
                self.env._("“Only who is in” and “But not in” name the same segments.")
            )
        if (
            self.occasion in ("enter", "leave")
            and self.action in ("segment_add", "segment_remove")
            and self.segment_id
            and self.target_segment_id == self.segment_id
            and (self.occasion == "enter") == (self.action == "segment_add")
        ):
            reasons.append(
                self.env._("The customer is there already; there is nothing to do.")
            )
        return reasons

    def _never_by_occasion(self):
        """Return why the occasion itself cannot come."""
        reasons = []
        if self.occasion in ("enter", "leave") and self.segment_id:
            segment = self.segment_id
            if not segment.active:
                reasons.append(
                    self.env._(
                        "The segment “%(segment)s” is archived: nobody comes in or "
                        "leaves.",
                        segment=segment.name,
                    )
                )
        if self.occasion == "stage":
            archived = (self.from_stage_id | self.to_stage_id).filtered(
                lambda stage: not stage.active
            )
            if archived:
                reasons.append(
                    self.env._(
                        "The care stage “%(stage)s” is archived: nobody moves there.",
                        stage=archived[0].name,
                    )
                )
            if self.from_stage_id and self.from_stage_id == self.to_stage_id:
                reasons.append(
                    self.env._("Nobody moves from a care stage to the same one.")
                )
        return reasons

    def _contradicts(self):
        """Tell whether condition and occasion exclude each other, whoever comes."""
        domain = self._condition()
        if self.occasion == "enter" and self.segment_id.kind == "dynamic":
            domain &= self.segment_id._domain()
        if self.occasion == "stage" and self.to_stage_id:
            domain &= Domain("care_stage_id", "=", self.to_stage_id.id)
        if self.occasion == "birthday":
            domain &= Domain("care_birthday", "!=", False)
        return domain.optimize_full(self.env["res.partner"]).is_false()

    def _doubts(self):
        """Return sentences why the rule may not act for long, as customers are now."""
        self.ensure_one()
        doubts = []
        segment = self.segment_id
        if self.occasion in ("enter", "leave") and segment:
            by_hand = segment.kind == "manual"
            if by_hand:
                doubts.append(
                    self.env._(
                        "Only people put customers into “%(segment)s”; nobody comes in "
                        "by himself.",
                        segment=segment.name,
                    )
                )
            elif segment.refreshed_on and not segment.member_count:
                doubts.append(
                    self.env._(
                        "Nobody is in “%(segment)s” today.", segment=segment.name
                    )
                )
        stage = self.to_stage_id
        if self.occasion == "stage" and stage and not stage.rule_domain:
            doubts.append(
                self.env._(
                    "“%(stage)s” has no rule: customers come there by hand alone.",
                    stage=stage.name,
                )
            )
        return doubts

    # ------------------------------------------------------------------ preview
    @api.depends(
        lambda self: [
            *self._words_depends(),
            "text",
            "deadline_unit",
            "activity_type_id",
            "company_id",
            "user_id",
        ]
    )
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for rule in self:
            counts, samples, doubts = (0, 0), False, []
            if rule.company_id and not rule.problem and not rule._missing_occasion():
                try:
                    rule._check_domain()
                    rule._check_placeholders()
                    counts, samples = rule._preview()
                    doubts = rule._doubts()
                    if not counts[0] and not doubts:
                        doubts = [
                            rule.env._("Nobody fits today to whom it can happen.")
                        ]
                except (ValidationError, UserError) as error:
                    doubts = [error.args[0]]
            rule.preview_count, rule.preview_past_count = counts
            rule.preview_samples = samples
            rule.doubt = "\n".join(doubts) or False

    def _missing_occasion(self):
        """Tell whether the occasion is not chosen yet, so that nobody can be counted."""
        if self.occasion in ("enter", "leave"):
            return not self.segment_id
        if self.occasion == "stage":
            return not (self.from_stage_id or self.to_stage_id)
        return False

    def _preview(self):
        """Ask the database for whom the rule would act.

        :return: ((fit now, times in the last 30 days), samples as markup)
        """
        self.ensure_one()
        rule = self._as_system()
        people = rule.env["res.partner"]
        who = rule._customer_domain() & rule._who_domain()
        fitting = who & rule._population_domain()
        count = people.search_count(fitting)
        samples = people.search(fitting, order="id desc", limit=SAMPLES)
        return (count, rule._count_past(who)), rule._samples_markup(samples)

    def _population_domain(self):
        """Return to whom the occasion can happen, or has happened; a hook."""
        if self.occasion in ("enter", "leave"):
            return Domain(
                "id", "in", self.env["care.segment"]._members_sql(self.segment_id)
            )
        if self.occasion == "stage":
            stage = self.to_stage_id or self.from_stage_id
            return Domain("care_stage_id", "=", stage.id)
        if self.occasion == "birthday":
            return Domain("care_birthday", "!=", False)
        return Domain.TRUE

    def _count_past(self, who):
        """Count how often it happened in the last 30 days to those who fit today."""
        if self.occasion == "birthday":
            today = self.env["care.profile"]._today(self.company_id)
            # a birthday of the last 30 days comes again in 335 days at the soonest
            last = today + timedelta(days=365 - PAST_DAYS)
            return self.env["res.partner"].search_count(
                who & Domain("care_next_birthday", ">", last)
            )
        fitting = self.env["res.partner"]._search(who).subselect()
        since = self.env.cr.now() - timedelta(days=PAST_DAYS)
        query = self._past_sql(since, fitting)
        self.env.flush_all()
        return self.env.execute_query(query)[0][0]

    def _past_sql(self, since, fitting):
        """Return the query that counts what happened; a hook for further occasions.

        :param since: naive datetime, UTC
        :param SQL fitting: the ids of those who fit today
        """
        if self.occasion == "stage":
            return SQL(
                """
                SELECT COUNT(*) FROM care_stage_change
                 WHERE company_id = %(company)s AND "on" >= %(since)s
                   AND NOT COALESCE(initial, FALSE) AND partner_id IN %(fitting)s
                   AND from_id IS NOT DISTINCT FROM COALESCE(%(old)s::int, from_id)
                   AND to_id IS NOT DISTINCT FROM COALESCE(%(new)s::int, to_id)
                """,
                company=self.company_id.id,
                since=since,
                fitting=fitting,
                old=self.from_stage_id.id or None,
                new=self.to_stage_id.id or None,
            )
        return SQL(
            """
            SELECT COUNT(*) FROM care_segment_event
             WHERE segment_id = %s AND kind = %s AND "on" >= %s
               AND NOT COALESCE(initial, FALSE) AND partner_id IN %s
            """,
            self.segment_id.id or self.segment_id._origin.id,
            self.occasion,
            since,
            fitting,
        )

    def _samples_markup(self, partners):
        """Return a table of customers and what would be done for each."""
        if not partners:
            return False
        words = self._sample(partners)
        rows = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td></tr>")
            % (partner.display_name, words.get(partner.id, ""))
            for partner in partners
        )
        return (
            Markup('<table class="table table-sm mb-0 o_care_samples">%s</table>')
            % rows
        )

    def _sample(self, partners):
        """Return what would be done for each customer: dict of id → words.

        An action may tell it with ``_sample_<code>(partners)``.
        """
        tell = getattr(self, f"_sample_{self.action}", None)
        if tell:
            return tell(partners)
        return dict.fromkeys(partners.ids, self.do_text)

    # -------------------------------------------------------------- already inside
    @api.depends("occasion", "to_stage_id", "state")
    def _compute_can_start_present(self):
        for rule in self:
            rule.can_start_present = (
                rule.state == "running" and rule._can_note_present()
            )
