from odoo import api, fields, models


class CareSegmentEvent(models.Model):
    _inherit = "care.segment.event"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep every coming and going of merged contacts."""
        home = sources._care_merge_home(destination)
        (sources | destination)._care_move_rows(self._table, "partner_id", home)
        self.invalidate_model(["partner_id"])

    @api.model
    def _care_forget_partners(self, partners):
        """Nothing to take away: that somebody came and left."""

    @api.model
    def _care_export_partners(self, partners):
        """Return when these customers came into segments and left them."""
        events = self.sudo().search([("partner_id", "in", partners.ids)], order="id")
        return [
            {
                "record": "segment event",
                "when": fields.Datetime.to_string(event.on),
                "segment": event.segment_id.name,
                "kind": event.kind,
            }
            for event in events
        ]
