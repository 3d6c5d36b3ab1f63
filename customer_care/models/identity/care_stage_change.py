from odoo import api, fields, models


class CareStageChange(models.Model):
    _inherit = "care.stage.change"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep the history of every merged contact; what happened stays as it was."""
        home = sources._care_merge_home(destination)
        (sources | destination)._care_move_rows(self._table, "partner_id", home)
        self.invalidate_model(["partner_id"])

    @api.model
    def _care_forget_partners(self, partners):
        """Take away what people noted; when the customer stood where is kept."""
        self.flush_model()
        self.env.cr.execute(
            "UPDATE care_stage_change SET note = NULL WHERE partner_id = ANY(%s)",
            [partners.ids],
        )
        self.invalidate_model(["note"])

    @api.model
    def _care_export_partners(self, partners):
        """Return where these customers stood, the oldest first."""
        changes = self.sudo().search([("partner_id", "in", partners.ids)], order="id")
        return [
            {
                "record": "care stage",
                "when": fields.Datetime.to_string(change.on),
                "company": change.company_id.name,
                "from": change.from_id.name or "",
                "to": change.to_id.name or "",
                "reason": change.reason,
                "note": change.note or "",
            }
            for change in changes
        ]
