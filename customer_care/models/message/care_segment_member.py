from odoo import api, models
from odoo.tools import SQL


class CareSegmentMember(models.Model):
    _inherit = "care.segment.member"

    @api.model
    def _select_audience(self, where):
        """Return SQL of (partner_id, segment_id) of members who are not held out.

        :param SQL where: a condition on ``member`` and ``segment``
        """
        self.flush_model()
        self.env["care.segment"].flush_model(["hold_out_percent", "active"])
        return SQL(
            """
            SELECT member.partner_id, member.segment_id
              FROM care_segment_member member
              JOIN care_segment segment ON segment.id = member.segment_id
             WHERE member.state = 'in' AND segment.active
               AND member.bucket >= COALESCE(segment.hold_out_percent, 0) AND %s
            """,
            where,
        )
