from odoo import api, models


class CareTouch(models.Model):
    _inherit = "care.touch"

    @api.model
    def _look_further(self, company, partners):
        """Bring these customers into their segments and out of others."""
        result = super()._look_further(company, partners)
        segments = self.env["care.segment"].search([("company_id", "=", company.id)])
        for segment in segments._in_order(segments):
            segment._refresh_some(partners)
        return result
