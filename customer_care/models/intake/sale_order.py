"""When an order was delivered: by transfers, a receipt, a person, or as promised."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import COMPARED


class SaleOrder(models.Model):
    _inherit = "sale.order"

    care_delivered_on = fields.Date(
        string="Delivered on",
        compute="_compute_care_delivered_on",
        search="_search_care_delivered_on",
        help="The last transfer to the customer less what came back; else the receipt; "
        "else the day on which somebody pressed “Delivered”; else the delivery date, "
        "once it has passed.",
    )
    care_handed_over_on = fields.Date(
        string="Marked as Delivered on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )

    @api.depends("state", "commitment_date", "care_handed_over_on")
    def _compute_care_delivered_on(self):
        days = self._care_delivered_on()
        for order in self:
            order.care_delivered_on = days.get(order._origin.id, False)

    def _care_delivered_on(self):
        """Return on which day each of these orders was delivered, in one query.

        Public Python for whatever follows a delivery. Orders that were not delivered
        are missing.

        :return: dict of order id to date, in the time zone of the order's company
        """
        self.env.flush_all()
        days = {}
        for company, orders in self.grouped("company_id").items():
            query = self._care_delivered_sql(company, orders)
            days.update(self.env.execute_query(query))
        return days

    @api.model
    def _search_care_delivered_on(self, operator, value):
        if operator == "in":
            return Domain.OR(
                self._care_delivered_where(SQL("day = %s", day))
                if day
                else ~self._care_delivered_where(SQL("TRUE"))
                for day in value
            )
        if operator not in COMPARED or not value:
            return NotImplemented
        return self._care_delivered_where(SQL("day %s %s", COMPARED[operator], value))

    @api.model
    def _care_delivered_where(self, condition):
        return Domain.OR(
            Domain(
                "id",
                "in",
                SQL(
                    "(SELECT order_id FROM (%s) delivery WHERE %s)",
                    self._care_delivered_sql(company),
                    condition,
                ),
            )
            for company in self.env.companies
        )

    # ----------------------------------------------------------------------- SQL
    @api.model
    def _care_delivered_sql(self, company, orders=None):
        """Return (order_id, day) of the delivered orders of a company.

        Where an order has transfers, they alone decide. A delivery date that is still
        to come is a promise and no delivery.

        :param orders: ``sale.order`` to look at; None: all
        """
        only = (
            SQL("TRUE")
            if orders is None
            else SQL("sold.id = ANY(%s)", list(orders.ids))
        )
        return SQL(
            """
            SELECT sold.id AS order_id, CASE
                   WHEN moved.order_id IS NOT NULL THEN moved.day
                   ELSE COALESCE(paid.day, sold.care_handed_over_on, promised.day) END
                       AS day
              FROM sale_order sold
              LEFT JOIN (%(moved)s) moved ON moved.order_id = sold.id
              LEFT JOIN (%(paid)s) paid ON paid.order_id = sold.id
              LEFT JOIN LATERAL (
                   SELECT (sold.commitment_date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)
                              ::date AS day) promised
                ON promised.day <= %(today)s
             WHERE sold.company_id = %(company)s AND sold.state = 'sale' AND %(only)s
               AND CASE WHEN moved.order_id IS NOT NULL THEN moved.day
                        ELSE COALESCE(paid.day, sold.care_handed_over_on, promised.day)
                   END IS NOT NULL
            """,
            moved=self._care_transfers_sql(company),
            paid=self._care_receipts_sql(company),
            tz=company.care_tz,
            today=self.env["care.profile"]._today(company),
            company=company.id,
            only=only,
        )

    @api.model
    def _care_nothing_sql(self):
        return SQL("SELECT NULL::int AS order_id, NULL::date AS day WHERE FALSE")

    @api.model
    def _care_transfers_sql(self, company):
        """Return (order_id, day) of the orders with transfers; nothing without stock."""
        if "sale_line_id" not in self.env.get("stock.move", ()):
            return self._care_nothing_sql()
        return self._care_moves_sql(company)

    @api.model
    def _care_moves_sql(self, company):
        """Return the day of the last transfer to the customer, from the tables of stock.

        No day where as much came back as had gone out, or nothing has gone out yet.
        Reads stock_move (sale_line_id, state, date, quantity, location_id,
        location_dest_id) and stock_location (usage).
        """
        return SQL(
            """
            SELECT line.order_id, CASE
                   WHEN SUM(CASE
                       WHEN move.state <> 'done' THEN 0
                       WHEN there.usage = 'customer' THEN move.quantity
                       WHEN here.usage = 'customer' THEN -move.quantity
                       ELSE 0 END) > 0
                   THEN (MAX(move.date) FILTER (
                            WHERE move.state = 'done' AND there.usage = 'customer')
                         AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date END AS day
              FROM stock_move move
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN stock_location here ON here.id = move.location_id
              JOIN stock_location there ON there.id = move.location_dest_id
             WHERE move.state <> 'cancel' AND line.company_id = %(company)s
             GROUP BY line.order_id
            """,
            tz=company.care_tz,
            company=company.id,
        )

    @api.model
    def _care_receipts_sql(self, company):
        """Return (order_id, day) of orders settled at a till; nothing without one."""
        if "sale_order_origin_id" not in self.env.get("pos.order.line", ()):
            return self._care_nothing_sql()
        return self._care_tills_sql(company)

    @api.model
    def _care_tills_sql(self, company):
        """Return the day of the last receipt of an order, from the tables of the till.

        Reads pos_order_line (order_id, sale_order_origin_id) and pos_order
        (company_id, state, date_order).
        """
        return SQL(
            """
            SELECT line.sale_order_origin_id AS order_id,
                   (MAX(receipt.date_order) AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)
                       ::date AS day
              FROM pos_order_line line
              JOIN pos_order receipt ON receipt.id = line.order_id
             WHERE receipt.company_id = %(company)s
               AND receipt.state IN ('paid', 'done', 'invoiced')
               AND line.sale_order_origin_id IS NOT NULL
             GROUP BY line.sale_order_origin_id
            """,
            tz=company.care_tz,
            company=company.id,
        )

    # ------------------------------------------------------------------- actions
    def action_care_delivered(self):
        """Note that these orders were delivered today, for whoever may see them.

        :raises AccessError: the caller is neither of customer care nor may edit them
        :raises UserError: an order that is not confirmed
        """
        self._check_care_hander()
        if any(order.state != "sale" for order in self):
            raise UserError(
                self.env._("Only a confirmed order can be delivered. Confirm it first.")
            )
        for company, orders in self.sudo().grouped("company_id").items():
            orders.care_handed_over_on = self.env["care.profile"]._today(company)

    def action_care_not_delivered(self):
        """Take the mark “Delivered” off these orders again.

        :raises AccessError: the caller is neither of customer care nor may edit them
        """
        self._check_care_hander()
        self.sudo().care_handed_over_on = False

    def _check_care_hander(self):
        """Agents of customer care need to see the orders, others to edit them."""
        is_agent = self.env.user.has_group("customer_care.group_agent_own")
        if not is_agent and not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "Only people of sales and of customer care say that an order was "
                    "delivered."
                )
            )
        self.check_access("read")

    @api.model
    def _care_touch_fields(self):
        return super()._care_touch_fields() | {"commitment_date", "care_handed_over_on"}
