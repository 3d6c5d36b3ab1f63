import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from ...lib.table_file import TableError, open_table

STATES = [
    ("reading", "Reading the file"),
    ("columns", "Columns"),
    ("checking", "Checking the lines"),
    ("writing", "Taking in"),
    ("counting", "Counting"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("failed", "Cannot be read"),
]
#: While it is in one of these, the job works on an import.
RUNNING = ("reading", "checking", "writing", "counting")
#: What people may write; the system writes everything else.
WRITABLE = frozenset({"opening_on", "column_ids"})
CREATABLE = frozenset({"file", "name", "company_id", "opening_on"})
#: Files of so many bytes are read while somebody waits, bigger ones by the job.
SMALL_FILE = 200_000
#: So many lines are taken in while somebody waits.
FEW_LINES = 300


class CareImport(models.Model):
    """A file of customers, with or without what they bought, taken in step by step.

    The rows of the file are copied into lines (``care.import.line``); columns are
    guessed and shown for correction; then each line is checked, and taken in or left
    out with a reason. Every batch is one transaction with its lines, so that an import
    that stops anywhere goes on where it stopped, and takes nothing in twice.

    What an import does is silent: no message, no activity, no event but initial ones.
    """

    _name = "care.import"
    _description = "Import of Customers"
    _order = "id desc"

    # file
    name = fields.Char(string="File Name", required=True)
    file = fields.Binary(
        attachment=True,
        help="CSV or Excel (.xlsx) with one customer or one purchase per line.",
    )
    file_hash = fields.Char(readonly=True, copy=False, index=True)
    file_note = fields.Char(string="Read As", readonly=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Imported by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    # set-up
    column_ids = fields.One2many(
        comodel_name="care.import.column", inverse_name="import_id", string="Columns"
    )
    has_opening = fields.Boolean(compute="_compute_has_opening")
    opening_on = fields.Date(
        string="Sums Until",
        default=lambda self: fields.Date.context_today(self),
        help="The last day of the sums in the column “Total spent until”, on lines that "
        "name no day themselves.",
    )
    # progress
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="reading", copy=False
    )
    is_stopped = fields.Boolean(readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    started_on = fields.Datetime(readonly=True, copy=False)
    finished_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="care.import.line", inverse_name="import_id", string="Staged Lines"
    )

    _running_idx = models.Index(
        "(id) WHERE state IN ('reading', 'checking', 'writing', 'counting')"
    )

    @api.depends("column_ids.role")
    def _compute_has_opening(self):
        for batch in self:
            batch.has_opening = "opening" in batch.column_ids.mapped("role")

    # --------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Take a file; one that cannot be read is refused at once.

        :raises UserError: no file, or one that is no table
        """
        prepared, sizes = [], []
        for vals in vals_list:
            if not self.env.su:
                vals = {key: vals[key] for key in CREATABLE & vals.keys()}
            raw = self._get_bytes(vals.get("file"))
            sizes.append(len(raw))
            vals = {**vals, "name": vals.get("name") or self.env._("File")}
            prepared.append({**vals, **self._prepare_file_values(raw)})
        # as a whole, without the defaults: pylint: disable-next=context-overridden
        clean = self.with_context(clean_context(self.env.context))
        imports = super(CareImport, clean).create(prepared)
        for batch, size in zip(imports, sizes, strict=True):
            if size <= SMALL_FILE:
                batch._work_at_once()
        imports._wake()
        return imports

    def write(self, vals):
        """People set up an import; what happens to it is the system's to write.

        :raises AccessError: another field
        """
        if not self.env.su and vals.keys() - WRITABLE:
            raise AccessError(
                self.env._(
                    "An import goes on by its buttons alone. For another file, make a "
                    "new import."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        used = (
            self.env["care.import.line"]
            .sudo()
            ._read_group(
                [("import_id", "in", self.ids), ("state", "=", "done")], ["import_id"]
            )
        )
        if used:
            raise UserError(
                self.env._(
                    "Customers came in with %(names)s: the import stays as the proof "
                    "of where they come from. Imports that took nothing in can be "
                    "deleted.",
                    names=", ".join(batch.name for (batch,) in used),
                )
            )

    # --------------------------------------------------------------------- file
    @api.model
    def _get_bytes(self, file):
        """Return the bytes of a file as forms send it."""
        try:
            return base64.b64decode(file or b"", validate=False)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Send it again.")
            ) from error

    @api.model
    def _prepare_file_values(self, raw):
        """Return what is known of a file at first sight.

        :raises UserError: it cannot be taken, with the reason and the way out
        """
        try:
            table = open_table(raw)
        except TableError as error:
            raise UserError(self._explain(error)) from error
        return {
            "file_hash": hashlib.sha256(raw).hexdigest(),
            "file_note": self._describe(table),
            "state": "reading",
        }

    @api.model
    def _describe(self, table):
        """Return in words how a file was read."""
        if not table.sheet:
            names = {
                ";": self.env._("semicolon"),
                ",": self.env._("comma"),
                "\t": self.env._("tab"),
                "|": self.env._("vertical bar"),
            }
            return self.env._(
                "Text, %(encoding)s, cells separated by %(delimiter)s",
                encoding=table.encoding.upper().removesuffix("-SIG"),
                delimiter=names.get(table.delimiter, table.delimiter),
            )
        if table.other_sheets:
            return self.env._(
                "Excel, sheet “%(sheet)s”. Other sheets are not read: %(others)s",
                sheet=table.sheet,
                others=", ".join(table.other_sheets),
            )
        return self.env._("Excel, sheet “%(sheet)s”", sheet=table.sheet)

    @api.model
    def _explain(self, error):
        """Return why a file cannot be taken and what to do, in a sentence or two."""
        values = error.values
        sentences = {
            "empty": self.env._("The file is empty. Choose the one with the lines in."),
            "old_excel": self.env._(
                "This is an old Excel file (.xls) or one with a password. Open it, save "
                "it as .xlsx without a password, and send that."
            ),
            "not_table": self.env._(
                "This is neither a CSV nor an Excel file (.xlsx). Save the list as one "
                "of them and send that."
            ),
            "broken": self.env._(
                "The Excel file is damaged. Open it in Excel, save it again as .xlsx, "
                "and send that."
            ),
        }
        if error.code in sentences:
            return sentences[error.code]
        if error.code == "too_big":
            return self.env._(
                "The file is too big: at most %(limit)s MB are taken. Send it in parts; "
                "nothing is taken in twice.",
                **values,
            )
        if error.code == "too_many_rows":
            return self.env._(
                "The file has more than %(limit)s rows. Send it in parts; nothing is "
                "taken in twice.",
                **values,
            )
        return self.env._(
            "Row %(row)s has a cell of %(size)s characters; at most %(limit)s are taken. "
            "Often a quotation mark was opened and not closed before it. Shorten the "
            "cell and send the file again. Nothing was taken in.",
            **values,
        )

    # ------------------------------------------------------------------ actions
    def action_start(self):
        """Check the lines with the columns as they are now, then take them in.

        :raises AccessError: the caller may not import
        :raises UserError: the columns say too little, with what is missing
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "columns":
            raise UserError(self.env._("This import has started already."))
        self._check_columns()
        self.sudo().write(
            {"state": "checking", "started_on": self.env.cr.now(), "error": False}
        )
        if self.line_count <= FEW_LINES and not self._is_crowded():
            self._work_at_once()
        self._wake()

    def action_cancel(self):
        """Stop; what was taken in stays, the rest is not.

        :raises AccessError: the caller may not import
        """
        self.check_access("write")
        self.filtered(lambda batch: batch.state not in ("done", "failed")).sudo().write(
            {"state": "cancelled", "finished_on": self.env.cr.now()}
        )

    def action_resume(self):
        """Go on where the import stopped or was cancelled.

        :raises AccessError: the caller may not import
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "done":
            return
        values = {"is_stopped": False, "error": False, "finished_on": False}
        if self.state == "cancelled":
            values["state"] = self._get_phase()
        self.sudo().write(values)
        self._wake()

    def _get_phase(self):
        """Return the phase in which the lines stand."""
        lines = self.env["care.import.line"].sudo()
        own = [("import_id", "=", self.id)]
        if not self.started_on:
            return "reading"
        if lines.search_count([*own, ("state", "=", "read")], limit=1):
            return "checking"
        return "writing"

    def action_view_left_out(self):
        """Open the lines that were left out, by their reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lines Left Out"),
            "res_model": "care.import.line",
            "view_mode": "list",
            "domain": [("import_id", "=", self.id), ("state", "=", "out")],
            "context": {"group_by": "reason"},
        }

    def action_view_customers(self):
        """Open the customers that came with this file or were in it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_customer_action"
        )
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": [("care_import_line_ids.import_id", "=", self.id)],
            "context": {},
        }

    def _is_crowded(self):
        """Tell whether the job takes in another file of this company just now."""
        others = [
            ("id", "!=", self.id),
            ("company_id", "=", self.company_id.id),
            ("state", "in", ("checking", "writing")),
        ]
        return bool(self.sudo().search_count(others, limit=1))

    def _wake(self):
        """Have the job take it up."""
        if any(batch.state in RUNNING and not batch.is_stopped for batch in self):
            self.env.ref("customer_care.ir_cron_care_import")._trigger()
