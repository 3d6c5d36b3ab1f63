from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_filled_on = fields.Datetime(
        string="Customers Known Since",
        readonly=True,
        copy=False,
        help="When the profiles of this company's customers were filled for the first "
        "time; from then on what changes is news.",
    )
