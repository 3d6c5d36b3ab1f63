from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, formatLang


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    tier_ids = fields.One2many(
        comodel_name="loyalty.tier", inverse_name="program_id", string="Tiers"
    )

    @api.constrains("program_type")
    def _check_type_of_tiers(self):
        for program in self:
            if program.program_type != "loyalty" and program.sudo().tier_ids:
                raise ValidationError(
                    self.env._(
                        "“%(program)s” has tiers, so it has to stay a program of loyalty"
                        " cards. Archive its tiers first.",
                        program=program.name,
                    )
                )

    def _get_member_sql(self, customer_ids=None):
        """Return a query of the members of this program: who, with what, in which tier.

        Columns: ``customer_id`` (commercial partner), ``points`` (sum of his active
        cards and of those of his contacts, rounded half up to 2 decimals, since the
        balance of a card may be 857.4733333333334), ``tier_id`` and
        ``tier_threshold`` (highest active tier whose threshold the points reach, or
        NULL). Whoever has a card is a member.

        :param customer_ids: commercial partners to look at, None for all members
        """
        self.ensure_one()
        self.env["loyalty.card"].flush_model(
            ["active", "partner_id", "points", "program_id"]
        )
        self.env["loyalty.tier"].flush_model(["active", "program_id", "threshold"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        only = SQL()
        if customer_ids is not None:
            only = SQL(
                "AND partner.commercial_partner_id IN %s", tuple(customer_ids) or (0,)
            )
        return SQL(
            """
            SELECT wallet.customer_id, wallet.points, tier.id AS tier_id,
                   tier.threshold AS tier_threshold
              FROM (SELECT partner.commercial_partner_id AS customer_id,
                           ROUND(SUM(card.points)::numeric, 2) AS points
                      FROM loyalty_card card
                      JOIN res_partner partner ON partner.id = card.partner_id
                     WHERE card.program_id = %(program)s AND card.active %(only)s
                     GROUP BY partner.commercial_partner_id) AS wallet
              LEFT JOIN LATERAL (
                    SELECT id, threshold FROM loyalty_tier
                     WHERE program_id = %(program)s AND active
                       AND threshold <= wallet.points
                     ORDER BY threshold DESC LIMIT 1) AS tier ON TRUE
            """,
            program=self.id,
            only=only,
        )

    def _format_care_points(self, points):
        """Return points in words of the reader's language, such as “1,250 points”.

        :param float points: decimals are shown where there are any
        """
        self.ensure_one()
        digits = 0 if points == int(points) else 2
        text = formatLang(self.env, points, digits=digits)
        return f"{text} {self.portal_point_name or ''}".strip()
