from odoo import api, fields, models
from odoo.tools import SQL

from ...fields import LooseMany2one


class CareSegmentEvent(models.Model):
    """A customer came into a segment or left it. Append-only; automation reads it.

    Written by the refresh with the member, in one transaction. It goes when the customer
    goes, as the member does: see ``_write_anew`` of the segment.
    """

    _name = "care.segment.event"
    _description = "Segment Event"
    _log_access = False
    _rec_name = "partner_id"
    _order = "id desc"

    segment_id = LooseMany2one(
        comodel_name="care.segment", required=True, ondelete="cascade"
    )
    partner_id = LooseMany2one(
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

    # one after the other in a segment: a fill appends to the index
    _segment_idx = models.Index("(segment_id, id)")

    @api.autovacuum
    def _gc_gone(self):
        """Delete what is left of customers who were deleted past the ORM."""
        for table in ("care_segment_member", "care_segment_event"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s row WHERE NOT EXISTS"
                    " (SELECT 1 FROM res_partner WHERE id = row.partner_id)",
                    SQL.identifier(table),
                )
            )
