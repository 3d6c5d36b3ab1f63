from odoo import api, fields, models
from odoo.tools import SQL

from ...fields import LooseMany2one

OVERRIDES = [("include", "Kept in by hand"), ("exclude", "Kept out by hand")]


class CareSegmentMember(models.Model):
    """One customer in one segment, now or formerly. Written by the refresh alone.

    It has no foreign keys: see ``_write_anew`` of the segment.
    """

    _name = "care.segment.member"
    _description = "Segment Member"
    _log_access = False
    _rec_name = "partner_id"
    _order = "entered_on desc, id desc"

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
    state = fields.Selection(
        selection=[("in", "In"), ("out", "Out")], required=True, default="out"
    )
    rotation = fields.Integer(
        string="Times Entered", help="How often the customer came in so far."
    )
    entered_on = fields.Datetime(string="Came In")
    left_on = fields.Datetime(string="Left")
    override = fields.Selection(selection=OVERRIDES, string="By Hand")
    bucket = fields.Integer(
        help="A number from 0 to 99 that stays with the customer in this segment. "
        "Below the hold-out share he is left out of what is done for the others.",
    )

    _segment_partner_uniq = models.Constraint(
        "UNIQUE (segment_id, partner_id)",
        "A customer is in a segment once.",
    )

    @api.model
    def _bucket_sql(self, segment, column):
        """Return the bucket of the customer in ``column``: stable, even, 0 to 99."""
        return SQL(
            "(('x' || substr(md5(%s || ':' || %s), 1, 8))::bit(32)::bigint %% 100)::int",
            segment.seed,
            column,
        )

    @api.model
    def _set_override(self, segment, partners, override):
        """Write what was decided by hand; the refresh that follows obeys it."""
        segment._hold()
        segment._write_anew()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_segment_member (segment_id, partner_id, state,
                       rotation, override, bucket)
                SELECT %(segment)s, partner.id, 'out', 0, %(override)s, %(bucket)s
                  FROM res_partner partner
                 WHERE partner.id = ANY(%(partners)s)
                ON CONFLICT (segment_id, partner_id)
                DO UPDATE SET override = EXCLUDED.override
                """,
                segment=segment.id,
                override=override,
                bucket=self._bucket_sql(segment, SQL("partner.id")),
                partners=list(partners.ids),
            )
        )
        self.invalidate_model()

    def action_exclude(self):
        """Keep these customers out of their segment; its editors may."""
        for member in self:
            member.segment_id.action_exclude(member.partner_id)

    def action_follow_rule(self):
        """Let the rule decide about these customers again; its editors may."""
        for member in self:
            member.segment_id.action_follow_rule(member.partner_id)
