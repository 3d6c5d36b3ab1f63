from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_care_profile import NOW, TODAY, ProfileCommon


@tagged("post_install", "-at_install")
class TestCareStageRule(ProfileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls.env["care.stage"]

    def _apply(self, partners=None):
        self._refresh()
        return self.stages._apply_rules(self.company, partners)

    def _stage(self, partner=None):
        return (partner or self.buyer).care_stage_id.code

    def _changes(self, partner=None):
        return self.env["care.stage.change"].search(
            [("partner_id", "=", (partner or self.buyer).id)], order="id"
        )

    def test_each_shipped_rule(self):
        """One customer per stage, from the definitions of the stages."""
        partner = self.env["res.partner"]

        def bought(name, *days):
            customer = partner.create({"name": name})
            for day in days:
                self._buy(TODAY - timedelta(days=day), 10, customer)
            return customer

        with self._at(NOW):
            potential = partner.create({"name": "p", "care_customer_mark": "yes"})
            cases = {
                "potential": potential,
                "new": bought("new", 59),
                "existing": bought("existing", 61),
                "loyal": bought("loyal", 5, 100, 200),
                "at_risk": bought("risk", 100, 120, 140),
                "dormant": bought("dormant", 181),
                "former": bought("former", 366),
            }
            # a crowd below, so that the top five percent are a few
            for number in range(40):
                bought(f"crowd {number}", 20)
            cases["vip"] = partner.create({"name": "vip"})
            self._buy(TODAY, 100000, cases["vip"])
            self._apply()
        for code, customer in cases.items():
            self.assertEqual(self._stage(customer), code, code)
            self.assertEqual(customer.care_stage_since, TODAY)
            change = self._changes(customer)
            self.assertEqual(len(change), 1)
            self.assertEqual((change.reason, change.initial), ("first", True))
        self.assertFalse(self.customer_two.care_stage_id)

    def test_second_run_moves_nobody(self):
        with self._at(NOW):
            self._buy(TODAY)
            self._apply()
            self.assertEqual(self._apply(), 0)
        self.assertEqual(len(self._changes()), 1)

    def test_stage_is_left_after_its_days_outside(self):
        self.env.ref("customer_care.care_stage_new").leave_after_days = 10
        with self._at(NOW):
            self._buy(TODAY - timedelta(days=60))
            self._apply()
            self.assertEqual(self._stage(), "new")
        for days, expected in ((1, "new"), (10, "new"), (11, "existing")):
            moment = TODAY + timedelta(days=days)
            with self._at(f"{moment} 05:00"):
                self._apply()
                self.assertEqual(self._stage(), expected, days)
        self.assertEqual(self.buyer.care_stage_since, TODAY + timedelta(days=11))

    def test_return_in_time_forgets_the_days_outside(self):
        self.env.ref("customer_care.care_stage_new").leave_after_days = 10
        with self._at(NOW):
            purchase = self._buy(TODAY - timedelta(days=60))
            self._apply()
        with self._at(f"{TODAY + timedelta(days=5)} 05:00"):
            self._apply()
            self.assertTrue(self._profile().stage_outside_on)
            purchase.day = TODAY - timedelta(days=10)
            self._apply()
            self.assertFalse(self._profile().stage_outside_on)
        with self._at(f"{TODAY + timedelta(days=12)} 05:00"):
            self._apply()
            self.assertEqual(self._stage(), "new")

    def test_move_by_hand_holds_until_its_day(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        with self._at(NOW):
            self._buy(TODAY)
            self._apply()
            moved = self.buyer.with_user(self.user_own)
            moved.action_care_move(vip.id, "2026-06-20", "Khách của giám đốc")
            self.assertEqual(self._stage(), "vip")
            self._apply()
            self.assertEqual(self._stage(), "vip")
        change = self._changes()[-1]
        self.assertEqual(change.user_id, self.user_own)
        self.assertEqual((change.reason, change.initial), ("hand", False))
        self.assertEqual(change.note, "Khách của giám đốc")
        with self._at("2026-06-20 05:00"):
            self._apply()
            self.assertEqual(self._stage(), "vip")
        vip.leave_after_days = 0
        with self._at("2026-06-21 05:00"):
            self._apply()
            self.assertEqual(self._stage(), "new")

    def test_given_back_to_the_rule(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        vip.leave_after_days = 0
        with self._at(NOW):
            self._buy(TODAY)
            self._apply()
            self.buyer.care_stage_id = vip
            self.assertEqual(
                self.buyer.care_stage_lock_until, TODAY + timedelta(days=90)
            )
            self.buyer.with_user(self.user_own).action_care_follow_rule()
            self.assertEqual(self._stage(), "new")
            self.assertFalse(self.buyer.care_stage_lock_until)

    def test_stages_of_two_companies(self):
        with self._at(NOW):
            self._buy(TODAY)
            self._buy(TODAY - timedelta(days=400), company_id=self.other_company.id)
            self._apply()
            self._refresh(self.other_company)
            self.stages._apply_rules(self.other_company)
        there = self.buyer.with_company(self.other_company)
        self.assertEqual(self._stage(), "new")
        self.assertEqual(self._stage(there), "former")

    def test_counts_before_applying(self):
        with self._at(NOW):
            self._buy(TODAY)
            self._refresh()
            counts = {
                stage.code: (today, then)
                for stage, today, then in self.stages._counts(self.company)
            }
            self.assertEqual(counts["new"][0], 0)
            self.assertGreaterEqual(counts["new"][1], 1)
        self.assertFalse(self.buyer.care_stage_id)

    def test_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "cannot be used"):
            self.stages.create(
                {"name": "x", "phase": "loyal", "rule_domain": "[('nose', '=', 1)]"}
            )
        with self.assertRaisesRegex(ValidationError, "cannot be used"):
            self.stages.create(
                {"name": "x", "phase": "loyal", "rule_domain": "open('/etc/x')"}
            )
        with self._at(NOW), self.assertRaisesRegex(UserError, "has passed"):
            self.buyer._care_move(self.stages.search([], limit=1), date(2020, 1, 1))
        with self.assertRaises(AccessError):
            self.buyer.with_user(self.user_reader).action_care_move(1)
        with self.assertRaises(UserError):
            self.buyer.with_user(self.user_own).action_care_move(999999)

    def test_history_stays(self):
        with self._at(NOW):
            self._buy(TODAY)
            self._apply()
        with self.assertRaises(UserError):
            self._changes().write({"reason": "hand"})
        with self.assertRaises(UserError):
            self._changes().unlink()

    def test_customer_without_a_rule_that_fits_stays(self):
        self.stages.search([]).write({"rule_domain": False})
        with self._at(NOW):
            self._buy(TODAY)
            self.assertEqual(self._apply(), 0)
        self.assertFalse(self.buyer.care_stage_id)
