from odoo import api, fields, models
from odoo.fields import Domain

from ...lib import salutation as words
from ...lib.text import digits, phone_needle

TITLES = [("anh", "Anh"), ("chi", "Chị"), ("ong", "Ông"), ("ba", "Bà"), ("em", "Em")]


class ResPartner(models.Model):
    _inherit = "res.partner"

    # care stage
    care_stage_id = fields.Many2one(
        comodel_name="care.stage",
        company_dependent=True,
        # every customer has one, so that Odoo's index of whoever has one finds nobody,
        # and makes moving a customer cost an entry in every index of the contact
        index=False,
        domain="[('company_id', 'in', [False, allowed_company_ids[0]])]",
        tracking=True,
        groups="base.group_user",
        help="Where this customer stands with us.",
    )
    # address
    care_title = fields.Selection(
        selection=TITLES,
        string="Salutation",
        groups="base.group_user",
        help="How the customer is addressed. Empty: guessed from the name.",
    )
    care_title_guess = fields.Selection(
        selection=TITLES,
        string="Guessed Salutation",
        compute="_compute_care_salutation",
        groups="base.group_user",
    )
    care_salutation = fields.Char(
        string="Addressed As",
        compute="_compute_care_salutation",
        groups="base.group_user",
    )
    # search
    care_phone_digits = fields.Char(
        string="Phone Digits",
        compute="_compute_care_phone_digits",
        store=True,
        index="trigram",
        groups="base.group_user",
    )

    @api.depends("name", "care_title", "lang", "is_company")
    def _compute_care_salutation(self):
        for partner in self:
            guess = (
                False
                if partner.is_company
                else words.guess_title(partner.name) or False
            )
            partner.care_title_guess = guess
            partner.care_salutation = words.salutation(
                partner.name,
                partner.care_title or guess,
                partner.lang or partner.env.company.partner_id.lang,
                is_company=partner.is_company,
            )

    @api.depends("phone")
    def _compute_care_phone_digits(self):
        for partner in self:
            partner.care_phone_digits = digits(partner.phone) or False

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "care_stage_id"]

    @api.model
    def _search_display_name(self, operator, value):
        """Find a customer by any digits of the phone as well."""
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return domain
        needle = phone_needle(value, self.env.company.country_id.phone_code or 84)
        if not needle or not self.env.user._is_internal():
            return domain
        return Domain(domain) | Domain("care_phone_digits", "like", needle)

    def action_accept_care_title(self):
        """Confirm the guessed salutation of these customers with one click."""
        for partner in self:
            partner.care_title = partner.care_title or partner.care_title_guess
