from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CareTeam(models.Model):
    """People who answer tickets together, with the address customers write to."""

    _name = "care.team"
    _description = "Care Team"
    _inherit = ["care.setup.cache", "mail.alias.mixin", "mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    # identity
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # people
    leader_id = fields.Many2one(
        comodel_name="res.users",
        string="Team Leader",
        domain=[("share", "=", False)],
        index="btree_not_null",
        tracking=True,
        help="Sees the whole team, gets its alerts, and is always a member.",
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        relation="care_team_res_users_rel",
        column1="team_id",
        column2="user_id",
        string="Members",
        domain=[("share", "=", False)],
    )
    capacity = fields.Integer(
        string="Open Tickets per Person",
        default=20,
        help="How many open tickets one person can look after; Team Today shows the"
        " load against it. Tickets that wait for the customer do not count.",
    )
    # work
    resource_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        check_company=True,
        default=lambda self: self.env.company.resource_calendar_id,
        ondelete="restrict",
    )
    stage_ids = fields.Many2many(
        comodel_name="care.ticket.stage",
        string="Own Stages",
        help="Stages of this team alone; shared stages need not be listed.",
    )
    ticket_properties_definition = fields.PropertiesDefinition(
        string="Ticket Properties"
    )
    # customers
    is_portal_visible = fields.Boolean(
        string="Offered to Customers",
        default=True,
        help="Requests of the form and of the portal may reach this team.",
    )
    is_acknowledging = fields.Boolean(
        string="Acknowledge Requests",
        default=True,
        help="A customer who writes gets a short receipt, at most one per day.",
    )
    # counters
    ticket_ids = fields.One2many(comodel_name="care.ticket", inverse_name="team_id")
    open_ticket_count = fields.Integer(compute="_compute_ticket_counts")
    unassigned_ticket_count = fields.Integer(compute="_compute_ticket_counts")

    _capacity_positive = models.Constraint(
        "CHECK (capacity > 0)", "The number of tickets per person must be positive."
    )

    @api.depends("ticket_ids.is_open", "ticket_ids.user_id")
    def _compute_ticket_counts(self):
        ticket = self.env["care.ticket"]
        domain = [("team_id", "in", self.ids), ("is_open", "=", True)]
        total = dict(ticket._read_group(domain, ["team_id"], ["__count"]))
        domain += [("user_id", "=", False)]
        free = dict(ticket._read_group(domain, ["team_id"], ["__count"]))
        for team in self:
            team.open_ticket_count = total.get(team, 0)
            team.unassigned_ticket_count = free.get(team, 0)

    @api.constrains("company_id")
    def _check_company_of_tickets(self):
        """Tickets, their numbers and their history belong to the company for good."""
        tickets = self.env["care.ticket"].sudo().with_context(active_test=False)
        for team in self:
            other = tickets.search_count(
                [("team_id", "=", team.id), ("company_id", "!=", team.company_id.id)],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "The team “%(team)s” has tickets, so it cannot move to another"
                        " company. Create a team there instead.",
                        team=team.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        teams._add_leader_to_members()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if "leader_id" in vals or "member_ids" in vals:
            self._add_leader_to_members()
        if "resource_calendar_id" in vals:
            self.env["care.ticket"].sudo()._record_calendar_change(self)
        return result

    def _add_leader_to_members(self):
        for team in self:
            if team.leader_id and team.leader_id not in team.member_ids:
                team.member_ids = [(4, team.leader_id.id)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_tickets(self):
        tickets = self.env["care.ticket"].sudo().with_context(active_test=False)
        for team in self:
            count = tickets.search_count([("team_id", "=", team.id)])
            if count:
                raise UserError(
                    self.env._(
                        "The team “%(team)s” has %(count)s tickets, so it cannot be"
                        " deleted. Move them to another team, or archive this one.",
                        team=team.name,
                        count=count,
                    )
                )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("care.ticket")
        if self.id:
            values["alias_defaults"] = {"team_id": self.id}
        return values

    def action_view_open_tickets(self):
        """Open the list of the team's open tickets."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_ticket_action"
        )
        action["domain"] = [("team_id", "=", self.id)]
        action["context"] = {"default_team_id": self.id, "search_default_open": 1}
        return action
