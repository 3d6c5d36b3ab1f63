"""The lines of an import are read by what its columns are, and left out where unsure."""

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ...lib.table_guess import amount_style
from ...lib.table_line import LineReader
from .care_import_column import ROLES

CHECK_BATCH = 2000


class CareImport(models.Model):
    _inherit = "care.import"

    def _country_code(self):
        """Return the calling code of the company's country; Vietnam where it has none."""
        return self.company_id.country_id.phone_code or 84

    def _check_columns(self):
        """Raise unless the columns say who the customers are and what goes together.

        :raises UserError: what is missing, and where to say it
        """
        roles = [role for role in self.column_ids.mapped("role") if role]
        field = self.env["care.import.column"]._fields["role"]
        words = dict(field._description_selection(self.env))
        twice = {role for role in roles if roles.count(role) > 1}
        if twice:
            raise UserError(
                self.env._(
                    "More than one column is taken as “%(role)s”. Choose one of them "
                    "and leave the other empty.",
                    role=words[next(role for role, _label in ROLES if role in twice)],
                )
            )
        if not {"phone", "email"} & set(roles):
            raise UserError(
                self.env._(
                    "No column holds a phone number or an e-mail address, so that "
                    "nobody could tell who is who. Say which column it is, or send a "
                    "file that has one. Nothing was taken in."
                )
            )
        self._check_purchase_columns(roles, words)

    def _check_purchase_columns(self, roles, words):
        """Raise unless the columns about purchases go together."""
        if ("day" in roles) != ("amount" in roles):
            raise UserError(
                self.env._(
                    "A purchase needs its day and its amount: say which columns hold "
                    "“%(day)s” and “%(amount)s”, or leave both empty to take in the "
                    "customers alone.",
                    day=words["day"],
                    amount=words["amount"],
                )
            )
        if "opening" in roles and "amount" in roles:
            raise UserError(
                self.env._(
                    "The file has single purchases and “%(opening)s”: the sums would "
                    "count twice. Leave one of the two empty.",
                    opening=words["opening"],
                )
            )
        if "opening" in roles and not self.opening_on and "opening_day" not in roles:
            raise UserError(
                self.env._(
                    "Say until which day the sums in “%(opening)s” count.",
                    opening=words["opening"],
                )
            )

    def _get_reader(self):
        """Return what reads the lines of this file."""
        columns = self.column_ids.sorted("place")
        today = self.env["care.profile"]._today(self.company_id)
        return LineReader(
            roles=[column.role or "" for column in columns],
            orders=[column.date_order or "" for column in columns],
            styles=[amount_style(Counter(column.looks or {})) for column in columns],
            today=today + timedelta(days=1),  # clocks of shops may be ahead
            country_code=self._country_code(),
            opening_on=self.opening_on or None,
            decimals=self.company_id.currency_id.decimal_places,
        )

    def _check_batch(self):
        """Read the next lines; return how many."""
        lines = self.env["care.import.line"].search(
            [("import_id", "=", self.id), ("state", "=", "read")],
            order="row",
            limit=CHECK_BATCH,
        )
        reader, rates = self._get_reader(), {}
        rows = []
        for line in lines:
            read = reader.understand(line.cells)
            if not read.reason and not self._convert(read.data, reader, rates):
                read.reason = "currency"
            rows.append(
                (
                    line.id,
                    "out" if read.reason else "ready",
                    read.reason or None,
                    read.note or None,
                    bool(read.data.get("opening")),
                    None if read.reason else json.dumps(read.data),
                )
            )
        names = {
            "state": "varchar",
            "reason": "varchar",
            "note": "varchar",
            "is_opening": "bool",
            "data": "jsonb",
        }
        self.env["care.import.line"]._set(names, rows)
        if len(lines) < CHECK_BATCH:
            self._number_equals()
            self.write({"state": "writing"})
        return len(lines)

    def _convert(self, data, reader, rates):
        """Turn an amount into the currency of the company at the rate of its day.

        :param rates: (currency, day) to rate, filled as they are asked
        :return: False when the currency has no rate
        """
        code = data.pop("currency", "")
        own = self.company_id.currency_id
        if not code or code == own.name:
            return True
        key = (code, data["day"])
        if key not in rates:
            currency = self.env["res.currency"].search([("name", "=", code)])
            day = date.fromisoformat(data["day"])
            known = currency.rate_ids.filtered(
                lambda rate: (
                    rate.company_id
                    in (self.company_id.root_id, rate.env["res.company"])
                )
            )
            rates[key] = (
                currency._get_conversion_rate(currency, own, self.company_id, day)
                if known
                else None
            )
        if rates[key] is None:
            return False
        amount = Decimal(data["amount"]) * Decimal(str(rates[key]))
        data["amount"] = str(reader.round(amount))
        return True

    def _number_equals(self):
        """Number equal purchases without a reference: the first, the second …

        The number is part of what tells purchases apart, so that the same file gives
        the same purchases again, and two coffees on one day stay two.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE care_import_line line SET occurrence = numbered.place
              FROM (SELECT id, row_number() OVER (
                               PARTITION BY COALESCE(data->>'phone_key', data->>'email'),
                                            data->>'day', data->>'amount'
                               ORDER BY row) AS place
                      FROM care_import_line
                     WHERE import_id = %s AND state = 'ready' AND data ? 'amount') numbered
             WHERE numbered.id = line.id
            """,
            [self.id],
        )
        self.env["care.import.line"].invalidate_model()
