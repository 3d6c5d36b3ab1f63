from odoo import fields, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    care_holiday = fields.Char(
        string="Holiday of the Set-Up",
        readonly=True,
        copy=False,
        help="Which day of the list of holidays this is; it is put down only once.",
    )

    _care_holiday_uniq = models.UniqueIndex(
        "(company_id, care_holiday) WHERE care_holiday IS NOT NULL",
        "This holiday is in the calendar of the company already.",
    )
