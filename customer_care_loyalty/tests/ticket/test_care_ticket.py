from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestCareTicket(LoyaltyCommon):
    def test_opening_stays_and_today_follows(self):
        card = self._give(self.customer, 1500)
        ticket = self._create_ticket()
        card.points = 6000
        self.env.invalidate_all()
        self.assertEqual((ticket.tier_id, ticket.opening_points), (self.gold, 1500))
        self.assertEqual(ticket.partner_tier_id, self.diamond)
        self.assertEqual(ticket.partner_points, 6000)
        self.assertEqual(ticket.partner_points_text, "6,000 points")

    def test_no_member_no_points(self):
        """Unknown is not zero: neither for a stranger nor without a customer."""
        for ticket in (self._create_ticket(), self._create_ticket(partner_id=False)):
            self.env.invalidate_all()
            self.assertFalse(ticket.tier_id | ticket.partner_tier_id)
            self.assertIsNone(ticket.opening_points)
            self.assertIsNone(ticket.partner_points)
            self.assertFalse(ticket.partner_points_text)

    def test_zero_points_are_zero(self):
        self._give(self.customer, 0)
        ticket = self._create_ticket()
        self.env.invalidate_all()
        self.assertEqual((ticket.tier_id, ticket.opening_points), (self.silver, 0))

    def test_contact_of_a_company(self):
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": shop.id})
        self._give(shop, 1500)
        ticket = self._create_ticket(partner_id=buyer.id)
        self.assertEqual((ticket.tier_id, ticket.opening_points), (self.gold, 1500))
        self.assertEqual(ticket.partner_tier_id, self.gold)

    def test_company_of_the_ticket_decides(self):
        """Whatever company the reader looks from."""
        self._give(self.customer, 1500)
        self._give(self.customer, 20, self.other_program)
        tickets = self._create_ticket() | self._create_ticket(
            team_id=self.other_team.id
        )
        self.env.invalidate_all()
        self.assertEqual(tickets.mapped("opening_points"), [1500, 20])
        self.assertEqual(tickets.mapped("partner_points"), [1500, 20])
        self.assertEqual(
            [ticket.partner_tier_id for ticket in tickets], [self.gold, self.other_tier]
        )

    def test_nobody_sets_what_was_at_opening(self):
        self._give(self.customer, 1500)
        tickets = self.env["care.ticket"].with_user(self.user_manager)
        for name, value in (("tier_id", self.diamond.id), ("opening_points", 9)):
            with self.assertRaisesRegex(AccessError, name):
                tickets.create({"name": "x", "team_id": self.team.id, name: value})
            with self.assertRaisesRegex(AccessError, name):
                self._create_ticket().with_user(self.user_manager).write({name: value})
        sneaky = tickets.with_context(default_tier_id=self.diamond.id)
        ticket = sneaky.create(
            {"name": "x", "team_id": self.team.id, "partner_id": self.customer.id}
        )
        self.assertEqual(ticket.tier_id, self.gold)

    def test_copy_does_not_keep_it(self):
        card = self._give(self.customer, 1500)
        ticket = self._create_ticket()
        card.points = 10
        self.assertEqual(ticket.copy().tier_id, self.silver)

    def test_deleted_tier(self):
        """Points at opening tell what the tier was."""
        self._give(self.customer, 1500)
        ticket = self._create_ticket()
        self.gold.unlink()
        self.env.invalidate_all()
        self.assertFalse(ticket.tier_id)
        self.assertEqual(ticket.opening_points, 1500)

    def test_search_and_group(self):
        card = self._give(self.customer, 1500)
        ticket = self._create_ticket()
        stranger = self._create_ticket(partner_id=self.customer_two.id)
        card.points = 6000
        self.env.invalidate_all()
        both = [("id", "in", (ticket | stranger).ids)]
        tickets = self.env["care.ticket"]
        found = tickets.search([*both, ("partner_tier_id", "=", self.diamond.id)])
        self.assertEqual(found, ticket)
        self.assertEqual(
            tickets.search([*both, ("partner_tier_id", "ilike", "diam")]), ticket
        )
        self.assertEqual(
            tickets.search([*both, ("partner_tier_id", "=", False)]), stranger
        )
        groups = tickets._read_group(both, ["tier_id"], ["__count"])
        self.assertEqual(
            sorted(groups, key=str),
            sorted([(self.gold, 1), (self.env["loyalty.tier"], 1)], key=str),
        )

    def test_query_count(self):
        """Opening a batch, and showing it, costs the same few queries as one ticket."""
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(20)]
        )
        for partner in partners:
            self._give(partner, 1500)
        costs = []
        for some in (partners[:1], partners[:1], partners):
            vals_list = [
                {"name": "x", "team_id": self.team.id, "partner_id": partner.id}
                for partner in some
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets = self.env["care.ticket"].create(vals_list)
            self.env.flush_all()
            opened = self.env.cr.sql_log_count
            self.env.invalidate_all()
            tickets.read(["tier_id", "partner_tier_id", "partner_points_text"])
            costs.append((opened - before, self.env.cr.sql_log_count - opened))
        warm, one, many = costs
        self.assertLessEqual(one, warm)
        self.assertEqual(one, many)

    def test_who_sees_it(self):
        self._give(self.customer, 1500)
        ticket = self._create_ticket(user_id=self.user_own.id)
        own = ticket.with_user(self.user_own)
        self.assertEqual(own.partner_tier_id.name, "Gold")
        self.assertEqual(own.opening_points, 1500)
        portal = ticket.with_user(self.user_portal)
        self.assertTrue(portal.read(["name"]))
        for name in ("tier_id", "opening_points", "partner_tier_id", "partner_points"):
            with self.assertRaises(AccessError):
                portal.read([name])
