from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...lib.internal import INTERNAL, is_internal

STATES = [("draft", "Not Started"), ("running", "Running"), ("paused", "Paused")]
OCCASIONS = [
    ("enter", "A customer comes into a segment"),
    ("leave", "A customer leaves a segment"),
    ("stage", "A customer moves to another care stage"),
    ("readiness", "A lead is more, or less, ready to buy"),
    ("birthday", "A birthday comes up"),
]
ACTIONS = [
    ("task", "Give somebody a task"),
    ("message", "Send a message"),
    ("ticket", "Open a ticket"),
    ("segment_add", "Put into a segment"),
    ("segment_remove", "Take out of a segment"),
    ("tag_add", "Add a tag"),
    ("tag_remove", "Take a tag away"),
    ("stage", "Move to a care stage"),
    ("contact", "Log a contact"),
]
#: What the occasion consists of: changing it makes it another occasion.
OCCASION_FIELDS = frozenset(
    {"occasion", "segment_id", "from_stage_id", "to_stage_id", "days_before"}
)
#: Kept by the system alone.
KEPT_FIELDS = frozenset(
    {"state", "running_since", "birthday_noted_on", "limit_day", "limit_count"}
)


class CareRule(models.Model):
    """One step of care: when something happens to a customer, do one thing.

    When (the occasion), Who (of those customers) and Do (the action) are each a line of
    a sentence. What happens becomes a row of ``care.rule.run`` in the transaction in
    which it happens (care_rule_outbox.py); a job takes those rows up in batches
    (care_rule_run_work.py).
    """

    _name = "care.rule"
    _description = "Automatic Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    # identity
    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Answers for this rule, and gets the tasks that nobody else can get.",
    )
    state = fields.Selection(
        selection=STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    running_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="What happened before is left alone.",
    )
    # when
    occasion = fields.Selection(
        selection=OCCASIONS,
        string="When",
        required=True,
        default="enter",
        tracking=True,
    )
    segment_id = fields.Many2one(
        comodel_name="care.segment",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    from_stage_id = fields.Many2one(
        comodel_name="care.stage",
        string="From Care Stage",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    to_stage_id = fields.Many2one(
        comodel_name="care.stage",
        string="To Care Stage",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    days_before = fields.Integer(
        help="0: on the day itself. A birthday on 29 February is kept on the 28th in "
        "years that have no 29th.",
    )
    # who
    domain = fields.Char(
        string="Condition",
        default="[]",
        help="Asked when the rule acts, of the customers of this company alone.",
        tracking=True,
    )
    only_segment_ids = fields.Many2many(
        comodel_name="care.segment",
        relation="care_rule_only_segment_rel",
        column1="rule_id",
        column2="segment_id",
        string="Only Who Is In",
        check_company=True,
        help="In any of these segments.",
    )
    except_segment_ids = fields.Many2many(
        comodel_name="care.segment",
        relation="care_rule_except_segment_rel",
        column1="rule_id",
        column2="segment_id",
        string="But Not In",
        check_company=True,
    )
    again_after_days = fields.Integer(
        string="Not Again Within",
        help="How long a customer is left in peace after this rule acted for him; "
        "0: every time.",
    )
    daily_limit = fields.Integer(
        string="At Most per Day",
        help="So many customers a day; the others wait for the next day. 0: no limit.",
        tracking=True,
    )
    birthday_noted_on = fields.Date(readonly=True, copy=False)
    limit_day = fields.Date(readonly=True, copy=False)
    limit_count = fields.Integer(readonly=True, copy=False)
    # do
    action = fields.Selection(
        selection=ACTIONS,
        string="Do",
        required=True,
        default="task",
        tracking=True,
    )
    # log
    run_ids = fields.One2many(comodel_name="care.rule.run", inverse_name="rule_id")
    done_count = fields.Integer(string="Done", compute="_compute_run_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_run_counts")

    _days_before_range = models.Constraint(
        "CHECK (days_before BETWEEN 0 AND 60)",
        "A birthday can be prepared between 0 and 60 days before.",
    )
    _again_after_positive = models.Constraint(
        "CHECK (again_after_days >= 0)",
        "The days in which a customer is left in peace cannot be negative.",
    )
    _daily_limit_positive = models.Constraint(
        "CHECK (daily_limit >= 0)",
        "The number of customers per day cannot be negative.",
    )
    _running_needs_since = models.Constraint(
        "CHECK (state <> 'running' OR running_since IS NOT NULL)",
        "A running rule knows since when.",
    )
    _running_stage_idx = models.Index(
        "(company_id) WHERE state = 'running' AND occasion = 'stage'"
    )

    @api.depends("run_ids.state")
    def _compute_run_counts(self):
        rows = self.env["care.rule.run"]._read_group(
            [("rule_id", "in", self.ids), ("state", "in", ["done", "failed"])],
            ["rule_id", "state"],
            ["__count"],
        )
        counts = {(rule.id, state): count for rule, state, count in rows}
        for rule in self:
            rule.done_count = counts.get((rule.id, "done"), 0)
            rule.failed_count = counts.get((rule.id, "failed"), 0)

    # -------------------------------------------------------------- constraints
    @api.constrains("domain")
    def _check_domain(self):
        """Refuse what a segment's condition may not hold, judged by the author's rights.

        Odoo runs constraints as the system.
        """
        for rule in self.sudo(False):
            checker = rule.env["care.segment"].new({"name": rule.name})
            checker._check_tree(rule._condition(), rule.env["res.partner"])
            try:
                rule.env["res.partner"]._search(rule._condition())
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(name)s” cannot be used: %(error)s",
                        name=rule.name,
                        error=error,
                    )
                ) from error

    @api.constrains("user_id", "company_id")
    def _check_owner(self):
        for rule in self:
            owner = rule.user_id
            if owner.share or rule.company_id not in owner.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work in %(company)s and cannot own the rule "
                        "“%(rule)s”. Choose somebody who does.",
                        user=owner.name,
                        company=rule.company_id.name,
                        rule=rule.name,
                    )
                )

    @api.constrains(lambda self: self._complete_fields())
    def _check_complete(self):
        """A rule that runs is whole; one that is being written need not be."""
        for rule in self.filtered(lambda rule: rule.state == "running"):
            missing = rule._missing()
            if missing:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” is not complete: %(missing)s",
                        rule=rule.name,
                        missing=" ".join(missing),
                    )
                )

    @api.model
    def _occasion_fields(self):
        """Hook: the fields that the occasion consists of."""
        return OCCASION_FIELDS

    @api.model
    def _complete_fields(self):
        """Hook: the fields that :meth:`_missing` looks at."""
        return ["state", "action", *OCCASION_FIELDS]

    def _missing(self):
        """Return sentences about what the rule lacks; a hook."""
        self.ensure_one()
        missing = []
        if self.occasion in ("enter", "leave") and not self.segment_id:
            missing.append(self.env._("Choose the segment."))
        if self.occasion == "stage" and not (self.to_stage_id or self.from_stage_id):
            missing.append(self.env._("Choose a care stage, from or to which."))
        check = getattr(self, f"_missing_{self.action}", None)
        return missing + (check() if check else [])

    # --------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Rules start by their button, never by being created."""
        kept = {f"default_{name}" for name in KEPT_FIELDS}
        context = {
            key: value for key, value in self.env.context.items() if key not in kept
        }
        # as a whole, without the defaults: pylint: disable-next=context-overridden
        return super(CareRule, self.with_context(context)).create(
            [
                {name: value for name, value in vals.items() if name not in KEPT_FIELDS}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Another occasion begins anew: what happened before it is left alone."""
        if self.env.su and is_internal(self.env.context, "care_rule_kept"):
            return super().write(vals)
        vals = {name: value for name, value in vals.items() if name not in KEPT_FIELDS}
        result = super().write(vals)
        if self._occasion_fields() & vals.keys():
            self.filtered(lambda rule: rule.state == "running")._begin()
        return result

    def _begin(self):
        """Run from now on."""
        self._keep(
            state="running",
            running_since=self.env.cr.now().replace(microsecond=0),
            birthday_noted_on=False,
        )

    def _keep(self, **values):
        """Write what the system keeps; from a request the key is ignored."""
        self.sudo().with_context(care_rule_kept=INTERNAL).write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        acted = (
            self.env["care.rule.run"]
            .sudo()
            ._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "done")], ["rule_id"]
            )
        )
        if acted:
            raise UserError(
                self.env._(
                    "What these rules did is in their log, which would be lost: "
                    "%(names)s. Archive them instead.",
                    names=", ".join(rule.name for (rule,) in acted),
                )
            )

    @api.model
    def _refuse_to_lose(self, records, names, automation_names):
        """Raise a UserError that names the rules which use ``records``.

        :param names: fields of ``care.rule`` by which they are used
        :param automation_names: fields of ``base.automation``
        """
        everything = self.sudo().with_context(active_test=False)
        domain = Domain.OR(Domain(name, "in", records.ids) for name in names)
        users = everything.search(domain).mapped("name")
        automations = everything.env["base.automation"]
        domain = Domain.OR(Domain(name, "in", records.ids) for name in automation_names)
        users += automations.search(domain).mapped("name")
        if users:
            raise UserError(
                self.env._(
                    "These rules use %(used)s: %(rules)s. Change or delete them first.",
                    used=", ".join(f"“{record.display_name}”" for record in records),
                    rules=", ".join(users),
                )
            )

    # ------------------------------------------------------------------ actions
    def action_start(self):
        """Let the rules run from now on; nothing is done for what happened before.

        :raises AccessError: the caller may not change the rule
        :raises ValidationError: the rule is not complete, or can never match
        """
        self.check_access("write")
        for rule in self.filtered(lambda rule: rule.state != "running"):
            never = rule._never()
            if never:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” would never act: %(reasons)s",
                        rule=rule.name,
                        reasons=" ".join(never),
                    )
                )
            rule._begin()

    def action_pause(self):
        """Stop the rules; what waits is left out, and so is what happens meanwhile.

        :raises AccessError: the caller may not change the rule
        """
        self.check_access("write")
        self.filtered(lambda rule: rule.state == "running")._keep(state="paused")
        self.env["care.rule.run"]._wake()

    def action_view_runs(self):
        """Open the log of these rules."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_rule_run_action"
        )
        return {
            **action,
            "domain": [("rule_id", "in", self.ids)],
            "context": {"search_default_group_state": 0},
        }
