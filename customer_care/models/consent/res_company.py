from odoo import SUPERUSER_ID, api, fields, models

from ...lib import gate, quiet_hours
from .care_limit import ELSEWHERE, VIETNAM


class ResCompany(models.Model):
    _inherit = "res.company"

    care_promotion_label = fields.Char(
        string="Label of Promotion", compute="_compute_care_promotion_texts"
    )
    care_refusal_line = fields.Char(
        string="Refusal Line", compute="_compute_care_promotion_texts"
    )

    @api.depends_context("lang")
    def _compute_care_promotion_texts(self):
        found = self.env["care.limit"].sudo().search([("company_id", "in", self.ids)])
        limits = {limit.company_id.id: limit for limit in found}
        for company in self:
            limit = limits.get(company.id)
            company.care_promotion_label = limit and limit.promotion_label
            company.care_refusal_line = limit and limit.refusal_line

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._care_ship_limits()
        return companies

    def _care_ship_limits(self):
        """Give companies quiet hours and limits where they have none; empty self: all.

        Those of Vietnam, unless the company says that it is somewhere else.
        """
        limits = self.env["care.limit"].with_user(SUPERUSER_ID)
        companies = self or self.sudo().search([("active", "=", True)])
        has = limits.search([("company_id", "in", companies.ids)]).company_id
        for company in companies.sudo() - has:
            abroad = company.country_id and company.country_id.code != "VN"
            limit = limits.create({"company_id": company.id})
            limit._apply_preset(ELSEWHERE if abroad else VIETNAM)

    def _get_care_limit(self, channel, purpose):
        """Return hours and cap of a channel and purpose; without a line, no limit.

        :return: :class:`~odoo.addons.customer_care.lib.gate.Limit`
        """
        self.ensure_one()
        line = (
            self.env["care.limit.line"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", self.id),
                    ("channel", "=", channel),
                    ("purpose", "=", purpose),
                ],
                ["hour_from", "hour_to", "day_cap", "limit_id"],
                limit=1,
            )
        )
        if not line:
            return gate.Limit()
        return gate.Limit(
            window=quiet_hours.make_window(line.hour_from, line.hour_to),
            cap=line.day_cap,
            patience=line.limit_id.patience_days,
        )
