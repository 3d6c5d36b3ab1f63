from datetime import date, timedelta

from odoo.tests import tagged

from ..customer.test_care_profile import NOW, TODAY
from .common import PanoramaCommon


@tagged("post_install", "-at_install")
class TestSuggestion(PanoramaCommon):
    def setUp(self):
        super().setUp()
        self.customer.care_manager_id = self.user_lead
        clock = self._at(NOW)
        clock.__enter__()
        self.addCleanup(clock.__exit__, None, None, None)

    def _found(self, user=None, partner=None):
        partner = (partner or self.customer).with_user(user or self.user_own)
        self.env.invalidate_all()
        suggestions = partner._get_care_suggestions(partner._get_care_facts())
        return {entry["key"]: entry for entry in suggestions[partner.id]}

    def _rhythm(self, gap, silent):
        """Four purchases, ``gap`` days apart, the last ``silent`` days ago."""
        for index in range(4):
            day = TODAY - timedelta(days=silent + index * gap)
            self._buy(day, 10, self.customer)
        self._refresh()

    def test_nothing_presses(self):
        self.assertEqual(self._found(), {})

    def test_an_open_complaint_comes_first(self):
        ticket = self._create_ticket(kind="complaint", user_id=self.user_own.id)
        waiting = self._create_ticket(name="Hỏi giá", user_id=self.user_own.id)
        self._post(waiting, self.user_portal)
        self.customer.care_birthday = date(1990, 6, 17)
        found = self._found()
        self.assertEqual(list(found), ["complaint", "answer", "birthday"])
        self.assertEqual(
            found["complaint"]["reason"],
            "“Máy giặt không chạy” is open since 06/15/2026.",
        )
        self.assertEqual(found["complaint"]["res_id"], ticket.id)
        self.assertEqual(found["answer"]["res_id"], waiting.id)
        ticket.action_solve()
        self.assertNotIn("complaint", self._found())

    def test_a_complaint_of_colleagues_is_told_without_its_name(self):
        self._create_ticket(name="BÍ MẬT", kind="complaint", user_id=self.user_team.id)
        found = self._found()["complaint"]
        self.assertEqual(found["title"], "Offer nothing now")
        self.assertNotIn("res_id", found)
        self.assertNotIn("BÍ MẬT", str(found))

    def test_birthday_within_a_week(self):
        for born, words in (
            (date(1990, 6, 15), "The birthday is today."),
            (date(1990, 6, 22), "The birthday is on Monday 22/6."),
        ):
            self.customer.care_birthday = born
            self.assertEqual(self._found()["birthday"]["reason"], words)
        self.customer.care_birthday = date(1990, 6, 23)
        self.assertNotIn("birthday", self._found())
        self.customer.care_birthday = date(1990, 6, 14)
        self.assertNotIn("birthday", self._found())

    def test_born_on_29_february(self):
        self.customer.care_birthday = date(1992, 2, 29)
        with self._at("2027-02-25 05:00"):
            self.assertEqual(
                self._found()["birthday"]["reason"],
                "The birthday is on Sunday 28/2.",
            )

    def test_silence_beyond_the_own_rhythm(self):
        self._rhythm(gap=30, silent=45)
        self.assertEqual(
            self._found()["silence"]["reason"],
            "Usually buys every 30 days, and has bought nothing for 45 days.",
        )
        self.assertNotIn("due", self._found())

    def test_next_purchase_is_due(self):
        self._rhythm(gap=30, silent=23)
        self.assertEqual(
            self._found()["due"]["reason"],
            "Usually buys every 30 days; that is 06/22/2026.",
        )
        self.assertNotIn("silence", self._found())

    def test_not_due_yet(self):
        self._rhythm(gap=30, silent=22)
        self.assertEqual(self._found(), {})

    def test_no_rhythm_no_word(self):
        self._buy(TODAY - timedelta(days=300), 10, self.customer)
        self._refresh()
        self.assertEqual(self._found(), {})

    def test_nobody_in_charge_of_a_buyer(self):
        self.customer.care_manager_id = False
        self.assertNotIn("person", self._found(), "who bought nothing needs nobody")
        self._buy(TODAY - timedelta(days=5), 10, self.customer)
        self.assertIn("person", self._found())

    def test_no_way_to_reach(self):
        self.customer.write({"phone": False, "email": False})
        self.assertIn("address", self._found())
        self.customer.phone = "0912345678"
        self.assertNotIn("address", self._found())

    # ------------------------------------------------------------------ products

    def _sell(self, partner, *products, company=None):
        env = self.env["sale.order"].with_company(company or self.company)
        order = env.create(
            {
                "partner_id": partner.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "price_unit": 1})
                    for product in products
                ],
            }
        )
        order.action_confirm()
        return order

    def _wares(self):
        return self.env["product.product"].create(
            [
                {"name": name, "type": "service"}
                for name in ("Máy lọc", "Lõi lọc", "Quạt")
            ]
        )

    def test_bought_together_with_counts(self):
        purifier, filter_, fan = self._wares()
        others = self.env["res.partner"].create(
            [{"name": f"Khách {number}"} for number in range(8)]
        )
        for other in others[:3]:
            self._sell(other, purifier, filter_)
        for other in others[3:5]:
            self._sell(other, purifier, fan)
        for other in others[5:]:
            self._sell(other, purifier)
        self._sell(self.customer, purifier)
        found = self._found()["product"]
        self.assertEqual(found["title"], "Offer “Lõi lọc”")
        self.assertEqual(
            found["reason"], "3 of 9 orders with “Máy lọc” had it as well."
        )
        self._sell(self.customer, filter_)
        self.assertNotIn("product", self._found(), "who has it needs no offer")

    def test_two_orders_are_no_habit(self):
        purifier, filter_, _fan = self._wares()
        for number in range(2):
            other = self.env["res.partner"].create({"name": f"Khách {number}"})
            self._sell(other, purifier, filter_)
        self._sell(self.customer, purifier)
        self.assertNotIn("product", self._found())

    def test_orders_of_other_companies_say_nothing(self):
        purifier, filter_, _fan = self._wares()
        for number in range(4):
            other = self.env["res.partner"].create({"name": f"Khách {number}"})
            self._sell(other, purifier, filter_, company=self.other_company)
        self._sell(self.customer, purifier)
        self.assertNotIn("product", self._found())

    def test_a_product_that_is_not_sold_any_more(self):
        purifier, filter_, _fan = self._wares()
        for number in range(4):
            other = self.env["res.partner"].create({"name": f"Khách {number}"})
            self._sell(other, purifier, filter_)
        self._sell(self.customer, purifier)
        self.assertIn("product", self._found())
        filter_.sale_ok = False
        self.assertNotIn("product", self._found())

    def test_queries_do_not_grow_with_customers(self):
        people = self.env["res.partner"].create(
            [{"name": f"Khách {number}"} for number in range(30)]
        )
        purifier, filter_, _fan = self._wares()
        for person in people:
            self._sell(person, purifier)
            self._create_ticket(partner_id=person.id, kind="complaint")
        other = self.env["res.partner"].create({"name": "Ai đó"})
        for _turn in range(20):
            self._sell(other, purifier, filter_)

        def queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mine = partners.with_user(self.user_lead)
            found = mine._get_care_suggestions(mine._get_care_facts())
            self.assertEqual(
                {tuple(entry["key"] for entry in found[one.id]) for one in partners},
                {("complaint", "address", "person", "product")},
            )
            return self.env.cr.sql_log_count - before

        queries(people[:2])
        self.assertEqual(queries(people), queries(people[:2]))
