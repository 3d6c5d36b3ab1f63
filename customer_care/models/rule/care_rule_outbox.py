"""How what happens becomes work for rules and automations: the outbox.

Every occasion becomes one row of ``care.rule.run`` for each rule that waits for it,
written by one ``INSERT … SELECT`` **in the transaction in which it happens**: the
refresh of a segment, the statement that moves customers between care stages, the move
by hand. No job reads events later, and so there is no place in the events that a job
would have to remember. Why that neither loses nor doubles anything:

* *Lost?* The event and its runs commit together or not at all. A kill before the commit
  leaves neither; the refresh that comes next finds the same difference again.
* *A rule started at the same moment?* The statement takes the rules that its snapshot
  shows as running (every cursor is REPEATABLE READ). A transaction that began before
  the rule was started does not see it, as if it had come first: "what happened before is
  left alone". One that sees the rule takes it up. There is no third case, and no
  comparison of clocks decides.
* *Doubled?* An occasion has a key made of what happened – the stay of a customer in a
  segment, the line of the history of care stages, the year of the birthday – and
  UNIQUE (rule, key) has the last word. Two refreshes that cross are kept apart by the
  UNIQUE constraints of the members already; the loser is rolled back with its runs.
* *An id cursor* would lose events: ids are drawn before the commit, and a transaction
  that commits late comes with ids that the cursor has passed.

First fills write events with ``initial``, which never come here; people start with
those who are inside already by a button (:meth:`CareRule._note_present`), whose keys are
the same, so that whoever was served is not served again.
"""

from datetime import time, timedelta

import pytz

from odoo import api, models
from odoo.tools import SQL

from ...lib.quiet_hours import local_day, utc_time

#: A birthday is not prepared at midnight.
MORNING = time(7)


