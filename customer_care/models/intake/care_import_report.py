"""What became of the lines of an import: counted, in words, and as a file."""

import base64
import csv
import io

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime, formatLang

from ...lib.table_file import as_text, keep_text
from .care_import import RUNNING

#: Counts of the lines of an import, as SQL over ``line``.
COUNTS = {
    "line_count": SQL("COUNT(*)"),
    "checked_count": SQL("COUNT(*) FILTER (WHERE line.state <> 'read')"),
    "finished_count": SQL("COUNT(*) FILTER (WHERE line.state IN ('done', 'out'))"),
    "left_out_count": SQL("COUNT(*) FILTER (WHERE line.state = 'out')"),
    "created_count": SQL("COUNT(*) FILTER (WHERE line.outcome = 'created')"),
    "customer_count": SQL(
        "COUNT(DISTINCT line.partner_id) FILTER (WHERE line.state = 'done')"
    ),
    "purchase_count": SQL("COUNT(*) FILTER (WHERE line.purchase = 'new')"),
    "known_purchase_count": SQL("COUNT(*) FILTER (WHERE line.purchase = 'known')"),
    "note_count": SQL("COUNT(*) FILTER (WHERE line.note IS NOT NULL)"),
}
FIRST_ROWS = 5  # rows named for each reason


