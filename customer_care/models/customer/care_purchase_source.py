from odoo import api, fields, models
from odoo.tools import SQL


class CarePurchaseSource(models.Model):
    """Where the purchases of customers are found.

    Several sources may be on; an order, its invoice and its receipt count once: the
    order stands for its invoices, the receipt for its invoice, and a credit note is a
    refund whatever it belongs to.

    A source is a ``code`` and a method ``_select_<code>(company, customers)``. Addons
    add a record and the method.
    """

    _name = "care.purchase.source"
    _description = "Purchase Source"
    _inherit = ["care.shared.record"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, string="Counts")
    is_present = fields.Boolean(
        string="Installed",
        compute="_compute_is_present",
        help="The app that this source reads is installed.",
    )
    company_ids = fields.Many2many(
        comodel_name="res.company",
        string="Companies",
        help="Empty: the source counts for every company.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "There is such a source already.")

    def write(self, vals):
        """Nobody gives away to all companies what only some of them are his."""
        result = super().write(vals)
        if "company_ids" in vals:
            self.check_access("write")
        return result

    def _get_owner(self):
        companies = self.sudo().company_ids
        return (
            companies if companies <= self.env.user.company_ids else companies.browse()
        )

    @api.depends("code")
    def _compute_is_present(self):
        for source in self:
            model = self._models().get(source.code)
            source.is_present = not model or model in self.env

    @api.model
    def _models(self):
        """Return the model that each source of an app of its own reads."""
        return {"sale": "sale.order", "invoice": "account.move", "pos": "pos.order"}

    @api.model
    def _counting(self, company):
        """Return the codes of the sources that count for ``company``.

        :rtype: set[str]
        """
        sources = self.sudo().search_fetch(
            ["|", ("company_ids", "=", False), ("company_ids", "in", company.ids)],
            ["code"],
        )
        return {
            source.code
            for source in sources
            if source.is_present and hasattr(self, f"_select_{source.code}")
        }

    @api.model
    def _purchases(self, company, customers=None):
        """Return the query of all purchases of a company.

        :param company: a ``res.company`` of one
        :param SQL customers: a query of commercial partner ids that narrows the
            purchases down; None: everybody
        :return: SQL with the columns partner_id (commercial partner), day (date in the
            zone of the company), amount (numeric, currency of the company, without
            taxes, negative for a refund), is_refund, is_opening, purchases (how many
            the row stands for), reference
        """
        counting = self._counting(company)
        selects = [
            getattr(self, f"_select_{code}")(company, customers, counting)
            for code in sorted(counting)
        ] or [self._select_nothing()]
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _select_nothing(self):
        return SQL(
            "SELECT NULL::int AS partner_id, NULL::date AS day, NULL::numeric AS amount,"
            " FALSE AS is_refund, FALSE AS is_opening, 1 AS purchases,"
            " NULL::varchar AS reference WHERE FALSE"
        )

    @api.model
    def _only(self, column, customers):
        """Return the condition that ``column`` is one of ``customers``."""
        return SQL("%s IN (%s)", column, customers) if customers else SQL("TRUE")

    @api.model
    def _select_sale(self, company, customers, counting):
        """Confirmed sale orders."""
        return SQL(
            """
            SELECT buyer.commercial_partner_id AS partner_id,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
                   o.amount_untaxed
                       / COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS amount,
                   FALSE AS is_refund, FALSE AS is_opening, 1 AS purchases,
                   o.name AS reference
              FROM sale_order o
              JOIN res_partner buyer ON buyer.id = o.partner_id
             WHERE o.company_id = %(company)s AND o.state = 'sale' AND %(only)s
            """,
            tz=company.care_tz,
            company=company.id,
            only=self._only(SQL("buyer.commercial_partner_id"), customers),
        )

    @api.model
    def _select_invoice(self, company, customers, counting):
        """Posted invoices and credit notes that no order or receipt stands for."""
        counted = []
        if "sale" in counting:
            counted.append(
                SQL(
                    """
                    (move.move_type = 'out_invoice' AND EXISTS (
                        SELECT 1 FROM account_move_line line
                          JOIN sale_order_line_invoice_rel link
                            ON link.invoice_line_id = line.id
                          JOIN sale_order_line sold ON sold.id = link.order_line_id
                          JOIN sale_order o ON o.id = sold.order_id
                         WHERE line.move_id = move.id AND o.state = 'sale'))
                    """
                )
            )
        if "pos" in counting:
            counted.append(
                SQL(
                    "EXISTS (SELECT 1 FROM pos_order receipt"
                    " WHERE receipt.account_move = move.id)"
                )
            )
        return SQL(
            """
            SELECT move.commercial_partner_id AS partner_id, move.invoice_date AS day,
                   move.amount_untaxed_signed AS amount,
                   move.move_type = 'out_refund' AS is_refund,
                   FALSE AS is_opening, 1 AS purchases, move.name AS reference
              FROM account_move move
             WHERE move.company_id = %(company)s AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND move.commercial_partner_id IS NOT NULL
               AND NOT (%(counted)s) AND %(only)s
            """,
            company=company.id,
            counted=SQL(" OR ").join(counted) if counted else SQL("FALSE"),
            only=self._only(SQL("move.commercial_partner_id"), customers),
        )

    @api.model
    def _select_pos(self, company, customers, counting):
        """Receipts of the till, without the lines that settle a counted order."""
        settled = SQL("0")
        if "sale" in counting and "sale_order_origin_id" in self.env["pos.order.line"]:
            settled = SQL(
                """
                COALESCE((
                    SELECT SUM(line.price_subtotal) FROM pos_order_line line
                      JOIN sale_order o ON o.id = line.sale_order_origin_id
                     WHERE line.order_id = receipt.id AND o.state = 'sale'), 0)
                """
            )
        return SQL(
            """
            SELECT buyer.commercial_partner_id AS partner_id,
                   (receipt.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                       AS day,
                   (receipt.amount_total - receipt.amount_tax - %(settled)s)
                       / COALESCE(NULLIF(receipt.currency_rate, 0), 1)::numeric
                       AS amount,
                   receipt.amount_total < 0 AS is_refund, FALSE AS is_opening,
                   1 AS purchases, receipt.name AS reference
              FROM pos_order receipt
              JOIN res_partner buyer ON buyer.id = receipt.partner_id
             WHERE receipt.company_id = %(company)s
               AND receipt.state IN ('paid', 'done', 'invoiced')
               AND (%(settled)s = 0
                    OR receipt.amount_total - receipt.amount_tax <> %(settled)s)
               AND %(only)s
            """,
            tz=company.care_tz,
            settled=settled,
            company=company.id,
            only=self._only(SQL("buyer.commercial_partner_id"), customers),
        )

    @api.model
    def _select_imported(self, company, customers, counting):
        """Purchases brought in from a file."""
        return SQL(
            """
            SELECT buyer.commercial_partner_id AS partner_id, purchase.day,
                   purchase.amount, purchase.amount < 0 AS is_refund,
                   COALESCE(purchase.is_opening, FALSE) AS is_opening,
                   purchase.purchase_count AS purchases, purchase.reference
              FROM care_purchase purchase
              JOIN res_partner buyer ON buyer.id = purchase.partner_id
             WHERE purchase.company_id = %(company)s AND %(only)s
            """,
            company=company.id,
            only=self._only(SQL("buyer.commercial_partner_id"), customers),
        )
