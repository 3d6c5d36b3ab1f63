from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_care_context(self):
        """Return the context in which the system works for this company.

        Scheduled jobs and the mail gateway run as OdooBot: its company, UTC, English.
        """
        self.ensure_one()
        company = self.sudo()
        return {
            "allowed_company_ids": company.ids,
            "tz": company.care_tz,
            "lang": company._get_care_lang(),
        }

    def _get_care_lang(self, partner=None):
        """Return the language in which a customer of this company is addressed.

        :param partner: the customer, may be empty
        """
        languages = self.env["res.lang"].sudo()
        for code in (partner and partner.sudo().lang, self.sudo().partner_id.lang):
            if code and languages._lang_get(code):
                return code
        return self.env.lang or "en_US"
