from odoo import api, fields, models
from odoo.tools import SQL


class CarePurchase(models.Model):
    _inherit = "care.purchase"

    import_id = fields.Many2one(
        comodel_name="care.import",
        string="Came With",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="customer_care.group_manager",
    )
    occurrence = fields.Integer(
        readonly=True,
        copy=False,
        help="Of equal purchases in a file without numbers: the first, the second …; "
        "so that the same file gives the same purchases again. Empty: typed by hand.",
    )

    _partner_day_idx = models.Index("(company_id, partner_id, day)")
    _equal_uniq = models.UniqueIndex(
        "(company_id, partner_id, day, amount, occurrence) WHERE reference IS NULL"
        " AND occurrence IS NOT NULL AND is_opening IS NOT TRUE",
        "This purchase has been imported already.",
    )
    _opening_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE is_opening AND occurrence IS NOT NULL",
        "A sum until a day has been imported for this customer already.",
    )

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep every purchase of merged contacts.

        Equal ones of both stay two: those of the source stop being told apart by their
        number, as if somebody had typed them.
        """
        self.env.flush_all()
        people = (sources | destination).ids
        self.env.cr.execute(
            """
            UPDATE care_purchase SET occurrence = NULL
             WHERE partner_id = ANY(%(people)s) AND occurrence IS NOT NULL
               AND reference IS NULL AND id NOT IN (
                   SELECT DISTINCT ON (company_id, is_opening IS TRUE,
                              CASE WHEN is_opening THEN NULL ELSE day END,
                              CASE WHEN is_opening THEN NULL ELSE amount END,
                              CASE WHEN is_opening THEN NULL ELSE occurrence END) id
                     FROM care_purchase
                    WHERE partner_id = ANY(%(people)s) AND occurrence IS NOT NULL
                      AND reference IS NULL
                    ORDER BY company_id, is_opening IS TRUE,
                             CASE WHEN is_opening THEN NULL ELSE day END,
                             CASE WHEN is_opening THEN NULL ELSE amount END,
                             CASE WHEN is_opening THEN NULL ELSE occurrence END,
                             (partner_id = %(destination)s) DESC, id)
            """,
            {"people": people, "destination": destination.id},
        )
        sources._care_move_rows(self._table, "partner_id", destination)
        self.invalidate_model()
        self.env["care.touch"]._touch(destination)

    @api.model
    def _care_delivered_sql(self, company):
        """Return (partner_id, day) of imported purchases that were delivered."""
        return SQL(
            """
            SELECT buyer.commercial_partner_id AS partner_id, bought.delivered_on AS day
              FROM care_purchase bought
              JOIN res_partner buyer ON buyer.id = bought.partner_id
             WHERE bought.company_id = %s AND bought.delivered_on IS NOT NULL
            """,
            company.id,
        )
