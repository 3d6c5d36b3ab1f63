from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.urls import urljoin

from ...lib import salutation as words, signed

#: Days a link to the choices of a customer works.
LINK_DAYS = 400
#: What a link opens → where; the short one fits into a text message.
PATHS = {
    "refuse": "/u/%s",
    "choices": "/care/consent/%s",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_audience_ids = fields.Many2many(
        comodel_name="care.segment",
        string="Audience Of",
        compute="_compute_care_audience_ids",
        search="_search_care_audience_ids",
        groups="customer_care.group_agent_own",
        help="The segments this customer is in and not held out from.",
    )
    care_customer_reason = fields.Selection(
        selection_add=[("counter", "Left an address at the counter"), ("manual",)],
        ondelete={"counter": "set null"},
    )
    care_zalo_url = fields.Char(
        string="Zalo",
        compute="_compute_care_zalo_url",
        groups="customer_care.group_agent_own",
    )

    @api.depends_context("company")
    def _compute_care_audience_ids(self):
        rows = self.env.execute_query(
            self.env["care.segment.member"]._select_audience(
                SQL("member.partner_id = ANY(%s)", list(self.ids))
            )
        )
        found = {}
        for partner, segment in rows:
            found.setdefault(partner, []).append(segment)
        mine = self.env["care.segment"].search(
            [("id", "in", list({segment for _partner, segment in rows}))]
        )
        for partner in self:
            ids = found.get(partner._origin.id, [])
            partner.care_audience_ids = mine.filtered(lambda s, ids=ids: s.id in ids)

    @api.model
    def _search_care_audience_ids(self, operator, value):
        """Find the members of segments who are not held out, no contacts of theirs."""
        if operator != "in":
            return NotImplemented
        segments = self.env["care.segment"]._search(
            [("id", "in", [ref for ref in value if ref])]
        )
        query = self.env["care.segment.member"]._select_audience(
            SQL("segment.id IN %s", segments.subselect())
        )
        return Domain("id", "in", SQL("(SELECT partner_id FROM (%s) audience)", query))

    @api.model
    def _care_customer_signs(self, company):
        """Whoever left an address at the counter wants to hear from us."""
        return [
            *super()._care_customer_signs(company),
            (
                "counter",
                SQL(
                    "SELECT contact.commercial_partner_id AS partner_id"
                    " FROM care_consent consent"
                    " JOIN res_partner contact ON contact.id = consent.partner_id"
                    " WHERE consent.company_id = %s AND consent.source = 'counter'"
                    " AND consent.state = 'granted'",
                    company.id,
                ),
            ),
        ]

    @api.depends("phone", "phone_sanitized")
    def _compute_care_zalo_url(self):
        found = self._get_care_addresses("zalo", self.env.company)
        for partner in self:
            number = found.get(partner._origin.id, "").lstrip("+")
            partner.care_zalo_url = f"https://zalo.me/{number}" if number else False

    def _care_reached_by(self, channel):
        """Return those of these contacts who have a valid address on ``channel``."""
        found = self._get_care_addresses(channel, self.env.company)
        return self.filtered(lambda partner: partner.id in found)

    def _care_get_salutation(self, lang):
        """Return how this customer is addressed in ``lang``, empty without a name."""
        self.ensure_one()
        title = self.care_title
        if not title and not self.is_company:
            title = words.guess_title(self.name)
        return words.salutation(self.name, title, lang, is_company=self.is_company)

    @api.model
    def _care_choice_token(self, kind, record_id, company):
        """Return a word that opens what a customer chose to receive.

        Whoever has it may read and change these choices, so it goes to the customer's
        own address and nowhere else.

        :param str kind: a word of ``signed.CHOICE_KINDS``
        :param int record_id: id of what ``kind`` names
        :param company: ``res.company``
        """
        expires = self.env.cr.now().date() + timedelta(days=LINK_DAYS)
        return signed.make_choice(
            self.env["care.ticket"]._get_link_secret(),
            signed.Choice(kind, record_id, company.id, expires),
        )

    @api.model
    def _care_choice_url(self, opens, token):
        """Return the absolute address for a token.

        :param str opens: ``refuse`` (short) or ``choices``
        """
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return urljoin(base, PATHS[opens] % token)

    def _care_get_choice_url(self, company=None):
        """Return the address where this contact chooses what to receive."""
        self.ensure_one()
        company = company or self.env.company
        token = self._care_choice_token("customer", self.id, company)
        return self._care_choice_url("choices", token)
