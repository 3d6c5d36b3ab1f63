from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...lib.internal import INTERNAL
from ..customer.test_care_profile import NOW
from .common import PanoramaCommon


@tagged("post_install", "-at_install")
class TestPanorama(PanoramaCommon):
    def _open(self, user=None, partner=None):
        partner = partner or self.customer
        partner.invalidate_recordset()
        return partner.with_user(user or self.user_own).care_panorama

    # ------------------------------------------------------------------ rights

    def test_who_is_no_agent_has_no_page(self):
        for user in (self.user_reader, self.user_portal):
            with self.assertRaises(AccessError):
                self._open(user)
            with self.assertRaises(AccessError):
                self.customer.with_user(user).action_view_care_panorama()

    def test_a_contact_of_another_company(self):
        theirs = self.env["res.partner"].create(
            {"name": "Khách Huế", "company_id": self.other_company.id}
        )
        with self.assertRaises(AccessError):
            self._open(self.user_manager, theirs)
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_manager).action_view_care_panorama()
        self.assertTrue(self._open(self.user_other, theirs)["sentence"])

    def test_other_companies_figures_stay_there(self):
        with self._at(NOW):
            self._buy(date(2026, 6, 1), 777, self.customer)
            self._refresh()
            mine, theirs = self._open(), self._open(self.user_other)
        figures = {figure["key"]: figure["value"] for figure in mine["figures"]}
        self.assertEqual(figures["purchase_count"], "1")
        self.assertIn("777", figures["revenue"])
        self.assertEqual(theirs["figures"], [])
        self.assertEqual(theirs["timeline"]["lines"], [])

    # ------------------------------------------------------------------ content

    def test_warnings(self):
        self.assertEqual(self._open()["warnings"], [])
        archived = self.env["res.partner"].create({"name": "Cũ", "active": False})
        self.assertEqual(
            [entry["key"] for entry in self._open(partner=archived)["warnings"]],
            ["archived"],
        )

    def test_way_through_the_care_stages(self):
        self.assertEqual(self._open()["journey"]["stops"], [])
        stages = [
            self.env.ref(f"customer_care.care_stage_{code}")
            for code in ("new", "existing", "loyal")
        ]
        for month, stage in enumerate(stages, 1):
            with self._at(f"2026-0{month}-01 20:00"):  # the second of the month here
                self.customer.with_user(self.user_own).action_care_move(stage.id)
        journey = self._open()["journey"]
        self.assertEqual(
            [(stop["name"], stop["on"], stop["is_now"]) for stop in journey["stops"]],
            [
                ("New", "2026-01-02", False),
                ("Existing", "2026-02-02", False),
                ("Loyal", "2026-03-02", True),
            ],
        )
        last = journey["stops"][-1]
        self.assertEqual((last["who"], last["is_by_hand"]), ("care_own", True))
        self.assertEqual(last["until"], "2026-05-31", "90 days from 2 March")
        self.customer.with_context(
            care_stage_moved=INTERNAL
        ).care_stage_lock_until = False
        self.assertFalse(self._open()["journey"]["stops"][-1]["until"])

    def test_long_way_is_cut(self):
        stages = [
            self.env.ref(f"customer_care.care_stage_{code}")
            for code in ("new", "loyal")
        ]
        for turn in range(12):
            self.customer._care_move(stages[turn % 2])
        journey = self._open()["journey"]
        self.assertEqual(len(journey["stops"]), 8)
        self.assertTrue(journey["has_earlier"])

    def test_stage_without_history_is_shown(self):
        stage = self.env.ref("customer_care.care_stage_vip")
        self.customer.with_context(care_stage_moved=INTERNAL).care_stage_id = stage
        stops = self._open()["journey"]["stops"]
        self.assertEqual(
            [(stop["name"], stop["is_now"]) for stop in stops], [("VIP", True)]
        )

    def test_consents_in_force(self):
        for granted in (True, False, True):
            self.customer._care_set_consent(
                "email", "promotion", granted, "hand", "nói qua điện thoại"
            )
        self.customer._care_set_consent("sms", "care", False, "hand", "từ chối")
        found = {
            (entry["channel"], entry["purpose"]): entry["is_granted"]
            for entry in self._open()["consents"]
        }
        self.assertEqual(found, {("E-mail", "Promotion"): True, ("SMS", "Care"): False})

    def test_contact_without_anything(self):
        nobody = self.env["res.partner"].create({"name": "Không rõ"})
        page = self._open(partner=nobody)
        self.assertEqual(page["reach"]["phone"], "")
        self.assertEqual(page["reach"]["zalo"], "")
        self.assertEqual(page["figures"], [])
        self.assertEqual(page["timeline"], {"lines": [], "next": False})

    def test_new_contact_has_no_page_yet(self):
        self.assertFalse(self.env["res.partner"].new({"name": "x"}).care_panorama)

    # ------------------------------------------------------------------ queries

    def _fill(self, count):
        tickets = self.env["care.ticket"].create(
            [
                {
                    "name": f"Ticket {number}",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                    "kind": "complaint" if number % 2 else False,
                }
                for number in range(count)
            ]
        )
        self.env["mail.message"].create(
            [
                {
                    "model": ticket._name,
                    "res_id": ticket.id,
                    "body": "x",
                    "message_type": "comment",
                    "author_id": self.customer.id,
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                }
                for ticket in tickets
                for _turn in range(3)
            ]
        )
        self.env["crm.lead"].create(
            [{"name": "x", "partner_id": self.customer.id} for _turn in range(count)]
        )
        for number in range(min(count, 20)):
            self._order(
                datetime(2026, 5, 1) - timedelta(days=30 * number), 10, self.customer
            )
        self.env["care.contact.log"]._log(
            [
                {"partner_id": self.customer.id, "channel": "call"}
                for _turn in range(count)
            ]
        )
        stages = [
            self.env.ref(f"customer_care.care_stage_{code}")
            for code in ("new", "loyal")
        ]
        for turn in range(min(count, 12)):
            self.customer.with_user(self.user_own)._care_move(stages[turn % 2])
        self.customer._care_set_consent("sms", "care", False, "hand", "từ chối")
        self._refresh()
        mine = [("company_id", "=", self.company.id)]
        for segment in self.env["care.segment"].search(mine):
            segment._refresh_and_note()

    def _count(self, user):
        counts = []
        for _turn in range(2):  # what is cached once and for all is cached then
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.customer.with_user(user).read(["care_panorama"])
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def test_first_page_needs_25_queries_whatever_the_history(self):
        """Everything on it: a complaint, a product, stages by hand, segments, money."""
        self._fill(4)
        few = self._count(self.accountant)
        self._fill(150)
        many = self._count(self.accountant)
        page = self._open(self.accountant)
        self.assertEqual(len(page["timeline"]["lines"]), 30)
        self.assertTrue(page["segments"])
        self.assertTrue(page["figures"])
        self.assertTrue(page["consents"])
        self.assertLessEqual(few, 25)
        self.assertLessEqual(many, 25)

    def test_further_pages_need_a_handful(self):
        self._fill(60)
        partner = self.customer.with_user(self.accountant)
        first = partner.get_care_timeline()
        self.env.invalidate_all()
        partner.get_care_timeline(before=first["next"])
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            partner.get_care_timeline(before=first["next"])
