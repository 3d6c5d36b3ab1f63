from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_ready_percent = fields.Integer(
        string="Ready from (%)",
        default=70,
        help="A lead with at least this probability is ready.",
    )
    care_comparing_percent = fields.Integer(
        string="Comparing from (%)",
        default=30,
        help="A lead with at least this probability is comparing.",
    )
    care_ready_days = fields.Integer(
        string="Lately (days)",
        default=14,
        help="Messages and opened quotations of so many days say something about a "
        "lead; so does a closing that is expected within them.",
    )

    _care_readiness_limits = models.Constraint(
        "CHECK (care_ready_days > 0 AND care_comparing_percent > 0"
        " AND care_ready_percent > care_comparing_percent)",
        "A lead is ready from a higher probability on than it is comparing, and both, as "
        "well as the days, are positive.",
    )
