from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_timer_hours = fields.Integer(
        related="company_id.care_timer_hours", readonly=False
    )
