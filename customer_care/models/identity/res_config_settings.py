from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_keep_ticket_months = fields.Integer(
        related="company_id.care_keep_ticket_months", readonly=False
    )
    care_keep_log_months = fields.Integer(
        related="company_id.care_keep_log_months", readonly=False
    )
    care_keep_text = fields.Char(compute="_compute_care_keep_text")

    @api.depends("care_keep_ticket_months", "care_keep_log_months")
    def _compute_care_keep_text(self):
        """Say what the job will do the next night, while the number is being typed."""
        retention = self.env["care.retention"]
        for settings in self:
            company = settings.company_id
            months = settings.care_keep_ticket_months, settings.care_keep_log_months
            if max(months) <= 0:
                settings.care_keep_text = settings.env._("Everything is kept.")
                continue
            settings.care_keep_text = settings.env._(
                "The next night the words of %(tickets)s tickets and %(contacts)s logged"
                " contacts go for good.",
                tickets=retention._due(company, "care_keep_ticket_months", months[0]),
                contacts=retention._due(company, "care_keep_log_months", months[1]),
            )
