from odoo import fields, models


class CareSegmentSize(models.Model):
    """How many customers a segment had at the end of a day on which it changed."""

    _name = "care.segment.size"
    _description = "Segment Size"
    _log_access = False
    _rec_name = "day"
    _order = "day desc"

    segment_id = fields.Many2one(
        comodel_name="care.segment", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="segment_id.company_id")
    day = fields.Date(required=True)
    size = fields.Integer(string="Customers", required=True)

    _segment_day_uniq = models.Constraint(
        "UNIQUE (segment_id, day)", "A segment has one size per day."
    )
