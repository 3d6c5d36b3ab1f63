from odoo import api, models
from odoo.tools import SQL

#: One point for so much money spent, as the rule of the demo program has it.
MONEY_PER_POINT = 10000


class CareDemo(models.AbstractModel):
    _inherit = "care.demo"

    @api.model
    def _load_loyalty(self):
        """Give the buyers of the demo company their cards, and its tickets their tiers.

        Points are what the orders of the demo company would have earned, so that whoever
        looks them up finds why. A ticket keeps what had been earned when it was opened.
        Does nothing where members exist.
        """
        company = self.env.ref("customer_care.demo_company")
        program = self.env.ref("customer_care_loyalty.demo_program")
        cards = self.env["loyalty.card"].with_context(
            loyalty_no_mail=True, tracking_disable=True
        )
        if cards.search_count([("program_id", "=", program.id)], limit=1):
            return
        spent = self.env["sale.order"]._read_group(
            [("company_id", "=", company.id), ("state", "=", "sale")],
            ["partner_id.commercial_partner_id"],
            ["amount_total:sum"],
        )
        cards.create(
            [
                {
                    "program_id": program.id,
                    "partner_id": customer.id,
                    "points": amount // MONEY_PER_POINT,
                }
                for customer, amount in spent
            ]
        )
        self.env.flush_all()
        self._fill_opening(company, program)

    @api.model
    def _fill_opening(self, company, program):
        """Set points and tier at opening of tickets that are older than the cards."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_ticket ticket
                   SET opening_points = known.points, tier_id = known.tier_id
                  FROM (SELECT earned.id, earned.points, tier.id AS tier_id
                          FROM (SELECT ticket.id,
                                       FLOOR(SUM(bought.amount_total) / %(money)s) AS points
                                  FROM care_ticket ticket
                                  JOIN res_partner buyer ON buyer.commercial_partner_id
                                       = ticket.commercial_partner_id
                                  JOIN sale_order bought ON bought.partner_id = buyer.id
                                   AND bought.state = 'sale'
                                   AND bought.company_id = ticket.company_id
                                   AND bought.date_order <= ticket.create_date
                                 WHERE ticket.company_id = %(company)s
                                 GROUP BY ticket.id) AS earned
                          LEFT JOIN LATERAL (
                                SELECT id FROM loyalty_tier
                                 WHERE program_id = %(program)s AND active
                                   AND threshold <= earned.points
                                 ORDER BY threshold DESC LIMIT 1) AS tier ON TRUE
                       ) AS known
                 WHERE ticket.id = known.id
                """,
                money=MONEY_PER_POINT,
                company=company.id,
                program=program.id,
            )
        )
        self.env["care.ticket"].invalidate_model(["opening_points", "tier_id"])
