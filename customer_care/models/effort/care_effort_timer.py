import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from .care_effort import LONGEST

_logger = logging.getLogger(__name__)

#: Timers that the job stops per commit.
BATCH = 100
#: What was paused for so long is logged: nobody goes on with it.
PAUSED_HOURS = 24


class CareEffortTimer(models.Model):
    """A timer of one person on one ticket: running, or paused.

    Lives on the server, so it survives a reload, a closed browser and a wrong clock.
    One row per person and ticket; the database sees to it that one of them runs. Rows
    are written by the methods of the ticket alone.
    """

    _name = "care.effort.timer"
    _description = "Effort Timer"
    _order = "started_on desc, id desc"
    _rec_name = "ticket_id"

    user_id = fields.Many2one(
        comodel_name="res.users", required=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        comodel_name="care.ticket", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    started_on = fields.Datetime(
        help="Since when it has been running, by the clock of the server; empty: paused."
    )
    seconds = fields.Float(
        digits=(16, 0), help="Seconds of the stretches before this one."
    )

    _person_uniq = models.Constraint(
        "UNIQUE (user_id, ticket_id)",
        "You have a timer on this ticket already: reload the page to see it.",
    )
    _one_runs_uniq = models.UniqueIndex(
        "(user_id) WHERE started_on IS NOT NULL",
        "Another of your timers has just been started: reload the page to see it.",
    )
    _running_idx = models.Index("(started_on) WHERE started_on IS NOT NULL")

    # ------------------------------------------------------------------ one timer

    def _get_elapsed(self, until=None):
        """Return the seconds of this timer, the running stretch included.

        :param datetime until: default: now, by the clock of the server
        """
        self.ensure_one()
        seconds = self.seconds
        if self.started_on:
            until = until or self.env["care.effort"]._get_now()
            seconds += max((until - self.started_on).total_seconds(), 0)
        return int(seconds)

    def _pause(self):
        """Stop counting; what was counted stays."""
        for timer in self.filtered("started_on"):
            timer.write({"seconds": timer._get_elapsed(), "started_on": False})

    def _log(self, note=False, until=None):
        """Turn these timers into entries of effort, and delete them.

        A timer of less than a second leaves nothing. More than one entry can hold
        becomes several.

        :return: the entries
        """
        rows = []
        for timer in self:
            seconds = timer._get_elapsed(until)
            date = until or self.env["care.effort"]._get_now()
            while seconds > 0:
                part = min(seconds, LONGEST)
                seconds -= part
                rows.append(
                    {
                        "ticket_id": timer.ticket_id.id,
                        "user_id": timer.user_id.id,
                        "date": date,
                        "seconds": part,
                        "kind": "timer",
                        "note": note,
                    }
                )
        self.unlink()
        return self.env["care.effort"].create(rows)

    # ------------------------------------------------------------------ job

    @api.model
    def _cron_stop_forgotten(self):
        """Stop timers that ran too long, and log what was paused and forgotten."""
        cron = self.env["ir.cron"]
        system = self.with_user(SUPERUSER_ID)
        passed = set()
        for company in (
            self.env["care.effort.timer"]
            .sudo()
            .search_fetch([("id", "!=", False)], ["company_id"])
            .company_id
        ):
            while True:
                count = system._stop_batch(company, passed)
                if not count:
                    break
                if not cron._commit_progress(count):
                    return

    @api.model
    def _stop_batch(self, company, passed):
        """Stop up to ``BATCH`` forgotten timers of a company; return how many."""
        now = self.env["care.effort"]._get_now()
        hours = company.care_timer_hours or 8
        forgotten = Domain("started_on", "<=", now - timedelta(hours=hours))
        paused = Domain("started_on", "=", False) & Domain(
            "write_date", "<=", now - timedelta(hours=PAUSED_HOURS)
        )
        timers = self.with_context(**company._get_care_context()).search(
            Domain("company_id", "=", company.id)
            & Domain("id", "not in", list(passed))
            & (forgotten | paused),
            order="id",
            limit=BATCH,
        )
        passed.update(timers.ids)
        for timer in timers:
            try:
                with self.env.cr.savepoint():
                    timer._stop_forgotten(hours)
            except Exception:
                _logger.warning("Timer %s cannot be stopped", timer.id, exc_info=True)
                self.env.invalidate_all(flush=False)
        return len(timers)

    def _stop_forgotten(self, hours):
        """Log this timer as if stopped after ``hours``, and tell its person."""
        self.ensure_one()
        user, ticket = self.user_id, self.ticket_id
        if not self.started_on:
            self._log()
            return
        timer = self.with_context(lang=user.lang or self.env.lang)
        timer._log(
            note=timer.env._("Stopped by itself after %(hours)s hours", hours=hours),
            until=self.started_on + timedelta(hours=hours),
        )
        if not user.active:
            return
        ticket.with_context(lang=timer.env.lang).message_notify(
            partner_ids=user.partner_id.ids,
            subject=timer.env._("Your timer was stopped"),
            body=timer.env._(
                "Your timer on ticket %(number)s had been running for %(hours)s hours, so"
                " it was stopped and the time was logged. If you worked less, correct the"
                " entry today on the page “Effort” of the ticket; later the leader of the"
                " team can.",
                number=ticket.number,
                hours=hours,
            ),
        )
