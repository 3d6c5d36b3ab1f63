from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_amount, format_date

from ...lib import table_guess
from ...lib.table_file import as_text
from ...lib.table_value import (
    Unread,
    read_amount,
    read_count,
    read_date,
    read_email,
    read_phone,
)

ROLES = [
    ("name", "Name"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("street", "Address"),
    ("city", "City"),
    ("birthday", "Birthday"),
    ("ref", "Customer number"),
    ("day", "Bought on"),
    ("amount", "Amount"),
    ("reference", "Number of the order"),
    ("delivered", "Delivered on"),
    ("currency", "Currency"),
    ("opening", "Total spent until"),
    ("opening_day", "Last purchase"),
    ("count", "How many purchases"),
]
DATE_ORDERS = [
    ("dmy", "Day before month"),
    ("mdy", "Month before day"),
    ("mixed", "Mixed: only what is certain"),
]
DAYS = ("day", "birthday", "delivered", "opening_day")
AMOUNTS = ("amount", "opening")
SAMPLES = 3
WRITABLE = frozenset({"role", "date_order"})


class CareImportColumn(models.Model):
    """A column of a file: what it is, how it writes days and amounts, three samples."""

    _name = "care.import.column"
    _description = "Column of an Import"
    _order = "place, id"

    import_id = fields.Many2one(
        comodel_name="care.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id")
    place = fields.Integer(required=True, readonly=True)
    heading = fields.Char(string="Column of the File", readonly=True)
    is_named = fields.Boolean(readonly=True)
    looks = fields.Json(readonly=True)
    sample_cells = fields.Json(readonly=True)
    role = fields.Selection(
        selection=ROLES, string="Is Taken As", help="Empty: the column is passed over."
    )
    date_order = fields.Selection(
        selection=DATE_ORDERS,
        string="Days Are Written",
        help="As the whole column shows it. A line that does not fit is left out; no "
        "day is ever turned round.",
    )
    samples = fields.Char(compute="_compute_samples")
    remark = fields.Char(compute="_compute_remark", string="Note")

    _place_uniq = models.Constraint(
        "UNIQUE (import_id, place)", "A file has one column in each place."
    )

    def write(self, vals):
        """People correct what a column is until the import starts.

        :raises AccessError: another field
        :raises UserError: the import has started
        """
        if not self.env.su:
            if vals.keys() - WRITABLE:
                raise AccessError(
                    self.env._("Only the meaning of a column can be changed.")
                )
            if any(column.import_id.state != "columns" for column in self):
                raise UserError(
                    self.env._(
                        "The import has started: its columns cannot change any more. "
                        "Make a new import; nothing is taken in twice."
                    )
                )
        return super().write(vals)

    # ------------------------------------------------------------------ samples
    @api.depends("role", "date_order", "sample_cells")
    def _compute_samples(self):
        for column in self:
            column.samples = "  ·  ".join(
                column._show(cell) for cell in column.sample_cells or []
            )

    def _show(self, cell):
        """Return a cell as it stands in the file, and as it is understood."""
        text = as_text(cell)
        shown = text if len(text) <= 40 else f"{text[:39]}…"
        try:
            read = self._read(cell)
        except Unread:
            return self.env._("%(cell)s → not read", cell=shown)
        return shown if read in (None, text) else f"{shown} → {read}"

    def _read(self, cell):
        """Return what a cell is understood as, None where it is taken as it stands."""
        if self.role in DAYS:
            day = read_date(cell, self.date_order or "dmy")
            return format_date(self.env, day, date_format="d MMMM y")
        if self.role in AMOUNTS:
            amount, currency = read_amount(cell, self._style())
            known = self.env["res.currency"].search([("name", "=", currency)])
            return format_amount(
                self.env, float(amount), known or self.import_id.company_id.currency_id
            )
        if self.role == "phone":
            return read_phone(cell, self.import_id._country_code())[0]
        if self.role == "email":
            return read_email(cell)
        if self.role == "count":
            return str(read_count(cell))
        return None

    def _style(self):
        """Return what separates thousands in this column."""
        return table_guess.amount_style(Counter(self.looks or {}))

    # ------------------------------------------------------------------ remarks
    @api.depends("role", "date_order", "looks")
    def _compute_remark(self):
        for column in self:
            column.remark = column._get_remark()

    def _get_remark(self):
        """Return what somebody should know before he starts, or False."""
        looks = Counter(self.looks or {})
        if self.role in DAYS:
            wrong = {
                "dmy": looks["date_mdy"],
                "mdy": looks["date_dmy"],
                "mixed": looks["date_either"],
            }.get(self.date_order or "dmy", 0)
            lost = wrong + looks["filled"] - looks["date"]
        elif self.role in AMOUNTS:
            either = looks["amount_either"] if self._style() == "mixed" else 0
            lost = looks["filled"] - looks["amount"] - looks["phone"] + either
        else:
            return False
        if lost <= 0:
            return False
        return self.env._("Cells not read for sure: %(count)s", count=lost)

    # ------------------------------------------------------------------ guessing
    def _guess(self, company):
        """Say what each of these columns of one file is, by all that is in them."""
        looks = [Counter(column.looks or {}) for column in self]
        headings = [column.heading if column.is_named else "" for column in self]
        usual = self._usual_order(company)
        for column, look, role in zip(
            self, looks, table_guess.guess_roles(headings, looks), strict=True
        ):
            column.role = role or False
            if look["date"]:
                column.date_order = table_guess.date_order(look, usual)

    @api.model
    def _name_heading(self, heading, place):
        """Return the name of a column: its heading, else its letter."""
        return as_text(heading)[:100] or self.env._(
            "Column %(letter)s", letter=self._letter(place)
        )

    @api.model
    def _usual_order(self, company):
        """Return how the country of the company writes days."""
        code = company.partner_id.lang or "en_US"
        lang = self.env["res.lang"]._get_data(code=code)
        is_american = company.country_id.code == "US" or (
            not company.country_id and (lang.date_format or "").startswith("%m")
        )
        return "mdy" if is_american else "dmy"

    @api.model
    def _letter(self, place):
        """Return the name that spreadsheets give to a column."""
        name = ""
        while place >= 0:
            name = chr(ord("A") + place % 26) + name
            place = place // 26 - 1
        return name