class CareImport(models.Model):
    _inherit = "care.import"

    line_count = fields.Integer(string="Lines", compute="_compute_counts")
    checked_count = fields.Integer(compute="_compute_counts")
    finished_count = fields.Integer(compute="_compute_counts")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_counts")
    created_count = fields.Integer(string="New Customers", compute="_compute_counts")
    customer_count = fields.Integer(string="Customers", compute="_compute_counts")
    purchase_count = fields.Integer(string="Purchases", compute="_compute_counts")
    known_purchase_count = fields.Integer(
        string="Purchases There Already", compute="_compute_counts"
    )
    note_count = fields.Integer(string="With a Remark", compute="_compute_counts")
    progress = fields.Float(
        compute="_compute_counts", help="How much of the file is done, in percent."
    )
    summary = fields.Html(string="Report", compute="_compute_summary", sanitize=False)
    twin_note = fields.Char(string="Warning", compute="_compute_twin_note")
    left_out_name = fields.Char(compute="_compute_left_out_file")
    left_out_file = fields.Binary(
        string="Lines Left Out",
        compute="_compute_left_out_file",
        help="The lines left out and those with a remark, with the reason, to be "
        "corrected and imported again.",
    )

    @api.depends("state", "line_ids.state")
    def _compute_counts(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT line.import_id, %s FROM care_import_line line
                 WHERE line.import_id = ANY(%s) GROUP BY line.import_id
                """,
                SQL(", ").join(COUNTS.values()),
                self._origin.ids,
            )
        )
        found = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        for batch in self:
            counts = found.get(batch._origin.id, (0,) * len(COUNTS))
            for name, value in zip(COUNTS, counts, strict=True):
                batch[name] = value
            done = batch.checked_count + batch.finished_count
            batch.progress = 50 * done / batch.line_count if batch.started_on else 0

    @api.depends("file_hash")
    def _compute_twin_note(self):
        for batch in self:
            twin = self.search(
                [
                    ("file_hash", "=", batch.file_hash),
                    ("company_id", "=", batch.company_id.id),
                    ("started_on", "!=", False),
                    ("id", "<", batch._origin.id or 0),
                ],
                order="id",
                limit=1,
            )
            batch.twin_note = (
                self.env._(
                    "The same file was imported on %(day)s. Nothing of it is taken in "
                    "twice.",
                    day=format_datetime(self.env, twin.started_on),
                )
                if twin
                else False
            )

    # --------------------------------------------------------------------- words
    @api.depends("state", "is_stopped", "error", "line_ids.state")
    def _compute_summary(self):
        self.summary = False
        for batch in self.filtered(lambda batch: batch._origin == batch):
            batch.summary = (
                Markup().join(
                    Markup("<p>%s</p>") % sentence for sentence in batch._sentences()
                )
                + batch._reason_table()
            )

    def _number(self, value):
        return formatLang(self.env, value, digits=0)

    def _sentences(self):
        """Return in sentences how far the import is and what it did."""
        self.ensure_one()
        number = self._number
        if self.is_stopped:
            yield self.env._(
                "The import stopped: %(error)s. What was taken in stays; “Go On” "
                "continues where it stopped.",
                error=self.error or "",
            )
        elif self.state == "failed":
            yield self.error or ""
            return
        elif self.state == "cancelled":
            yield self.env._(
                "The import was cancelled. What was taken in stays; “Go On” continues "
                "where it stopped."
            )
        elif self.state == "counting":
            yield self.env._(
                "Everything is taken in. Care stages and comparisons follow in a minute."
            )
        yield self.env._("%(count)s lines were read.", count=number(self.line_count))
        if not self.started_on:
            return
        known = max(self.customer_count - self.created_count, 0)
        yield self.env._(
            "%(all)s customers: %(created)s are new, %(known)s were known.",
            all=number(self.customer_count),
            created=number(self.created_count),
            known=number(known),
        )
        yield self.env._(
            "%(new)s purchases were taken in; %(known)s were there already.",
            new=number(self.purchase_count),
            known=number(self.known_purchase_count),
        )
        if self.state in RUNNING and self.state != "counting":
            return
        yield self.env._(
            "%(count)s lines were left out. Nothing was sent to anybody.",
            count=number(self.left_out_count),
        )

    def _reason_table(self):
        """Return how many lines were left out for each reason, with the first rows."""
        lines = self.env["care.import.line"]
        rows = Markup()
        for field in ("reason", "note"):
            words = dict(lines._fields[field]._description_selection(self.env))
            for code, count, first in self._count_by(field):
                rows += Markup(
                    "<tr><td>%s</td><td class='text-end'>%s</td><td>%s</td></tr>"
                ) % (
                    words[code],
                    self._number(count),
                    self.env._("Rows %(rows)s", rows=", ".join(map(str, first)))
                    + (" …" if count > len(first) else ""),
                )
        if not rows:
            return rows
        return Markup(
            "<table class='table table-sm'><thead><tr><th>%s</th>"
            "<th class='text-end'>%s</th><th>%s</th></tr></thead><tbody>%s</tbody></table>"
        ) % (
            escape(self.env._("Left out, or taken in with a remark, because")),
            escape(self.env._("Lines")),
            escape(self.env._("For example")),
            rows,
        )

    def _count_by(self, column):
        """Return (code, lines, first rows) of the lines by reason or note."""
        self.env["care.import.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT %(column)s, COUNT(*), (ARRAY_AGG(row ORDER BY row))[1:%(first)s]
                  FROM care_import_line
                 WHERE import_id = %(batch)s AND %(column)s IS NOT NULL
                   AND (%(of_note)s OR state = 'out')
                   AND (NOT %(of_note)s OR state = 'done')
                 GROUP BY 1 ORDER BY 2 DESC, 1
                """,
                column=SQL.identifier(column),
                batch=self._origin.id,
                first=FIRST_ROWS,
                of_note=column == "note",
            )
        )
        return self.env.cr.fetchall()

    # ---------------------------------------------------------------------- file
    def _compute_left_out_file(self):
        self.left_out_name = self.left_out_file = False
        for batch in self.filtered(lambda batch: batch._origin == batch):
            stem = (batch.name or "").rpartition(".")[0] or batch.name or ""
            batch.left_out_name = self.env._("%(file)s - left out.csv", file=stem)
            batch.left_out_file = base64.b64encode(batch._write_left_out())

    def _write_left_out(self):
        """Return the lines left out as CSV that no spreadsheet calculates.

        With the original columns, so that it can be corrected and imported again.
        """
        self.ensure_one()
        out = io.StringIO()
        writer = csv.writer(out)
        headings = self.column_ids.sorted("place").mapped("heading")
        writer.writerow(
            [
                self.env._("Line"),
                self.env._("Reason"),
                *(keep_text(heading or "") for heading in headings),
            ]
        )
        lines = self.env["care.import.line"].search_fetch(
            [
                ("import_id", "=", self.id),
                "|",
                ("state", "=", "out"),
                ("note", "!=", False),
            ],
            ["row", "reason", "note", "detail", "cells"],
            order="row",
        )
        for line in lines:
            cells = (keep_text(as_text(cell)) for cell in line.cells or [])
            writer.writerow([line.row, keep_text(line._get_reason()), *cells])
        return out.getvalue().encode("utf-8-sig")

    # ------------------------------------------------------------------- privacy
    def _drop_content(self, lines=True):
        """Drop the files of finished imports, and what stood on their lines."""
        self.write({"file": False, "file_hash": False})
        if lines and self:
            self.env.cr.execute(
                "UPDATE care_import_line SET cells = NULL, data = NULL, detail = NULL"
                " WHERE import_id = ANY(%s) AND cells IS NOT NULL",
                [list(self.ids)],
            )
            self.env["care.import.line"].invalidate_model()
            self.column_ids.write({"sample_cells": []})
