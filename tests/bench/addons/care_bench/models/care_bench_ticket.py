from odoo import fields, models


class CareBenchTicket(models.Model):
    """The columns of a ticket on a default thread: what one writes without thinking."""

    _name = "care.bench.ticket"
    _description = "Benchmark Ticket"
    _inherit = ["mail.thread", "portal.mixin"]

    number = fields.Char()
    name = fields.Char(required=True, tracking=True)
    description = fields.Html()
    kind = fields.Char(tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(comodel_name="res.partner", index=True, tracking=True)
    commercial_partner_id = fields.Many2one(comodel_name="res.partner", index=True)
    partner_name = fields.Char()
    email_cc = fields.Char()
    email_from = fields.Char()
    phone = fields.Char()
    care_stage_id = fields.Many2one(comodel_name="care.stage")
    team_id = fields.Many2one(comodel_name="care.team", index=True, tracking=True)
    user_id = fields.Many2one(comodel_name="res.users", index=True, tracking=True)
    stage_id = fields.Many2one(
        comodel_name="care.ticket.stage",
        index=True,
        tracking=True,
        default=lambda self: self.env.ref("customer_care.stage_new"),
    )
    stage_category = fields.Char(default="new")
    is_open = fields.Boolean(default=True)
    priority = fields.Char(default="normal", tracking=True)
    priority_rank = fields.Integer(default=1)
    category_id = fields.Many2one(
        comodel_name="care.ticket.category", index=True, tracking=True
    )
    tag_ids = fields.Many2many(comodel_name="care.ticket.tag")
    channel_id = fields.Many2one(comodel_name="care.ticket.channel", index=True)
    void_reason = fields.Char(tracking=True)
    sale_order_id = fields.Many2one(comodel_name="sale.order", index=True)
    parent_id = fields.Many2one(comodel_name="care.bench.ticket", index=True)
    first_request_on = fields.Datetime()
    first_reply_on = fields.Datetime()
    waiting_since = fields.Datetime()
    last_customer_on = fields.Datetime()
    first_solved_on = fields.Datetime()
    solved_on = fields.Datetime()
    reply_count = fields.Integer()
    reopen_count = fields.Integer()
    handoff_count = fields.Integer()
    transfer_count = fields.Integer()
    last_user_ref = fields.Integer()
    last_team_ref = fields.Integer()
    search_text = fields.Char()
