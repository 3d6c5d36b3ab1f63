"""The job that takes up what waits: claimed, done and noted in one transaction.

A batch is up to 200 runs of one rule. Its rows are locked (SKIP LOCKED, first thing
after a commit), the effects and the new states are written, and both commit together:
a job that is killed has done nothing, and a second worker takes other rows. A worker
that was crossed by another transaction begins its batch anew.
"""

import logging
from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ...lib.quiet_hours import local_day, utc_time
from .outcome import CROSSING, Outcome

_logger = logging.getLogger(__name__)

BATCH = 200
#: A batch that another transaction crossed is begun anew.
CROSSED = 3
#: Minutes until what failed is tried again; then it is for people to look at.
BACK_OFF = (5, 30, 120, 720)
#: What could not be done for so long is left out: nobody expects it any more.
WAIT_DAYS = 14


class CareRuleRun(models.Model):
    _inherit = "care.rule.run"

    # ---------------------------------------------------------------------- job
    @api.model
    def _cron_work(self):
        """Take up what waits, batch by batch, until nothing is due or time is up."""
        cron = self.env["ir.cron"]
        runs = self.with_user(SUPERUSER_ID)
        runs._note_birthdays_isolated()
        cron._commit_progress(remaining=runs._count_due())
        while True:
            worked = runs._work_batch()
            if not worked:
                break
            if not cron._commit_progress(worked):
                runs._wake()
                break
        runs._wake_for_next()

    @api.model
    def _note_birthdays_isolated(self):
        """Note birthdays; another job that does it at the same time has done it."""
        try:
            self.env["care.rule"]._note_birthdays()
            self.env.flush_all()
        except CROSSING:
            self._roll_back()

    @api.model
    def _work_batch(self):
        """Take up one batch; return how many runs it had."""
        for _attempt in range(CROSSED):
            try:
                worked = self._work_claimed()
                self.env.flush_all()
                return worked
            except CROSSING as error:
                self._roll_back()
                _logger.info("Rules are worked off by another job: %s", error)
        return 0

    @api.model
    def _roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    @api.model
    def _count_due(self):
        """Count what is due."""
        return self.search_count(
            [("state", "=", "waiting"), ("due_on", "<=", self.env.cr.now())]
        )

    @api.model
    def _wake_for_next(self):
        """Come back when the next run is due."""
        self.env.cr.execute(
            "SELECT MIN(due_on) FROM care_rule_run WHERE state = 'waiting'"
        )
        due = self.env.cr.fetchone()[0]
        if due and due > self.env.cr.now():
            self._wake(due)

    # -------------------------------------------------------------------- batch
    @api.model
    def _claim(self):
        """Lock up to 200 due runs of one rule or automation in one company."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH head AS MATERIALIZED (
                    SELECT rule_id, automation_id, company_id FROM care_rule_run
                     WHERE state = 'waiting' AND due_on <= %(now)s
                     ORDER BY due_on, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                SELECT run.id FROM care_rule_run run, head
                 WHERE run.state = 'waiting' AND run.due_on <= %(now)s
                   AND run.company_id = head.company_id
                   AND (run.rule_id = head.rule_id
                        OR run.automation_id = head.automation_id)
                 ORDER BY run.due_on, run.id LIMIT %(batch)s
                   FOR UPDATE OF run SKIP LOCKED
                """,
                now=self.env.cr.now(),
                batch=BATCH,
            ),
            log_exceptions=False,  # crossing another worker is nobody's error
        )
        return self.browse(ref for (ref,) in self.env.cr.fetchall())

    @api.model
    def _work_claimed(self):
        """Claim a batch, act, and note what came of each run.

        :return: how many runs were taken up
        """
        runs = self._claim()
        if not runs:
            return 0
        runs = runs.sorted(lambda run: (run.due_on, run.id))
        outcomes = runs._outcomes()
        runs._note_outcomes(outcomes)
        return len(runs)

    def _outcomes(self):
        """Act for a batch of one rule or automation: dict of run id → Outcome."""
        owner = self.rule_id or self.automation_id
        outcomes = self._left_out_by_time(owner)
        waiting = self.filtered(lambda run: run.id not in outcomes)
        if not waiting:
            return outcomes
        if self.rule_id:
            rule = owner._as_system()
            return outcomes | rule._act(waiting.with_env(rule.env))
        return outcomes | owner._care_act(waiting, waiting.company_id)

    def _left_out_by_time(self, owner):
        """Return the outcomes of runs that came too late, or twice for a customer."""
        outcomes = {}
        late = self.env.cr.now() - timedelta(days=WAIT_DAYS)
        is_running = owner.active and owner._care_is_running()
        since = owner._care_running_since()
        latest = {run.partner_id.id: run.id for run in self.sorted("id")}
        for run in self:
            if not is_running:
                reason = "paused"
            elif since and run.on < since:
                reason = "changed"
            elif run.on < late:
                reason = "late"
            elif latest[run.partner_id.id] != run.id:
                reason = "passed"
            else:
                continue
            outcomes[run.id] = Outcome("skipped", reason)
        return outcomes

    def _isolated(self, act):
        """Act for these runs; halves are tried where the whole cannot be done.

        So one bad customer costs a few attempts, and the others are served in batches.

        :param act: called with runs, returns dict of run id → Outcome
        """
        if not self:
            return {}
        try:
            with self.env.cr.savepoint():
                return act(self)
        except CROSSING:
            raise
        except Exception as error:  # noqa: BLE001 - one bad customer holds up none
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.info("Run %s of a rule failed: %s", self.id, error)
                return {self.id: Outcome("failed", "error", str(error))}
        middle = len(self) // 2
        return self[:middle]._isolated(act) | self[middle:]._isolated(act)

    def _note_outcomes(self, outcomes):
        """Write what became of the runs, in one statement."""
        now = self.env.cr.now().replace(microsecond=0)
        rows = [
            self._outcome_row(run, outcomes[run.id], now)
            for run in self
            if run.id in outcomes
        ]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_rule_run run
                   SET state = new.state, reason = new.reason, note = new.note,
                       attempts = new.attempts, due_on = new.due_on,
                       done_on = new.done_on, result_model = new.result_model,
                       result_id = new.result_id
                  FROM (VALUES %s) AS new (id, state, reason, note, attempts, due_on,
                                           done_on, result_model, result_id)
                 WHERE run.id = new.id
                """,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_recordset()

    def _outcome_row(self, run, outcome, now):
        """Return one row of new values; what failed waits for its next turn."""
        state, attempts, due = outcome.state, run.attempts, run.due_on
        if state == "failed":
            if attempts < len(BACK_OFF):
                state, due = "waiting", now + timedelta(minutes=BACK_OFF[attempts])
            attempts += 1
        elif state == "waiting":
            due = self._tomorrow(run.company_id, now)
        return SQL(
            "(%s, %s, %s, %s, %s, %s::timestamp, %s::timestamp, %s, %s::int)",
            run.id,
            state,
            outcome.reason,
            outcome.note,
            attempts,
            due,
            now if state == "done" else None,
            outcome.result_model,
            outcome.result_id,
        )

    @api.model
    def _tomorrow(self, company, now):
        """Return the beginning of the company's next day, in UTC."""
        zone = pytz.timezone(company.care_tz)
        return utc_time(zone, local_day(zone, now) + timedelta(days=1))
