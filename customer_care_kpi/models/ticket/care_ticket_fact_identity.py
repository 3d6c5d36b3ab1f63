from odoo import api, models


class CareTicketFact(models.Model):
    _inherit = "care.ticket.fact"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Let the figures of moved tickets name the contact that stays."""
        sources._care_move_rows(self._table, "partner_id", destination)
        self.invalidate_model(["partner_id"])

    @api.model
    def _care_forget_partners(self, partners):
        """Nothing to take away: times and counts."""

    @api.model
    def _care_export_partners(self, partners):
        """Nothing to add: the figures follow from the events, which are given out."""
        return []
