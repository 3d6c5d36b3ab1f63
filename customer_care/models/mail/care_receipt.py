from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL

#: Days after which a receipt no longer prevents another and its row goes.
KEPT_DAYS = 7


class CareReceipt(models.Model):
    """One receipt that a sender got from a team on a day.

    The UNIQUE constraint is what keeps two workers from sending two, and two programs
    that answer each other from going on for ever.
    """

    _name = "care.receipt"
    _description = "Receipt to a Customer"
    _order = "id desc"
    _log_access = False
    _rec_name = "email"

    email = fields.Char(required=True)
    team_id = fields.Many2one(
        comodel_name="care.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    day = fields.Date(required=True, help="In the time zone of the company.")

    _sender_uniq = models.Constraint(
        "UNIQUE (email, team_id, day)", "This sender got a receipt today."
    )

    @api.model
    def _take(self, email, team, day):
        """Note that ``email`` gets its one receipt of the day.

        Waits for another transaction that is about to send one.

        :return: False when there was one already
        """
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    SQL(
                        "INSERT INTO care_receipt (email, team_id, company_id, day)"
                        " VALUES (%s, %s, %s, %s)",
                        email,
                        team.id,
                        team.company_id.id,
                        day,
                    ),
                    log_exceptions=False,
                )
        except UniqueViolation:
            return False
        return True

    @api.autovacuum
    def _gc_receipts(self):
        limit = fields.Date.context_today(self) - timedelta(days=KEPT_DAYS)
        self.search([("day", "<", limit)], limit=10_000).unlink()
