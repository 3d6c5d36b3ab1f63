from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestCareTicket(CareCommon):
    # ------------------------------------------------------------ numbers

    def test_numbers_of_a_batch_are_drawn_at_once(self):
        ticket = self.env["care.ticket"]
        ticket._next_numbers(self.company.id, 1)
        with self.assertQueryCount(2):  # the sequence record, nextval
            numbers = ticket._next_numbers(self.company.id, 100)
        self.assertEqual(len(set(numbers)), 100)

    def test_a_company_may_number_by_its_own_sequence(self):
        self.env["ir.sequence"].create(
            {
                "name": "Huế",
                "code": "care.ticket",
                "prefix": "HUE/",
                "company_id": self.other_company.id,
            }
        )
        there = self._create_ticket(team_id=self.other_team.id, partner_id=False)
        here = self._create_ticket()
        self.assertTrue(there.number.startswith("HUE/"))
        self.assertFalse(here.number.startswith("HUE/"))

    def test_missing_sequence_is_said(self):
        self.env.ref("customer_care.sequence_care_ticket").active = False
        with self.assertRaisesRegex(UserError, "sequence"):
            self._create_ticket()

    @mute_logger("odoo.sql_db")
    def test_one_number_once_per_company(self):
        ticket = self._create_ticket()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_ticket(number=ticket.number)
            self.env.flush_all()

    def test_two_transactions_create_tickets_without_waiting(self):
        """Real cursors: the second would run into its lock time-out if it waited."""
        connection = db_connect(self.env.cr.dbname)
        numbers = []
        with connection.cursor() as first, connection.cursor() as second:
            for cursor in (first, second):
                cursor.execute("SET LOCAL lock_timeout = '3s'")
                env = api.Environment(cursor, SUPERUSER_ID, {})
                ticket = env["care.ticket"].create({"name": "Song song"})
                env.flush_all()
                numbers.append(ticket.number)
            first.rollback()
            second.rollback()
        self.assertEqual(len(set(numbers)), 2)

    # ------------------------------------------------------------ defaults

    def test_category_decides_team_kind_and_priority(self):
        category = self.env["care.ticket.category"].create(
            {
                "name": "Bảo hành",
                "team_id": self.second_team.id,
                "kind": "incident",
                "priority": "high",
            }
        )
        ticket = self.env["care.ticket"].create(
            {"name": "Hỏng", "category_id": category.id}
        )
        self.assertEqual(ticket.team_id, self.second_team)
        self.assertEqual((ticket.kind, ticket.priority), ("incident", "high"))
        self.assertEqual(ticket.event_ids.ticket_kind, "incident")

    def test_form_of_an_agent(self):
        form = Form(self.env["care.ticket"].with_user(self.user_team))
        form.name = "Khách gọi"
        form.partner_id = self.customer_two
        ticket = form.save()
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.stage_id, self.stage_new)
        self.assertIn("hung@customer.test", ticket.email_from)

    def test_care_stage_at_opening_stays(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        loyal = self.env.ref("customer_care.care_stage_loyal")
        self.customer.care_stage_id = vip
        ticket = self._create_ticket()
        self.customer.care_stage_id = loyal
        self.assertEqual(ticket.care_stage_id, vip)
        self.assertEqual(ticket.partner_care_stage_id, loyal)

    def test_no_stage_to_start_in_is_said(self):
        self.env["care.ticket.stage"].search(
            [("category", "in", ("new", "open"))]
        ).active = False
        with self.assertRaisesRegex(UserError, "no ticket stage"):
            self._create_ticket()

    # ------------------------------------------------------------ guards

    def test_derived_figures_cannot_be_set_by_hand(self):
        ticket = self._create_ticket().with_user(self.user_admin)
        for vals in ({"reply_count": 9}, {"first_reply_on": "2026-01-01 00:00:00"}):
            with self.assertRaises(AccessError):
                ticket.write(vals)
            with self.assertRaises(AccessError):
                ticket.create({"name": "x", **vals})

    def test_a_ticket_stays_in_its_company(self):
        ticket = self._create_ticket()
        with self.assertRaisesRegex(UserError, "cannot move"):
            ticket.company_id = self.other_company
        with self.assertRaises(UserError):
            ticket.team_id = self.other_team

    def test_a_ticket_names_nobody_of_another_company(self):
        stranger = self.env["res.partner"].create(
            {"name": "Khách Huế", "company_id": self.other_company.id}
        )
        stage = self.env["care.ticket.stage"].create(
            {"name": "Huế", "category": "new", "company_id": self.other_company.id}
        )
        order = self.env["sale.order"].create({"partner_id": self.customer_two.id})
        for values in (
            {"partner_id": stranger.id},
            {"stage_id": stage.id},
            {"team_id": self.other_team.id, "company_id": self.company.id},
            {"team_id": self.other_team.id, "sale_order_id": order.id},
            {"user_id": self.user_other.id},
        ):
            for forged in ({}, {"care_company": True}):
                with self.assertRaises(UserError):
                    self.env["care.ticket"].with_context(**forged).create(
                        {"name": "x", "team_id": self.team.id, **values}
                    )

    def test_team_with_tickets_cannot_leave_or_vanish(self):
        self._create_ticket()
        with self.assertRaises(UserError):
            self.team.unlink()
        with self.assertRaises(ValidationError):
            self.team.company_id = self.other_company

    def test_customer_with_tickets_cannot_be_deleted(self):
        self._create_ticket(partner_id=self.customer_two.id)
        with self.assertRaisesRegex(UserError, "has 1 tickets"):
            self.customer_two.unlink()

    def test_meaning_of_a_stage_in_use_cannot_change(self):
        self._create_ticket()
        with self.assertRaisesRegex(UserError, "history counts on its meaning"):
            self.stage_new.category = "solved"
        self.stage_new.write({"category": "new", "name": "Mới"})

    def test_category_cannot_be_its_own_parent(self):
        parent = self.env["care.ticket.category"].create({"name": "A"})
        child = parent.create({"name": "B", "parent_id": parent.id})
        self.assertEqual(child.display_name, "A / B")
        with self.assertRaises(ValidationError):
            parent.parent_id = child

    # ------------------------------------------------------------ stages

    def test_new_team_without_the_stage_moves_the_ticket_to_its_own(self):
        stage = self.env["care.ticket.stage"]
        only_support = stage.create(
            {
                "name": "Kiểm tra",
                "category": "open",
                "team_ids": [(6, 0, self.team.ids)],
            }
        )
        ticket = self._create_ticket()
        ticket.stage_id = only_support
        ticket.team_id = self.second_team
        self.assertEqual(ticket.stage_id, self.stage_open)
        self.assertFalse(ticket._find_state_differences())

    def test_team_without_a_solved_stage_is_said(self):
        self.env["care.ticket.stage"].search(
            [("category", "in", ("solved", "closed"))]
        ).active = False
        with self.assertRaisesRegex(UserError, "no stage of the category"):
            self._create_ticket().action_solve()

    # ------------------------------------------------------------ search

    def test_search_without_accents_by_number_and_by_digits(self):
        ticket = self._create_ticket(name="Tủ lạnh Đông Á chảy nước")

        def found(text):
            return self.env["care.ticket"].search([("search_query", "ilike", text)])

        for text in (
            "tu lanh dong a",
            "Đông Á",
            "nguyen thi mai",
            ticket.number,
            f"#{ticket.number}",
            "345 678",
            "+84 912 345 678",
            "0084912345678",
        ):
            self.assertIn(ticket, found(text), text)
        for text in ("may giat", "0999", "100%"):
            self.assertNotIn(ticket, found(text), text)
        self.assertIn(ticket.id, [row[0] for row in ticket.name_search("tu lanh dong")])

    # ------------------------------------------------------------ roles

    def test_who_sees_a_ticket(self):
        ticket = self._create_ticket(user_id=self.user_team.id)
        free = self._create_ticket()

        def seen(user):
            return (
                self.env["care.ticket"]
                .with_user(user)
                .search([("id", "in", (ticket | free).ids)])
            )

        self.assertEqual(seen(self.user_own), free)
        for user in (self.user_team, self.user_lead, self.user_manager):
            self.assertEqual(seen(user), ticket | free)
        self.assertFalse(seen(self.user_other))
        self.assertEqual(seen(self.user_portal), ticket | free)
        with self.assertRaises(AccessError):
            seen(self.user_reader)

    def test_portal_customer_reads_no_field_of_the_staff(self):
        ticket = self._create_ticket().with_user(self.user_portal)
        self.assertTrue(ticket.read(["number", "name", "stage_category"]))
        for name in ("care_stage_id", "tag_ids", "reply_count", "handoff_count"):
            with self.assertRaises(AccessError):
                ticket.read([name])

    def test_membership_counts_at_once(self):
        ticket = self._create_ticket(team_id=self.second_team.id)
        as_agent = self.env["care.ticket"].with_user(self.user_team)
        self.assertFalse(as_agent.search([("id", "=", ticket.id)]))
        self.second_team.member_ids |= self.user_team
        self.assertTrue(as_agent.search([("id", "=", ticket.id)]))

    def test_portal_customer_writes_nothing(self):
        ticket = self._create_ticket().with_user(self.user_portal)
        for attempt in (
            lambda: ticket.write({"priority": "urgent"}),
            ticket.unlink,
            lambda: ticket.create({"name": "x"}),
            ticket.action_solve,
            ticket.action_mark_spam,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_colleagues_see_each_other_only_where_the_company_says_so(self):
        company = self.env["res.partner"].create(
            {"name": "Công ty Hoa Sen", "is_company": True}
        )
        self.customer.parent_id = company
        colleague = self.env["res.partner"].create(
            {"name": "Đồng nghiệp", "parent_id": company.id}
        )
        ticket = self._create_ticket(partner_id=colleague.id)
        as_portal = self.env["care.ticket"].with_user(self.user_portal)
        self.assertFalse(as_portal.search([("id", "=", ticket.id)]))
        company.care_share_tickets = True
        self.assertTrue(as_portal.search([("id", "=", ticket.id)]))
