"""The job of the outbox: what is due goes out, one bad row holds up none."""

import logging
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

_logger = logging.getLogger(__name__)

BATCH = 500
#: Minutes until the next try after a technical failure; then a person must look.
BACK_OFF = (5, 60, 360, 1440)
#: How often a batch that crossed another transaction is tried again.
ATTEMPTS = 5


class CareMessageDelivery(models.Model):
    _inherit = "care.message.delivery"

    @api.model
    def _cron_deliver(self):
        """Send what is due, in batches; each is committed by itself.

        A batch that fails is done again row by row, so that a bad one stands alone,
        with its error. Killed at any moment, a row is either waiting still or sent.
        """
        cron = self.env["ir.cron"]
        last = 0
        cron._commit_progress(remaining=self._count_due())
        while True:
            rows = self._deliver_some(last)
            if not rows:
                break
            last = max(rows)
            if not cron._commit_progress(len(rows), remaining=self._count_due()):
                break
        self._wake_next()

    @api.model
    def _get_due_domain(self):
        return [("state", "=", "waiting"), ("due_on", "<=", fields.Datetime.now())]

    @api.model
    def _count_due(self):
        return self.sudo().search_count(self._get_due_domain())

    @api.model
    def _wake_next(self):
        """Plan the run in which the next waiting message is due."""
        row = self.sudo().search([("state", "=", "waiting")], order="due_on", limit=1)
        if row:
            self._wake(max(row.due_on, fields.Datetime.now()))

    @api.model
    def _deliver_some(self, after=0):
        """Deliver the next due rows, first thing after a commit.

        :param int after: rows up to this id were looked at in this run
        :return: ids that were looked at, empty when nothing is due
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                rows = self._lock_due(after)
                if rows:
                    rows._deliver()
                    self.env.flush_all()
                return rows.ids
            except (ConcurrencyError, errors.SerializationFailure):
                self._start_again()
                if attempt == ATTEMPTS:
                    _logger.info("Messages are busy; the next run takes them")
                    return []
            except Exception as error:  # noqa: BLE001 - rows are looked at one by one
                self._start_again()
                _logger.info("A batch of messages failed, now one by one: %s", error)
                return self._deliver_one_by_one(after)
        return []

    @api.model
    def _start_again(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    @api.model
    def _lock_due(self, after=0, ids=None):
        """Lock due rows that nobody else works on, and return them."""
        self.flush_model(["state", "due_on"])
        self.env.cr.execute(
            """
            SELECT id FROM care_message_delivery
             WHERE state = 'waiting' AND due_on <= %(now)s AND id > %(after)s
               AND (%(ids)s::int[] IS NULL OR id = ANY(%(ids)s))
             ORDER BY id LIMIT %(limit)s
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            {"now": fields.Datetime.now(), "after": after, "ids": ids, "limit": BATCH},
            log_exceptions=False,  # crossing another worker is nobody's error
        )
        return self.sudo().browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _deliver_one_by_one(self, after):
        """Deliver the rows of a batch that failed, each in a transaction of its own."""
        rows = self.sudo().search(
            [*self._get_due_domain(), ("id", ">", after)], order="id", limit=BATCH
        )
        cron = self.env["ir.cron"]
        for row in rows:
            try:
                locked = self._lock_due(ids=row.ids)
                locked._deliver()
                self.env.flush_all()
            except (ConcurrencyError, errors.SerializationFailure):
                self._start_again()
            except Exception as error:  # noqa: BLE001 - kept on its row
                self._start_again()
                row._note_failure(error)
            cron._commit_progress()
        return rows.ids

    def _note_failure(self, error):
        """Keep a technical failure on the row; try later, or leave it to a person."""
        self.ensure_one()
        tries = self.attempts + 1
        values = {"attempts": tries, "error": str(error)[:1000]}
        if tries > len(BACK_OFF):
            values.update(state="failed", done_on=fields.Datetime.now())
        else:
            minutes = BACK_OFF[tries - 1]
            values["due_on"] = fields.Datetime.now() + timedelta(minutes=minutes)
        self.write(values)
        _logger.info("Message %s was not sent: %s", self.id, error)
