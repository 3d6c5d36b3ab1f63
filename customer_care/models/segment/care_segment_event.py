from odoo import fields, models


class CareSegmentEvent(models.Model):
    """A customer came into a segment or left it. Append-only; automation reads it."""

    _name = "care.segment.event"
    _description = "Segment Event"
    _log_access = False
    _rec_name = "partner_id"
    _order = "id desc"

    segment_id = fields.Many2one(
        comodel_name="care.segment", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="segment_id.company_id")
    kind = fields.Selection(
        selection=[("enter", "Came in"), ("leave", "Left")], required=True
    )
    on = fields.Datetime(string="When", required=True)
    rotation = fields.Integer(string="Times Entered")
    initial = fields.Boolean(
        help="Came in with the first fill or a changed rule. Automation leaves such "
        "customers alone unless it is asked to start with them.",
    )
