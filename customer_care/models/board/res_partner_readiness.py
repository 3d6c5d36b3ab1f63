"""How ready a customer is: by the best of his open leads."""

from odoo import api, fields, models
from odoo.fields import Domain

from .readiness import STATES


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_readiness = fields.Selection(
        selection=STATES,
        string="Readiness",
        compute="_compute_care_readiness",
        search="_search_care_readiness",
        groups="customer_care.group_agent_own",
        help="That of the open lead which is nearest to an order.",
    )

    @api.model
    def _get_care_open_leads(self):
        """Return the domain of the assessed leads of the current company."""
        return Domain("care_readiness", "!=", False) & Domain(
            "company_id", "in", (False, self.env.company.id)
        )

    @api.depends_context("company")
    def _compute_care_readiness(self):
        """Words only, so that every agent may know them; a person counts for all."""
        customers = self._origin.sudo().commercial_partner_id
        order = [state for state, _label in STATES]
        best = {}
        for contact, state in (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                self._get_care_open_leads()
                & Domain("partner_id.commercial_partner_id", "in", customers.ids),
                ["partner_id", "care_readiness"],
            )
        ):
            owner = contact.commercial_partner_id.id
            best[owner] = max(best.get(owner, -1), order.index(state))
        for partner in self:
            place = best.get(partner._origin.sudo().commercial_partner_id.id, -1)
            partner.care_readiness = order[place] if place >= 0 else False

    @api.model
    def _search_care_readiness(self, operator, value):
        if operator != "in":
            return NotImplemented
        order = [state for state, _label in STATES]
        found = Domain.FALSE
        for place, state in enumerate(order):
            if state in value:
                found |= self._care_with_leads(order[place:]) & ~self._care_with_leads(
                    order[place + 1 :]
                )
        if False in value:
            found |= ~self._care_with_leads(order)
        return found

    @api.model
    def _care_with_leads(self, states):
        """Return who has an open lead in one of these states, with his company."""
        if not states:
            return Domain.FALSE
        leads = self.env["crm.lead"].sudo()
        query = leads._search(
            self._get_care_open_leads() & Domain("care_readiness", "in", states)
        )
        alias = query.join(
            "crm_lead", "partner_id", "res_partner", "id", "partner_id_care"
        )
        return Domain(
            "commercial_partner_id",
            "in",
            query.subselect(f'"{alias}"."commercial_partner_id"'),
        )
