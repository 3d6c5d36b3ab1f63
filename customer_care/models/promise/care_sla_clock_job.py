"""The job of the clocks: it looks at those that are due, and at no other."""

import logging
from datetime import timedelta

from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 500
#: How often a batch that crossed another transaction is tried again.
ATTEMPTS = 5
#: The job comes by so often anyway, in minutes; it is woken for what is due before.
REGULAR = 5


class CareSlaClock(models.Model):
    _inherit = "care.sla.clock"

    @api.model
    def _cron_due(self):
        """Warn of, and report, the promises that are due; then send the digests.

        Each batch is committed by itself with the alerts that follow from it. Killed at
        any moment, a clock was either looked at or is due still.
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        while True:
            count = self._work_some()
            if not count or not cron._commit_progress(count, remaining=1):
                break
        self.env["care.sla.alert"]._send_digests()
        self._wake_next()
        cron._commit_progress(remaining=0)

    @api.model
    def _work_some(self):
        """Look at the next due clocks, first thing after a commit.

        :return: how many, 0 when nothing is due
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                count = self._work_due(self._now())
                self.env.flush_all()
                return count
            except (ConcurrencyError, errors.SerializationFailure):
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == ATTEMPTS:
                    _logger.info("Promises are busy; the next run takes them")
        return 0

    @api.model
    def _now(self):
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _work_due(self, now):
        """Take one step with the due clocks that nobody else works on.

        A deadline that is reached to the second is kept still. Who was away for long is
        not warned of what is broken already.

        :param datetime now: naive UTC
        :return: how many clocks were looked at
        """
        self.env.cr.execute(
            SQL(
                """
                WITH due AS (
                    SELECT id FROM care_sla_clock
                     WHERE due_on < %(now)s
                     ORDER BY due_on, id LIMIT %(limit)s
                       FOR NO KEY UPDATE SKIP LOCKED
                ), next AS (
                    SELECT clock.id,
                           CASE
                               WHEN clock.step = 'broken' THEN 'escalated'
                               WHEN clock.deadline < %(now)s THEN 'broken'
                               ELSE 'warned'
                           END AS step,
                           COALESCE(policy.escalate_minutes, 60) AS minutes
                      FROM due
                      JOIN care_sla_clock clock ON clock.id = due.id
                      LEFT JOIN care_sla_policy policy ON policy.id = clock.policy_ref
                )
                UPDATE care_sla_clock clock
                   SET step = next.step,
                       state = CASE WHEN next.step = 'warned' THEN clock.state
                                    ELSE 'breached' END,
                       breached_on = CASE
                           WHEN next.step = 'warned' THEN clock.breached_on
                           ELSE COALESCE(clock.breached_on, clock.deadline) END,
                       due_on = CASE next.step
                           WHEN 'warned' THEN clock.deadline
                           WHEN 'broken' THEN clock.deadline
                               + next.minutes * interval '1 minute'
                       END
                  FROM next
                 WHERE clock.id = next.id
             RETURNING clock.id, clock.ticket_id, clock.step
                """,
                now=now,
                limit=BATCH,
            ),
            log_exceptions=False,  # crossing another worker is nobody's error
        )
        steps = self.env.cr.fetchall()
        if steps:
            self.invalidate_model(flush=False)
            self.env["care.sla.alert"]._make(steps, now)
        return len(steps)

    @api.model
    def _wake_next(self):
        """Plan the run for what is due before the job comes by anyway."""
        now = self._now()
        due = self.env.execute_query(
            SQL("SELECT min(due_on) FROM care_sla_clock WHERE due_on IS NOT NULL")
        )[0][0]
        digest = self.env["care.sla.alert"]._get_next_digest()
        moments = [moment for moment in (due, digest) if moment]
        if moments and min(moments) < now + timedelta(minutes=REGULAR):
            # a whole minute, the next at the earliest: one wake-up a minute at most
            at = max(min(moments), now).replace(second=0) + timedelta(minutes=1)
            self.env.ref("customer_care.ir_cron_care_promise_due")._trigger(at)
