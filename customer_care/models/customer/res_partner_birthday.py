"""Birthdays: the next one, with 29 February kept on the 28th in short years."""

import calendar
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

COMPARED = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_birthday = fields.Date(string="Birthday", groups="base.group_user")
    care_next_birthday = fields.Date(
        string="Next Birthday",
        compute="_compute_care_next_birthday",
        search="_search_care_next_birthday",
        groups="base.group_user",
    )

    @api.depends("care_birthday")
    def _compute_care_next_birthday(self):
        today = fields.Date.context_today(self)
        for partner in self:
            partner.care_next_birthday = self._care_birthday_after(
                partner.care_birthday, today
            )

    @api.model
    def _care_birthday_after(self, born, today):
        """Return the first birthday that is not before ``today``, or False."""
        if not born:
            return False
        for year in (today.year, today.year + 1):
            last = calendar.monthrange(year, born.month)[1]
            day = date(year, born.month, min(born.day, last))
            if day >= today:
                return day
        raise AssertionError("a birthday comes every year")

    @api.model
    def _search_care_next_birthday(self, operator, value):
        if operator == "in":
            return Domain.OR(self._care_birthday_on(day) for day in value)
        if operator not in COMPARED or not value:
            return NotImplemented
        return self._care_birthday_where(
            SQL("%s %s %s", self._care_next_sql(), COMPARED[operator], value)
        )

    @api.model
    def _care_birthday_on(self, day):
        if not day:
            return Domain("care_birthday", "=", False)
        return self._care_birthday_where(SQL("%s = %s", self._care_next_sql(), day))

    @api.model
    def _care_birthday_where(self, condition):
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT id FROM res_partner WHERE care_birthday IS NOT NULL AND %s)",
                condition,
            ),
        )

    @api.model
    def _care_next_sql(self):
        """Return the next birthday of the row as SQL; the same rule as above."""
        today = fields.Date.context_today(self)
        this_year, next_year = (
            self._care_in_year(today.year),
            self._care_in_year(today.year + 1),
        )
        return SQL(
            "CASE WHEN %(this)s >= %(today)s THEN %(this)s ELSE %(next)s END",
            this=this_year,
            next=next_year,
            today=today,
        )

    @api.model
    def _care_in_year(self, year):
        february = 29 if calendar.isleap(year) else 28
        return SQL(
            "make_date(%s, EXTRACT(MONTH FROM care_birthday)::int,"
            " CASE WHEN EXTRACT(MONTH FROM care_birthday) = 2"
            " THEN LEAST(EXTRACT(DAY FROM care_birthday)::int, %s)"
            " ELSE EXTRACT(DAY FROM care_birthday)::int END)",
            year,
            february,
        )
