from odoo import api, models


class CareImport(models.Model):
    _inherit = "care.import"

    @api.model
    def _suppressed(self, values):
        """Nobody who was forgotten is brought back by a file."""
        hushed = self.env["care.suppression"].sudo()._suppressed(values)
        return super()._suppressed(values) | hushed
