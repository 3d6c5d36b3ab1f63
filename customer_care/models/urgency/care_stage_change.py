from odoo import api, models


class CareStageChange(models.Model):
    _inherit = "care.stage.change"

    @api.model_create_multi
    def create(self, vals_list):
        """A customer who moved by hand or by a rule: his open tickets are asked anew."""
        changes = super().create(vals_list)
        moved = changes.filtered(lambda change: not change.initial)
        if moved:
            self.env["care.ticket"].sudo().search(
                [
                    ("commercial_partner_id", "in", moved.partner_id.ids),
                    ("is_open", "=", True),
                ]
            )._update_urgency()
        return changes
