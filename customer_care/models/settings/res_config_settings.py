from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_tz = fields.Selection(related="company_id.care_tz", readonly=False)
    care_inbound_days = fields.Integer(
        related="company_id.care_inbound_days", readonly=False
    )
    care_link_days = fields.Integer(related="company_id.care_link_days", readonly=False)
    care_form_team_id = fields.Many2one(
        related="company_id.care_form_team_id", readonly=False
    )
    care_upload_count = fields.Integer(
        related="company_id.care_upload_count", readonly=False
    )
    care_upload_mb = fields.Integer(related="company_id.care_upload_mb", readonly=False)
