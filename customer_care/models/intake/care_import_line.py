from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...lib.table_file import as_text

STATES = [
    ("read", "Read"),
    ("ready", "Checked"),
    ("done", "Taken in"),
    ("out", "Left out"),
]
#: Why a line was left out; the words say what is wrong with it.
REASONS = [
    ("no_contact", "No phone and no e-mail"),
    ("bad_phone", "The phone number cannot be read"),
    ("bad_email", "The e-mail address cannot be read"),
    ("no_day", "An amount without a day"),
    ("no_amount", "A day without an amount"),
    ("date", "The day cannot be read"),
    ("date_order", "Day and month stand in another order than in the column"),
    ("date_mixed", "Day and month can be taken for each other"),
    ("future", "The day is still to come"),
    ("amount", "The amount cannot be read"),
    ("amount_style", "The amount is written in another way than its column"),
    ("amount_mixed", "Thousands or decimals: the amount can be read in two ways"),
    ("amount_huge", "The amount is too large"),
    ("count", "The number of purchases cannot be read"),
    ("currency", "No rate is known for the currency"),
    ("internal", "A colleague"),
    ("own_company", "One of our own companies"),
    ("supplier", "A supplier who buys nothing"),
    ("archived", "The contact is archived"),
    ("never", "Marked as never a customer"),
    ("suppressed", "Asked to be forgotten"),
    ("reference_taken", "The number belongs to another purchase already"),
    ("before_opening", "The sum until a day holds this purchase already"),
    ("opening_exists", "There is a sum until a day for this customer already"),
    ("opening_overlap", "Purchases until that day are there one by one already"),
    ("error", "The contact or purchase was refused"),
]
#: What somebody may want to look at although the line was taken in.
NOTES = [
    ("duplicates", "Possible duplicates: several contacts have this phone or e-mail"),
    ("phone", "Taken in without the phone number, which cannot be read"),
    ("email", "Taken in without the e-mail address, which cannot be read"),
    ("birthday", "Taken in without the birthday, which cannot be read"),
    ("delivered", "Taken in without the day of delivery, which cannot be read"),
]
KEEP_DAYS = 90  # how long what stands on a line is kept


class CareImportLine(models.Model):
    """A row of a file on its way in, and afterwards what became of it.

    Written by the import alone. Once a line was taken in, its cells are emptied; those
    of lines left out stay for 90 days, for the report.
    """

    _name = "care.import.line"
    _description = "Line of an Import"
    _log_access = False
    _rec_name = "row"
    _order = "row, id"

    import_id = fields.Many2one(
        comodel_name="care.import", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    row = fields.Integer(required=True)
    cells = fields.Json()
    cells_text = fields.Char(string="On the Line", compute="_compute_cells_text")
    data = fields.Json()
    state = fields.Selection(selection=STATES, required=True, default="read")
    reason = fields.Selection(selection=REASONS)
    detail = fields.Char()
    note = fields.Selection(selection=NOTES)
    is_opening = fields.Boolean(required=True, default=False)
    occurrence = fields.Integer(
        help="Equal purchases without a number: the first, the second …"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
    )
    outcome = fields.Selection(
        selection=[
            ("created", "New customer"),
            ("matched", "Known customer"),
        ]
    )
    purchase = fields.Selection(
        selection=[("new", "Taken in"), ("known", "Was there already")]
    )

    _import_row_uniq = models.Constraint(
        "UNIQUE (import_id, row)", "A row of a file is taken in once."
    )
    _import_state_idx = models.Index("(import_id, state)")
    _job_read_idx = models.Index("(import_id, row) WHERE state = 'read'")
    _job_ready_idx = models.Index(
        "(import_id, is_opening DESC, row) WHERE state = 'ready'"
    )
    _company_customer_idx = models.Index(
        "(company_id, partner_id) WHERE state = 'done' AND partner_id IS NOT NULL"
    )

    @api.depends("cells")
    def _compute_cells_text(self):
        for line in self:
            texts = (as_text(cell) for cell in line.cells or [])
            text = " · ".join(text for text in texts if text)
            line.cells_text = text if len(text) <= 200 else f"{text[:199]}…"

    def _get_reason(self):
        """Return why a line was left out, or what is to be said of it, in words."""
        self.ensure_one()
        field = "reason" if self.reason else "note"
        words = dict(self._fields[field]._description_selection(self.env))
        text = words.get(self[field], "")
        return f"{text}: {self.detail}" if self.detail else text

    # --------------------------------------------------------- writing in batches
    @api.model
    def _add(self, batch, rows):
        """Store rows of a file.

        :param batch: ``care.import``
        :param rows: list of (row, JSON text of its cells)
        """
        self.env.cr.execute(
            """
            INSERT INTO care_import_line
                   (import_id, company_id, row, cells, state, is_opening)
            SELECT %s, %s, unnest(%s::int[]), unnest(%s::text[])::jsonb, 'read', FALSE
            """,
            [
                batch.id,
                batch.company_id.id,
                [row for row, _cells in rows],
                [cells for _row, cells in rows],
            ],
        )

    @api.model
    def _set(self, names, rows):
        """Write columns of many lines in one statement.

        :param names: columns, with the SQL type of each
        :param rows: list of (id, value, …) in the order of ``names``
        """
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        arrays = [SQL("unnest(%s::int[]) AS id", list(columns[0]))]
        for (name, kind), values in zip(names.items(), columns[1:], strict=True):
            arrays.append(
                SQL(
                    "unnest(%s::%s[]) AS %s",
                    list(values),
                    SQL(kind),
                    SQL.identifier(name),
                )
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_import_line line SET %(sets)s
                  FROM (SELECT %(arrays)s) fresh WHERE fresh.id = line.id
                """,
                sets=SQL(", ").join(
                    SQL(
                        "%s = fresh.%s",
                        SQL.identifier(name),
                        SQL.identifier(name),
                    )
                    for name in names
                ),
                arrays=SQL(", ").join(arrays),
            )
        )
        self.invalidate_model()

    # ------------------------------------------------------------------- privacy
    @api.autovacuum
    def _gc_cells(self):
        """Empty what stood on lines, and drop the files, after ``KEEP_DAYS``."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.env["care.import"].sudo()
        old = old.search([("finished_on", "<", before), ("file_hash", "!=", False)])
        old._drop_content()

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Give the lines of merged contacts to the one that stays."""
        self.env.flush_all()
        sources._care_move_rows(self._table, "partner_id", destination)
        self.invalidate_model()

    @api.model
    def _care_forget_partners(self, partners):
        """Empty what stood on the lines of these people, and drop the files with them.

        What became of the lines is kept: it counts.
        """
        lines = self.sudo().search([("partner_id", "in", partners.ids)])
        finished = lines.import_id.filtered("finished_on")
        lines.write({"cells": False, "data": False, "detail": False})
        finished._drop_content(lines=False)

    @api.model
    def _care_export_partners(self, partners):
        """Return with which files these people came, for whoever asks what we keep.

        :rtype: list[dict]
        """
        lines = self.sudo().search([("partner_id", "in", partners.ids)])
        return [
            {
                "record": "import",
                "partner_id": line.partner_id.id,
                "file": line.import_id.name,
                "row": line.row,
                "on": fields.Datetime.to_string(line.import_id.started_on),
                "cells": line.cells or [],
            }
            for line in lines
        ]
