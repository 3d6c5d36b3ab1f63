from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Care Hours",
        check_company=True,
        copy=False,
        help="When people of customer care are there. Holidays of the company come on "
        "top.",
    )
