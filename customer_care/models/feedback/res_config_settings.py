from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_feedback_quiet_days = fields.Integer(
        related="company_id.care_feedback_quiet_days", readonly=False
    )
