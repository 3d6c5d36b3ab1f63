from odoo import models


class CareReadinessChange(models.Model):
    _inherit = "care.readiness.change"

    #: Rules look for the lines of their transaction.
    _rule_on_idx = models.Index('("on")')
