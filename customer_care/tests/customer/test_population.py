from datetime import date, timedelta

from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...lib.internal import INTERNAL
from .test_care_profile import NOW, TODAY, ProfileCommon


@tagged("post_install", "-at_install")
class TestPopulation(ProfileCommon):
    """Who is a customer, of which company, and what goes with him."""

    def _know(self, company=None):
        self._refresh(company)
        self.env.invalidate_all()

    # ------------------------------------------------------------ of the company
    def test_customer_of_the_current_company_alone(self):
        lead = self.env["res.partner"].create({"name": "Lan"})
        self.env["crm.lead"].create({"name": "x", "partner_id": lead.id})
        self.env["crm.lead"].search(
            [("partner_id", "=", lead.id)]
        ).company_id = self.company
        with self._at(NOW):
            self._buy(TODAY, 100, company_id=self.other_company.id)
            self._know()
            self._know(self.other_company)
        ours = self.buyer | lead | self.customer_two
        there = ours.with_company(self.other_company)
        self.assertEqual(ours.mapped("care_is_customer"), [False, True, False])
        self.assertEqual(there.mapped("care_is_customer"), [True, False, False])
        self.assertEqual(
            [partner.care_customer_reason for partner in ours], [False, "lead", False]
        )
        only = [("id", "in", ours.ids)]
        for domain, here, elsewhere in (
            ([("care_is_customer", "=", True)], lead, self.buyer),
            (
                [("care_is_customer", "=", False)],
                self.buyer | self.customer_two,
                lead | self.customer_two,
            ),
            ([("care_customer_reason", "=", "purchase")], ours[:0], self.buyer),
            (
                [("care_customer_reason", "in", ["lead", False])],
                ours,
                lead | self.customer_two,
            ),
        ):
            self.assertEqual(ours.search(only + domain), here, domain)
            self.assertEqual(there.search(only + domain), elsewhere, domain)

    def test_reader_without_a_role_may_ask_who_is_a_customer(self):
        with self._at(NOW):
            self._buy(TODAY)
            self._know()
        buyer = self.buyer.with_user(self.user_reader)
        self.assertTrue(buyer.care_is_customer)
        domain = [("care_is_customer", "=", True), ("id", "=", buyer.id)]
        self.assertEqual(buyer.search(domain), buyer)

    def test_who_joins_a_company_is_no_customer_beside_it(self):
        firm = self.env["res.partner"].create({"name": "Công ty", "is_company": True})
        touches = self.env["care.touch"]
        with self._at(NOW):
            self.company.care_filled_on = NOW
            self._buy(TODAY, 30)
            touches._look_at(touches._take()[0], silent=False)
            self.assertTrue(self._profile())
            self.buyer.parent_id = firm
            touches._look_at(touches._take()[0], silent=False)
        self.assertFalse(self._profile())
        self.assertEqual(self._profile(firm).revenue, 30)

    def test_who_leaves_a_company_takes_his_purchases_along(self):
        firm = self.env["res.partner"].create({"name": "Công ty", "is_company": True})
        self.buyer.parent_id = firm
        touches = self.env["care.touch"]
        with self._at(NOW):
            self.company.care_filled_on = NOW
            self._buy(TODAY, 30)
            touches._look_at(touches._take()[0], silent=False)
            self.assertEqual(self._profile(firm).revenue, 30)
            self.buyer.parent_id = False
            touches._look_at(touches._take()[0], silent=False)
        self.assertFalse(self._profile(firm))
        self.assertEqual(self._profile().revenue, 30)

    # ---------------------------------------------------------------- going along
    def test_events_go_with_customer_segment_and_company(self):
        company = self.env["res.company"].create({"name": "Vinh"})
        self.env["care.segment"].search([("company_id", "=", company.id)]).unlink()
        other = self.env["res.partner"].create({"name": "Hoa"})
        with self._at(NOW):
            for partner in self.buyer | other:
                self._buy(TODAY, 10, partner, company_id=company.id)
            self._refresh(company)
            self.env["care.stage"]._apply_rules(company)
            segments = self.env["care.segment"].create(
                [
                    {
                        "name": name,
                        "company_id": company.id,
                        "domain": f"[('id', 'in', {(self.buyer | other).ids})]",
                    }
                    for name in ("a", "b")
                ]
            )
            for segment in segments:
                segment._refresh()
        self.assertEqual(self._count("care_segment_event", segments), 4)
        self.env["care.purchase"].search([("partner_id", "=", other.id)]).unlink()
        other.unlink()
        self.assertEqual(self._count("care_segment_member", segments), 2)
        self.assertEqual(self._count("care_segment_event", segments), 2)
        segments[0].unlink()
        for table in ("care_segment_member", "care_segment_event"):
            self.assertEqual(self._count(table, segments), 1, table)
        segments[1].unlink()
        self.env["care.purchase"].search([("company_id", "=", company.id)]).unlink()
        tables = ("care_profile", "care_stage_change")
        for table in tables:
            self.assertGreater(self._count(table, company, "company_id"), 0, table)
        company.unlink()
        for table in tables:
            self.assertEqual(self._count(table, company, "company_id"), 0, table)

    def test_rows_of_nobody_are_swept_up(self):
        segment = self.env["care.segment"].create({"name": "x"})
        gone = self.env["res.partner"].create({"name": "x"})
        self.env["care.segment.event"].create(
            [
                {
                    "segment_id": segment.id,
                    "partner_id": partner.id,
                    "kind": "enter",
                    "on": NOW,
                }
                for partner in self.buyer | gone
            ]
        )
        members = self.env["care.segment.member"]
        members._set_override(segment, self.buyer | gone, "include")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [gone.id])
        self.env["care.segment.event"]._gc_gone()
        self.assertEqual(self._count("care_segment_event", segment), 1)
        self.assertEqual(self._count("care_segment_member", segment), 1)

    def _count(self, table, records, column="segment_id"):
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT COUNT(*) FROM {table} WHERE {column} = ANY(%s)",
            [list(records.ids)],
        )
        return self.env.cr.fetchone()[0]

    # ------------------------------------------------------------------ care stage
    def test_stage_from_before_the_rules_is_kept(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        self.company.care_filled_on = False
        placed = self.buyer.with_context(care_stage_moved=INTERNAL).sudo()
        placed.care_stage_id = vip
        with self._at(NOW):
            self._buy(TODAY)
            self._buy(TODAY, partner=self.customer_two)
            self.profiles._refresh_all(self.company)
        self.env.invalidate_all()
        self.assertEqual(self.buyer.care_stage_id, vip)
        self.assertEqual(self.buyer.care_stage_since, TODAY)
        self.assertEqual(self.buyer.care_stage_lock_until, TODAY + timedelta(days=90))
        self.assertEqual(self.customer_two.care_stage_id.code, "new")
        self.assertFalse(self.customer_two.care_stage_lock_until)

    def test_lock_holds_through_its_last_day_and_no_longer(self):
        """The lock alone: the care stage asks for no days outside its rule."""
        vip = self.env.ref("customer_care.care_stage_vip")
        vip.write({"rule_domain": "[('is_top_tier', '=', True)]"})
        vip.leave_after_days = 0
        with self._at(NOW):
            self._buy(TODAY)
            self._refresh()
            self.buyer._care_move(vip, TODAY + timedelta(days=5))
        for days, code in ((0, "vip"), (5, "vip"), (6, "new")):
            with self._at(f"{TODAY + timedelta(days=days)} 05:00"):
                self.env["care.stage"]._apply_rules(self.company)
                self.assertEqual(self.buyer.care_stage_id.code, code, days)

    def test_times_entered_are_counted_on_the_member_as_in_the_event(self):
        segment = self.env["care.segment"].create(
            {"name": "x", "domain": f"[('id', '=', {self.buyer.id})]"}
        )
        self.buyer.care_customer_mark = "yes"
        for turn in (1, 2, 3):
            self.buyer.active = True
            self._refresh()
            segment._refresh()
            member = self.env["care.segment.member"].search(
                [("segment_id", "=", segment.id)]
            )
            event = self.env["care.segment.event"].search(
                [("segment_id", "=", segment.id)], limit=1
            )
            self.assertEqual((member.rotation, event.rotation), (turn, turn))
            self.buyer.active = False
            self._refresh()
            segment._refresh()

    def test_rule_that_asks_the_contact(self):
        """A rule beside the figures is joined, and is not asked of other companies."""
        stages = self.env["care.stage"]
        self.env.ref("customer_care.care_stage_vip").write(
            {"rule_domain": "[('partner_id.city', '=', 'Huế')]", "leave_after_days": 0}
        )
        self.buyer.city = "Huế"
        with self._at(NOW):
            for partner in self.buyer | self.customer_two:
                self._buy(TODAY, 10, partner)
            self._refresh()
            stages._apply_rules(self.company)
        self.assertEqual(self.buyer.care_stage_id.code, "vip")
        self.assertEqual(self.customer_two.care_stage_id.code, "new")

    # -------------------------------------------------------------------- figures
    def test_what_is_dated_in_the_future_does_not_count_yet(self):
        with self._at(NOW):
            for day in (1, 31, 41):
                self._buy(TODAY - timedelta(days=day), 10)
            self._buy(TODAY + timedelta(days=200), 500)
            self._refresh()
        profile = self._profile()
        self.assertEqual((profile.purchase_count, profile.revenue), (3, 30))
        # gaps 10 and 30; the purchase to come says nothing of the rhythm
        self.assertEqual(profile.gap_days, 20)

    def test_window_of_a_year_across_29_february(self):
        """365 days, whatever the calendar: the day a year ago is outside."""
        for moment, inside, outside in (
            ("2028-02-29 05:00", date(2027, 3, 2), date(2027, 3, 1)),
            ("2029-02-28 05:00", date(2028, 3, 1), date(2028, 2, 29)),
        ):
            customer = self.env["res.partner"].create({"name": moment})
            with self._at(moment):
                self._buy(inside, 10, customer)
                self._buy(outside, 100, customer)
                self._refresh()
            self.assertEqual(self._profile(customer).revenue_365, 10, moment)
            self.assertEqual(self._profile(customer).purchase_count_365, 1, moment)

    def test_refund_is_no_purchase_and_no_day_of_the_rhythm(self):
        with self._at(NOW):
            for day in (5, 25, 65):
                self._buy(TODAY - timedelta(days=day), 10)
            self._buy(TODAY - timedelta(days=15), -4)
            self._buy(TODAY - timedelta(days=15), -7)
            self._refresh()
        profile = self._profile()
        self.assertEqual(profile.purchase_count, 3)
        self.assertEqual(profile.refund_amount, 11)
        self.assertEqual(profile.gap_days, 30)  # 20 and 40

    def test_opening_sums_are_no_days_of_the_rhythm(self):
        with self._at(NOW):
            for day in (300, 400, 500):
                opened = TODAY - timedelta(days=day)
                self._buy(opened, 900, is_opening=True, purchase_count=2)
            self._buy(TODAY - timedelta(days=9), 10)
            self._refresh()
        self.assertEqual(self._profile().purchase_count, 7)
        self.assertFalse(self._profile().gap_days)

    def test_zone_that_does_not_exist_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no time zone"):
            self.company.care_tz = "Asia/Sai_Gon"

    # ------------------------------------------------------------------ being found
    def test_none_of_our_companies_writes_as_a_customer(self):
        address = "info@our.test"
        self.other_company.partner_id.email = address
        tickets = self.env["care.ticket"]
        self.assertFalse(tickets._find_customer(address, self.company))
        self.customer_two.email = address
        self.assertEqual(
            tickets._find_customer(address, self.company), self.customer_two
        )

    def test_lists_offer_customers_and_segments(self):
        action = self.env.ref("customer_care.care_customer_action")
        self.assertIn("'search_default_care_customers': 1", action.context)
        for model, view in (
            ("res.partner", "base.view_res_partner_filter"),
            ("crm.lead", "crm.view_crm_case_leads_filter"),
            ("crm.lead", "crm.view_crm_case_opportunities_filter"),
            ("sale.order", "sale.view_sales_order_filter"),
            ("care.ticket", "customer_care.care_ticket_view_search"),
        ):
            records = self.env[model].with_user(self.user_manager)
            if not records.has_access("read"):
                records = self.env[model].with_user(self.env.ref("base.user_admin"))
            arch = records.get_view(self.env.ref(view).id, "search")["arch"]
            found = etree.fromstring(arch).xpath("//field[@name='care_segment_ids']")
            self.assertTrue(found, view)
