from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_ticket_ids = fields.One2many(
        comodel_name="care.ticket", inverse_name="partner_id", string="Tickets"
    )
    care_ticket_count = fields.Integer(
        string="Tickets Total",
        compute="_compute_care_ticket_counts",
        groups="base.group_user",
    )
    care_open_ticket_count = fields.Integer(
        string="Open Tickets",
        compute="_compute_care_ticket_counts",
        groups="base.group_user",
    )
    care_share_tickets = fields.Boolean(
        string="Colleagues See Each Other's Tickets",
        groups="base.group_user",
        help="On the portal, people of this company see all tickets of the company.",
    )

    def _compute_care_ticket_counts(self):
        """Count the tickets of each customer and of everybody below it.

        Numbers only, so every internal user may see them; companies are respected.
        """
        domain = [("company_id", "in", self.env.companies.ids)]
        below = (
            self.with_context(active_test=False)
            .sudo()
            ._search([("id", "child_of", self.ids)])
        )
        counts = {}
        for partner, is_open, count in (
            self.env["care.ticket"]
            .sudo()
            ._read_group(
                [*domain, ("partner_id", "in", below)],
                ["partner_id", "is_open"],
                ["__count"],
            )
        ):
            while partner:
                total, opened = counts.get(partner.id, (0, 0))
                counts[partner.id] = total + count, opened + count * is_open
                partner = partner.parent_id
        for partner in self:
            total, opened = counts.get(partner._origin.id, (0, 0))
            partner.care_ticket_count = total
            partner.care_open_ticket_count = opened

    def action_view_care_tickets(self):
        """Open the tickets of this customer, open ones first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_ticket_action"
        )
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {
            "default_partner_id": self.id,
            "search_default_open": 1,
        }
        return action
