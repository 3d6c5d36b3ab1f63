from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyTier(LoyaltyCommon):
    # ------------------------------------------------------------------ bad input

    def test_two_tiers_cannot_start_at_the_same_points(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.silver.copy({"threshold": 1000})

    def test_archived_tier_frees_its_threshold(self):
        self.gold.active = False
        self.env.flush_all()
        self.gold.copy({"threshold": 1000, "active": True})

    def test_threshold_is_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.silver.threshold = -1
            self.env.flush_all()

    def test_threshold_is_required(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["loyalty.tier"].create(
                {"name": "Bronze", "program_id": self.program.id}
            )

    def test_only_loyalty_cards_have_tiers(self):
        coupons = self._create_program(self.company, program_type="coupons")
        with self.assertRaisesRegex(ValidationError, "Loyalty Cards"):
            self.silver.copy({"program_id": coupons.id})
        with self.assertRaisesRegex(ValidationError, "has tiers"):
            self.program.program_type = "coupons"

    def test_copies_start_at_a_free_threshold(self):
        copies = self.silver.copy() | self.silver.copy()
        self.assertEqual(copies.mapped("threshold"), [5001, 5002])
        self.assertEqual(copies[0].name, "Silver (copy)")

    def test_new_tier_belongs_to_the_program_of_the_company(self):
        with Form(self.env["loyalty.tier"].with_user(self.user_manager)) as form:
            form.name = "Bronze"
            form.threshold = 500
        self.assertEqual(form.record.program_id, self.program)
        self.assertEqual(form.record.company_id, self.company)

    # ------------------------------------------------------------------ members

    def test_member_count(self):
        """Contacts of one company are one member; a card without owner is none."""
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": shop.id})
        for partner in (shop, buyer):
            self._give(partner, 600)
        self._give(self.customer, 999.99)
        self._give(self.customer_two, 7000)
        self._give(self.env["res.partner"], 9000)
        tiers = self.silver | self.gold | self.diamond
        self.assertEqual(tiers.mapped("member_count"), [1, 1, 1])
        self.assertEqual(self.other_tier.member_count, 0)

    def test_members_of_a_tier(self):
        self._give(self.customer, 1500)
        self._give(self.customer_two, 200)
        action = self.gold.action_view_members()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.customer)

    def test_query_count_does_not_follow_the_number_of_tiers(self):
        for tiers in (self.silver, self.silver | self.gold | self.diamond):
            self.env.invalidate_all()
            tiers.mapped("program_id.name")
            with self.assertQueryCount(1):
                tiers.mapped("member_count")

    # ------------------------------------------------------------------ access

    def test_everybody_inside_reads_and_managers_edit(self):
        self.assertEqual(self.gold.with_user(self.user_reader).name, "Gold")
        for user in (self.user_reader, self.user_own, self.user_lead):
            with self.assertRaises(AccessError):
                self.gold.with_user(user).threshold = 5
            with self.assertRaises(AccessError):
                self.gold.with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.gold.with_user(self.user_portal).read(["name"])
        self.gold.with_user(self.user_manager).threshold = 1200
        self.assertEqual(self.gold.threshold, 1200)

    def test_tiers_of_another_company_are_out_of_sight(self):
        tiers = self.env["loyalty.tier"].with_user(self.user_other)
        self.assertEqual(tiers.search([]), self.other_tier)
        with self.assertRaises(AccessError):
            self.gold.with_user(self.user_other).read(["name"])

    def test_shared_program_shares_its_tiers(self):
        self.program.company_id = False
        self.env.flush_all()
        self.assertIn(
            self.gold, self.env["loyalty.tier"].with_user(self.user_other).search([])
        )

    def test_deleting_a_program_takes_its_tiers(self):
        self.program.active = False
        self.program.unlink()
        self.assertFalse((self.silver | self.gold | self.diamond).exists())
