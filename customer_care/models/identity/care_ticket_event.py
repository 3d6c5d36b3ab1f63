from odoo import api, fields, models


class CareTicketEvent(models.Model):
    _inherit = "care.ticket.event"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Let the history name the contact that stays; what was measured stays too."""
        sources._care_move_rows(self._table, "partner_id", destination)
        self.invalidate_model(["partner_id"])

    @api.model
    def _care_forget_partners(self, partners):
        """Nothing to take away: kinds and times."""

    @api.model
    def _care_export_partners(self, partners):
        """Return what happened to the tickets of these people."""
        tickets = partners._care_records("care.ticket")
        return [
            {
                "record": "ticket event",
                "when": fields.Datetime.to_string(event.date),
                "ticket": event.ticket_id.number,
                "kind": event.kind,
                "by": event.actor,
            }
            for event in self.sudo().search(
                [("ticket_id", "in", tickets.ids)], order="date, id"
            )
        ]
