from odoo import api, fields, models
from odoo.exceptions import UserError

RUN_STATES = [
    ("waiting", "Waiting"),
    ("done", "Done"),
    ("skipped", "Left Out"),
    ("failed", "Failed"),
]
REASONS = [
    ("paused", "The rule was paused or archived"),
    ("changed", "The rule was changed or started anew since"),
    ("late", "It waited too long"),
    ("no_customer", "Not a customer of this company, or archived"),
    ("passed", "It was over before the rule acted"),
    ("held_out", "Held out, so that the effect can be measured"),
    ("condition", "Does not fulfil the condition"),
    ("again", "The rule acted for this customer not long ago"),
    ("loop", "The rule acted for this customer three times within a day"),
    ("gate", "No message may be sent to this customer"),
    ("limit", "The number for the day is reached"),
    ("merged", "The same contact waited twice after a merge"),
    ("hand", "Left out by hand"),
    ("error", "An error"),
]
#: By which words results are known that have no name of their own.
NAMED_BY = {
    "care.message.delivery": "message_id.name",
    "care.contact.log": "summary",
}


class CareRuleRun(models.Model):
    """Something happened to a customer for which a rule waited, and what came of it.

    The outbox of rules and automations (see care_rule_outbox.py) and their log.
    Written by the system alone.
    """

    _name = "care.rule.run"
    _description = "Run of an Automatic Rule"
    _log_access = False
    _rec_name = "partner_id"
    _order = "id desc"

    # what happened
    rule_id = fields.Many2one(comodel_name="care.rule", ondelete="cascade")
    automation_id = fields.Many2one(
        comodel_name="base.automation",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="cascade",
    )
    key = fields.Char(required=True, help="Which occasion it was; one run for each.")
    on = fields.Datetime(string="When", required=True)
    # what came of it
    state = fields.Selection(selection=RUN_STATES, required=True, default="waiting")
    reason = fields.Selection(selection=REASONS, string="Why")
    note = fields.Text(string="Explanation")
    attempts = fields.Integer(required=True, default=0)
    due_on = fields.Datetime(string="Not Before", required=True)
    done_on = fields.Datetime(string="Done")
    result_model = fields.Char()
    result_id = fields.Many2oneReference(model_field="result_model")
    result_name = fields.Char(string="What Came of It", compute="_compute_result_name")

    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(rule_id, automation_id) = 1)",
        "A run belongs to a rule or to an automation.",
    )
    _rule_key_uniq = models.Constraint(
        "UNIQUE (rule_id, key)", "A rule acts once for each occasion."
    )
    _automation_key_uniq = models.Constraint(
        "UNIQUE (automation_id, key)", "An automation acts once for each occasion."
    )
    _job_waiting_idx = models.Index("(due_on, id) WHERE state = 'waiting'")

    @api.depends("result_model", "result_id")
    def _compute_result_name(self):
        """Name what came of it, where the reader may see it."""
        self.result_name = False
        for model, runs in self.grouped("result_model").items():
            if not model or model not in self.env:
                continue
            records = self.env[model].browse(runs.mapped("result_id")).exists()
            said_by = NAMED_BY.get(model, "display_name")
            names = {
                record.id: record.mapped(said_by)[0]
                for record in records._filtered_access("read")
            }
            for run in runs:
                run.result_name = names.get(run.result_id)

    # ------------------------------------------------------------------ actions
    def action_open_result(self):
        """Open what came of it: the ticket, or the customer with the task."""
        self.ensure_one()
        self.check_access("read")
        model, ref = self.result_model, self.result_id
        if model not in ("care.ticket", "care.segment"):
            model, ref = "res.partner", self.partner_id.id
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": ref,
            "views": [(False, "form")],
        }

    def action_try_again(self):
        """Let the rule act after all for what failed or was left out.

        :raises AccessError: the caller may not change the rule
        """
        self._check_editor()
        again = self.filtered(lambda run: run.state in ("failed", "skipped"))
        if not again:
            raise UserError(
                self.env._(
                    "Only what failed or was left out can be tried again. Choose such "
                    "lines."
                )
            )
        now = self.env.cr.now().replace(microsecond=0)
        again.sudo().write(
            {
                "state": "waiting",
                "reason": False,
                "note": False,
                "attempts": 0,
                "on": now,
                "due_on": now,
            }
        )
        self._wake()

    def action_leave_out(self):
        """Leave out what still waits.

        :raises AccessError: the caller may not change the rule
        """
        self._check_editor()
        self.filtered(lambda run: run.state == "waiting").sudo().write(
            {"state": "skipped", "reason": "hand"}
        )

    def _check_editor(self):
        """Raise an AccessError unless the caller may change what the runs belong to."""
        self.check_access("read")
        for owners in (self.rule_id, self.automation_id):
            if owners:
                owners.check_access("write")

    # -------------------------------------------------------------- maintenance
    @api.model
    def _wake(self, at=None):
        """Let the job run soon, or at a moment."""
        job = self.env.ref("customer_care.ir_cron_care_rule", raise_if_not_found=False)
        if job:
            job.sudo()._trigger(at)

    @api.autovacuum
    def _gc_left_out(self):
        """Forget after half a year who was left out; what was done stays."""
        self.env.cr.execute(
            "DELETE FROM care_rule_run WHERE state = 'skipped'"
            " AND \"on\" < (now() at time zone 'UTC') - interval '180 days'"
        )

    # ------------------------------------------------- merge, forget and export
    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep one of several runs that wait for contacts who are one from now on.

        Keys stay as they are: they name what happened, and that happened.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE care_rule_run SET state = 'skipped', reason = 'merged'
             WHERE id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER (
                               PARTITION BY rule_id, automation_id, company_id
                               ORDER BY partner_id = %(destination)s DESC, id) AS place
                      FROM care_rule_run
                     WHERE state = 'waiting'
                       AND partner_id = ANY(%(all)s)) waiting
                 WHERE place > 1)
            """,
            {
                "destination": destination.id,
                "all": [*sources.ids, destination.id],
            },
        )
        self.invalidate_model(["state", "reason"])

    @api.model
    def _care_forget_partners(self, partners):
        """Leave out what still waits and take away words; what was done is kept."""
        runs = self.sudo().search([("partner_id", "in", partners.ids)])
        runs.write({"note": False})
        runs.filtered(lambda run: run.state == "waiting").write(
            {"state": "skipped", "reason": "no_customer"}
        )

    @api.model
    def _care_export_partners(self, partners):
        """Return what rules did for these people as plain dicts, the oldest first."""
        runs = self.sudo().search([("partner_id", "in", partners.ids)], order="id")
        words = dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "record": "automatic rule",
                "when": fields.Datetime.to_string(run.on),
                "company": run.company_id.name,
                "rule": (run.rule_id or run.automation_id).display_name,
                "state": words[run.state],
            }
            for run in runs
        ]
