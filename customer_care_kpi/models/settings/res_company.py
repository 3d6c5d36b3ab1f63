from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """Count days anew when the time zone in which they are counted changes."""
        moved = self.browse()
        if "care_tz" in vals:
            moved = self.filtered(lambda company: company.care_tz != vals["care_tz"])
        result = super().write(vals)
        if moved:
            self.env.registry.clear_cache()
            self.env["care.ticket.fact"].sudo()._recount_days(moved)
        return result
