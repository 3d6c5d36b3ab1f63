"""Promises in words: for who works, and for the customer."""

from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_time

#: Promises that the customer is told of, the one he waits for first.
TOLD_METRICS = ("first_reply", "next_reply", "resolution")


class CareTicket(models.Model):
    _inherit = "care.ticket"

    is_late = fields.Boolean(
        compute="_compute_is_late",
        search="_search_is_late",
        groups="base.group_user",
        help="A promise to the customer is broken and nothing has happened yet.",
    )
    promise_text = fields.Char(
        string="The Customer Reads",
        compute="_compute_promise_text",
        groups="base.group_user",
        help="What the customer reads about the promise on his page.",
    )

    @api.depends("sla_deadline", "is_open")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for ticket in self:
            due = ticket.sla_deadline
            ticket.is_late = bool(ticket.is_open and due and due < now)

    @api.model
    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("is_open", "=", True) & Domain(
            "sla_deadline", "<", fields.Datetime.now()
        )
        wants_late = (True in value) == (operator == "in")
        return late if wants_late else ~late

    @api.depends("clock_ids", "sla_deadline")
    @api.depends_context("lang", "tz")
    def _compute_promise_text(self):
        for ticket in self:
            ticket.promise_text = ticket._say_promise_to_customer()

    def _get_promise_hearers(self, kind):
        """Return who hears of a promise of this ticket.

        :param str kind: word of the alerts: warning, broken or escalated
        """
        self.ensure_one()
        team = self.team_id
        chain = [self.user_id, team.leader_id, team.accountable_id]
        present = [user for user in chain if user and user.active]
        if kind == "warning":
            return present[:1]
        if kind == "broken":
            hearers = self.user_id | team.leader_id
            return [user for user in hearers if user.active] or present[:1]
        return present[-1:]

    def _say_promise_to_customer(self):
        """Return the promise in words, False where nothing is promised.

        The customer is told what he waits for: an answer, else the solution. Broken
        promises are said as such, without an excuse and without a new date.
        """
        self.ensure_one()
        if not self.is_open or self.void_reason:
            return False
        clocks = self.sudo().clock_ids.filtered(
            lambda clock: (
                clock.metric in TOLD_METRICS
                and not clock.stopped_on
                and clock.deadline
                and clock.since
            )
        )
        clock = clocks.sorted(lambda c: (TOLD_METRICS.index(c.metric), c.deadline))[:1]
        if not clock:
            return False
        is_reply = clock.metric != "resolution"
        if clock.deadline < fields.Datetime.now():
            if is_reply:
                return self.env._(
                    "We promised you an answer by now and are late. We are sorry; the"
                    " person in charge has been told."
                )
            return self.env._(
                "We promised to settle this by now and are late. We are sorry; the"
                " person in charge has been told."
            )
        when = self._say_moment(clock.deadline)
        if is_reply:
            return self.env._("You get an answer by %(when)s.", when=when)
        return self.env._("We settle this by %(when)s.", when=when)

    def _say_moment(self, moment):
        """Return a moment as one says it: the time, and the day where it is another.

        :param datetime moment: naive UTC; said in the time zone of the company
        """
        zone = pytz.timezone(self.company_id.care_tz or "UTC")
        local = pytz.utc.localize(moment).astimezone(zone)
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        time = format_time(self.env, local.time(), time_format="short")
        if local.date() == today:
            return self.env._("%(time)s today", time=time)
        if local.date() == today + timedelta(days=1):
            return self.env._("%(time)s tomorrow", time=time)
        day = format_date(self.env, local.date(), date_format="EEEE d MMMM")
        return self.env._("%(time)s on %(day)s", time=time, day=day)
