import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from odoo.tests import tagged

from ...lib import rfm
from ...models.customer.care_profile_refresh import SCORES
from ..common import CareCommon

TODAY = date(2026, 6, 15)
NOW = "2026-06-15 05:00"


class ProfileCommon(CareCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.care_tz = "Asia/Ho_Chi_Minh"
        cls.profiles = cls.env["care.profile"]
        cls.buyer = cls.env["res.partner"].create({"name": "Người mua"})
        cls.product = cls.env["product.product"].create(
            {"name": "Máy giặt", "invoice_policy": "order", "type": "service"}
        )

    def _buy(self, day, amount=100.0, partner=None, **values):
        return self.env["care.purchase"].create(
            {
                "partner_id": (partner or self.buyer).id,
                "day": day,
                "amount": amount,
                **values,
            }
        )

    def _order(self, moment, price, partner=None, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": (partner or self.buyer).id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "price_unit": price})
                ],
                **values,
            }
        )
        order.order_line.tax_ids = False
        order.action_confirm()
        order.date_order = moment
        return order

    def _profile(self, partner=None, company=None):
        return self.profiles.search(
            [
                ("partner_id", "=", (partner or self.buyer).id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _refresh(self, company=None):
        return self.profiles._refresh(company or self.company)


@tagged("post_install", "-at_install")
class TestCareProfile(ProfileCommon):
    def test_figures_of_one_buyer(self):
        """A worked example: 4 purchases, one refund, the oldest out of the window."""
        with self._at(NOW):
            self._buy(date(2025, 1, 10), 50)
            self._buy(date(2026, 1, 10), 100)
            self._buy(date(2026, 2, 9), 200)  # 30 days later
            self._buy(date(2026, 4, 10), 300)  # 60 days later
            self._buy(date(2026, 4, 12), -40)
            self._refresh()
        profile = self._profile()
        self.assertEqual(profile.first_purchase_on, date(2025, 1, 10))
        self.assertEqual(profile.last_purchase_on, date(2026, 4, 10))
        self.assertEqual(profile.purchase_count, 4)
        self.assertEqual(profile.purchase_count_365, 3)
        self.assertEqual(profile.revenue, 610)
        self.assertEqual(profile.revenue_365, 560)
        self.assertEqual(profile.refund_amount, 40)
        self.assertEqual(profile.average_purchase, 152.5)
        # gaps 365, 30, 60: the median is 60
        self.assertEqual(profile.gap_days, 60)
        self.assertEqual(profile.expected_on, date(2026, 6, 9))
        self.assertEqual(profile.silence_on, date(2026, 7, 9))
        self.assertEqual(profile.risk_on, date(2026, 8, 8))

    def test_no_rhythm_under_three_days_of_purchase(self):
        with self._at(NOW):
            self._buy(date(2026, 1, 10))
            self._buy(date(2026, 1, 10))
            self._buy(date(2026, 3, 10))
            self._refresh()
        self.assertEqual(self._profile().purchase_count, 3)
        self.assertFalse(self._profile().gap_days)
        self.assertFalse(self._profile().risk_on)

    def test_second_refresh_writes_nothing(self):
        with self._at(NOW):
            self._buy(date(2026, 1, 10))
            self.assertGreater(self._refresh()["created"], 0)
            self.assertEqual(
                self._refresh(), {"created": 0, "updated": 0, "removed": 0}
            )

    def test_day_is_that_of_the_company(self):
        """17:30 UTC is the next day in Hanoi."""
        with self._at(NOW):
            self._order(datetime(2026, 6, 10, 17, 30), 100)
            self._refresh()
        self.assertEqual(self._profile().last_purchase_on, date(2026, 6, 11))

    def test_order_and_invoice_count_once(self):
        with self._at(NOW):
            order = self._order(datetime(2026, 6, 1, 5), 100)
            invoice = order._create_invoices()
            invoice.invoice_date = date(2026, 6, 2)
            invoice.action_post()
            self._refresh()
            self.assertEqual(self._profile().purchase_count, 1)
            self.assertEqual(self._profile().revenue, 100)
            # the invoice counts when orders do not
            self.env.ref("customer_care.purchase_source_sale").active = False
            self._refresh()
            self.assertEqual(self._profile().purchase_count, 1)
            self.assertEqual(self._profile().last_purchase_on, date(2026, 6, 2))

    def test_credit_note_is_a_refund_even_beyond_the_order(self):
        with self._at(NOW):
            self._order(datetime(2026, 6, 1, 5), 100)
            note = self.env["account.move"].create(
                {
                    "move_type": "out_refund",
                    "partner_id": self.buyer.id,
                    "invoice_date": date(2026, 6, 3),
                    "invoice_line_ids": [
                        (0, 0, {"name": "zurück", "price_unit": 130, "tax_ids": []})
                    ],
                }
            )
            note.action_post()
            self._refresh()
        profile = self._profile()
        self.assertEqual(profile.refund_amount, 130)
        self.assertEqual(profile.revenue, -30)
        self.assertEqual(profile.last_purchase_on, date(2026, 6, 1))

    def test_other_currency_counts_in_that_of_the_company(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XCA",
                "symbol": "x",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4.0})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "XCA", "currency_id": currency.id}
        )
        with self._at(NOW):
            order = self._order(datetime(2026, 6, 1, 5), 100, pricelist_id=pricelist.id)
            self.assertEqual(order.currency_rate, 4.0)
            self._refresh()
        self.assertEqual(self._profile().revenue, 25)

    def test_opening_line_says_nothing_of_the_rhythm(self):
        with self._at(NOW):
            self._buy(date(2026, 1, 1), 900, is_opening=True, purchase_count=12)
            self._buy(date(2026, 2, 1))
            self._buy(date(2026, 3, 1))
            self._refresh()
        self.assertEqual(self._profile().purchase_count, 14)
        self.assertEqual(self._profile().revenue, 1100)
        self.assertFalse(self._profile().gap_days)

    def test_two_companies_are_kept_apart(self):
        with self._at(NOW):
            self._buy(date(2026, 1, 10), 100)
            self._buy(date(2026, 1, 11), 700, company_id=self.other_company.id)
            self._refresh()
            self._refresh(self.other_company)
        self.assertEqual(self._profile().revenue, 100)
        self.assertEqual(self._profile(company=self.other_company).revenue, 700)

    def test_who_is_a_customer(self):
        partner = self.env["res.partner"]
        company = partner.create({"name": "Công ty", "is_company": True})
        address = partner.create({"name": "Kho", "parent_id": company.id})
        supplier = partner.create({"name": "Nhà cung cấp"})
        marked = partner.create({"name": "Khách quen", "care_customer_mark": "yes"})
        refused = partner.create({"name": "Không", "care_customer_mark": "no"})
        archived = partner.create({"name": "Cũ", "care_customer_mark": "yes"})
        archived.active = False
        lead = partner.create({"name": "Lan"})
        self.env["crm.lead"].create({"name": "Máy lạnh", "partner_id": lead.id})
        colleague = self.user_own.partner_id
        with self._at(NOW):
            self._buy(date(2026, 1, 10), partner=address)
            self._buy(date(2026, 1, 10), partner=refused)
            self._buy(date(2026, 1, 10), partner=colleague)
            self._create_ticket()
            self._refresh()
        expected = {
            company: "purchase",
            self.customer: "ticket",
            lead: "lead",
            marked: "manual",
        }
        for customer, reason in expected.items():
            self.assertTrue(customer.care_is_customer, customer.name)
            self.assertEqual(customer.care_customer_reason, reason)
            self.assertTrue(self._profile(customer), customer.name)
        for other in (address, supplier, refused, archived, colleague):
            self.assertFalse(other.care_is_customer, other.name)
            self.assertFalse(self._profile(other), other.name)
        # and he stops being one
        marked.care_customer_mark = False
        self._refresh()
        self.assertFalse(marked.care_is_customer)
        self.assertFalse(self._profile(marked))

    def test_first_fill_is_silent(self):
        models = ("mail.mail", "mail.message", "sms.sms", "mail.activity", "care.touch")
        with self._at(NOW):
            self._buy(date(2026, 1, 10))
            before = {model: self.env[model].search_count([]) for model in models}
            self.profiles._refresh_all(self.company)
            after = {model: self.env[model].search_count([]) for model in models}
        self.assertEqual(before, after)

    def test_search_by_figures_of_the_current_company(self):
        with self._at(NOW):
            self._buy(date(2026, 1, 10), 100)
            self._buy(date(2026, 1, 11), 700, company_id=self.other_company.id)
            self._refresh()
            self._refresh(self.other_company)
        partner = self.env["res.partner"]
        rich = [("care_profile_id.revenue", ">=", 500), ("id", "=", self.buyer.id)]
        self.assertFalse(partner.search(rich))
        self.assertTrue(partner.with_company(self.other_company).search(rich))
        self.assertEqual(self.buyer.care_profile_id.revenue, 100)
        without = [("care_profile_id", "=", False), ("id", "=", self.customer_two.id)]
        self.assertTrue(partner.search(without))


