"""Do: how a rule acts for a batch of customers."""

from odoo import models
from odoo.tools import SQL

from .outcome import Outcome


class CareRule(models.Model):
    _inherit = "care.rule"

    def _care_is_running(self):
        return self.state == "running"

    def _care_running_since(self):
        return self.running_since

    def _act(self, runs):
        """Act for runs of different customers.

        :return: dict of run id → Outcome
        """
        self.ensure_one()
        reasons = self._why_not(runs.partner_id)
        outcomes = {
            run.id: Outcome("skipped", reasons[run.partner_id.id])
            for run in runs
            if run.partner_id.id in reasons
        }
        waiting = runs.filtered(lambda run: run.id not in outcomes)
        allowed = self._take_from_limit(len(waiting))
        for run in waiting[allowed:]:
            outcomes[run.id] = Outcome("waiting", "limit")
        return outcomes | waiting[:allowed]._isolated(self._do)

    def _take_from_limit(self, wanted):
        """Take up to ``wanted`` from the number of the day; return how many.

        The row that is updated decides: another worker's update of it in the meantime
        is a serialization failure, and its loser begins anew.
        """
        if not self.daily_limit or not wanted:
            return wanted
        today = self.env["care.profile"]._today(self.company_id)
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_rule rule
                   SET limit_day = %(today)s,
                       limit_count = old.used
                           + LEAST(%(wanted)s, GREATEST(daily_limit - old.used, 0))
                  FROM (SELECT id, CASE WHEN limit_day = %(today)s
                                        THEN COALESCE(limit_count, 0) ELSE 0 END AS used
                          FROM care_rule WHERE id = %(rule)s) old
                 WHERE rule.id = old.id
                RETURNING rule.limit_count - old.used
                """,
                today=today,
                wanted=wanted,
                rule=self.id,
            )
        )
        self.invalidate_recordset(["limit_day", "limit_count"])
        return self.env.cr.fetchone()[0]

    def _do(self, runs):
        """Do the action for all of these customers at once.

        :return: dict of run id → Outcome
        """
        results = getattr(self, f"_do_{self.action}")(runs.partner_id)
        outcomes = {}
        for run in runs:
            result = results.get(run.partner_id.id)
            if isinstance(result, Outcome):
                outcomes[run.id] = result
            elif isinstance(result, str):
                outcomes[run.id] = Outcome("failed", "error", result)
            else:
                outcomes[run.id] = Outcome(
                    "done",
                    result_model=result._name if result else None,
                    result_id=result.id if result else None,
                )
        return outcomes
