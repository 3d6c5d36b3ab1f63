from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_timer_hours = fields.Integer(
        string="Longest Timer (hours)",
        default=8,
        help="A timer that somebody forgot stops by itself after so many hours, and its"
        " person is told.",
    )

    _care_timer_hours_limits = models.Constraint(
        "CHECK (care_timer_hours BETWEEN 1 AND 24)",
        "A timer runs for at least 1 and at most 24 hours.",
    )
