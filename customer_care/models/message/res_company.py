from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, formataddr


class ResCompany(models.Model):
    _inherit = "res.company"

    is_care_counter_open = fields.Boolean(
        string="QR Code at the Counter",
        groups="customer_care.group_lead",
        help="Customers may leave an address, and what they agree to, on a public page.",
    )
    care_counter_version = fields.Integer(
        string="Version of the QR Code",
        groups="customer_care.group_lead",
        help="Codes of another version open nothing.",
    )

    def _care_change_counter(self, wish):
        """Open or shut the page behind the code at the counter, or replace the code.

        :param str wish: ``open``, ``shut`` or ``renew``
        :raises AccessError: the caller is no care manager, or not of this company
        """
        self.ensure_one()
        is_manager = self.env.user.has_group("customer_care.group_manager")
        if not is_manager or self not in self.env.user.company_ids:
            raise AccessError(
                self.env._(
                    "Only a care manager of the company opens, shuts or replaces its QR "
                    "code."
                )
            )
        company = self.sudo()
        if wish == "renew":
            company.care_counter_version += 1
        else:
            company.is_care_counter_open = wish == "open"

    def _care_get_label(self):
        """Return what advertising of this company starts with, such as ``[QC]``."""
        self.ensure_one()
        return (self.sudo().care_promotion_label or "").strip()

    def _care_get_refusal_line(self, lang):
        """Return the words before the link that stops advertising, in ``lang``."""
        self.ensure_one()
        company = self.sudo().with_context(lang=lang)
        line = (company.care_refusal_line or "").strip()
        return line or company.env._("To stop:")

    def _care_get_sender(self):
        """Return the formatted address under which this company writes by itself."""
        self.ensure_one()
        company = self.sudo()
        team = company.care_form_team_id
        address = team.alias_id.alias_full_name if team.alias_domain_id else ""
        address = address or email_normalize(company.email or "")
        if not address:
            return self.env.ref("base.partner_root").sudo().email_formatted or ""
        return formataddr((company.name, address))
