"""Who is a customer: a commercial partner of whom there is a sign."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...fields import Measure

#: Why a contact is a customer, the strongest reason first.
REASONS = [
    ("purchase", "Bought something"),
    ("ticket", "Wrote to us"),
    ("lead", "Is a lead"),
    ("portal", "Has a portal login"),
    ("manual", "Marked by hand"),
]


#: Fields of a contact that no figure and no segment depends on.
IGNORED = frozenset(
    {
        "image_1920",
        "message_main_attachment_id",
        "signup_type",
    }
)


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "care.touch.mixin"]

    care_is_customer = fields.Boolean(
        string="Is a Customer",
        compute="_compute_care_is_customer",
        search="_search_care_is_customer",
        groups="base.group_user",
        help="Is a customer of the current company: has a profile there.",
    )
    care_customer_reason = fields.Selection(
        selection=REASONS,
        string="Customer Because",
        compute="_compute_care_is_customer",
        search="_search_care_customer_reason",
        groups="base.group_user",
    )
    care_customer_mark = fields.Selection(
        selection=[("yes", "Always a customer"), ("no", "Never a customer")],
        string="Marked by Hand",
        copy=False,
        groups="base.group_user",
        help="Empty: purchases, tickets, leads and logins decide.",
    )
    care_profile_id = fields.Many2one(
        comodel_name="care.profile",
        string="Profile",
        compute="_compute_care_profile_id",
        search="_search_care_profile_id",
        groups="customer_care.group_agent_own",
        help="The figures of this customer in the current company.",
    )
    care_currency_id = fields.Many2one(
        related="care_profile_id.currency_id",
        string="Currency of the Profile",
        groups="customer_care.group_agent_own",
    )
    care_first_purchase_on = fields.Date(
        related="care_profile_id.first_purchase_on",
        string="First Purchase",
        groups="customer_care.group_agent_own",
    )
    care_last_purchase_on = fields.Date(
        related="care_profile_id.last_purchase_on",
        string="Last Purchase",
        groups="customer_care.group_agent_own",
    )
    care_purchase_count = fields.Integer(
        related="care_profile_id.purchase_count",
        string="Purchases",
        groups="customer_care.group_agent_own",
    )
    care_revenue = fields.Monetary(
        related="care_profile_id.revenue",
        string="Revenue",
        currency_field="care_currency_id",
        groups="customer_care.group_agent_own",
    )
    care_revenue_365 = fields.Monetary(
        related="care_profile_id.revenue_365",
        string="12-Month Value",
        currency_field="care_currency_id",
        groups="customer_care.group_agent_own",
    )
    care_gap_days = Measure(
        related="care_profile_id.gap_days",
        string="Own Rhythm (days)",
        groups="customer_care.group_agent_own",
    )
    care_expected_on = fields.Date(
        related="care_profile_id.expected_on",
        string="Next Purchase Expected",
        groups="customer_care.group_agent_own",
    )
    care_rfm_group = fields.Selection(
        related="care_profile_id.rfm_group",
        string="Group",
        groups="customer_care.group_agent_own",
    )

    care_last_contact_on = fields.Datetime(
        related="care_profile_id.last_contact_on",
        string="Last Contact",
        groups="customer_care.group_agent_own",
    )
    care_preferred_channel_id = fields.Many2one(
        related="care_profile_id.preferred_channel_id",
        string="Preferred Channel",
        groups="customer_care.group_agent_own",
    )

    @api.depends_context("company")
    def _compute_care_profile_id(self):
        found = self.env["care.profile"].search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            ["partner_id"],
        )
        profiles = {profile.partner_id.id: profile for profile in found}
        for partner in self:
            partner.care_profile_id = profiles.get(partner.commercial_partner_id.id)

    @api.depends_context("company")
    def _compute_care_is_customer(self):
        found = (
            self.env["care.profile"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["partner_id", "customer_reason"],
            )
        )
        reasons = {profile.partner_id.id: profile.customer_reason for profile in found}
        for partner in self:
            partner.care_is_customer = partner.id in reasons
            partner.care_customer_reason = reasons.get(partner.id, False)

    @api.model
    def _search_care_is_customer(self, operator, value):
        """Find customers of the current company themselves, not their people."""
        if operator != "in":
            return NotImplemented
        return self._care_as_customer(fields.Domain.TRUE)

    @api.model
    def _search_care_customer_reason(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._care_as_customer(
            fields.Domain("customer_reason", "in", [item for item in value if item])
        )
        if any(not item for item in value):
            domain |= ~self._care_as_customer(fields.Domain.TRUE)
        return domain

    @api.model
    def _care_as_customer(self, domain):
        """Return who has such a profile in the current company, as the system sees it."""
        own = fields.Domain("company_id", "=", self.env.company.id)
        profiles = self.env["care.profile"].sudo()._search(own & domain)
        return fields.Domain("id", "in", profiles.subselect("partner_id"))

    @api.model
    def _search_care_profile_id(self, operator, value):
        """Search by figures: one sub-query, of the current company alone."""
        if operator not in ("any", "any!", "in", "not in"):
            return NotImplemented
        profiles = self.env["care.profile"]
        if operator == "any!":
            profiles = profiles.sudo()
        own = fields.Domain("company_id", "=", self.env.company.id)
        if operator in ("in", "not in"):
            ids = [item for item in value if item]
            inside = fields.Domain("id", "in", ids)
            domain = self._care_with_profile(profiles, own & inside)
            if len(ids) < len(value):
                domain |= ~self._care_with_profile(profiles, own)
            return domain if operator == "in" else ~domain
        return self._care_with_profile(profiles, own & fields.Domain(value))

    @api.model
    def _care_with_profile(self, profiles, domain):
        """Return who has such a profile, contacts of a company with their company.

        Where the context says ``care_customers_only``, the customers alone: there the
        profile is the customer, and one look-up less is made.
        """
        alone = self.env.context.get("care_customers_only")
        return fields.Domain(
            "id" if alone else "commercial_partner_id",
            "in",
            profiles._search(domain).subselect("partner_id"),
        )

    @api.model
    def _care_customer_reasons(self):
        """Return the codes of the reasons, the strongest first."""
        return [code for code, _label in self._fields["care_customer_reason"].selection]

    @api.model
    def _care_customer_condition(self):
        """Return the condition that the row ``partner`` may be a customer at all.

        Archived contacts, addresses, colleagues and the companies themselves may not.
        """
        return SQL(
            """
            partner.active AND partner.commercial_partner_id = partner.id
            AND partner.care_customer_mark IS DISTINCT FROM 'no'
            AND NOT EXISTS (SELECT 1 FROM res_users colleague
                             WHERE colleague.partner_id = partner.id
                               AND NOT COALESCE(colleague.share, FALSE))
            AND NOT EXISTS (SELECT 1 FROM res_company company
                             WHERE company.partner_id = partner.id)
            """
        )

    @api.model
    def _care_customer_signs(self, company):
        """Return what makes a contact a customer beside a purchase.

        A hook: addons add a reason (and its place in the selection) and a query.

        :return: list of (reason, SQL with the column partner_id, a commercial partner)
        """
        return [
            (
                "ticket",
                SQL(
                    "SELECT commercial_partner_id AS partner_id FROM care_ticket"
                    " WHERE company_id = %s AND active"
                    " AND commercial_partner_id IS NOT NULL",
                    company.id,
                ),
            ),
            (
                "lead",
                SQL(
                    "SELECT contact.commercial_partner_id AS partner_id"
                    " FROM crm_lead lead"
                    " JOIN res_partner contact ON contact.id = lead.partner_id"
                    " WHERE lead.active AND COALESCE(lead.company_id, %s) = %s",
                    company.id,
                    company.id,
                ),
            ),
            (
                "portal",
                SQL(
                    "SELECT contact.commercial_partner_id AS partner_id"
                    " FROM res_users login"
                    " JOIN res_partner contact ON contact.id = login.partner_id"
                    " WHERE login.share AND login.active AND login.company_id = %s"
                    " AND login.id <> %s",
                    company.id,
                    self.env.ref("base.public_user").id,
                ),
            ),
            (
                "manual",
                SQL(
                    "SELECT id AS partner_id FROM res_partner"
                    " WHERE care_customer_mark = 'yes'"
                    " AND COALESCE(company_id, %s) = %s",
                    company.id,
                    company.id,
                ),
            ),
        ]

    # ---------------------------------------------------------------- touching
    @api.model
    def _care_matters(self, vals):
        """Segments may ask for anything of a contact."""
        return bool(vals.keys() - IGNORED)

    def _care_touched(self):
        """Return the contacts and their customers, who may change with the write."""
        return self.sudo() | self.sudo().commercial_partner_id
