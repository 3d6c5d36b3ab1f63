from odoo import SUPERUSER_ID, api, models

from ...lib.internal import INTERNAL


class CareProfile(models.Model):
    _inherit = "care.profile"

    @api.model
    def _as_silent_system(self, company):
        """Return the model as the system has it when nothing shall follow from it."""
        return (
            self.with_user(SUPERUSER_ID)
            .with_company(company)
            .with_context(
                allowed_company_ids=company.ids,
                tz=company.care_tz,
                care_silent=INTERNAL,
            )
        )
