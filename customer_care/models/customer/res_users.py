from odoo import api, models


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "care.touch.mixin"]

    @api.model
    def _care_touch_fields(self):
        return super()._care_touch_fields() | {"group_ids"}
