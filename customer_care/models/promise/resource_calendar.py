"""Working hours tell the promises when they change, and how they are laid out."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...lib.business_time import MAX_SLOTS, TooManySlots, lay_out

#: Columns of a calendar that decide when it is worked.
DECIDING = frozenset(
    {
        "attendance_ids",
        "attendance_ids_1st_week",
        "attendance_ids_2nd_week",
        "company_id",
        "duration_based",
        "flexible_hours",
        "global_leave_ids",
        "leave_ids",
        "schedule_type",
        "two_weeks_calendar",
        "tz",
    }
)

#: Hours in which nobody works for so long are no hours.
MOST_WITHOUT_WORK = timedelta(days=366)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if not DECIDING.isdisjoint(vals):
            self.env["care.calendar.version"]._note_change(self)
        return result

    @api.constrains("flexible_hours", "schedule_type")
    def _check_care_flexible(self):
        """Refuse flexible hours where a team or a promise counts in them."""
        for calendar in self.filtered("flexible_hours"):
            if calendar._is_used_by_promises():
                raise ValidationError(
                    calendar._say_no_hours(
                        self.env._("they are flexible, so nobody knows when.")
                    )
                )

    def _is_used_by_promises(self):
        """Whether clocks count in these hours."""
        teams = self.env["care.team"].sudo().with_context(active_test=False)
        targets = self.env["care.sla.target"].sudo()
        domain = [("resource_calendar_id", "in", self.ids)]
        return bool(
            teams.search_count(domain, limit=1) or targets.search_count(domain, limit=1)
        )

    def _check_care_countable(self, company):
        """Refuse hours in which no clock can count, with the reason.

        :raises ValidationError: flexible, without any hour, or too many stretches a day
        """
        self.ensure_one()
        today = self.env["care.profile"]._today(company)
        try:
            days = self.sudo()._care_lay_out(company, today, today + MOST_WITHOUT_WORK)
        except UserError as error:
            raise ValidationError(error.args[0]) from error
        if not any(day.slots for day in days):
            raise ValidationError(
                self._say_no_hours(self.env._("nobody works in them for a year."))
            )

    def _say_no_hours(self, problem):
        """Return the sentence that says why no clock can count in these hours."""
        return self.env._(
            "No promise can be counted in the working hours “%(calendar)s”: %(problem)s"
            " Correct them under Configuration › Working Hours, or choose others.",
            calendar=self.name,
            problem=problem,
        )

    def _care_lay_out(self, company, first, last):
        """Lay out the hours of a calendar, as Odoo itself sees them.

        Days off without a person count, those of ``company`` and of all companies.

        :param company: ``res.company``
        :param date first: first day of UTC
        :param date last: last day of UTC
        :return: list of :class:`Day`, whose seconds start at 0
        :raises UserError: the hours are flexible, or a day has too many stretches
        """
        self.ensure_one()
        if self.flexible_hours:
            raise UserError(
                self._say_no_hours(
                    self.env._("they are flexible, so nobody knows when.")
                )
            )
        start = pytz.utc.localize(datetime.combine(first, time()))
        end = pytz.utc.localize(datetime.combine(last + timedelta(days=1), time()))
        intervals = self._work_intervals_batch(
            start, end, domain=self._care_get_leave_domain(company)
        )[False]
        try:
            return lay_out(
                first,
                last,
                (
                    (_as_utc(opening), _as_utc(closing))
                    for opening, closing, _attendance in intervals
                ),
            )
        except TooManySlots as error:
            raise UserError(
                self._say_no_hours(
                    self.env._(
                        "a day has more than %(count)s stretches of work.",
                        count=MAX_SLOTS,
                    ),
                )
            ) from error

    @api.model
    def _care_get_leave_domain(self, company):
        """Return which days off count: without a person, of this or of all companies."""
        return [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, *company.ids]),
            ("resource_id", "=", False),
        ]


def _as_utc(moment):
    return moment.astimezone(pytz.utc).replace(tzinfo=None)
