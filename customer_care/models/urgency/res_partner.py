from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Ask anew how urgent the open tickets of a customer are who moved on.

        Many moves at once are made in SQL; the job finds those.
        """
        result = super().write(vals)
        if "care_stage_id" in vals:
            self._care_update_urgency()
        return result

    def _care_update_urgency(self):
        tickets = self.env["care.ticket"].sudo()
        tickets.search(
            [
                ("commercial_partner_id", "in", self.sudo().commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("is_open", "=", True),
            ]
        )._update_urgency()
