from odoo import api, fields, models

from odoo.addons.customer_care.fields import Measure


class CareTicket(models.Model):
    """A ticket keeps what the customer had when it was opened, beside what he has now."""

    _inherit = "care.ticket"

    tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        string="Tier at Opening",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
        help="In which tier the customer stood when the ticket was opened.",
    )
    opening_points = Measure(
        string="Points at Opening",
        digits=(16, 2),
        readonly=True,
        copy=False,
        aggregator="avg",
        groups="customer_care.group_agent_own",
        help="Balance of the customer's loyalty cards when the ticket was opened.",
    )
    partner_tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        string="Tier Today",
        compute="_compute_partner_membership",
        search="_search_partner_tier_id",
        groups="base.group_user",
    )
    partner_tier_color = fields.Integer(
        related="partner_tier_id.color", groups="base.group_user"
    )
    partner_points = Measure(
        string="Points Today",
        digits=(16, 2),
        compute="_compute_partner_membership",
        groups="customer_care.group_agent_own",
    )
    partner_points_text = fields.Char(
        string="Point Balance Today",
        compute="_compute_partner_membership",
        groups="customer_care.group_agent_own",
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_partner_membership(self):
        """Read points and tier in the program of each ticket's own company."""
        for company, tickets in self.grouped("company_id").items():
            members = tickets.partner_id._read_care_memberships(company)
            for ticket in tickets:
                customer = ticket.sudo().partner_id.commercial_partner_id._origin
                found = members.get(customer.id)
                ticket.partner_tier_id = found.tier_id if found else False
                ticket.partner_points = found.points if found else None
                ticket.partner_points_text = found.text if found else False

    @api.model
    def _search_partner_tier_id(self, operator, value):
        """Find tickets by the tier of the customer in the user's company."""
        return [("partner_id.care_tier_id", operator, value)]

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | {"tier_id", "opening_points"}

    @api.model
    def _prepare_opening_values(self, vals_list):
        """Keep points and tier of the customers, read once for each company."""
        result = super()._prepare_opening_values(vals_list)
        by_company = {}
        for vals in vals_list:
            by_company.setdefault(vals["company_id"], []).append(vals)
        for company_id, group in by_company.items():
            customers = {vals["commercial_partner_id"] for vals in group}
            partners = self.env["res.partner"].browse(filter(None, customers))
            company = self.env["res.company"].browse(company_id)
            members = partners._read_care_memberships(company)
            for vals in group:
                found = members.get(vals["commercial_partner_id"])
                vals["tier_id"] = found.tier_id if found else False
                vals["opening_points"] = found.points if found else None
        return result
