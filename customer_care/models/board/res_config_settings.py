from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_ready_percent = fields.Integer(
        related="company_id.care_ready_percent", readonly=False
    )
    care_comparing_percent = fields.Integer(
        related="company_id.care_comparing_percent", readonly=False
    )
    care_ready_days = fields.Integer(
        related="company_id.care_ready_days", readonly=False
    )
