from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_feedback_quiet_days = fields.Integer(
        string="Quiet Period of Surveys (days)",
        default=30,
        help="A customer who was asked is not asked again for so many days, whatever it"
        " is about. 0: no quiet period.",
    )

    _care_feedback_quiet_days_sane = models.Constraint(
        "CHECK (care_feedback_quiet_days BETWEEN 0 AND 365)",
        "The quiet period of surveys is a number of days from 0 to 365.",
    )
