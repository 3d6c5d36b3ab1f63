from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _care_blocks_deletion(self):
        """Points would be lost with the contact."""
        reasons = super()._care_blocks_deletion()
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        for partner, points in cards._read_group(
            [("partner_id", "in", self.ids), ("points", "!=", 0)],
            ["partner_id"],
            ["points:sum"],
        ):
            words = partner.env._("%(points)g points", points=points)
            reasons.setdefault(partner, []).append(words)
        return reasons
