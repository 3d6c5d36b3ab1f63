from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "care.touch.mixin"]

    @api.model
    def _care_touch_fields(self):
        return super()._care_touch_fields() | {"state", "invoice_date", "move_type"}
