from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestResPartner(LoyaltyCommon):
    # ------------------------------------------------------------------ points and tier

    def test_highest_threshold_reached(self):
        card = self._give(self.customer, 0)
        steps = [
            (0, self.silver),
            (999.99, self.silver),
            (1000, self.gold),
            (4999, self.gold),
            (5000, self.diamond),
            (80000, self.diamond),
            (10, self.silver),
        ]
        for points, tier in steps:
            card.points = points
            self.assertEqual(self._tier(self.customer), tier, points)
            self.assertEqual(self._points(self.customer), points)

    def test_points_of_a_float_are_rounded_half_up(self):
        """A card may hold 999.9999999999999 where a thousand was meant."""
        card = self._give(self.customer, 999.9999999999999)
        self.assertEqual(self._tier(self.customer), self.gold)
        self.assertEqual(self._points(self.customer), 1000)
        card.points = 857.4733333333334
        self.assertEqual(self._points(self.customer), 857.47)
        steps = [
            (999.994, 999.99, self.silver),
            (999.995, 1000, self.gold),
            (999.996, 1000, self.gold),
        ]
        for points, shown, tier in steps:
            card.points = points
            self.assertEqual(self._tier(self.customer), tier, points)
            self.assertEqual(self._points(self.customer), shown)

    def test_below_the_lowest_tier(self):
        self.silver.threshold = 100
        self._give(self.customer, 50)
        self.assertFalse(self._tier(self.customer))
        self.assertTrue(self.customer.care_is_member)
        self.assertEqual(self.customer.care_points, 50)

    def test_who_has_no_card_is_no_member(self):
        """Not even where a tier starts at zero points: unknown is not zero."""
        self.assertFalse(self._tier(self.customer))
        self.assertFalse(self.customer.care_is_member)
        self.assertIsNone(self.customer.care_points)
        self.assertFalse(self.customer.care_points_text)

    def test_several_cards_count_together(self):
        """A race in a shop may have given a customer two cards of one program."""
        self._give(self.customer, 600)
        second = self._give(self.customer, 500)
        self.assertEqual(self._tier(self.customer), self.gold)
        second.active = False
        self.assertEqual(self._tier(self.customer), self.silver)
        self.assertEqual(self._points(self.customer), 600)

    def test_company_and_contacts_share_points(self):
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": shop.id})
        self._give(shop, 700)
        self._give(buyer, 400)
        for partner in (shop, buyer):
            self.assertEqual(self._tier(partner), self.gold)
            self.assertEqual(self._points(partner), 1100)
        self.assertTrue(shop.care_is_member)
        self.assertFalse(buyer.care_is_member)

    def test_words(self):
        self._give(self.customer, 12500)
        self.assertEqual(self._words(), "12,500 points")
        self.program.portal_point_name = False
        self.assertEqual(self._words(), "12,500")
        self.customer.env["loyalty.card"].search([]).points = 0.5
        self.assertEqual(self._words(), "0.50")

    def _words(self):
        self.env.invalidate_all()
        return self.customer.care_points_text

    def test_archived_tier_does_not_count(self):
        self._give(self.customer, 1500)
        self.gold.active = False
        self.assertEqual(self._tier(self.customer), self.silver)

    def test_new_contact_in_a_form_has_nothing(self):
        partner = self.env["res.partner"].new({"name": "New"})
        self.assertFalse(partner.care_tier_id)
        self.assertIsNone(partner.care_points)

    # ------------------------------------------------------------------ which program

    def test_other_kinds_of_programs_give_no_points(self):
        for kind in ("coupons", "gift_card", "ewallet", "promotion"):
            program = self._create_program(self.company, program_type=kind)
            self._give(self.customer, 9000, program)
        self.assertFalse(self._tier(self.customer))
        self._give(self.customer, 1500)
        self.assertEqual(self._points(self.customer), 1500)

    def test_several_programs_need_a_choice(self):
        second = self._create_program(self.company)
        self._give(self.customer, 1500)
        self._give(self.customer, 70, second)
        self.assertFalse(self._tier(self.customer))
        self.assertIsNone(self._points(self.customer))
        self.company.care_loyalty_program_id = second
        self.assertEqual(self._points(self.customer), 70)
        self.assertFalse(self._tier(self.customer))
        self.company.care_loyalty_program_id = self.program
        self.assertEqual(self._tier(self.customer), self.gold)

    def test_archived_choice_is_none(self):
        """The only program that is left counts, as if nothing had been chosen."""
        second = self._create_program(self.company)
        self._give(self.customer, 70, second)
        self.company.care_loyalty_program_id = self.program
        self.assertIsNone(self._points(self.customer))
        self.program.active = False
        self.assertEqual(self._points(self.customer), 70)

    def test_ended_and_archived_programs_are_no_choice(self):
        second = self._create_program(self.company, date_to="2020-01-01")
        self._give(self.customer, 1500)
        self.assertEqual(self._tier(self.customer), self.gold)
        second.write({"date_to": False, "date_from": "2999-01-01"})
        self.assertEqual(self._tier(self.customer), self.gold)
        second.date_from = False
        self.assertFalse(self._tier(self.customer))
        second.active = False
        self.assertEqual(self._tier(self.customer), self.gold)

    def test_without_program_nothing_is_shown_or_found(self):
        self._give(self.customer, 1500)
        self.program.active = False
        partners = self.env["res.partner"]
        self.assertFalse(self._tier(self.customer))
        self.assertFalse(partners.search([("care_is_member", "=", True)]))
        self.assertIn(self.customer, partners.search([("care_tier_id", "=", False)]))
        groups = partners._read_group([], ["care_tier_id"], ["care_points:sum"])
        self.assertEqual(groups, [(self.env["loyalty.tier"], False)])
        self.assertTrue(partners.search([], order="care_points desc", limit=1))

    def test_chosen_program_is_checked(self):
        coupons = self._create_program(self.company, program_type="coupons")
        with self.assertRaisesRegex(ValidationError, "no program of loyalty cards"):
            self.company.care_loyalty_program_id = coupons
        with self.assertRaisesRegex(ValidationError, "Chi nhánh Huế"):
            self.company.care_loyalty_program_id = self.other_program

    def test_each_company_shows_its_own(self):
        self._give(self.customer, 1500)
        self._give(self.customer, 20, self.other_program)
        self.assertEqual(self._tier(self.customer), self.gold)
        self.assertEqual(self._tier(self.customer, self.other_company), self.other_tier)
        self.assertEqual(self._points(self.customer, self.other_company), 20)
        partners = self.env["res.partner"].with_company(self.other_company)
        self.assertEqual(partners.search([("care_points", ">", 15)]), self.customer)
        self.assertFalse(partners.search([("care_points", ">", 20)]))

    def test_branch_uses_the_program_of_its_company(self):
        branch = self.env["res.company"].create(
            {"name": "Quầy 2", "parent_id": self.company.id}
        )
        self._give(self.customer, 1500)
        self.assertEqual(self._tier(self.customer, branch), self.gold)

    # ------------------------------------------------------------------ search

    def _find(self, *leaf):
        """Return what the database finds of four customers, and check memory against it."""
        domain = [("id", "in", self.some.ids)]
        self.env.invalidate_all()
        found = self.env["res.partner"].search([*domain, leaf])
        self.assertEqual(self.some.filtered_domain([leaf]), found, leaf)
        return found

    def _make_some(self):
        partners = self.env["res.partner"]
        self.rich, self.fair, self.poor, self.none = self.some = partners.create(
            [{"name": name} for name in ("Rich", "Fair", "Poor", "Stranger")]
        )
        for partner, points in ((self.rich, 9000), (self.fair, 1000), (self.poor, 0)):
            self._give(partner, points)

    def test_search_by_points(self):
        self._make_some()
        self.assertEqual(self._find("care_points", ">", 1000), self.rich)
        self.assertEqual(self._find("care_points", ">=", 1000), self.rich | self.fair)
        self.assertEqual(self._find("care_points", "<", 1000), self.poor)
        self.assertEqual(self._find("care_points", "=", 0), self.poor)
        self.assertEqual(self._find("care_points", "=", False), self.none)
        self.assertEqual(self._find("care_points", "!=", False), self.some - self.none)
        self.assertEqual(
            self._find("care_points", "in", [0, 9000]), self.rich | self.poor
        )

    def test_search_by_tier(self):
        self._make_some()
        both = (self.gold | self.silver).ids
        self.assertEqual(self._find("care_tier_id", "=", self.gold.id), self.fair)
        self.assertEqual(self._find("care_tier_id", "in", both), self.fair | self.poor)
        self.assertEqual(self._find("care_tier_id", "=", False), self.none)
        self.assertEqual(self._find("care_tier_id", "!=", False), self.some - self.none)
        self.assertEqual(
            self._find("care_tier_id", "not in", both), self.rich | self.none
        )
        self.assertEqual(self._find("care_tier_id", "ilike", "diam"), self.rich)
        self.assertEqual(self._find("care_tier_id", "=", "Gold"), self.fair)
        self.assertEqual(
            self._find("care_tier_id.threshold", ">", 500), self.rich | self.fair
        )

    def test_search_members(self):
        self._make_some()
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.rich.id}
        )
        self.some |= contact
        members = self.rich | self.fair | self.poor
        self.assertEqual(self._find("care_is_member", "=", True), members)
        self.assertEqual(self._find("care_is_member", "=", False), self.none | contact)
        self.assertEqual(
            self._find("care_tier_id", "=", self.diamond.id), self.rich | contact
        )

    def test_sort_group_and_sum(self):
        """Answered by the database; who has no points stands at the end."""
        self._make_some()
        partners = self.env["res.partner"]
        domain = [("id", "in", self.some.ids)]
        self.assertEqual(
            partners.search(domain, order="care_points desc"),
            self.rich | self.fair | self.poor | self.none,
        )
        self.assertEqual(
            partners.search(domain, order="care_tier_id, id"),
            self.poor | self.fair | self.rich | self.none,
        )
        groups = partners.formatted_read_group(
            domain, ["care_tier_id"], ["__count", "care_points:sum"]
        )
        found = [
            (row["care_tier_id"] and row["care_tier_id"][0], row["care_points:sum"])
            for row in groups
        ]
        self.assertEqual(
            sorted(found, key=str),
            sorted(
                [
                    (self.diamond.id, 9000),
                    (self.gold.id, 1000),
                    (self.silver.id, 0),
                    (False, False),
                ],
                key=str,
            ),
        )
        for row in groups:
            self.assertEqual(
                partners.search_count(domain + row["__extra_domain"]), row["__count"]
            )

    def test_client_is_told_what_it_may_do(self):
        described = self.env["res.partner"].fields_get(["care_tier_id", "care_points"])
        self.assertTrue(described["care_tier_id"]["groupable"])
        self.assertTrue(described["care_tier_id"]["sortable"])
        self.assertTrue(described["care_points"]["sortable"])
        self.assertEqual(described["care_points"]["aggregator"], "sum")

    # ------------------------------------------------------------------ cost

    def test_query_count_does_not_follow_the_number_of_contacts(self):
        """One query finds the program, one the members, whoever they are."""
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(40)]
        )
        for partner in partners:
            self._give(partner, 1500)
        costs = []
        for some in (partners[:1], partners[:1], partners):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("commercial_partner_id.id")
            self.company.parent_ids.mapped("care_loyalty_program_id")
            self.program.mapped("portal_point_name")
            before = self.env.cr.sql_log_count
            for partner in some.with_context(lang="en_US", tz="UTC"):
                self.assertTrue(partner.care_tier_id.id)
                self.assertTrue(partner.care_points_text)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1:], [2, 2])

    # ------------------------------------------------------------------ access

    def test_who_knows_tier_and_points(self):
        """Every colleague sees the tier; points are for who serves the customer."""
        self._give(self.customer, 1500)
        reader = self.customer.with_user(self.user_reader)
        self.assertEqual(reader.care_tier_id.name, "Gold")
        with self.assertRaises(AccessError):
            reader.read(["care_points"])
        with self.assertRaises(AccessError):
            reader.search([("care_points", ">", 10)])
        with self.assertRaises(AccessError):
            reader.search([], order="care_points desc")
        agent = self.customer.with_user(self.user_own)
        self.assertEqual(agent.care_points, 1500)
        self.assertEqual(agent.search([("care_points", ">", 10)]), agent)
        portal = self.customer.with_user(self.user_portal)
        with self.assertRaises(AccessError):
            portal.read(["care_tier_id"])

    def test_care_roles_open_no_cards(self):
        """Codes of gift cards are as good as money; they stay with who sells."""
        self._give(self.customer, 10)
        cards = self.env["loyalty.card"]
        for user in (self.user_own, self.user_manager, self.user_admin):
            with self.assertRaises(AccessError):
                cards.with_user(user).search([])
            self.assertTrue(self.program.with_user(user).name)

    def test_cards_of_the_customer(self):
        card = self._give(self.customer, 10)
        action = self.customer.action_view_care_cards()
        self.assertEqual(self.env["loyalty.card"].search(action["domain"]), card)
