"""Who: which customers of an occasion the rule acts for, and why not for the others."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: A rule that wakes itself, over whatever detour, stops after so many times a day.
PER_DAY = 3


class CareRule(models.Model):
    _inherit = "care.rule"

    def _as_system(self):
        """Return the rule as it acts, whoever wrote it: in its company, zone and words."""
        self.ensure_one()
        company = self.company_id
        return (
            self.with_user(SUPERUSER_ID)
            .with_company(company)
            .with_context(
                allowed_company_ids=company.ids,
                tz=company.care_tz,
                lang=company.partner_id.lang or "en_US",
                active_test=True,
            )
        )

    def _condition(self):
        """Return the condition that was written, as a Domain on the contact."""
        self.ensure_one()
        return self.env["care.segment"]._parse(self.domain)

    def _who_domain(self):
        """Return all that is asked of a customer beside the occasion."""
        self.ensure_one()
        members = self.env["care.segment"]._members_sql
        domain = self._condition()
        if self.only_segment_ids:
            domain &= Domain("id", "in", members(self.only_segment_ids))
        if self.except_segment_ids:
            domain &= Domain("id", "not in", members(self.except_segment_ids))
        return domain

    @api.model
    def _customer_domain(self):
        """Return who is a customer of the current company; archived contacts are none."""
        return Domain("active", "=", True) & Domain(
            "care_profile_id", "any!", Domain.TRUE
        )

    def _standing_domain(self):
        """Return for whom the occasion is not over; a hook for further occasions.

        A customer who came in and left again before the rule acted is left alone.
        """
        self.ensure_one()
        if self.occasion in ("enter", "leave"):
            inside = self.env["care.segment"]._members_sql(self.segment_id)
            return Domain("id", "in" if self.occasion == "enter" else "not in", inside)
        if self.occasion == "stage":
            if self.to_stage_id:
                return Domain("care_stage_id", "=", self.to_stage_id.id)
            return Domain("care_stage_id", "!=", self.from_stage_id.id)
        if self.occasion == "birthday":
            today = self.env["care.profile"]._today(self.company_id)
            return self._birthday_between(
                today, today + timedelta(days=self.days_before)
            )
        return Domain.TRUE

    @api.model
    def _birthday_between(self, first, last):
        return Domain("care_next_birthday", ">=", first) & Domain(
            "care_next_birthday", "<=", last
        )

    def _why_not(self, partners):
        """Tell whom the rule leaves out now, and why; in as many queries for one as for
        many.

        :param partners: ``res.partner`` of those to whom the occasion happened
        :return: dict of partner id → code of ``care.rule.run.reason``; who is not in it
            is acted for
        """
        self.ensure_one()
        rule = self._as_system()
        left = set(partners.ids)
        reasons = {}

        def leave_out(ids, code):
            reasons.update(dict.fromkeys(left & ids, code))
            left.difference_update(ids)

        for domain, code in (
            (rule._customer_domain(), "no_customer"),
            (rule._standing_domain(), "passed"),
        ):
            leave_out(left - rule._among(left, domain), code)
        leave_out(rule._held_out(left), "held_out")
        leave_out(left - rule._among(left, rule._who_domain()), "condition")
        for code, ids in rule._acted_before(left).items():
            leave_out(ids, code)
        return reasons

    def _among(self, ids, domain):
        """Return which of these customers fulfil ``domain``, as a set of ids."""
        if not ids:
            return set()
        found = self.env["res.partner"]._search(Domain("id", "in", list(ids)) & domain)
        return set(found)

    def _held_out(self, ids):
        """Return who is held out of the segments that the rule looks at."""
        own = self.segment_id if self.occasion in ("enter", "leave") else None
        segments = self.only_segment_ids | (own or self.env["care.segment"])
        if not ids or not any(segments.mapped("hold_out_percent")):
            return set()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT member.partner_id
                  FROM care_segment_member member
                  JOIN care_segment segment ON segment.id = member.segment_id
                 WHERE member.segment_id = ANY(%(segments)s)
                   AND member.partner_id = ANY(%(ids)s)
                   AND member.bucket < segment.hold_out_percent
                   AND (member.state = 'in' OR member.segment_id = %(own)s)
                """,
                segments=segments.ids,
                ids=list(ids),
                own=own.id if own else None,
            )
        )
        return {ref for (ref,) in rows}

    def _acted_before(self, ids):
        """Return who was served lately: {"again": ids, "loop": ids}."""
        if not ids:
            return {}
        now = self.env.cr.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id,
                       BOOL_OR(done_on > %(again)s),
                       COUNT(*) FILTER (WHERE done_on > %(day)s) >= %(per_day)s
                  FROM care_rule_run
                 WHERE rule_id = %(rule)s AND state = 'done'
                   AND partner_id = ANY(%(ids)s)
                 GROUP BY partner_id
                """,
                again=now - timedelta(days=self.again_after_days),
                day=now - timedelta(days=1),
                per_day=PER_DAY,
                rule=self.id,
                ids=list(ids),
            )
        )
        return {
            "again": {ref for ref, again, _loop in rows if again},
            "loop": {ref for ref, _again, loop in rows if loop},
        }
