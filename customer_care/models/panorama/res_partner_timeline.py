"""One timeline over everything that happened between a customer and us."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_amount

from ...lib.timeline import Cursor

#: Lines of a page.
PAGE = 30
#: A page asked for by a client is never longer than this.
MAX_PAGE = 200


class ResPartner(models.Model):
    _inherit = "res.partner"

    def get_care_timeline(self, filters=None, before=None, limit=PAGE):
        """Return a page of the timeline of this customer, newest first.

        One query under the rights of the reader: nobody reads here what he may not open
        elsewhere. The customer is the contact with the whole company behind him.

        :param dict filters: ``kinds``: list of codes of
            :meth:`_get_care_timeline_kinds`, empty for all; ``only_person``: leave out
            the colleagues of this contact
        :param str before: ``next`` of the page above; None: the first page
        :param int limit: lines of the page, 200 at most
        :return: dict with ``lines`` (see :meth:`_prepare_care_timeline_line`) and
            ``next``, what to ask the page below with, or False
        :raises AccessError: the caller is no agent, or may not see the contact
        :raises UserError: there is no such filter or page
        """
        self.ensure_one()
        self._check_care_reader()
        return self._care_timeline(filters, before, limit)

    def _check_care_reader(self):
        """Raise an AccessError unless the caller is an agent who sees the contacts."""
        if not self.env.user.has_group("customer_care.group_agent_own"):
            raise AccessError(
                self.env._("Only people of customer care read the page of a customer.")
            )
        self.check_access("read")

    @api.model
    def _get_care_timeline_kinds(self):
        """Return the filters of the timeline: list of (code, label).

        A hook: addons whose sources fit none of these add theirs.
        """
        return [
            ("message", self.env._("Messages")),
            ("contact", self.env._("Calls and visits")),
            ("ticket", self.env._("Tickets")),
            ("sale", self.env._("Sales")),
            ("change", self.env._("Changes")),
        ]

    @api.model
    def _care_timeline_sources(self, people):
        """Return the sources of the timeline of ``people`` that the reader may read.

        A hook: addons append a :class:`TimelinePart` for what they keep of customers::

            def _care_timeline_sources(self, people):
                return super()._care_timeline_sources(people) + self._care_timeline_part(
                    "visit", "contact", "my.visit",
                    [("partner_id", "in", people.ids)], "started_on",
                    ["name"], self._say_my_visit,
                )

        :param people: contacts whose records are told
        :return: list of :class:`TimelinePart`, each with a code of its own
        """
        return []

    # ------------------------------------------------------------------ a page

    def _care_timeline(self, filters=None, before=None, limit=PAGE, people=None):
        """Return a page of the timeline; see :meth:`get_care_timeline`.

        :param people: what :meth:`_get_care_timeline_people` returns, when it is known
        """
        self.ensure_one()
        filters = filters if isinstance(filters, dict) else {}
        cursor = self._read_care_timeline_cursor(before)
        limit = min(max(limit, 1), MAX_PAGE) if isinstance(limit, int) else PAGE
        if people is None:
            people = self._get_care_timeline_people(filters)
        parts = {part.code: part for part in self._care_timeline_sources(people)}
        wanted = self._choose_care_timeline_parts(parts.values(), filters)
        rows = self._select_care_timeline(wanted, cursor, limit + 1)
        lines = self._prepare_care_timeline_lines(parts, rows[:limit])
        last = rows[limit - 1] if len(rows) > limit else None
        return {
            "lines": lines,
            "next": bool(last)
            and str(Cursor(last["moment"], last["code"], last["id"])),
        }

    def _read_care_timeline_cursor(self, before):
        try:
            return Cursor.parse(before) if before else None
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The timeline has no such page. Reload the customer and scroll down "
                    "again."
                )
            ) from error

    def _get_care_timeline_people(self, filters):
        """Return whose life is told: the contact alone, or his whole company.

        Archived colleagues belong to it; contacts that the reader may not see do not.
        """
        if filters.get("only_person"):
            return self
        return self.with_context(active_test=False).search(
            [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        )

    def _choose_care_timeline_parts(self, parts, filters):
        known = dict(self._get_care_timeline_kinds())
        kinds = filters.get("kinds") or []
        unknown = [str(kind) for kind in kinds if kind not in known]
        if unknown:
            raise UserError(
                self.env._(
                    "The timeline has no filter “%(names)s”. Choose among: %(known)s.",
                    names=", ".join(unknown),
                    known=", ".join(known),
                )
            )
        return [part for part in parts if not kinds or part.kind in kinds]

    def _select_care_timeline(self, parts, cursor, limit):
        """Return rows with code, id, moment and details: the UNION of the parts."""
        selects = [
            part.select(cursor, limit) for part in parts if not part.query.is_empty()
        ]
        if not selects:
            return []
        return self.env.execute_query_dict(
            SQL(
                "SELECT code, id, moment, details FROM (%s) AS line"
                ' ORDER BY moment DESC, code COLLATE "C" DESC, id DESC LIMIT %s',
                SQL(" UNION ALL ").join(selects),
                limit,
            )
        )

    # ------------------------------------------------------------------ lines

    def _prepare_care_timeline_lines(self, parts, rows):
        currencies = {
            row["details"][name]
            for row in rows
            for name in parts[row["code"]].currencies
        }
        self.env["res.currency"].browse(filter(None, currencies)).fetch(
            ["symbol", "position", "rounding", "decimal_places"]
        )
        return [
            self._prepare_care_timeline_line(parts[row["code"]], row) for row in rows
        ]

    def _prepare_care_timeline_line(self, part, row):
        """Return one line: what the client shows, and what it opens.

        :return: dict with ``key``, ``kind``, ``on`` (naive UTC), ``is_day`` (only the
            day is known, which is then in ``on``), ``model`` and ``res_id``, and of the
            source: ``title``, ``text``, ``icon``, ``who``, ``state`` (a word beside the
            title), ``direction`` (in, out or empty)
        """
        moment = row["moment"]
        if part.is_day:
            moment = self._in_care_zone(moment)
        line = {
            "key": f"{row['code']}-{row['id']}",
            "kind": part.kind,
            "on": fields.Datetime.to_string(moment),
            "is_day": part.is_day,
            "model": part.model,
            "res_id": row["id"],
            "title": "",
            "text": "",
            "icon": "fa-circle-o",
            "who": "",
            "state": "",
            "direction": "",
        }
        return line | part.words(row["details"])

    @api.model
    def _care_zone_start(self, day):
        """Return the beginning of a day of the company as naive UTC, in SQL.

        :param SQL day: a column of dates
        """
        return SQL(
            "(%s::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')",
            day,
            self.env.company.care_tz or "UTC",
        )

    @api.model
    def _in_care_zone(self, moment):
        """Return naive UTC as the clock of the company shows it."""
        zone = self.env.company.care_tz or "UTC"
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), moment
        ).replace(tzinfo=None)

    @api.model
    def _say_care_amount(self, amount, currency_id):
        """Return an amount with its currency, as the reader writes it."""
        currency = self.env["res.currency"].browse(currency_id)
        if not currency:
            return ""
        return format_amount(self.env, amount or 0, currency)

    @api.model
    def _say_care_choice(self, model, field, value):
        """Return the label of a selection's value in the language of the reader."""
        selection = self.env[model]._fields[field]._description_selection(self.env)
        return dict(selection).get(value) or ""
