from odoo import api, models


class CareGate(models.AbstractModel):
    _inherit = "care.gate"

    @api.model
    def _get_explanations(self, when, address):
        return {
            **super()._get_explanations(when, address),
            "quiet_period": self.env._(
                "The customer was asked for feedback a short while ago. The quiet period"
                " stands under Configuration › Settings."
            ),
        }
