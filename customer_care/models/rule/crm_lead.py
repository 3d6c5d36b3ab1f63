from odoo import api, models

from ...lib.internal import is_internal


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _care_assess_all(self, leads=None):
        """Hand on whose readiness changed to the rules that wait for it."""
        changed = super()._care_assess_all(leads)
        if changed and not (
            self.env.su and is_internal(self.env.context, "care_silent")
        ):
            self.env["care.rule"]._note_readiness()
        return changed
