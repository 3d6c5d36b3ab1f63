from odoo import api, models
from odoo.tools import SQL


class CareSegmentMember(models.Model):
    _inherit = "care.segment.member"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Make one member of several, segment by segment.

        Whoever was in stays in, so that no rule greets the customer a second time; times
        entered add up; what was decided by hand survives, that of the destination first,
        then keeping out before keeping in. The next refresh asks the rule again.
        """
        home = sources._care_merge_home(destination)
        everybody = sources | destination | home
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, segment_id, partner_id, state, rotation, entered_on, left_on,"
                " override FROM care_segment_member WHERE partner_id = ANY(%s)"
                " ORDER BY segment_id, partner_id <> %s, id",
                everybody.ids,
                home.id,
            )
        )
        groups = {}
        for row in rows:
            groups.setdefault(row["segment_id"], []).append(row)
        self.env.cr.execute(
            SQL(
                "DELETE FROM care_segment_member WHERE partner_id = ANY(%s)",
                (everybody - home).ids,
            )
        )
        for segment_id, members in groups.items():
            if any(member["partner_id"] != home.id for member in members):
                segment = self.env["care.segment"].browse(segment_id)
                self._care_write_merged(segment, home, members)
        self.invalidate_model()

    @api.model
    def _care_write_merged(self, segment, home, members):
        """Write the one member that these rows become.

        :param members: rows as dicts, that of ``home`` first where there is one
        """
        inside = [member for member in members if member["state"] == "in"]
        entered = [m["entered_on"] for m in inside or members if m["entered_on"]]
        left = [member["left_on"] for member in members if member["left_on"]]
        own = members[0]["override"] if members[0]["partner_id"] == home.id else None
        others = sorted(member["override"] for member in members if member["override"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_segment_member (segment_id, partner_id, state, rotation,
                       entered_on, left_on, override, bucket)
                VALUES (%(segment)s, %(home)s, %(state)s, %(rotation)s, %(entered)s,
                        %(left)s, %(override)s, %(bucket)s)
                ON CONFLICT (segment_id, partner_id) DO UPDATE
                   SET state = EXCLUDED.state, rotation = EXCLUDED.rotation,
                       entered_on = EXCLUDED.entered_on, left_on = EXCLUDED.left_on,
                       override = EXCLUDED.override
                """,
                segment=segment.id,
                home=home.id,
                state="in" if inside else "out",
                rotation=sum(member["rotation"] or 0 for member in members),
                entered=(min if inside else max)(entered, default=None),
                left=None if inside else max(left, default=None),
                override=own or next(iter(others), None),
                bucket=self._bucket_sql(segment, SQL("%s::int", home.id)),
            )
        )
        if len(inside) > 1:
            segment.member_count = segment._note_size()

    @api.model
    def _care_forget_partners(self, partners):
        """End what was decided by hand, so that nobody forgotten is kept in."""
        self.env.cr.execute(
            "UPDATE care_segment_member SET override = NULL"
            " WHERE partner_id = ANY(%s) AND override IS NOT NULL",
            [partners.ids],
        )
        self.invalidate_model(["override"])

    @api.model
    def _care_export_partners(self, partners):
        """Return the segments these customers are or were in."""
        members = self.sudo().search([("partner_id", "in", partners.ids)], order="id")
        return [
            {
                "record": "segment",
                "segment": member.segment_id.name,
                "company": member.company_id.name,
                "state": member.state,
                "by_hand": member.override or "",
                "since": str(member.entered_on or ""),
            }
            for member in members
        ]
