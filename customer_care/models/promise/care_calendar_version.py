"""Working hours laid out once, in versions that never change."""

import hashlib
import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.business_time import MAX_SLOTS, AlwaysOpen, BusinessTime, Day

_logger = logging.getLogger(__name__)

#: Years that are laid out before and after the day a version is made.
YEARS_BACK, YEARS_AHEAD = 3, 2
#: A version that ends sooner than this many months from now is laid out further.
MONTHS_LEFT = 18
#: Where the calendars of a transaction are gathered until it commits.
CHANGED = "customer_care.calendars"


class CareCalendarVersion(models.Model):
    """The working hours of a calendar, as one company has them, from some moment on.

    A transaction that changes a calendar makes one new version. What was measured names
    the version it was measured with, and stays as it is.
    """

    _name = "care.calendar.version"
    _description = "Version of Working Hours"
    _order = "calendar_id, company_id, number desc"
    _log_access = False
    _rec_name = "number"

    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="cascade",
        help="Days off of another company are not felt.",
    )
    number = fields.Integer(string="Version", required=True, aggregator=None)
    made_on = fields.Datetime(required=True)
    is_current = fields.Boolean(help="What new clocks count with.")
    fingerprint = fields.Char(required=True)
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    day_ids = fields.One2many(
        comodel_name="care.calendar.day", inverse_name="version_id", string="Days"
    )

    _number_uniq = models.Constraint(
        "UNIQUE (calendar_id, company_id, number)",
        "Another version of these working hours has this number.",
    )
    _current_uniq = models.UniqueIndex("(calendar_id, company_id) WHERE is_current")

    # ------------------------------------------------------------------ look-ups

    @api.model
    def _get_current_ids(self, pairs):
        """Return the current versions of calendars, laid out now where there is none.

        :param pairs: (calendar id, company id) pairs
        :return: dict pair → id of the version
        :raises UserError: a calendar has no hours that a clock can count in
        """
        pairs = set(pairs)
        if not pairs:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT calendar_id, company_id, id FROM care_calendar_version"
                " WHERE is_current AND (calendar_id, company_id) IN %s",
                tuple(pairs),
            )
        )
        found = {(calendar, company): version for calendar, company, version in rows}
        for calendar_id, company_id in sorted(pairs - found.keys()):
            found[calendar_id, company_id] = self._make(calendar_id, company_id)
        return found

    @api.model
    def _get_hours(self, version_ids):
        """Return version id → its hours, as clocks count in them; 0 is always open."""
        hours = {0: AlwaysOpen()}
        wanted = [ref for ref in set(version_ids) if ref]
        if wanted:
            rows = self.env.execute_query(
                SQL(
                    "SELECT id, last_day FROM care_calendar_version WHERE id IN %s",
                    tuple(wanted),
                )
            )
            for ref, last_day in rows:
                hours[ref] = self._load_hours(ref, last_day)
        return hours

    @api.model
    @tools.ormcache("version_id", "last_day")
    def _load_hours(self, version_id, last_day):
        """Return the :class:`BusinessTime` of a version that is laid out to a day.

        Days never change, so that what one transaction read holds for all of them.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT day, before, %s FROM care_calendar_day"
                " WHERE version_id = %s AND day <= %s ORDER BY day",
                _slot_columns(),
                version_id,
                last_day,
            )
        )
        return BusinessTime([Day(row[0], row[1], _as_pairs(row[2:])) for row in rows])

    # ------------------------------------------------------------------ making

    @api.model
    def _make(self, calendar_id, company_id):
        """Lay out a calendar as it is now and make that its current version.

        :return: id of the current version, the old one where nothing differs
        """
        calendar = self.env["resource.calendar"].sudo().browse(calendar_id)
        company = self.env["res.company"].sudo().browse(company_id)
        today = fields.Date.context_today(self.with_context(tz="UTC"))
        first = today - relativedelta(years=YEARS_BACK)
        last = today + relativedelta(years=YEARS_AHEAD)
        old = self.sudo().search(
            [
                ("calendar_id", "=", calendar_id),
                ("company_id", "=", company_id),
                ("is_current", "=", True),
            ]
        )
        if old:
            first, last = min(first, old.first_day), max(last, old.last_day)
        days = calendar._care_lay_out(company, first, last)
        fingerprint = _fingerprint(days, old.first_day or first, old.last_day or last)
        if old and old.fingerprint == fingerprint:
            return old.id
        number = old.number + 1 if old else 1
        if old:
            self.env.cr.execute(
                SQL(
                    "UPDATE care_calendar_version SET is_current = FALSE WHERE id = %s",
                    old.id,
                )
            )
        # a conflict with another transaction is a serialization failure: it is retried
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_calendar_version (calendar_id, company_id, number,"
                " made_on, is_current, fingerprint, first_day, last_day)"
                " VALUES (%s, %s, %s, %s, TRUE, %s, %s, %s)"
                " ON CONFLICT DO NOTHING RETURNING id",
                calendar_id,
                company_id,
                number,
                self.env.cr.now().replace(microsecond=0),
                _fingerprint(days, first, last),
                first,
                last,
            ),
            log_exceptions=False,
        )
        version_id = self.env.cr.fetchone()[0]
        self.env["care.calendar.day"]._insert(version_id, days)
        self.invalidate_model()
        _logger.info(
            "Working hours %s of company %s: version %s",
            calendar_id,
            company_id,
            number,
        )
        return version_id

    # ------------------------------------------------------------------ changes

    @api.model
    def _note_change(self, calendars=None, companies=None):
        """Note that calendars changed; one new version is made when the caller commits.

        :param calendars: ``resource.calendar``
        :param companies: ``res.company`` whose calendars all changed
        """
        data = self.env.cr.precommit.data
        noted = data.get(CHANGED)
        if noted is None:
            noted = data[CHANGED] = {"calendars": set(), "companies": set()}
            self.env.cr.precommit.add(self.sudo()._make_noted)
        noted["calendars"].update(calendars.ids if calendars else ())
        noted["companies"].update(companies.ids if companies else ())

    @api.model
    def _note_change_everywhere(self):
        """Note that the calendars of all companies changed."""
        current = self.sudo().search([("is_current", "=", True)])
        self._note_change(companies=current.company_id)

    def _make_noted(self):
        """Make the new versions of what changed in this transaction."""
        noted = self.env.cr.precommit.data.pop(CHANGED, None)
        if not noted:
            return
        used = self.search(
            Domain("is_current", "=", True)
            & Domain("calendar_id", "!=", False)
            & (
                Domain("calendar_id", "in", list(noted["calendars"]))
                | Domain("company_id", "in", list(noted["companies"]))
            )
        )
        changed = False
        for version in used:
            made = self._make(version.calendar_id.id, version.company_id.id)
            changed = changed or made != version.id
        if changed:
            self.env["care.sla.policy"]._wake_refresh()

    @api.model
    def _cron_prolong(self):
        """Lay out current versions further before their last day comes near.

        The calendar is as the version says, or there would be a newer one: days are
        added, and what was counted stays.
        """
        soon = fields.Date.today() + relativedelta(months=MONTHS_LEFT)
        domain = [("is_current", "=", True), ("last_day", "<", soon)]
        versions = self.search([*domain, ("calendar_id", "!=", False)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(versions))
        for version in versions:
            version._prolong(fields.Date.today() + relativedelta(years=YEARS_AHEAD))
            if not cron._commit_progress(1):
                break

    def _prolong(self, last):
        """Add the days up to ``last``."""
        self.ensure_one()
        hours = self._load_hours(self.id, self.last_day)
        first = self.last_day + timedelta(days=1)
        days = self.calendar_id._care_lay_out(self.company_id, first, last)
        days = [day._replace(before=day.before + hours.total) for day in days]
        self.env["care.calendar.day"]._insert(self.id, days)
        whole = [*hours.days, *days]
        self.env.cr.execute(
            SQL(
                "UPDATE care_calendar_version SET last_day = %s, fingerprint = %s"
                " WHERE id = %s",
                last,
                _fingerprint(whole, self.first_day, last),
                self.id,
            )
        )
        self.invalidate_recordset()


def _slot_columns():
    return SQL(", ").join(
        SQL.identifier(f"{edge}_{index}")
        for index in range(1, MAX_SLOTS + 1)
        for edge in ("start", "end")
    )


def _as_pairs(values):
    """Return the slots of a row, its empty ones left out."""
    pairs = zip(values[::2], values[1::2], strict=True)
    return tuple((start, end) for start, end in pairs if start is not None)


def _fingerprint(days, first, last):
    """Return what tells two layouts apart, looking at the days from first to last."""
    text = repr([(d.day.toordinal(), d.slots) for d in days if first <= d.day <= last])
    return hashlib.sha256(text.encode()).hexdigest()
