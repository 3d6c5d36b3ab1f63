"""The second mark: somebody who is worth much to us, and at risk."""

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_is_at_risk = fields.Boolean(
        string="At Risk",
        compute="_compute_care_is_at_risk",
        search="_search_care_is_at_risk",
        groups="customer_care.group_agent_own",
        help="The rule of the care stage “At Risk” fits, whichever care stage the "
        "customer stands in: a VIP can be at risk as well.",
    )

    @api.depends_context("company")
    def _compute_care_is_at_risk(self):
        customers = self._origin.commercial_partner_id
        risky = self.env["care.profile"].search_fetch(
            self._get_care_risk_domain() & Domain("partner_id", "in", customers.ids),
            ["partner_id"],
        )
        marked = set(risky.partner_id.ids)
        for partner in self:
            customer = partner._origin.commercial_partner_id
            partner.care_is_at_risk = customer.id in marked

    @api.model
    def _search_care_is_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        profiles = self.env["care.profile"]
        risky = self._care_with_profile(profiles, self._get_care_risk_domain())
        found = Domain.FALSE
        if True in value:
            found |= risky
        if False in value:
            found |= ~risky
        return found

    @api.model
    def _get_care_risk_domain(self):
        """Return the domain of the profiles of this company that are at risk."""
        stages = self.env["care.stage"].search(
            [
                ("code", "=", "at_risk"),
                ("company_id", "in", (False, self.env.company.id)),
            ]
        )
        # a stage of the company comes before the shared one
        stage = stages.sorted(lambda stage: not stage.company_id)[:1]
        rule = stage._rule() if stage else Domain.FALSE
        return Domain("company_id", "=", self.env.company.id) & rule
