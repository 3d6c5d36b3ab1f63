from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestTicketUrgency(UrgencyCommon):
    def test_worked_example(self):
        """Complaint 20 + angry 40 + VIP 15 + "luật sư" 30 = 105, the highest first."""
        vip = self.env.ref("customer_care.care_stage_vip")
        self._rule("kind", 20, ticket_kind="complaint")
        self._rule("mood", 40, mood="angry")
        self._rule("stage", 15, care_stage_ids=vip.ids)
        self._rule("words", 30, words="luật sư\nlawyer")
        self.customer.care_stage_id = vip
        ticket = self._create_ticket(
            name="Tôi sẽ gọi LUAT SU!", kind="complaint", mood="angry"
        )
        self.assertEqual(ticket.urgency, 105)
        self.assertEqual(
            [(hit["kind"], hit["points"]) for hit in ticket.urgency_reasons],
            [("mood", 40), ("words", 30), ("kind", 20), ("stage", 15)],
        )
        self.assertEqual(ticket.urgency_reason, "mood 40")
        self.assertEqual(
            [reason["sentence"] for reason in ticket.urgency_info["reasons"]],
            [
                "The customer is: Angry.",
                "The customer says “luật sư”.",
                "Kind: Complaint.",
                f"Care stage: {vip.name}.",
            ],
        )

    def test_of_one_kind_the_highest_counts(self):
        self._rule("words", 10, words="gấp")
        self._rule("words", 30, words="luật sư")
        self._rule("words", -5, words="cảm ơn")
        ticket = self._create_ticket(name="Gấp, gọi luật sư, cảm ơn")
        self.assertEqual((ticket.urgency, self._points(ticket)), (30, {"words": 30}))

    def test_less_urgent_but_never_below_nothing(self):
        self._rule("kind", -50, ticket_kind="praise")
        self._rule("priority", 20, priority="high")
        ticket = self._create_ticket(kind="praise", priority="high")
        self.assertEqual(ticket.urgency, 0)
        self.assertEqual(self._points(ticket), {"priority": 20, "kind": -50})
        ticket.kind = "question"
        self.assertEqual(ticket.urgency, 20)

    def test_whole_words_without_accents(self):
        self._rule("words", 10, words="bực mình\nrefund")
        for name, points in (
            ("Tôi BUC MINH quá", 10),
            ("bực\nmình", 10),
            ("I want a Refund.", 10),
            ("refunds and prefund", 0),
            ("bực", 0),
            ("", 0),
        ):
            with self.subTest(name=name):
                ticket = self._create_ticket(name=name or "–")
                self.assertEqual(ticket.urgency, points)

    def test_words_of_a_message_and_of_no_quotation(self):
        self._rule("words", 10, words="luật sư")
        ticket = self._create_ticket()
        self.assertEqual(ticket.urgency, 0)
        self._post(ticket, self.user_own, body="Anh gọi luật sư làm gì ạ")
        self.assertEqual(ticket.urgency, 0)
        self._post(
            ticket,
            self.user_portal,
            body="Vâng",
        )
        self.assertEqual(ticket.urgency, 0)
        self._post(ticket, self.user_portal, body="Tôi gọi luật sư")
        self.assertEqual(ticket.urgency, 10)
        self.assertFalse(ticket._find_state_differences())

    def test_only_the_last_three_messages_count(self):
        self._rule("words", 10, words="gấp")
        ticket = self._create_ticket()
        self._post(ticket, self.user_portal, body="Gấp lắm")
        for body in ("Một", "Hai"):
            self._post(ticket, self.user_portal, body=body)
        self.assertEqual(ticket.urgency, 10)
        self._post(ticket, self.user_portal, body="Ba")
        self.assertEqual(ticket.urgency, 0)

    def test_again_within_days(self):
        self._rule("again", 25, days=7)
        with self._at("2026-03-02 02:00"):
            first = self._create_ticket()
            stranger = self._create_ticket(partner_id=self.customer_two.id)
        with self._at("2026-03-09 02:00"):  # exactly seven days
            second = self._create_ticket()
        with self._at("2026-03-16 02:01"):  # a minute more
            third = self._create_ticket()
        tickets = first | stranger | second | third
        self.assertEqual(tickets.mapped("urgency"), [0, 0, 25, 0])
        tickets._update_urgency()
        self.assertEqual(tickets.mapped("urgency"), [0, 0, 25, 0])

    def test_again_in_one_batch_and_not_for_spam(self):
        self._rule("again", 25, days=7)
        values = {
            "name": "x",
            "partner_id": self.customer.id,
            "team_id": self.team.id,
        }
        spam = self.env["care.ticket"].create({**values, "void_reason": "spam"})
        pair = self.env["care.ticket"].create([values, values])
        self.assertEqual(pair.mapped("urgency"), [0, 25])
        (spam | pair)._update_urgency()
        self.assertEqual(pair.mapped("urgency"), [0, 25])

    def test_came_back(self):
        self._rule("reopened", 15)
        ticket = self._create_ticket(user_id=self.user_own.id)
        ticket.action_solve()
        self.assertEqual(ticket.urgency, 0)
        self._post(ticket, self.user_portal, body="Vẫn hỏng")
        self.assertEqual((ticket.urgency, ticket.reopen_count), (15, 1))

    def test_the_customer_moves_to_another_care_stage(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        self._rule("stage", 15, care_stage_ids=vip.ids)
        ticket = self._create_ticket()
        self.assertEqual(ticket.urgency, 0)
        self.customer.action_care_move(
            vip.id, fields.Date.to_string(fields.Date.today() + timedelta(days=9))
        )
        self.assertEqual(ticket.urgency, 15)

    def test_moves_made_in_sql_reach_the_ticket_with_the_job(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        self._rule("stage", 15, care_stage_ids=vip.ids)
        ticket = self._create_ticket()
        self.patch(
            type(self.env["res.partner"]), "_care_update_urgency", lambda partner: None
        )
        self.customer.care_stage_id = vip
        self.env.flush_all()
        self.env.cr.execute(
            'INSERT INTO care_stage_change (partner_id, company_id, "on", to_id, reason,'
            " initial) VALUES (%s, %s, %s, %s, 'first', TRUE)",
            [
                self.customer.commercial_partner_id.id,
                self.company.id,
                fields.Datetime.now(),
                vip.id,
            ],
        )
        self.assertEqual(ticket.urgency, 0)
        self.env["care.ticket"]._update_moved_urgency()
        self.assertEqual(ticket.urgency, 15)

    def test_another_customer(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        self._rule("stage", 15, care_stage_ids=vip.ids)
        self.customer_two.care_stage_id = vip
        ticket = self._create_ticket()
        ticket.partner_id = self.customer_two
        self.assertEqual(ticket.urgency, 15)

    def test_a_typed_name_does_not_borrow_the_stage_of_a_contact(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        self._rule("stage", 15, care_stage_ids=vip.ids)
        self.customer.care_stage_id = vip
        ticket = self._create_ticket(is_unverified=True)
        self.assertEqual(ticket.urgency, 0)
        ticket._update_urgency()
        self.assertEqual(ticket.urgency, 0)

    def test_each_company_has_its_rules(self):
        self._rule("kind", 20, ticket_kind="complaint")
        self._rule(
            "kind", 33, ticket_kind="complaint", company_id=self.other_company.id
        )
        theirs = self.env["care.ticket"].create(
            {
                "name": "x",
                "kind": "complaint",
                "team_id": self.other_team.id,
                "company_id": self.other_company.id,
            }
        )
        self.assertEqual(theirs.urgency, 33)
        self.assertEqual(self._create_ticket(kind="complaint").urgency, 20)
        self._rule("kind", 50, ticket_kind="complaint", company_id=False)
        self.assertEqual(self._create_ticket(kind="complaint").urgency, 50)

    def test_a_changed_rule_reaches_open_tickets_with_the_job(self):
        rule = self._rule("kind", 20, ticket_kind="complaint")
        ticket = self._create_ticket(kind="complaint")
        solved = self._create_ticket(kind="complaint", user_id=self.user_own.id)
        solved.action_solve()
        rule.points = 35
        self.assertEqual(ticket.urgency, 20)
        while self.env["care.ticket"]._work_due_urgency():
            pass
        self.assertEqual((ticket.urgency, solved.urgency), (35, 20))
        self.assertFalse(ticket.urgency_due_on)
        rule.unlink()
        while self.env["care.ticket"]._work_due_urgency():
            pass
        self.assertEqual((ticket.urgency, ticket.urgency_reasons), (0, False))

    def test_time_left(self):
        """An hour before the deadline 20, over it 40; between them nothing is touched."""
        self._rule("deadline", 20, minutes=60)
        self._rule("deadline", 40, minutes=0)
        model = type(self.env["care.ticket"])
        deadline = fields.Datetime.to_datetime("2026-03-02 08:00:00")
        self.patch(model, "_get_urgency_deadline", lambda ticket: deadline)
        with self._at("2026-03-02 05:00"):
            ticket = self._create_ticket()
            ticket._update_urgency()
            self.assertEqual(ticket.urgency, 0)
            self.assertEqual(ticket._get_time_left_minutes(), 180)
            self.assertEqual(
                ticket.urgency_due_on,
                fields.Datetime.to_datetime("2026-03-02 07:00:00"),
            )
            self.env["care.ticket"].search(
                [("id", "!=", ticket.id)]
            ).urgency_due_on = False
        with self._at("2026-03-02 06:59"):
            self.assertEqual(self.env["care.ticket"]._work_due_urgency(), 0)
        with self._at("2026-03-02 07:00"):
            self.assertEqual(self.env["care.ticket"]._work_due_urgency(), 1)
            self.assertEqual(
                (ticket.urgency, self._points(ticket)), (20, {"deadline": 20})
            )
        with self._at("2026-03-02 08:00"):
            self.assertEqual(self.env["care.ticket"]._work_due_urgency(), 1)
            self.assertEqual(ticket.urgency, 40)
            self.assertFalse(ticket.urgency_due_on)
            self.assertEqual(
                ticket.urgency_info["reasons"][0]["sentence"], "The deadline is over."
            )

    def test_without_a_promise_there_is_no_time_left(self):
        self._rule("deadline", 20, minutes=43_200)
        ticket = self._create_ticket()
        if "sla_deadline" in ticket._fields:
            ticket.sudo().sla_deadline = False
        self.assertIsNone(ticket._get_time_left_minutes())
        self.assertEqual(ticket.urgency, 0)

    # ------------------------------------------------------------------ by hand

    def _set(self, ticket, user, points, reason):
        wizard = (
            self.env["care.urgency.set"]
            .with_user(user)
            .create({"ticket_id": ticket.id, "points": points, "reason": reason})
        )
        return wizard.action_apply()

    def test_by_hand_and_back(self):
        self._rule("kind", 20, ticket_kind="complaint")
        ticket = self._create_ticket(kind="complaint", user_id=self.user_own.id)
        self._set(ticket, self.user_own, 90, "Sếp hứa gọi hôm nay")
        self.assertEqual((ticket.urgency, ticket.is_urgency_overruled), (90, True))
        self.assertEqual(ticket.urgency_reason, "Sếp hứa gọi hôm nay")
        note = ticket.message_ids[:1]
        self.assertEqual(note.author_id, self.user_own.partner_id)
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self.assertIn("90 instead of 20. Sếp hứa gọi hôm nay", note.body)
        last = ticket.event_ids.sorted("id")[-1:]
        self.assertEqual((last.kind, last.actor_id), ("note", self.user_own))
        # the rules go on, and do not count
        ticket.kind = "question"
        self.assertEqual((ticket.urgency, self._points(ticket)), (90, {}))
        ticket.kind = "complaint"
        ticket.with_user(self.user_own).action_follow_urgency_rules()
        self.assertEqual((ticket.urgency, ticket.is_urgency_overruled), (20, False))

    def test_by_hand_bad_input(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        for points, reason in ((-1, "x"), (501, "x"), (10, "   ")):
            with (
                self.subTest(points=points, reason=reason),
                self.assertRaises(ValidationError),
            ):
                self._set(ticket, self.user_own, points, reason)
        self.assertFalse(ticket.is_urgency_overruled)

    def test_nobody_sets_it_on_a_ticket_he_may_not_change(self):
        ticket = self._create_ticket(user_id=self.user_team.id)
        for user in (self.user_own, self.user_other):
            with self.assertRaises(AccessError):
                self._set(ticket, user, 90, "x")
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_overrule_urgency()
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_follow_urgency_rules()
        self.assertEqual(ticket.urgency, 0)

    def test_nobody_writes_the_figures(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        for name, value in (
            ("urgency", 99),
            ("urgency_reasons", [{"rule": 1}]),
            ("urgency_override", 99),
            ("is_urgency_overruled", True),
            ("urgency_due_on", "2026-03-02 07:00:00"),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                ticket.with_user(self.user_admin).write({name: value})
        with self.assertRaises(AccessError):
            self.env["care.ticket"].with_user(self.user_admin).create(
                {"name": "x", "team_id": self.team.id, "urgency": 99}
            )

    # ------------------------------------------------------------------ My Work

    def test_my_work_shows_the_most_urgent_first(self):
        self._rule("kind", 20, ticket_kind="complaint", name="A complaint")
        with self._at("2026-03-02 02:00:00"):
            waits_longer = self._create_ticket(user_id=self.user_own.id)
            self._post(waits_longer, self.user_portal)
        with self._at("2026-03-02 03:00:00"):
            urgent = self._create_ticket(user_id=self.user_own.id, kind="complaint")
            self._post(urgent, self.user_portal)
        with self._at("2026-03-02 04:00:00"):
            work = self.env["care.ticket"].with_user(self.user_own).get_my_work()
        rows = work["groups"][0]["rows"]
        self.assertEqual([row["id"] for row in rows], [urgent.id, waits_longer.id])
        self.assertEqual(
            [(row["urgency"], row["urgency_reason"]) for row in rows],
            [(20, "A complaint"), (0, "")],
        )

    # ------------------------------------------------------------------ speed

    def test_queries_do_not_grow_with_the_tickets(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        self._rule("words", 30, words="luật sư")
        self._rule("again", 25, days=7)
        self._rule("stage", 15, care_stage_ids=vip.ids)
        partners = self.env["res.partner"].create(
            [{"name": f"Khách {index}"} for index in range(40)]
        )
        tickets = self.env["care.ticket"].create(
            [
                {"name": "x", "partner_id": partner.id, "team_id": self.team.id}
                for partner in partners
            ]
        )

        def count(some):
            some._update_urgency()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._update_urgency()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(tickets[:4])
        self.assertLessEqual(count(tickets), few)
