from odoo import api, fields, models


class CareSegmentPut(models.TransientModel):
    """Puts customers into a segment by hand, from the segment or from a list."""

    _name = "care.segment.put"
    _description = "Put into a Segment"

    segment_id = fields.Many2one(
        comodel_name="care.segment", required=True, ondelete="cascade"
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        required=True,
        default=lambda self: self._default_partner_ids(),
    )
    partner_count = fields.Integer(
        string="Selected Customers", compute="_compute_partner_count"
    )

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard.partner_ids)

    def action_put(self):
        """Put them in, as the person who asks; his right to the segment decides."""
        self.ensure_one()
        self.segment_id.action_include(self.partner_ids)
        return {"type": "ir.actions.act_window_close"}
