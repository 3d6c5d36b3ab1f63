from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_loyalty_program_id = fields.Many2one(
        related="company_id.care_loyalty_program_id", readonly=False
    )
