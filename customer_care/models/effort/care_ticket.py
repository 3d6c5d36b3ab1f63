from odoo import api, fields, models
from odoo.exceptions import UserError

from ...fields import Measure
from .care_effort import LONGEST

#: Longest text of what was done.
NOTE_LENGTH = 500


class CareTicket(models.Model):
    """Effort on a ticket: what was logged, and the timer of who looks at it."""

    _inherit = "care.ticket"

    effort_ids = fields.One2many(
        comodel_name="care.effort",
        inverse_name="ticket_id",
        groups="base.group_user",
    )
    effort_seconds = Measure(
        string="Effort (seconds)",
        digits=(16, 0),
        readonly=True,
        copy=False,
        aggregator="sum",
        groups="base.group_user",
        help="All working time that was logged; empty where none was.",
    )
    effort_hours = fields.Float(
        string="Effort Spent",
        compute="_compute_effort_hours",
        groups="base.group_user",
        help="All working time that was logged, in hours and minutes.",
    )

    @api.depends("effort_seconds")
    def _compute_effort_hours(self):
        for ticket in self:
            ticket.effort_hours = (ticket.effort_seconds or 0) / 3600

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | {"effort_seconds"}

    def _refresh_effort(self):
        """Bring the totals of these tickets up to date; the system alone writes them."""
        totals = self.env["care.effort"]._sum_by_ticket(self.ids)
        for ticket in self.sudo().with_context(tracking_disable=True):
            total = totals.get(ticket.id) or None
            if ticket.effort_seconds != total:
                ticket.write({"effort_seconds": total})

    def _care_remove_texts(self):
        """Take what was done off the entries of effort as well; the times stay."""
        result = super()._care_remove_texts()
        self.sudo().effort_ids.filtered("note").write({"note": False})
        return result

    # ------------------------------------------------------------------ timer

    def get_effort(self):
        """Return the user's timer on this ticket and the total, for the screen.

        Seconds are counted by the server; the client counts on from them and never
        uses its own clock.

        :return: dict with ``state`` (idle, running, paused), ``seconds`` of the timer,
            ``total`` seconds logged, and ``other``: number of the ticket on which
            another timer of the user runs, or False
        :raises AccessError: the user may not read the ticket
        """
        self.ensure_one()
        self.check_access("read")
        timers = self._get_own_timers()
        timer = timers.filtered(lambda t: t.ticket_id == self)
        running = timers.filtered("started_on") - timer
        return {
            "state": "idle"
            if not timer
            else "running"
            if timer.started_on
            else "paused",
            "seconds": timer._get_elapsed() if timer else 0,
            "total": int(self.sudo().effort_seconds or 0),
            "other": running.sudo().ticket_id.number or False,
            "message": False,
        }

    def start_effort(self):
        """Start the user's timer, or go on with it; another one that runs is paused.

        :return: as :meth:`get_effort`, with ``message``: a sentence about what else
            happened, or False
        :raises AccessError: the user may not change the ticket
        """
        self._check_effort()
        timers = self._get_own_timers()
        timer = timers.filtered(lambda t: t.ticket_id == self)
        others = timers.filtered("started_on") - timer
        others._pause()
        others.flush_recordset()  # one may run: the database must see the pause first
        now = self.env["care.effort"]._get_now()
        if not timer:
            timers.create(
                {"user_id": self.env.uid, "ticket_id": self.id, "started_on": now}
            )
        elif not timer.started_on:
            timer.started_on = now
        found = self.get_effort()
        if others:
            found["message"] = self.env._(
                "Your timer on ticket %(number)s was paused: one timer runs at a time.",
                number=others.ticket_id.number,
            )
        return found

    def pause_effort(self):
        """Pause the user's timer on this ticket.

        :return: as :meth:`get_effort`
        :raises AccessError: the user may not change the ticket
        """
        self._check_effort()
        self._get_own_timers().filtered(lambda t: t.ticket_id == self)._pause()
        return self.get_effort()

    def stop_effort(self, note=""):
        """Stop the user's timer on this ticket and log its time.

        :param str note: what was done, may be empty
        :return: as :meth:`get_effort`
        :raises AccessError: the user may not change the ticket
        """
        self._check_effort()
        timer = self._get_own_timers().filtered(lambda t: t.ticket_id == self)
        timer._log(note=self._clean_note(note))
        return self.get_effort()

    def drop_effort(self):
        """Throw the user's timer on this ticket away; nothing is logged.

        :return: as :meth:`get_effort`
        :raises AccessError: the user may not change the ticket
        """
        self._check_effort()
        self._get_own_timers().filtered(lambda t: t.ticket_id == self).unlink()
        return self.get_effort()

    def add_effort(self, minutes, note=""):
        """Log effort of the user by hand, done until now.

        :param float minutes: more than 0, at most 24 hours
        :param str note: what was done, may be empty
        :return: as :meth:`get_effort`
        :raises UserError: the number makes no sense
        :raises AccessError: the user may not change the ticket
        """
        self._check_effort()
        is_number = isinstance(minutes, int | float) and not isinstance(minutes, bool)
        if not is_number or not 0 < minutes * 60 <= LONGEST:
            raise UserError(
                self.env._(
                    "Give the minutes of work: more than 0, and at most 1440, which is 24"
                    " hours."
                )
            )
        self.env["care.effort"].create(
            {
                "ticket_id": self.id,
                "seconds": max(round(minutes * 60), 1),
                "note": self._clean_note(note),
            }
        )
        return self.get_effort()

    def _check_effort(self):
        """Refuse effort on tickets that the user may not change."""
        self.ensure_one()
        self.check_access("write")

    @api.model
    def _clean_note(self, note):
        return " ".join(str(note or "").split())[:NOTE_LENGTH] or False

    def _get_own_timers(self):
        """Return the user's own timers, for the methods here that may change them."""
        timers = self.env["care.effort.timer"].sudo()
        return timers.search([("user_id", "=", self.env.uid)])
