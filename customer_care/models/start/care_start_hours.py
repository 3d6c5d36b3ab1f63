"""Step 1: the hours in which people are there, and the holidays of the years to come."""

from datetime import datetime, time

import pytz

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...lib.holidays_vn import WEEKEND, holidays
from ...lib.quiet_hours import utc_time

#: What can be chosen, and what is chosen unless told otherwise.
CHOICES = {
    "saturday": "none",
    "years": 3,
    "tet_before": 1,
    "tet_days": 5,
    "national_after": False,
    "culture": False,
}
SATURDAYS = ("none", "morning", "full")
MORNING, AFTERNOON = (8.0, 12.0), (13.5, 17.5)
ZONE = "Asia/Ho_Chi_Minh"


class CareStart(models.Model):
    _inherit = "care.start"

    @api.model
    def _say_hours(self, company):
        calendar = company.sudo().care_calendar_id
        if not calendar:
            return self.env._("No hours yet.")
        today = self.env["care.profile"]._today(company)
        days = self._stored_holidays(company).filtered(
            lambda leave: leave.date_to.date() >= today
        )
        return self.env._(
            "%(hours)s hours a week; %(days)s days off to come.",
            hours=f"{calendar.sudo().hours_per_week:g}",
            days=len(days),
        )

    @api.model
    def get_hours(self, choices=None):
        """Return the hours and days off that these choices mean, writing nothing.

        :param dict choices: of ``CHOICES``; what is missing is as it was chosen last
        :return: dict with ``choices``, ``days`` (key, name, day, text, is_on, note),
            ``teams`` and ``zone``
        :raises AccessError: the user is no care manager
        :raises UserError: a choice is impossible
        """
        self._check_manager()
        company = self.env.company
        record = self._records(company).filtered(lambda record: record.code == "hours")
        stored = record.choices or {}
        choices = self._check_choices(
            {**self._default_choices(), **stored, **(choices or {})}
        )
        teams = self.env["care.team"].search([("company_id", "=", company.id)])
        return {
            "choices": choices,
            "days": self._preview_days(company, choices, record.choices),
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "zone": company.care_tz if company.care_tz != "UTC" else ZONE,
        }

    @api.model
    def action_apply_hours(self, choices=None, left_out=(), team_ids=None):
        """Write the hours, and the holidays that are not in the calendar yet.

        Done again it changes what differs and doubles nothing; days that were put down
        by somebody else stay.

        :param dict choices: of ``CHOICES``
        :param list left_out: keys of days that shall not be off
        :param list team_ids: teams that work in these hours; None: all of the company
        :return: the panel, as :meth:`get_panel`
        :raises AccessError: the user is no care manager
        :raises UserError: a choice is impossible
        """
        self._check_manager()
        company = self.env.company
        choices = self._check_choices({**self._default_choices(), **(choices or {})})
        if company.care_tz == "UTC":
            company.sudo().care_tz = ZONE
        calendar = self._write_calendar(company, choices)
        teams = self.env["care.team"].search([("company_id", "=", company.id)])
        if team_ids is not None:
            teams = teams.filtered(lambda team: team.id in team_ids)
        teams.resource_calendar_id = calendar
        left_out = [str(key) for key in left_out]
        self._write_holidays(company, choices, set(left_out))
        self._note("hours", "done", {**choices, "left_out": left_out})
        return self.get_panel()

    # ------------------------------------------------------------------ choices
    @api.model
    def _default_choices(self):
        """Return what is chosen unless told otherwise: a hook for other countries."""
        return dict(CHOICES)

    @api.model
    def _check_choices(self, choices):
        """Return the known choices, or say which one is impossible."""
        try:
            checked = {
                "saturday": choices["saturday"],
                "years": int(choices["years"]),
                "tet_before": int(choices["tet_before"]),
                "tet_days": int(choices["tet_days"]),
                "national_after": bool(choices["national_after"]),
                "culture": bool(choices["culture"]),
            }
            fits = (
                checked["saturday"] in SATURDAYS
                and 1 <= checked["years"] <= 10
                and 1 <= checked["tet_days"] <= 20
                and 0 <= checked["tet_before"] < checked["tet_days"]
            )
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise UserError(
                self.env._(
                    "These hours are not possible: choose one to ten years, and one to "
                    "twenty days of Tết, at least one of them from New Year's Day on."
                )
            )
        return checked

    # ----------------------------------------------------------------- holidays
    @api.model
    def _holiday_names(self):
        return {
            "new_year": self.env._("New Year"),
            "tet": self.env._("Lunar New Year (Tết)"),
            "hung_kings": self.env._("Hùng Kings' Commemoration Day"),
            "reunification": self.env._("Reunification Day"),
            "labour": self.env._("Labour Day"),
            "national": self.env._("National Day"),
            "culture": self.env._("Vietnam Culture Day"),
        }

    @api.model
    def _wanted_holidays(self, company, choices):
        """Return the days off from today on, of the years that were chosen."""
        today = self.env["care.profile"]._today(company)
        weekly_off = WEEKEND if choices["saturday"] == "none" else frozenset({6})
        return [
            holiday
            for year in range(today.year, today.year + choices["years"])
            for holiday in holidays(
                year,
                tet_before=choices["tet_before"],
                tet_days=choices["tet_days"],
                national_after=choices["national_after"],
                culture=choices["culture"],
                weekly_off=weekly_off,
            )
            if holiday.day >= today
        ]

    @api.model
    def _stored_holidays(self, company):
        """Return the days off of the company that the set-up put down."""
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [("company_id", "=", company.id), ("care_holiday", "!=", False)],
                order="date_from",
            )
        )

    @api.model
    def _days_off_of_others(self, company, wanted):
        """Return day → name of the days off of the company that somebody else put down."""
        if not wanted:
            return {}
        zone = pytz.timezone(company.care_tz if company.care_tz != "UTC" else ZONE)
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                Domain("company_id", "=", company.id)
                & Domain("resource_id", "=", False)
                & Domain(
                    "calendar_id", "in", (False, company.sudo().care_calendar_id.id)
                )
                & Domain("care_holiday", "=", False)
                & Domain("date_to", ">=", datetime.combine(wanted[0].day, time.min))
            )
        )
        known = {}
        for holiday in wanted:
            noon = utc_time(zone, holiday.day, time(12))
            for leave in leaves:
                if leave.date_from <= noon <= leave.date_to:
                    known[holiday.day] = leave.name or ""
        return known

    @api.model
    def _preview_days(self, company, choices, stored_choices):
        """Return the days off as lines to look at before they are written."""
        wanted = self._wanted_holidays(company, choices)
        others = self._days_off_of_others(company, wanted)
        left_out = set((stored_choices or {}).get("left_out", ()))
        names = self._holiday_names()
        lines = []
        for holiday in wanted:
            note = ""
            if holiday.day in others:
                note = self.env._("In the calendar already")
            elif holiday.instead_of:
                note = self.env._(
                    "instead of %(day)s, a day off anyway",
                    day=format_date(self.env, holiday.instead_of),
                )
            lines.append(
                {
                    "key": holiday.key,
                    "year": holiday.day.year,
                    "name": names[holiday.code],
                    "day": holiday.day.isoformat(),
                    "text": format_date(
                        self.env, holiday.day, date_format="EEE dd/MM/y"
                    ),
                    "is_on": holiday.key not in left_out and holiday.day not in others,
                    "is_known": holiday.day in others,
                    "note": note,
                }
            )
        return lines

    @api.model
    def _write_holidays(self, company, choices, left_out):
        """Put down the days off that lack, take away ours that are off no more."""
        wanted = self._wanted_holidays(company, choices)
        others = self._days_off_of_others(company, wanted)
        wanted = [
            holiday
            for holiday in wanted
            if holiday.key not in left_out and holiday.day not in others
        ]
        stored = self._stored_holidays(company)
        keys = {holiday.key for holiday in wanted}
        today = self.env["care.profile"]._today(company)
        stored.filtered(
            lambda leave: (
                leave.care_holiday not in keys
                and leave.care_holiday.partition(":")[2] >= today.isoformat()
            )
        ).unlink()
        present = set(self._stored_holidays(company).mapped("care_holiday"))
        zone = pytz.timezone(company.care_tz)
        speaker = self.with_context(lang=company.partner_id.lang or self.env.lang)
        names = speaker._holiday_names()
        self.env["resource.calendar.leaves"].sudo().with_company(company).create(
            [
                {
                    "name": names[holiday.code],
                    "company_id": company.id,
                    "calendar_id": False,
                    "resource_id": False,
                    "date_from": utc_time(zone, holiday.day),
                    "date_to": utc_time(zone, holiday.day, time(23, 59, 59)),
                    "care_holiday": holiday.key,
                }
                for holiday in wanted
                if holiday.key not in present
            ]
        )

    # -------------------------------------------------------------------- hours
    @api.model
    def _write_calendar(self, company, choices):
        """Return the calendar of customer care with the hours of these choices."""
        company = company.sudo()
        calendar = company.care_calendar_id
        lines = [(5, 0, 0)]
        days = dict.fromkeys(range(5), (MORNING, AFTERNOON))
        if choices["saturday"] != "none":
            full = choices["saturday"] == "full"
            days[5] = (MORNING, AFTERNOON) if full else (MORNING,)
        parts = {MORNING: "morning", AFTERNOON: "afternoon"}
        names = self.with_context(lang=company.partner_id.lang or self.env.lang)
        labels = {
            MORNING: names.env._("Morning"),
            AFTERNOON: names.env._("Afternoon"),
        }
        for weekday, slots in days.items():
            for slot in slots:
                lines.append(
                    (
                        0,
                        0,
                        {
                            "name": labels[slot],
                            "dayofweek": str(weekday),
                            "day_period": parts[slot],
                            "hour_from": slot[0],
                            "hour_to": slot[1],
                        },
                    )
                )
        values = {"attendance_ids": lines, "tz": company.care_tz}
        if calendar:
            calendar.write(values)
        else:
            name = names.env._("Customer Care: Hours")
            company.care_calendar_id = calendar.create(
                {"name": name, "company_id": company.id, **values}
            )
        return company.care_calendar_id
