from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestMyWork(CareCommon):
    def _work(self, user):
        found = self.env["care.ticket"].with_user(user).get_my_work()
        return {
            group["word"]: [row["id"] for row in group["rows"]]
            for group in found["groups"]
        }

    def _count_queries(self, call):
        call()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        return self.env.cr.sql_log_count - before

    def test_own_and_free_tickets_by_how_long_the_customer_waits(self):
        with self._at("2026-03-02 02:00:00"):
            old = self._create_ticket(user_id=self.user_own.id)
            self._post(old, self.user_portal)
        with self._at("2026-03-03 02:00:00"):
            free = self._create_ticket()
            self._post(free, self.user_portal)
            foreign = self._create_ticket(user_id=self.user_team.id)
            pending = self._create_ticket(user_id=self.user_own.id)
            pending.stage_id = self.stage_pending
            todo = self._create_ticket(user_id=self.user_own.id)
            solved = self._create_ticket(user_id=self.user_own.id)
            solved.action_solve()
        with self._at("2026-03-03 05:00:00"):
            work = self._work(self.user_own)
        self.assertEqual(
            work,
            {
                "earlier": [old.id],
                "today": [free.id],
                "todo": [todo.id],
                "pending": [pending.id],
            },
        )
        shown = {ticket_id for ids in work.values() for ticket_id in ids}
        self.assertNotIn(foreign.id, shown)

    def test_the_day_is_that_of_the_company(self):
        """23:30 in Hanoi is the day before, though still the same day in UTC."""
        self.company.care_tz = "Asia/Ho_Chi_Minh"
        with self._at("2026-03-02 16:30:00"):
            ticket = self._create_ticket(user_id=self.user_own.id)
            self._post(ticket, self.user_portal)
        with self._at("2026-03-02 18:00:00"):
            self.assertEqual(self._work(self.user_own), {"earlier": [ticket.id]})

    def test_nothing_to_do(self):
        self.assertEqual(self._work(self.user_own), {})

    def test_queries_do_not_grow_with_the_rows(self):
        model = self.env["care.ticket"].with_user(self.user_own)
        values = {
            "name": "x",
            "team_id": self.team.id,
            "user_id": self.user_own.id,
            "partner_id": self.customer_two.id,
        }
        self.env["care.ticket"].create([values] * 10)
        few = self._count_queries(model.get_my_work)
        partners = self.env["res.partner"].create(
            [{"name": f"Khách {index}"} for index in range(80)]
        )
        self.env["care.ticket"].create(
            [dict(values, partner_id=partner.id) for partner in partners]
        )
        self.assertLessEqual(self._count_queries(model.get_my_work), few)

    def test_preview_under_the_rights_of_the_reader(self):
        ticket = self._create_ticket(user_id=self.user_team.id)
        self._post(ticket, self.user_portal, body="Máy kêu to")
        self._post(ticket, self.user_team, public=False, body="Đã gọi thợ")
        preview = ticket.with_user(self.user_team).get_work_preview()
        self.assertEqual(
            [(m["body"], m["is_note"], m["is_ours"]) for m in preview["messages"]],
            [("Máy kêu to", False, False), ("Đã gọi thợ", True, True)],
        )
        for user in (self.user_own, self.user_reader, self.user_other):
            with self.assertRaises(AccessError):
                ticket.with_user(user).get_work_preview()

    def test_first_screen_follows_the_role(self):
        def opened(user):
            action = self.env["care.ticket"].with_user(user).action_open_care()
            return action["tag"]

        self.assertEqual(opened(self.user_own), "customer_care.my_work")
        self.assertEqual(opened(self.user_team), "customer_care.my_work")
        self.assertEqual(opened(self.user_lead), "customer_care.team_today")
        self.assertIn(
            opened(self.user_manager),
            ("customer_care.start", "customer_care.care_board"),
        )

    def test_care_stage_is_set_from_the_ticket_without_right_to_contacts(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        ticket = self._create_ticket(user_id=self.user_own.id)
        ticket.with_user(self.user_own).partner_care_stage_id = vip
        self.assertEqual(self.customer.care_stage_id, vip)
        self.assertFalse(ticket.care_stage_id)
        theirs = self.env["care.stage"].create(
            {"name": "Huế", "company_id": self.other_company.id}
        )
        with self.assertRaises(ValidationError):
            ticket.partner_care_stage_id = theirs

    def test_orders_one_may_not_open_are_counted_only(self):
        self.env["sale.order"].create({"partner_id": self.customer.id}).action_confirm()
        ticket = self._create_ticket(user_id=self.user_own.id)
        panel = ticket.with_user(self.user_own).customer_panel
        self.assertEqual((panel["orders"], panel["orders_hidden"]), ([], 1))
        self.assertIn("bought once, today", panel["sentence"])
        self.user_own.group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.env.invalidate_all()
        panel = ticket.with_user(self.user_own).customer_panel
        self.assertEqual((len(panel["orders"]), panel["orders_hidden"]), (1, 0))

    def test_lists_need_the_same_queries_for_ten_and_a_hundred(self):
        specification = {
            "number": {},
            "name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "partner_care_stage_id": {"fields": {"display_name": {}}},
            "waiting_since": {},
            "priority": {},
            "user_id": {"fields": {"display_name": {}}},
            "team_id": {"fields": {"display_name": {}}},
            "stage_id": {"fields": {"display_name": {}}},
            "tag_ids": {"fields": {"display_name": {}, "color": {}}},
            "activity_ids": {"fields": {}},
        }
        partners = self.env["res.partner"].create(
            [{"name": f"Khách {index}"} for index in range(100)]
        )
        self.env["care.ticket"].create(
            [
                {"name": "x", "team_id": self.team.id, "partner_id": partner.id}
                for partner in partners
            ]
        )
        tickets = self.env["care.ticket"].with_user(self.user_lead)

        def read(limit):
            return self._count_queries(
                lambda: tickets.web_search_read([], specification, limit=limit)
            )

        self.assertEqual(read(10), read(100))

        def kanban(limit):
            return self._count_queries(
                lambda: tickets.web_read_group(
                    [],
                    ["stage_id"],
                    ["__count"],
                    auto_unfold=True,
                    unfold_read_specification=specification,
                    unfold_read_default_limit=limit,
                )
            )

        self.assertEqual(kanban(10), kanban(100))
