from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...lib.text import digits, fold, phone_needle
from ...lib.ticket_state import OPEN_CATEGORIES
from .selections import (
    KINDS,
    PRIORITIES,
    PRIORITY_RANK,
    STAGE_CATEGORIES,
    VOID_REASONS,
)

#: Columns that only the event log may set (see care_ticket_history.py).
DERIVED_FIELDS = frozenset(
    {
        "number",
        "first_request_on",
        "first_reply_on",
        "waiting_since",
        "last_customer_on",
        "first_solved_on",
        "solved_on",
        "reply_count",
        "reopen_count",
        "handoff_count",
        "transfer_count",
        "last_user_ref",
        "last_team_ref",
        "care_stage_id",
    }
)
#: Computed columns, whatever a caller sends: ``create`` computes them itself, before the
#: row is inserted (see care_ticket_opening.py), so they are not declared read-only.
COMPUTED_FIELDS = frozenset(
    {
        "commercial_partner_id",
        "stage_category",
        "is_open",
        "priority_rank",
        "search_text",
    }
)


class CareTicket(models.Model):
    """One request of a customer, from the first word to the last."""

    _name = "care.ticket"
    _description = "Ticket"
    _inherit = ["mail.thread.cc", "mail.activity.mixin", "portal.mixin"]
    _order = "priority_rank desc, id desc"
    _primary_email = "email_from"
    _mail_post_access = "read"
    _check_company_auto = True

    # Fields of use to staff alone carry a group: a portal customer can read his tickets.
    # identity
    number = fields.Char(readonly=True, copy=False, required=True, default="/")
    name = fields.Char(string="Subject", required=True, tracking=True)
    description = fields.Html(sanitize=True, sanitize_attributes=True)
    kind = fields.Selection(selection=KINDS, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    # customer
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_commercial_partner_id",
        string="Customer Company",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    partner_name = fields.Char(string="Customer Name")
    email_from = fields.Char(
        string="Email",
        compute="_compute_contact_details",
        store=True,
        readonly=False,
        index="trigram",
    )
    phone = fields.Char(
        compute="_compute_contact_details",
        store=True,
        readonly=False,
    )
    care_stage_id = fields.Many2one(
        comodel_name="care.stage",
        string="Care Stage at Opening",
        readonly=True,
        ondelete="set null",
        copy=False,
        help="Where the customer stood when the ticket was opened.",
        groups="base.group_user",
    )
    partner_care_stage_id = fields.Many2one(
        related="partner_id.care_stage_id",
        string="Care Stage Today",
        groups="base.group_user",
    )
    # handling
    team_id = fields.Many2one(
        comodel_name="care.team",
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned to",
        index="btree_not_null",
        domain=[("share", "=", False)],
        ondelete="set null",
        tracking=True,
        copy=False,
        check_company=True,
    )
    stage_id = fields.Many2one(
        comodel_name="care.ticket.stage",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        check_company=True,
        group_expand="_read_group_stage_ids",
    )
    stage_category = fields.Selection(
        selection=STAGE_CATEGORIES,
        compute="_compute_stage_category",
        store=True,
        readonly=False,
    )
    is_open = fields.Boolean(
        compute="_compute_is_open",
        store=True,
        readonly=False,
        help="Somebody still has work with this ticket.",
    )
    priority = fields.Selection(
        selection=PRIORITIES, required=True, default="normal", tracking=True
    )
    priority_rank = fields.Integer(
        compute="_compute_priority_rank",
        store=True,
        readonly=False,
        aggregator=None,
    )
    category_id = fields.Many2one(
        comodel_name="care.ticket.category",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    tag_ids = fields.Many2many(
        comodel_name="care.ticket.tag",
        check_company=True,
        groups="base.group_user",
    )
    channel_id = fields.Many2one(
        comodel_name="care.ticket.channel",
        index="btree_not_null",
        ondelete="restrict",
    )
    void_reason = fields.Selection(
        selection=VOID_REASONS,
        readonly=True,
        copy=False,
        tracking=True,
        help="Such a ticket counts in no figure.",
    )
    ticket_properties = fields.Properties(
        string="Properties",
        definition="team_id.ticket_properties_definition",
        groups="base.group_user",
    )
    sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
    )
    parent_id = fields.Many2one(
        comodel_name="care.ticket",
        string="Follow-up of",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
    )
    # derived from the events
    event_ids = fields.One2many(
        comodel_name="care.ticket.event",
        inverse_name="ticket_id",
        string="History",
        groups="base.group_user",
    )
    first_request_on = fields.Datetime(readonly=True, copy=False)
    first_reply_on = fields.Datetime(readonly=True, copy=False)
    waiting_since = fields.Datetime(
        string="Customer Waiting Since",
        readonly=True,
        copy=False,
        help="The oldest message of the customer that nobody has answered.",
    )
    last_customer_on = fields.Datetime(
        string="Last Customer Message", readonly=True, copy=False
    )
    first_solved_on = fields.Datetime(readonly=True, copy=False)
    solved_on = fields.Datetime(readonly=True, copy=False)
    reply_count = fields.Integer(
        string="Replies",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    reopen_count = fields.Integer(
        string="Reopened",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    handoff_count = fields.Integer(
        string="Hand-offs",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    transfer_count = fields.Integer(
        string="Transfers",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    last_user_ref = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        groups="base.group_user",
    )
    last_team_ref = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        groups="base.group_user",
    )
    # search
    search_text = fields.Char(
        compute="_compute_search_text",
        store=True,
        readonly=False,
        index="trigram",
        copy=False,
    )
    search_query = fields.Char(
        string="Search",
        compute="_compute_search_query",
        search="_search_search_query",
        help="Number, subject, name, e-mail or any digits of the phone; no accents"
        " needed.",
    )

    _number_uniq = models.Constraint(
        "UNIQUE (company_id, number)",
        "Another ticket of this company has this number already.",
    )
    _open_by_team_idx = models.Index(
        "(team_id, user_id, id) WHERE is_open IS TRUE AND active IS TRUE"
    )
    _open_by_user_idx = models.Index(
        "(user_id, id) WHERE is_open IS TRUE AND active IS TRUE"
    )
    _open_by_customer_idx = models.Index(
        "(commercial_partner_id) WHERE is_open IS TRUE AND active IS TRUE"
    )

    # ------------------------------------------------------------------ computes

    @api.depends("partner_id")
    def _compute_contact_details(self):
        """Take e-mail and phone of the customer; what was given by hand stays."""
        for ticket in self:
            partner = ticket.partner_id
            ticket.email_from = ticket.email_from or partner.email_formatted or False
            ticket.phone = ticket.phone or partner.phone or False

    @api.depends("partner_id.commercial_partner_id")
    def _compute_commercial_partner_id(self):
        for ticket in self:
            ticket.commercial_partner_id = ticket.partner_id.commercial_partner_id

    @api.depends("stage_id.category")
    def _compute_stage_category(self):
        for ticket in self:
            ticket.stage_category = ticket.stage_id.category

    @api.depends("stage_category")
    def _compute_is_open(self):
        for ticket in self:
            ticket.is_open = ticket.stage_category in OPEN_CATEGORIES

    @api.depends("priority")
    def _compute_priority_rank(self):
        for ticket in self:
            ticket.priority_rank = PRIORITY_RANK.get(ticket.priority, 0)

    @api.depends(
        "number", "name", "partner_name", "email_from", "phone", "partner_id.name"
    )
    def _compute_search_text(self):
        for ticket in self:
            ticket.search_text = self._format_search_text(
                ticket.number,
                ticket.name,
                ticket.partner_id.name,
                ticket.partner_name,
                ticket.email_from,
                ticket.phone,
            )

    @api.model
    def _format_search_text(self, number, name, customer, partner_name, email, phone):
        """Return what a ticket is found by: folded words and the digits of the phone."""
        words = (
            number,
            name,
            customer,
            partner_name,
            email_normalize(email or "") or email,
            digits(phone),
        )
        return fold(" ".join(word for word in words if word))

    def _compute_search_query(self):
        self.search_query = False

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = f"#{ticket.number} {ticket.name or ''}".strip()

    @api.model
    def _search_search_query(self, operator, value):
        if operator not in ("ilike", "like", "=") or not isinstance(value, str):
            return NotImplemented
        words = [
            Domain("search_text", "like", word)
            for word in fold(value.lstrip("#")).split()
        ]
        domain = Domain.AND(words) if words else Domain.TRUE
        needle = phone_needle(value, self.env.company.country_id.phone_code or 84)
        return domain | Domain("search_text", "like", needle) if needle else domain

    @api.model
    def _search_display_name(self, operator, value):
        if operator in ("ilike", "like") and isinstance(value, str) and value:
            return Domain(self._search_search_query(operator, value))
        return super()._search_display_name(operator, value)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show the empty columns of the team in view too."""
        team = self.env["care.team"].browse(self.env.context.get("default_team_id"))
        return stages | stages.search(stages._get_team_domain(team))

    # ------------------------------------------------------------------ CRUD

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "team_id" in fields and not values.get("team_id"):
            values["team_id"] = self._get_default_team(self.env.company).id
        if "stage_id" in fields and "stage_id" not in values:
            team = self.env["care.team"].browse(values.get("team_id") or [])
            values["stage_id"] = (
                self.env["care.ticket.stage"]._find(team, ["new", "open"]).id
            )
        return values

    def write(self, vals):
        """Write, and record what changed as events of the same transaction."""
        self._check_derived_fields([vals])
        if not COMPUTED_FIELDS.isdisjoint(vals):
            vals = {k: v for k, v in vals.items() if k not in COMPUTED_FIELDS}
        self._check_company_change(vals)
        before = self._snapshot_before_write(vals)
        result = super().write(vals)
        if "team_id" in vals and "stage_id" not in vals:
            self._move_to_stage_of_team()
        self._record_changes(before)
        return result

    @api.model
    def _get_derived_fields(self):
        """Return the names of the fields that only the system sets; addons add theirs."""
        return DERIVED_FIELDS

    def _check_derived_fields(self, vals_list):
        """Refuse figures that only the event log may set."""
        if self.env.su:
            return
        for vals in vals_list:
            refused = self._get_derived_fields().intersection(vals)
            if refused:
                raise AccessError(
                    self.env._(
                        "These figures follow from the history of the ticket and cannot"
                        " be set by hand: %(fields)s",
                        fields=", ".join(sorted(refused)),
                    )
                )

    def _check_company_change(self, vals):
        """Refuse to move a ticket, with its number and history, to another company."""
        if "company_id" not in vals:
            return
        for ticket in self:
            if ticket.company_id.id != vals["company_id"]:
                raise UserError(
                    self.env._(
                        "Ticket %(number)s belongs to %(company)s and cannot move to"
                        " another company. Open a new ticket there and name this one in"
                        " its description.",
                        number=ticket.number,
                        company=ticket.company_id.name,
                    )
                )

    def _move_to_stage_of_team(self):
        """Move tickets out of stages that their new team does not have."""
        stages = self.env["care.ticket.stage"]
        for ticket in self:
            allowed = stages._get_team_domain(ticket.team_id)
            if not ticket.stage_id.sudo().filtered_domain(allowed):
                category = ticket.stage_category
                found = stages._find(ticket.team_id, [category, "open", "new"])
                if found:
                    ticket.stage_id = found

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=ticket.name))
            for ticket, vals in zip(self, vals_list, strict=True)
        ]

    # ------------------------------------------------------------------ actions

    def action_assign_to_me(self):
        """Take these tickets."""
        self.write({"user_id": self.env.uid})

    def action_solve(self):
        """Move these tickets to the team's first solved stage."""
        self._move_to_category(["solved", "closed"])

    def action_close(self):
        """Move these tickets to the team's first closed stage."""
        self._move_to_category(["closed", "solved"])

    def action_reopen(self):
        """Move these tickets back to work."""
        self._move_to_category(["open", "new"])

    def action_mark_spam(self):
        """Cancel these tickets as spam: they count in no figure."""
        self.write({"void_reason": "spam"})
        self._move_to_category(["cancelled"])

    def action_not_spam(self):
        """Take these tickets back from spam."""
        spam = self.filtered(lambda ticket: ticket.void_reason == "spam")
        spam.write({"void_reason": False})
        spam._move_to_category(["open", "new"])

    def _move_to_category(self, categories):
        """Move to the first stage of the team that has one of ``categories``.

        :param list[str] categories: category words in order of preference
        :raises UserError: the team has no such stage
        """
        for team, tickets in self.grouped("team_id").items():
            stage = self.env["care.ticket.stage"]._find(team, categories)
            if not stage:
                labels = dict(
                    self.env["care.ticket.stage"]
                    ._fields["category"]
                    ._description_selection(self.env)
                )
                raise UserError(
                    self.env._(
                        "The team “%(team)s” has no stage of the category"
                        " “%(category)s”. Add one under Configuration › Stages.",
                        team=team.name or "–",
                        category=labels[categories[0]],
                    )
                )
            tickets.filtered(lambda t, s=stage: t.stage_id != s).write(
                {"stage_id": stage.id}
            )

    # ------------------------------------------------------------------ mail

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    def _is_from_customer(self, author, email=None):
        """Whether a message of ``author`` comes from the customer of this ticket.

        An internal user who is the requester counts as the customer; everybody else
        without an internal login is on the customer's side.

        :param author: ``res.partner`` record, may be empty
        :param email: address when there is no author
        """
        self.ensure_one()
        if author:
            return author == self.partner_id or author.sudo().partner_share
        return bool(email_normalize(email or ""))

    def _track_template(self, changes):
        """Send the message of the stage that the ticket reached."""
        result = super()._track_template(changes)
        template = self[:1].stage_id.sudo().template_id
        if "stage_id" in changes and template:
            result["stage_id"] = (
                template,
                {
                    "auto_delete_keep_log": False,
                    "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(
                        "mail.mt_comment"
                    ),
                    "email_layout_xmlid": "mail.mail_notification_light",
                },
            )
        return result
