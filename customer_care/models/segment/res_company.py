from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._care_ship_segments()
        return companies

    def _care_ship_segments(self):
        """Give companies the shipped segments that they lack; empty self: all of them.

        The segments of the main company are the pattern, so that translations come
        along. What people changed there comes along too.
        """
        segments = self.env["care.segment"].with_user(SUPERUSER_ID)
        segments = segments.with_context(active_test=False)
        main = self.env.ref("base.main_company")
        shipped = segments.search([("company_id", "=", main.id), ("code", "!=", False)])
        for company in self or self.sudo().search([("active", "=", True)]):
            codes = segments.search([("company_id", "=", company.id)]).mapped("code")
            for segment in shipped:
                if segment.code not in codes:
                    segment.copy({"company_id": company.id, "code": segment.code})

    @api.model
    def _care_translate_segments(self):
        """Give the shipped segments of other companies the words of the main company.

        Where the English words are still the same, languages that are missing come in.
        """
        self.env["care.segment"].flush_model(["name", "purpose"])
        for column in map(SQL.identifier, ("name", "purpose")):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE care_segment own SET %(column)s = main.%(column)s || own.%(column)s
                      FROM care_segment main
                     WHERE main.company_id = %(company)s AND main.code = own.code
                       AND main.%(column)s->>'en_US' = own.%(column)s->>'en_US'
                       AND main.%(column)s || own.%(column)s <> own.%(column)s
                    """,
                    column=column,
                    company=self.env.ref("base.main_company").id,
                )
            )
        self.env["care.segment"].invalidate_model(["name", "purpose"])