class CareRule(models.Model):
    _inherit = "care.rule"

    # ------------------------------------------------------------------ segments
    @api.model
    def _note_segment(self, segment):
        """Note who came and left by the refresh that is being written.

        ``care_segment_difference`` holds whom it brought and took, members are written.
        """
        takers = self._segment_takers(segment)
        if not self._is_taken(takers):
            return
        self._insert_runs(
            SQL(
                """
                SELECT taker.rule_id, taker.automation_id, member.partner_id,
                       %(company)s,
                       taker.kind || ':' || %(segment)s || ':' || member.partner_id
                           || ':' || member.rotation
                  FROM care_segment_difference difference
                  JOIN care_segment_member member
                    ON member.segment_id = %(segment)s
                   AND member.partner_id = difference.partner_id
                  JOIN (%(takers)s) taker
                    ON taker.kind = CASE member.state
                                    WHEN 'in' THEN 'enter' ELSE 'leave' END
                """,
                company=segment.company_id.id,
                segment=segment.id,
                takers=takers,
            )
        )

    @api.model
    def _segment_takers(self, segment):
        """Return the query of what waits for this segment: rule, automation, kind."""
        return SQL(
            """
            SELECT id AS rule_id, NULL::int AS automation_id, occasion AS kind
              FROM care_rule
             WHERE segment_id = %(segment)s AND active AND state = 'running'
               AND occasion IN ('enter', 'leave')
             UNION ALL
            SELECT NULL, id, CASE trigger WHEN 'on_care_segment_enter' THEN 'enter'
                                          ELSE 'leave' END
              FROM base_automation
             WHERE care_segment_id = %(segment)s AND active
               AND trigger IN ('on_care_segment_enter', 'on_care_segment_leave')
            """,
            segment=segment.id,
        )

    # --------------------------------------------------------------- care stages
    @api.model
    def _note_stage_changes(self, changes):
        """Note that customers moved to another care stage.

        :param SQL changes: query of ``care_stage_change`` rows of this transaction:
            id, partner_id, company_id, from_id, to_id, initial
        """
        takers = SQL(
            """
            SELECT id AS rule_id, NULL::int AS automation_id, company_id,
                   from_stage_id AS from_id, to_stage_id AS to_id
              FROM care_rule
             WHERE active AND state = 'running' AND occasion = 'stage'
             UNION ALL
            SELECT NULL, id, NULL, care_from_stage_id, care_to_stage_id
              FROM base_automation
             WHERE active AND trigger = 'on_care_stage_change'
            """
        )
        if not self._is_taken(takers):
            return
        self._insert_runs(
            SQL(
                """
                SELECT taker.rule_id, taker.automation_id, change.partner_id,
                       change.company_id, 'stage:' || change.id
                  FROM (%(changes)s) change
                  JOIN (%(takers)s) taker
                    ON COALESCE(taker.company_id, change.company_id) = change.company_id
                   AND COALESCE(taker.from_id, change.from_id, 0)
                       = COALESCE(change.from_id, 0)
                   AND COALESCE(taker.to_id, change.to_id, 0)
                       = COALESCE(change.to_id, 0)
                 WHERE NOT COALESCE(change.initial, FALSE)
                """,
                changes=changes,
                takers=takers,
            )
        )

    # ----------------------------------------------------------------- birthdays
    @api.model
    def _note_birthdays(self):
        """Note whose birthday is as near as a rule asks, for every running rule.

        Each rule looks once on each day of its company, and begins on the day after it
        was started. Days on which the job did not run are made up for as long as the
        birthday itself has not passed.
        """
        rules = self.search([("occasion", "=", "birthday"), ("state", "=", "running")])
        for rule in rules:
            rule._as_system()._note_own_birthdays()

    def _note_own_birthdays(self):
        """Note the birthdays of one rule; work begins in the morning."""
        company = self.company_id
        today = self.env["care.profile"]._today(company)
        if self.birthday_noted_on == today:
            return
        zone = pytz.timezone(company.care_tz)
        since = local_day(zone, self.running_since)
        first = max(today, since + timedelta(days=1 + self.days_before))
        last = today + timedelta(days=self.days_before)
        if first <= last:
            partners = self.env["res.partner"]._search(
                self._customer_domain() & self._birthday_between(first, last)
            )
            self._insert_runs(
                SQL(
                    """
                    SELECT %(rule)s, NULL::int, born.id, %(company)s,
                           'birthday:' || born.id || ':' || born.year
                      FROM (%(born)s) born
                    """,
                    rule=self.id,
                    company=company.id,
                    born=partners.select(
                        SQL("res_partner.id"),
                        SQL(
                            "EXTRACT(YEAR FROM %s)::int AS year",
                            self.env["res.partner"]._care_next_sql(),
                        ),
                    ),
                ),
                due=utc_time(zone, today, MORNING),
            )
        self._keep(birthday_noted_on=today)

    # -------------------------------------------------------- already inside
    def _can_note_present(self):
        """Tell whether there are customers in whom the occasion lies already."""
        return self.occasion == "enter" or (
            self.occasion == "stage" and bool(self.to_stage_id)
        )

    def _present_domain(self):
        """Return who is inside now, fits, and was not served for that stay."""
        return self._customer_domain() & self._standing_domain() & self._who_domain()

    def _present_sql(self):
        """Return the runs of those who are inside already, as rows to insert."""
        rule = self._as_system()
        inside = rule.env["res.partner"]._search(rule._present_domain())
        if rule.occasion == "enter":
            return SQL(
                """
                SELECT %(rule)s, NULL::int, member.partner_id, %(company)s,
                       'enter:' || %(segment)s || ':' || member.partner_id || ':'
                           || member.rotation
                  FROM care_segment_member member
                 WHERE member.segment_id = %(segment)s AND member.state = 'in'
                   AND member.partner_id IN %(inside)s
                """,
                rule=rule.id,
                company=rule.company_id.id,
                segment=rule.segment_id.id,
                inside=inside.subselect(),
            )
        return SQL(
            """
            SELECT %(rule)s, NULL::int, inside.id, %(company)s,
                   COALESCE('stage:' || MAX(change.id),
                            'stands:' || inside.id || ':' || %(stage)s)
              FROM (%(inside)s) inside
              LEFT JOIN care_stage_change change
                ON change.partner_id = inside.id AND change.company_id = %(company)s
               AND change.to_id = %(stage)s
             GROUP BY inside.id
            """,
            rule=rule.id,
            company=rule.company_id.id,
            stage=rule.to_stage_id.id,
            inside=inside.select(SQL("res_partner.id AS id")),
        )

    def _count_present(self):
        """Count who would be started with: inside now, fitting, not served before."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT COUNT(*) FROM (%s)
                       AS wanted (rule_id, automation_id, partner_id, company_id, key)
                 WHERE NOT EXISTS (SELECT 1 FROM care_rule_run run
                                    WHERE run.rule_id = wanted.rule_id
                                      AND run.key = wanted.key)
                """,
                self._present_sql(),
            )
        )
        return self.env.cr.fetchone()[0]

    def _note_present(self):
        """Start with those who are inside already; return how many."""
        self.ensure_one()
        self.env.flush_all()
        return self._insert_runs(self._present_sql())

    # ------------------------------------------------------------------- writing
    @api.model
    def _is_taken(self, takers):
        """Tell whether anything waits; most refreshes and moves end here."""
        self.flush_model()
        self.env["base.automation"].flush_model()
        self.env.cr.execute(SQL("SELECT EXISTS (%s)", takers))
        return self.env.cr.fetchone()[0]

    @api.model
    def _insert_runs(self, rows, due=None):
        """Insert runs that wait, unless their occasion has one; wake the job.

        :param SQL rows: query of rule_id, automation_id, partner_id, company_id, key
        :param due: naive UTC before which nothing is done; None: at once
        :return: how many were inserted
        """
        now = self.env.cr.now().replace(microsecond=0)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_rule_run (rule_id, automation_id, partner_id,
                       company_id, key, "on", due_on, state, attempts)
                SELECT rows.*, %(now)s, %(due)s, 'waiting', 0
                  FROM (%(rows)s) AS rows (rule_id, automation_id, partner_id,
                                           company_id, key)
                 ORDER BY rows.partner_id
                ON CONFLICT DO NOTHING
                """,
                rows=rows,
                now=now,
                due=max(due or now, now),
            )
        )
        count = self.env.cr.rowcount
        if count:
            self.env["care.rule.run"].invalidate_model()
            self.env["care.rule.run"]._wake(due)
        return count
