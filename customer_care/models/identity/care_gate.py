from odoo import api, models


class CareGate(models.AbstractModel):
    _inherit = "care.gate"

    @api.model
    def _gate_suppressed(self, addresses):
        """Nobody who was forgotten is written to, whatever list the address is on."""
        return super()._gate_suppressed(addresses) | self.env[
            "care.suppression"
        ].sudo()._suppressed(addresses)
