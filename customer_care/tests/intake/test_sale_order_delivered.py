from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import NOW, IntakeCommon

#: The columns of tables of other apps that the SQL reads, where they are not installed.
STOCK = """
    CREATE TEMP TABLE stock_location (id int, usage varchar) ON COMMIT DROP;
    CREATE TEMP TABLE stock_move (sale_line_id int, state varchar, date timestamp,
           quantity numeric, location_id int, location_dest_id int) ON COMMIT DROP;
    INSERT INTO stock_location VALUES (1, 'internal'), (2, 'customer');
"""
TILL = """
    CREATE TEMP TABLE pos_order (id int, company_id int, partner_id int, name varchar,
           state varchar, date_order timestamp, amount_total numeric,
           amount_tax numeric, currency_rate numeric) ON COMMIT DROP;
    CREATE TEMP TABLE pos_order_line (order_id int, sale_order_origin_id int,
           price_subtotal numeric) ON COMMIT DROP;
"""


@tagged("post_install", "-at_install")
class TestSaleOrderDelivered(IntakeCommon):
    def _temporary(self, statements):
        """Shadow tables of other apps: temporary ones are found first."""
        self.env.cr.execute(statements)

    def _moved(self, order, *moves):
        """(state, moment, quantity, out?) of transfers of an order."""
        for state, moment, quantity, out in moves:
            self.env.cr.execute(
                "INSERT INTO stock_move VALUES (%s, %s, %s, %s, %s, %s)",
                [
                    order.order_line[:1].id,
                    state,
                    moment,
                    quantity,
                    1 if out else 2,
                    2 if out else 1,
                ],
            )

    def _days(self, query):
        return dict(self.env.execute_query(query))

    def test_promise_then_person(self):
        with self._at(NOW):
            order = self._order("2026-06-01 05:00:00", 100)
            self.assertFalse(order.care_delivered_on)
            order.commitment_date = "2026-06-20 05:00:00"
            self.assertFalse(order.care_delivered_on, "a promise is no delivery")
            order.commitment_date = "2026-06-09 20:00:00"
            self.assertEqual(order.care_delivered_on, date(2026, 6, 10), "in Hanoi")
            self.user_own.group_ids += self.env.ref(
                "sales_team.group_sale_salesman_all_leads"
            )
            order.with_user(self.user_own).action_care_delivered()
            self.assertEqual(order.care_delivered_on, date(2026, 6, 15))
            order.action_care_not_delivered()
            self.assertEqual(order.care_delivered_on, date(2026, 6, 10))

    def test_search_three_to_seven_days_ago(self):
        with self._at(NOW):
            late, right, never = (
                self._order("2026-06-01 05:00:00", 100) for _number in range(3)
            )
            late.commitment_date = "2026-06-02 05:00:00"
            right.commitment_date = "2026-06-10 05:00:00"
            orders = late | right | never
            own = [("id", "in", orders.ids)]
            found = orders.search(
                [
                    *own,
                    ("care_delivered_on", ">=", "2026-06-08"),
                    ("care_delivered_on", "<=", "2026-06-12"),
                ]
            )
            self.assertEqual(found, right)
            self.assertEqual(
                orders.search([*own, ("care_delivered_on", "=", False)]), never
            )
            self.assertEqual(
                orders.search([*own, ("care_delivered_on", "!=", False)]), late | right
            )
            self.assertEqual(
                self.buyer.search(
                    [
                        ("id", "=", self.buyer.id),
                        ("care_delivered_on", "=", "2026-06-10"),
                    ]
                ),
                self.buyer,
            )
            self.assertEqual(self.buyer.care_delivered_on, date(2026, 6, 10))

    def test_one_query_for_many(self):
        with self._at(NOW):
            orders = self.env["sale.order"]
            for _number in range(3):
                orders |= self._order("2026-06-01 05:00:00", 100)
            orders.commitment_date = "2026-06-10 05:00:00"
            self.env.flush_all()
            orders.mapped("company_id.care_tz")
            with self.assertQueryCount(1):
                days = orders._care_delivered_on()
        self.assertEqual(set(days.values()), {date(2026, 6, 10)})
        self.assertEqual(set(days), set(orders.ids))

    def test_who_says_it(self):
        with self._at(NOW):
            order = self._order("2026-06-01 05:00:00", 100)
            quotation = order.copy()
            with self.assertRaises(AccessError):
                order.with_user(self.user_reader).action_care_delivered()
            with self.assertRaises(AccessError):
                order.with_user(self.user_portal).action_care_delivered()
            with self.assertRaises(UserError):
                quotation.action_care_delivered()

    def test_transfers_less_returns(self):
        """The last one out counts, while something stays out."""
        self._temporary(STOCK)
        with self._at(NOW):
            sent, back, waiting, none = (
                self._order("2026-06-01 05:00:00", 100) for _number in range(4)
            )
        self._moved(
            sent,
            ("done", "2026-06-03 20:00", 1, True),
            ("done", "2026-06-05 05:00", 2, True),
            ("done", "2026-06-07 05:00", 2, False),
            ("cancel", "2026-06-09 05:00", 5, True),
        )
        self._moved(
            back,
            ("done", "2026-06-03 05:00", 2, True),
            ("done", "2026-06-07 05:00", 2, False),
        )
        self._moved(waiting, ("assigned", "2026-06-03 05:00", 2, True))
        query = self.env["sale.order"]._care_moves_sql(self.company)
        self.assertEqual(
            self._days(query),
            {sent.id: date(2026, 6, 5), back.id: None, waiting.id: None},
        )

    def test_transfers_decide_before_promises(self):
        """What came back was not delivered, whatever had been promised."""
        with self._at(NOW):
            order = self._order("2026-06-01 05:00:00", 100)
            order.commitment_date = "2026-06-10 05:00:00"
            self.env.flush_all()
            kind = type(order)
            for day, expected in (
                (None, {}),
                (date(2026, 6, 3), {order.id: date(2026, 6, 3)}),
            ):
                transfers = SQL("SELECT %s AS order_id, %s::date AS day", order.id, day)
                self.patch(
                    kind, "_care_transfers_sql", lambda *_args, sql=transfers: sql
                )
                self.assertEqual(order._care_delivered_on(), expected)

    def test_receipt_of_the_till(self):
        self._temporary(TILL)
        with self._at(NOW):
            order = self._order("2026-06-01 05:00:00", 100)
        self.env.cr.execute(
            "INSERT INTO pos_order VALUES (1, %s, NULL, 'R', 'paid', '2026-06-04 20:00',"
            " 0, 0, 1), (2, %s, NULL, 'R', 'draft', '2026-06-08 05:00', 0, 0, 1)",
            [self.company.id, self.company.id],
        )
        self.env.cr.execute(
            "INSERT INTO pos_order_line VALUES (1, %s, 0), (2, %s, 0)",
            [order.id, order.id],
        )
        query = self.env["sale.order"]._care_tills_sql(self.company)
        self.assertEqual(self._days(query), {order.id: date(2026, 6, 5)})

    # ------------------------------------------------------------------- sources
    def test_receipts_as_purchases(self):
        """Paid receipts, in the company's currency, without taxes, refunds negative."""
        self._temporary(TILL)
        other = self.other_company.id
        self.env.cr.execute(
            """
            INSERT INTO pos_order VALUES
            (1, %(own)s, %(who)s, 'R1', 'paid', '2026-06-04 20:00', 110, 10, 1),
            (2, %(own)s, %(who)s, 'R2', 'done', '2026-06-05 05:00', 55, 5, 0.5),
            (3, %(own)s, %(who)s, 'R3', 'invoiced', '2026-06-06 05:00', -440, -40, 1),
            (4, %(own)s, %(who)s, 'R4', 'draft', '2026-06-07 05:00', 110, 10, 1),
            (5, %(other)s, %(who)s, 'R5', 'paid', '2026-06-07 05:00', 110, 10, 1)
            """,
            {"own": self.company.id, "who": self.buyer.id, "other": other},
        )
        sources = self.env["care.purchase.source"]
        query = sources._select_pos(self.company, None, {"pos"})
        rows = self.env.execute_query(
            SQL("SELECT day, amount, is_refund FROM (%s) bought ORDER BY day", query)
        )
        self.assertEqual(
            rows,
            [
                (date(2026, 6, 5), 100, False),
                (date(2026, 6, 5), 100, False),
                (date(2026, 6, 6), -400, True),
            ],
        )

    def test_what_each_source_holds(self):
        with self._at(NOW):
            before = self._found()
            self._order("2026-06-01 05:00:00", 100)
            self._order("2026-05-01 05:00:00", 100)
            other = self.partners.create({"name": "Khác"})
            self._buy("2020-02-02", 10, other, purchase_count=3, is_opening=True)
            self._buy("2026-02-02", -5, other)
            after = self._found()
        self.assertEqual(after["sale"][1] - before["sale"][1], 2)
        self.assertEqual(after["sale"][0] - before["sale"][0], 1)
        self.assertEqual(after["imported"][1] - before["imported"][1], 3)
        self.assertEqual(after["imported"][0] - before["imported"][0], 1)
        self.assertLessEqual(after["imported"][2], date(2020, 2, 2))

    def _found(self):
        rows = self.env["care.purchase.source"]._found(self.company)
        return {
            row["source"].code: (row["customers"], row["purchases"], row["since"])
            for row in rows
        }

    def test_who_was_left_out_and_why(self):
        with self._at(NOW):
            self._refresh()
            before = self._left_out()
            self.partners.create(
                [
                    {"name": "Lưu trữ", "active": False},
                    {"name": "Không", "care_customer_mark": "no"},
                    {"name": "NCC", "supplier_rank": 2},
                    {"name": "Người lạ"},
                    {"name": "Khách", "care_customer_mark": "yes"},
                    {"name": "Chi nhánh khác", "company_id": self.other_company.id},
                ]
            )
            self._refresh()
            after = self._left_out()
        change = {code: after[code] - before[code] for code in after}
        self.assertEqual(
            change,
            {
                "internal": 0,
                "own_company": 0,
                "archived": 1,
                "never": 1,
                "supplier": 1,
                "no_sign": 1,
            },
        )

    def _left_out(self):
        rows = self.env["care.purchase.source"]._left_out(self.company)
        return {row["code"]: row["count"] for row in rows}
