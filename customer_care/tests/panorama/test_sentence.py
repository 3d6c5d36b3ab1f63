from datetime import date, datetime

from odoo.tests import tagged

from .common import PanoramaCommon


@tagged("post_install", "-at_install")
class TestSentence(PanoramaCommon):
    def _said(self, partner=None):
        partner = partner or self.customer
        partner.invalidate_recordset()
        return partner.with_user(self.user_own).care_sentence

    def test_nothing_is_known(self):
        self.assertEqual(self._said(), "Nguyễn Thị Mai, no purchase yet.")

    def test_example_of_the_words(self):
        """Loyal since March 2023, seven purchases, the last 12 days ago, a complaint."""
        with self._at("2023-03-05 03:00"):
            self.customer.care_stage_id = self.env.ref("customer_care.care_stage_loyal")
        for month in range(1, 7):
            self._buy(date(2024, month, 1), partner=self.customer)
        self._buy(date(2026, 6, 3), partner=self.customer)
        self._create_ticket(kind="complaint")
        with self._at("2026-06-15 05:00"):
            self.assertEqual(
                self._said(),
                "Nguyễn Thị Mai, loyal customer since 3/2023, bought 7 times, the last"
                " time 12 days ago; 1 open complaint.",
            )

    def test_purchases_of_every_source_count_once(self):
        with self._at("2026-06-15 05:00"):
            order = self._order(datetime(2026, 6, 14, 5), 100, self.customer)
            invoice = order._create_invoices()
            invoice.invoice_date = date(2026, 6, 14)
            invoice.action_post()
            self.assertEqual(self._said(), "Nguyễn Thị Mai, bought once, yesterday.")
            self._buy(date(2026, 1, 10), partner=self.customer)
            self.assertEqual(
                self._said(),
                "Nguyễn Thị Mai, bought 2 times since 1/2026, the last time yesterday.",
            )

    def test_refunds_and_the_future_are_no_purchases(self):
        with self._at("2026-06-15 05:00"):
            self._buy(date(2026, 6, 1), -40, self.customer)
            self._buy(date(2026, 6, 20), 40, self.customer)
            self.assertEqual(self._said(), "Nguyễn Thị Mai, no purchase yet.")

    def test_companies_in_view_alone(self):
        self._buy(date(2026, 6, 1), 9, self.customer, company_id=self.other_company.id)
        self.assertEqual(self._said(), "Nguyễn Thị Mai, no purchase yet.")

    def test_stages_have_words(self):
        said = {
            "potential": "potential customer",
            "new": "new customer",
            "existing": "existing customer",
            "loyal": "loyal customer",
            "vip": "VIP customer",
            "at_risk": "customer at risk",
            "dormant": "dormant customer",
            "former": "former customer",
        }
        for code, words in said.items():
            stage = self.env.ref(f"customer_care.care_stage_{code}")
            with self._at("2026-06-15 05:00"):
                self.customer.care_stage_id = stage
            self.assertEqual(
                self._said(),
                f"Nguyễn Thị Mai, {words} since 6/2026, no purchase yet.",
            )

    def test_a_renamed_stage_is_said_by_its_name(self):
        stage = self.env.ref("customer_care.care_stage_loyal")
        stage.with_context(lang="en_US").name = "Golden"
        with self._at("2026-06-15 05:00"):
            self.customer.care_stage_id = stage
        self.assertEqual(
            self._said(),
            "Nguyễn Thị Mai, golden customer since 6/2026, no purchase yet.",
        )

    def test_person_of_a_company_counts_with_it(self):
        hotel = self.env["res.partner"].create(
            {"name": "Khách sạn Sen", "is_company": True, "lang": "en_US"}
        )
        person = self.env["res.partner"].create(
            {"name": "Lê Thuỷ", "parent_id": hotel.id, "lang": "en_US"}
        )
        with self._at("2026-06-15 05:00"):
            self._buy(date(2026, 6, 15), 9, hotel)
            self.assertEqual(
                self._said(person), "Lê Thuỷ of Khách sạn Sen, bought once, today."
            )

    def test_batch_costs_the_same_for_one_and_for_many(self):
        people = self.env["res.partner"].create(
            [{"name": f"Khách {number}"} for number in range(40)]
        )
        for person in people:
            self._buy(date(2026, 6, 1), 9, person)

        def queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.with_user(self.user_own).mapped("care_sentence")
            return self.env.cr.sql_log_count - before

        queries(people[:2])
        self.assertEqual(queries(people), queries(people[:2]))
