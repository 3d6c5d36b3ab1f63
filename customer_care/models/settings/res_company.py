import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    _inherit = "res.company"

    care_tz = fields.Selection(
        selection=_tz_get,
        string="Care Time Zone",
        required=True,
        default=lambda self: self._default_care_tz(),
        help="Days, quiet hours and reports of this company are counted in this zone.",
    )
    care_inbound_days = fields.Integer(
        string="Keep Raw Mails (days)",
        default=90,
        help="The raw source of a mail that was handled is deleted after so many days.",
    )
    care_link_days = fields.Integer(
        string="Conversation Link Valid (days)",
        default=30,
        help="The link that opens a conversation without a password works so long.",
    )
    care_form_team_id = fields.Many2one(
        comodel_name="care.team",
        string="Team of the Contact Form",
        help="Receives requests of the public form whose category names no team.",
    )
    care_upload_count = fields.Integer(
        string="Files per Message",
        default=10,
        help="How many files a customer may attach to one message.",
    )
    care_upload_mb = fields.Integer(
        string="Size per File (MB)",
        default=10,
        help="How large one file of a customer may be.",
    )

    _care_limits_positive = models.Constraint(
        "CHECK (care_inbound_days > 0 AND care_link_days > 0"
        " AND care_upload_count >= 0 AND care_upload_mb > 0)",
        "Days and sizes must be positive numbers.",
    )

    @api.model
    def _default_care_tz(self):
        """Return the zone of the user who creates the company, UTC when unknown."""
        return self.env.user.tz or "UTC"

    @api.constrains("care_tz")
    def _check_care_tz(self):
        for company in self:
            if company.care_tz not in pytz.all_timezones_set:
                raise ValidationError(
                    self.env._(
                        "“%(zone)s” is no time zone. Choose one from the list, such as "
                        "Asia/Ho_Chi_Minh.",
                        zone=company.care_tz,
                    )
                )
