from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_segment_ids = fields.Many2many(
        comodel_name="care.segment",
        string="Segments",
        compute="_compute_care_segment_ids",
        search="_search_care_segment_ids",
        groups="customer_care.group_agent_own",
        help="The segments this customer is in.",
    )

    def unlink(self):
        """Members and events go with their customer; they have no foreign key to him.

        :raises SerializationFailure: a segment was refreshed meanwhile; try again
        """
        archived_too = [("active", "in", [True, False])]
        segments = self.env["care.segment"].sudo().search(archived_too, order="id")
        segments._write_anew()
        result = super().unlink()
        for table in ("care_segment_member", "care_segment_event"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE partner_id = ANY(%s)",
                    SQL.identifier(table),
                    list(self.ids),
                )
            )
        self.env["care.segment.member"].invalidate_model()
        self.env["care.segment.event"].invalidate_model()
        return result

    @api.depends_context("company")
    def _compute_care_segment_ids(self):
        rows = (
            self.env["care.segment.member"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("segment_id.company_id", "=", self.env.company.id),
                    ("segment_id.active", "=", True),
                    ("state", "=", "in"),
                ],
                ["partner_id"],
                ["segment_id:recordset"],
            )
        )
        found = {partner.id: segments.ids for partner, segments in rows}
        for partner in self:
            ids = found.get(partner.commercial_partner_id.id, [])
            partner.care_segment_ids = self.env["care.segment"].browse(ids)

    @api.model
    def _search_care_segment_ids(self, operator, value):
        """Find customers by the stored members of segments."""
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        segments = self.env["care.segment"]
        if operator == "in":
            ids = [item for item in value if item]
            domain = self._care_in_segments(segments._search([("id", "in", ids)]))
            if len(ids) < len(value):
                domain |= ~self._care_in_segments(segments._search([]))
            return domain
        if operator == "any!":
            segments = segments.sudo()
        return self._care_in_segments(segments._search(Domain(value)))

    @api.model
    def _care_in_segments(self, query):
        return Domain(
            "commercial_partner_id",
            "in",
            SQL(
                "(SELECT partner_id FROM care_segment_member"
                " WHERE state = 'in' AND segment_id IN %s)",
                query.subselect(),
            ),
        )
