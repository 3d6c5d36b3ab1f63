from odoo import fields, models


class CareRuleRun(models.Model):
    _inherit = "care.rule.run"

    reason = fields.Selection(
        selection_add=[("angry", "The customer is angry: a person writes to him")],
        ondelete={"angry": "set null"},
    )
