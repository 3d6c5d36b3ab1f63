"""How an import runs: batch after batch, each one transaction with its lines.

Whoever works on an import claims its row first thing after a commit; a second worker
passes it over. The row itself is written at the ends of phases alone, so that somebody
who cancels waits for one batch at most.
"""

import json
import logging
from collections import Counter
from datetime import timedelta
from itertools import islice

import psycopg2

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ConcurrencyError, UserError

from ...lib import table_guess
from ...lib.internal import INTERNAL
from ...lib.table_file import TableError, open_table
from .care_import import RUNNING
from .care_import_column import SAMPLES

_logger = logging.getLogger(__name__)

READ_BATCH = 2000  # rows copied in one transaction
LOOK_FOR_HEADING = 20  # rows among which the headings are looked for
ATTEMPTS = 5  # of a batch that another transaction crosses
#: Errors after which a batch is tried again, with nothing noted on any line.
CROSSED = (
    ConcurrencyError,
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)


class CareImport(models.Model):
    _inherit = "care.import"

    def _as_system(self):
        """Return the import as the job sees it: in its company, silent."""
        self.ensure_one()
        company = self.company_id
        return (
            self.with_user(SUPERUSER_ID)
            .with_company(company)
            .with_context(
                allowed_company_ids=company.ids,
                tz=company.care_tz,
                lang=company.partner_id.lang or "en_US",
                care_silent=INTERNAL,
                tracking_disable=True,
                mail_create_nosubscribe=True,
                mail_create_nolog=True,
                bin_size=False,
            )
        )

    # ---------------------------------------------------------------------- job
    @api.model
    def _cron_run(self):
        """Work on every import that waits, the oldest first."""
        for batch in self.sudo().search(
            [("state", "in", RUNNING), ("is_stopped", "=", False)], order="id"
        ):
            if not batch._as_system()._run_isolated():
                batch._wake()
                break

    def _run_isolated(self):
        """Work on an import; what goes wrong is noted on it and stops no other.

        :return: False when the time of the job is up
        """
        for _attempt in range(ATTEMPTS):
            try:
                return self._work(self._commit)
            except CROSSED:
                self._roll_back()
                _logger.info("A batch of import %s was crossed; once more", self.id)
            except TableError as error:
                self._roll_back()
                self._fail(error)
                return True
            except Exception as error:
                self._roll_back()
                _logger.info("Import %s stopped", self.id, exc_info=True)
                self.write({"is_stopped": True, "error": str(error)})
                self._commit(0)
                return True
        cron = self.env.ref("customer_care.ir_cron_care_import")
        cron._trigger(self.env.cr.now() + timedelta(minutes=1))
        self._commit(0)
        return True

    def _commit(self, processed):
        """Commit a batch and free what it held in memory; tell whether time is left."""
        more = int(self.state in RUNNING and not self.is_stopped)
        left = self.env["ir.cron"]._commit_progress(processed, remaining=more)
        self.env.invalidate_all()
        return bool(left)

    def _roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    def _fail(self, error):
        """Note that the file cannot be read; nothing of it was taken in."""
        self.line_ids.unlink()
        self.write(
            {
                "state": "failed",
                "error": self._explain(error),
                "finished_on": self.env.cr.now(),
            }
        )
        self._commit(0)

    def _claim(self):
        """Lock the import, first thing after a commit; False: nothing to do here."""
        self.env.cr.execute(
            "SELECT 1 FROM care_import WHERE id = %s AND state = ANY(%s)"
            " AND is_stopped IS NOT TRUE FOR NO KEY UPDATE SKIP LOCKED",
            [self.id, list(RUNNING)],
        )
        claimed = bool(self.env.cr.rowcount)
        self.invalidate_recordset()
        return claimed

    def _work(self, commit=None):
        """Work on this import until it needs a person, or is done.

        :param commit: called after each batch with its size, tells whether to go on;
            None: everything in the caller's transaction, but the last phase, which
            takes its time and is left to the job
        :return: False when ``commit`` said that time is up
        """
        self.env.flush_all()
        rows = None
        while self._claim():
            if self.state == "reading":
                rows = rows or self._open_rows()
                size = self._read_batch(rows)
            elif self.state == "checking":
                size = self._check_batch()
            elif self.state == "writing":
                size = self._write_batch()
            elif commit is None:
                return True
            else:
                size = self._count_all()
            self.env.flush_all()
            if commit and not commit(size):
                return False
        return True

    def _work_at_once(self):
        """Work while somebody waits, in his transaction.

        :raises UserError: the file cannot be read
        """
        try:
            self._as_system()._work()
        except TableError as error:
            raise UserError(self._explain(error)) from error
        self.invalidate_recordset()

    # ------------------------------------------------------------------ reading
    def _get_raw(self):
        """Return the bytes of the file."""
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", "file"),
            ],
            limit=1,
        )
        return attachment.raw or b""

    def _open_rows(self):
        """Return the rows of the file that were not copied yet."""
        last = self.env["care.import.line"].search(
            [("import_id", "=", self.id)], order="row desc", limit=1
        )
        return open_table(self._get_raw()).rows(after=last.row)

    def _read_batch(self, rows):
        """Copy the next rows of the file; return how many.

        :raises TableError: the file cannot be read further
        """
        chunk = list(islice(rows, READ_BATCH))
        is_last = len(chunk) < READ_BATCH
        if not self.column_ids:
            # the first batch: what stands above the lines
            headings, chunk = self._split_heading(chunk)
            self._add_columns(headings)
        self.env["care.import.line"]._add(
            self, [(row, json.dumps(cells)) for row, cells in chunk]
        )
        self._note_looks([cells for _row, cells in chunk])
        if is_last:
            self._finish_reading()
        return len(chunk)

    @api.model
    def _split_heading(self, chunk):
        """Return the headings and the rows below them.

        Titles above the headings are passed over. Where no row has words for columns,
        the first is the heading unless it holds a phone number, e-mail or day itself.
        """
        if not chunk:
            return [], []
        scores = [
            table_guess.heading_score(cells) for _row, cells in chunk[:LOOK_FOR_HEADING]
        ]
        place = scores.index(max(scores))
        if not scores[place]:
            looks = Counter()
            for cell in chunk[0][1]:
                table_guess.count(looks, cell)
            if looks["phone"] or looks["email"] or looks["date"]:
                return [""] * len(chunk[0][1]), chunk
        return chunk[place][1], chunk[place + 1 :]

    def _add_columns(self, headings):
        """Create columns; what they are is guessed when all rows were read."""
        columns = self.env["care.import.column"]
        start = len(self.column_ids)
        columns.create(
            [
                {
                    "import_id": self.id,
                    "place": start + place,
                    "heading": columns._name_heading(heading, start + place),
                    "is_named": heading != "",
                    "looks": {},
                    "sample_cells": [],
                }
                for place, heading in enumerate(headings)
            ]
        )

    def _note_looks(self, rows):
        """Add these rows to what is known of each column."""
        width = max(map(len, rows), default=0)
        if width > len(self.column_ids):
            self._add_columns([""] * (width - len(self.column_ids)))
        for column in self.column_ids:
            looks, samples = (
                Counter(column.looks or {}),
                list(column.sample_cells or []),
            )
            for cells in rows:
                if column.place >= len(cells) or cells[column.place] == "":
                    continue
                cell = cells[column.place]
                table_guess.count(looks, cell)
                if len(samples) < SAMPLES and cell not in samples:
                    samples.append(cell)
            column.write({"looks": dict(looks), "sample_cells": samples})

    def _finish_reading(self):
        """Guess what the columns are and wait for a person."""
        if not self.env["care.import.line"].search_count(
            [("import_id", "=", self.id)], limit=1
        ):
            raise TableError("empty")
        self.column_ids._guess(self.company_id)
        self.write({"state": "columns"})