@tagged("post_install", "-at_install")
class TestCareProfileAgainstPython(ProfileCommon):
    """The same figures by a second implementation, and part by part."""

    def _random_purchases(self, draw, count):
        partners = self.env["res.partner"].create(
            [{"name": f"Khách {number}"} for number in range(40)]
        )
        rows = []
        for _number in range(count):
            rows.append(
                {
                    "partner_id": draw.choice(partners).id,
                    "day": TODAY - timedelta(days=draw.randrange(0, 800)),
                    "amount": draw.randrange(-20, 200),
                }
            )
        self.env["care.purchase"].create(rows)
        return partners, rows

    def _expected(self, rows):
        bought = defaultdict(list)
        for row in rows:
            bought[row["partner_id"]].append((row["day"], row["amount"]))
        since = TODAY - timedelta(days=365)
        result = {}
        for partner, items in bought.items():
            days = sorted({day for day, amount in items if amount >= 0})
            gaps = [(later - earlier).days for earlier, later in pairwise(days)]
            gap = float(median(gaps)) if len(gaps) >= 2 else None
            result[partner] = {
                "first": days[0] if days else False,
                "last": days[-1] if days else False,
                "count": sum(amount >= 0 for _day, amount in items),
                "revenue": sum(amount for _day, amount in items),
                "revenue_365": sum(amount for day, amount in items if day > since),
                "gap": gap,
            }
        return result

    def test_random_purchases(self):
        draw = random.Random(7)
        with self._at(NOW):
            partners, rows = self._random_purchases(draw, 300)
            self._refresh()
        expected = self._expected(rows)
        self.assertGreater(len(expected), 30)
        for partner in partners.filtered(lambda item: item.id in expected):
            profile, wanted = self._profile(partner), expected[partner.id]
            self.assertEqual(profile.first_purchase_on, wanted["first"])
            self.assertEqual(profile.last_purchase_on, wanted["last"])
            self.assertEqual(profile.purchase_count, wanted["count"])
            self.assertEqual(profile.revenue, wanted["revenue"])
            self.assertEqual(profile.revenue_365, wanted["revenue_365"])
            self.assertEqual(profile.gap_days or None, wanted["gap"])

    def test_some_give_what_all_would_give(self):
        draw = random.Random(11)
        # scores compare customers: they follow when all are refreshed
        columns = [
            name
            for name, field in self.profiles._fields.items()
            if field.store and name not in SCORES
        ]
        with self._at(NOW):
            partners, _rows = self._random_purchases(draw, 200)
            self._refresh()
            for _turn in range(5):
                touched = partners.browse(draw.sample(partners.ids, 6))
                for partner in touched:
                    self._buy(TODAY - timedelta(days=draw.randrange(90)), 10, partner)
                self.profiles._refresh(self.company, touched)
            some = self.profiles.search([]).sorted("partner_id").read(columns)
            written = self._refresh()
            self.assertEqual((written["created"], written["removed"]), (0, 0))
            self.assertEqual(
                some, self.profiles.search([]).sorted("partner_id").read(columns)
            )

    def test_scores_by_rank(self):
        """More than 500 buyers: relative ranks, ties together, by definition."""
        draw = random.Random(3)
        partners = self.env["res.partner"].create(
            [{"name": f"Hạng {number}"} for number in range(600)]
        )
        rows = [
            {
                "partner_id": partner.id,
                "day": TODAY - timedelta(days=draw.randrange(1, 360)),
                "amount": draw.randrange(1, 50),
            }
            for partner in partners
            for _number in range(draw.randrange(1, 7))
        ]
        with self._at(NOW):
            self.env["care.purchase"].create(rows)
            self._refresh()
            profiles = self.profiles.search(
                [
                    ("company_id", "=", self.company.id),
                    ("last_purchase_on", "!=", False),
                ]
            )
        for column, score in (
            ("last_purchase_on", "recency_score"),
            ("purchase_count_365", "frequency_score"),
            ("revenue_365", "monetary_score"),
        ):
            values = sorted(profiles.mapped(column))
            for profile in profiles:
                below = sum(value < profile[column] for value in values)
                rank = below / (len(values) - 1)
                self.assertEqual(profile[score], rfm.rank_score(rank), column)
        for profile in profiles:
            group = rfm.group_of(
                profile.recency_score, profile.frequency_score, profile.monetary_score
            )
            self.assertEqual(profile.rfm_group, group)

    def test_few_buyers_are_scored_by_fixed_cuts(self):
        with self._at(NOW):
            for day in range(8):
                self._buy(TODAY - timedelta(days=10 + day), 100)
            late = self.env["res.partner"].create({"name": "Lâu"})
            self._buy(TODAY - timedelta(days=300), 10, late)
            self._refresh()
            best, worst = self._profile(), self._profile(late)
        self.assertEqual((best.recency_score, best.frequency_score), (5, 5))
        self.assertEqual((worst.recency_score, worst.frequency_score), (1, 1))
        self.assertFalse(self._profile(self.customer).rfm_group)

    def test_few_buyers_who_came_often_are_scored_by_fixed_cuts_too(self):
        """Nobody bought once, and yet three buyers are no ranking."""
        people = self.env["res.partner"].create(
            [{"name": f"Quen {number}"} for number in range(3)]
        )
        with self._at(NOW):
            for partner, times in zip(people, (2, 4, 7), strict=True):
                for number in range(times):
                    self._buy(TODAY - timedelta(days=10 + number), 100, partner)
            self._refresh()
            scores = [self._profile(partner).frequency_score for partner in people]
        self.assertEqual(scores, [2, 3, 4])
