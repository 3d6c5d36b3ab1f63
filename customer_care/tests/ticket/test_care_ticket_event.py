import itertools
import random
from datetime import datetime, timedelta

from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CareCommon

#: What no statement may change: the facts of an event, and what figures are counted by.
MEASURED = (
    "ticket_id date kind actor is_public is_automatic stage_category priority"
    " ticket_kind user_ref team_ref terms_ref"
).split()


@tagged("post_install", "-at_install")
class TestCareTicketEvent(CareCommon):
    def _kinds(self, ticket):
        return ticket.event_ids.sorted("id").mapped("kind")

    # ------------------------------------------------------------ append-only

    def test_orm_refuses_write_and_unlink_to_everybody(self):
        events = self._create_ticket().event_ids
        for env_user in (self.user_admin, self.env.user):
            with self.assertRaises(UserError):
                events.with_user(env_user).sudo().write({"is_public": False})
            with self.assertRaises(UserError):
                events.with_user(env_user).sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["care.ticket.event"].with_user(self.user_admin).create(
                {"ticket_id": events.ticket_id.id}
            )

    @mute_logger("odoo.sql_db")
    def test_sql_refuses_to_change_a_measured_column_or_to_delete(self):
        event = self._create_ticket().event_ids
        self.env.flush_all()
        for column in MEASURED:
            with self.assertRaises(RestrictViolation), self.env.cr.savepoint():
                self.env.cr.execute(
                    f'UPDATE care_ticket_event SET "{column}" = "{column}" WHERE id = %s',
                    [event.id],
                )
        with self.assertRaises(RestrictViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "DELETE FROM care_ticket_event WHERE id = %s", [event.id]
            )

    def test_deleting_a_ticket_takes_its_events(self):
        ticket, kept = self._create_ticket(), self._create_ticket()
        events = ticket.event_ids
        ticket.unlink()
        self.env.flush_all()
        self.assertFalse(events.exists())
        self.assertTrue(kept.event_ids)

    def test_deleting_a_user_keeps_events_and_hand_offs(self):
        leaving = self.user_own.copy({"login": "leaving"})
        ticket = self._create_ticket(user_id=leaving.id)
        ticket.user_id = self.user_team
        self.assertEqual(ticket.handoff_count, 1)
        first = ticket.event_ids.sorted("id")[0]
        ref = leaving.id
        self.env.flush_all()
        leaving.unlink()
        self.env.invalidate_all()
        self.assertFalse(first.user_id)
        self.assertEqual(first.user_ref, ref)
        self.assertFalse(ticket._find_state_differences())

    def test_deleting_a_stage_keeps_the_category_it_meant(self):
        stage = self.env["care.ticket.stage"].create(
            {"name": "Chờ linh kiện", "category": "hold"}
        )
        ticket = self._create_ticket()
        ticket.stage_id = stage
        with self.assertRaises(UserError):
            stage.unlink()
        ticket.stage_id = self.stage_open
        self.env.flush_all()
        stage.unlink()
        self.env.invalidate_all()
        event = ticket.event_ids.filtered(lambda e: e.stage_category == "hold")
        self.assertEqual(len(event), 1)
        self.assertFalse(event.stage_id)

    def test_deleting_a_message_keeps_its_event(self):
        ticket = self._create_ticket()
        message = self._post(ticket, self.user_team)
        event = ticket.event_ids.filtered(lambda e: e.message_id == message)
        self.assertEqual(event.kind, "agent_message")
        message.sudo().unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(event.exists())
        self.assertFalse(event.message_id)
        self.assertEqual(ticket.reply_count, 1)

    def test_merging_contacts_repoints_tickets_and_events(self):
        twin = self.env["res.partner"].create({"name": "Mai (Zalo)"})
        ticket = self._create_ticket(partner_id=twin.id)
        ticket.priority = "high"
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.customer_two).ids, self.customer_two)
        self.env.invalidate_all()
        self.assertEqual(ticket.partner_id, self.customer_two)
        self.assertEqual(ticket.event_ids.partner_id, self.customer_two)
        self.assertEqual(self._kinds(ticket), ["created", "priority_changed"])

    def test_upgrade_may_fill_a_new_column(self):
        self._create_ticket()
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE care_ticket_event ADD COLUMN novelty varchar")
        self.env.cr.execute("UPDATE care_ticket_event SET novelty = 'filled'")
        self.assertGreater(self.env.cr.rowcount, 0)
        self.env["care.ticket.event"].init()

    # ------------------------------------------------------------ kinds

    def test_every_kind_this_addon_can_produce(self):
        category = self.env["care.ticket.category"].create({"name": "Giao hàng"})
        calendar = self.env["resource.calendar"].create({"name": "Ca sáng"})
        ticket = self._create_ticket()
        system = ticket.sudo().with_context(care_actor="bot")
        steps = [
            ("created", lambda: None),
            ("customer_message", lambda: self._post(ticket, self.user_portal)),
            (
                "bot_message",
                lambda: system.message_post(
                    body="Chào", message_type="comment", subtype_xmlid="mail.mt_comment"
                ),
            ),
            ("bot_handover", system._record_bot_handover),
            ("note", lambda: self._post(ticket, self.user_team, public=False)),
            (
                "automatic_message",
                lambda: ticket.message_post(
                    body="Nghỉ phép",
                    message_type="out_of_office",
                    author_id=self.customer.id,
                    subtype_xmlid="mail.mt_comment",
                ),
            ),
            ("assigned", lambda: ticket.write({"user_id": self.user_own.id})),
            ("team_changed", lambda: ticket.write({"team_id": self.second_team.id})),
            ("priority_changed", lambda: ticket.write({"priority": "urgent"})),
            ("category_changed", lambda: ticket.write({"category_id": category.id})),
            ("kind_changed", lambda: ticket.write({"kind": "complaint"})),
            (
                "customer_changed",
                lambda: ticket.write({"partner_id": self.customer_two.id}),
            ),
            (
                "calendar_changed",
                lambda: self.second_team.write({"resource_calendar_id": calendar.id}),
            ),
            (
                "stage_changed",
                lambda: ticket.write({"stage_id": self.stage_pending.id}),
            ),
        ]
        for kind, step in steps:
            seen = len(ticket.event_ids)
            step()
            if kind != "created":
                self.assertEqual(self._kinds(ticket)[seen:], [kind])
        seen = len(ticket.event_ids)
        ticket.action_mark_spam()
        ticket.action_not_spam()
        self._post(ticket, self.user_manager)
        self.assertEqual(
            self._kinds(ticket)[seen:],
            ["spam", "stage_changed", "not_spam", "stage_changed", "agent_message"],
        )
        self.assertFalse(ticket._find_state_differences())

    def test_mail_that_the_system_posts_is_its_authors(self):
        """Who answered by mail has answered, not the system that received it."""
        ticket = self._create_ticket()
        for author, user in (
            (self.user_team.partner_id, self.user_team),
            (self.user_portal.partner_id, self.user_portal),
            (self.customer_two, self.env.user),
        ):
            ticket.message_post(
                body="Xin chào",
                author_id=author.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
            messages = ticket.event_ids.filtered("message_id").sorted("id")
            self.assertEqual(messages[-1].actor_id, user)

    def test_every_void_reason_is_recorded(self):
        """Reports leave a ticket out because of its events, whatever the reason."""
        ticket = self._create_ticket(void_reason="test")
        for reason in ("spam", "mistake", False, "spam", False):
            ticket.void_reason = reason
        kinds = ticket.event_ids.sorted("id").mapped("kind")
        self.assertEqual(
            kinds,
            ["created", "voided", "spam", "voided", "restored", "spam", "not_spam"],
        )

    def test_no_event_without_change(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        seen = len(ticket.event_ids)
        ticket.write({"user_id": self.user_own.id, "priority": "normal"})
        ticket.name = "Khác"
        ticket._message_log(body="log")
        self.assertEqual(len(ticket.event_ids), seen)

    def test_requester_with_internal_login_counts_as_customer(self):
        ticket = self._create_ticket(partner_id=self.user_reader.partner_id.id)
        message = ticket.sudo().message_post(
            body="Máy in hỏng",
            author_id=self.user_reader.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        event = ticket.event_ids.filtered(lambda e: e.message_id == message)
        self.assertEqual((event.kind, event.actor), ("customer_message", "customer"))

    def test_context_of_a_client_cannot_claim_an_actor(self):
        ticket = self._create_ticket()
        forged = ticket.with_user(self.user_team).with_context(
            care_actor="customer", care_automatic=True, care_channel="api"
        )
        forged.message_post(
            body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        event = ticket.event_ids.sorted("id").filtered("message_id")
        self.assertEqual((event.kind, event.actor), ("agent_message", "agent"))
        stage_event = ticket.event_ids.filtered(lambda e: e.kind == "stage_changed")
        self.assertEqual(stage_event.actor, "agent")

    def test_portal_customer_cannot_answer_in_the_name_of_an_agent(self):
        ticket = self._create_ticket()
        with self.assertRaises(AccessError):
            ticket.with_user(self.user_portal).message_post(
                body="Đã xong",
                email_from=self.user_team.email,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertFalse(ticket.event_ids.filtered("message_id"))

    # ------------------------------------------------------------ worked examples

    def test_first_reply_is_the_first_public_answer_of_a_person(self):
        """Acknowledgement and note do not count: 1 h 30 from 09:00 to 10:30."""
        with self._at("2026-03-02 02:00:00"):
            ticket = self._create_ticket()
            self._post(ticket, self.user_portal)
            ticket.message_post(
                body="Đã nhận",
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
            )
        with self._at("2026-03-02 02:20:00"):
            self._post(ticket, self.user_team, public=False)
        with self._at("2026-03-02 03:30:00"):
            self._post(ticket, self.user_team)
        waited = ticket.first_reply_on - ticket.first_request_on
        self.assertEqual(waited, timedelta(hours=1, minutes=30))
        self.assertEqual(ticket.reply_count, 1)
        self.assertFalse(ticket._find_state_differences())

    def _play(self, steps):
        """Play ``steps``, pairs of a local time on Monday and who writes; return it.

        Local time is UTC+7, so 09:00 is 02:00 UTC.
        """
        ticket = None
        for moment, who in steps:
            hour, minute = map(int, moment.split(":"))
            with self._at(f"2026-03-02 {hour - 7:02d}:{minute:02d}:00"):
                ticket = ticket or self._create_ticket()
                if who == "customer":
                    self._post(ticket, self.user_portal)
                elif who == "agent":
                    self._post(ticket, self.user_team)
                elif who == "handover":
                    ticket._record_bot_handover()
                elif who == "bot":
                    ticket.sudo().with_context(care_actor="bot").message_post(
                        body="Xin chào",
                        message_type="comment",
                        subtype_xmlid="mail.mt_comment",
                    )
        return ticket

    def _first_reply_minutes(self, ticket):
        waited = ticket.first_reply_on - ticket.first_request_on
        return waited.total_seconds() / 60

    def test_customer_writes_twice(self):
        """09:00; reply 09:30; customer 10:00 and 10:40: waiting since the older one."""
        steps = [("9:00", "customer"), ("9:30", "agent"), ("10:00", "customer")]
        ticket = self._play([*steps, ("10:40", "customer")])
        self.assertEqual(self._first_reply_minutes(ticket), 30)
        self.assertEqual(str(ticket.waiting_since), "2026-03-02 03:00:00")
        self._post(ticket, self.user_team)
        self.assertFalse(ticket.waiting_since)

    def test_agent_writes_first(self):
        """Agent 09:00; customer 14:00; reply 14:20: 20 minutes."""
        ticket = self._play(
            [("9:00", "agent"), ("14:00", "customer"), ("14:20", "agent")]
        )
        self.assertEqual(self._first_reply_minutes(ticket), 20)

    def test_bot_answers_first_and_hands_over(self):
        """09:00 customer and bot; hand-over 09:06; reply 09:16: 10 minutes."""
        ticket = self._play(
            [
                ("9:00", "customer"),
                ("9:00", "bot"),
                ("9:06", "handover"),
                ("9:16", "agent"),
            ]
        )
        self.assertEqual(self._first_reply_minutes(ticket), 10)

    def test_reply_in_the_same_second_is_zero_and_not_unknown(self):
        ticket = self._play([("9:00", "customer"), ("9:00", "agent")])
        self.assertTrue(ticket.first_reply_on)
        self.assertEqual(self._first_reply_minutes(ticket), 0)

    def test_reopened_by_the_customer_and_solved_again(self):
        """Mon 09:00, solved 10:00; customer Tue 08:30; solved 09:30: 1 h and 24 h 30."""
        with self._at("2026-03-02 02:00:00"):
            ticket = self._create_ticket()
            self._post(ticket, self.user_portal)
        with self._at("2026-03-02 02:30:00"):
            self._post(ticket, self.user_team)
        with self._at("2026-03-02 03:00:00"):
            ticket.action_solve()
        self.assertFalse(ticket.waiting_since)
        with self._at("2026-03-03 01:30:00") as back:
            self._post(ticket, self.user_portal)
        self.assertEqual(ticket.stage_category, "open")
        self.assertFalse(ticket.solved_on)
        self.assertEqual(ticket.waiting_since, back)
        with self._at("2026-03-03 02:00:00"):
            self._post(ticket, self.user_team)
        with self._at("2026-03-03 02:30:00"):
            ticket.action_solve()
        created = ticket.event_ids.sorted("id")[0].date
        self.assertEqual(ticket.first_solved_on - created, timedelta(hours=1))
        self.assertEqual(ticket.solved_on - created, timedelta(hours=24, minutes=30))
        self.assertEqual((ticket.reopen_count, ticket.reply_count), (1, 2))

    def test_thank_you_of_an_auto_responder_reopens_nothing(self):
        ticket = self._create_ticket()
        ticket.action_solve()
        ticket.message_post(
            body="Tôi đang nghỉ phép",
            author_id=self.customer.id,
            message_type="out_of_office",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(ticket.stage_category, "solved")
        self.assertFalse(ticket.waiting_since)

    def test_first_assignment_is_no_hand_off(self):
        """Team, then person, then a colleague: 0 transfers, 1 hand-off."""
        ticket = self._create_ticket()
        ticket.user_id = self.user_own
        ticket.user_id = False
        ticket.user_id = self.user_own
        self.assertEqual((ticket.transfer_count, ticket.handoff_count), (0, 0))
        ticket.user_id = self.user_team
        ticket.team_id = self.second_team
        self.assertEqual((ticket.transfer_count, ticket.handoff_count), (1, 1))

    # ------------------------------------------------------------ random histories

    def test_stored_replayed_and_slow_computation_agree_on_random_histories(self):
        rng = random.Random(20260302)
        operations = [
            lambda t: self._post(t, self.user_portal),
            lambda t: self._post(t, self.user_manager),
            lambda t: self._post(t, self.user_manager, public=False),
            lambda t: t.write({"stage_id": self.stage_pending.id}),
            lambda t: t.action_solve(),
            lambda t: t.action_reopen(),
            lambda t: t.action_mark_spam(),
            lambda t: t.write({"user_id": self.user_own.id}),
            lambda t: t.write({"user_id": self.user_team.id, "priority": "high"}),
            lambda t: t.write({"user_id": False}),
            lambda t: t.write({"team_id": self.second_team.id}),
            lambda t: t.write({"team_id": self.team.id}),
            lambda t: t._record_bot_handover(),
        ]
        for _history in range(30):
            now = datetime(2026, 3, 2, 1)
            with self._at(str(now)):
                ticket = self._create_ticket()
            for _step in range(rng.randrange(12)):
                now += timedelta(seconds=rng.choice([0, 1, 59, 3600, 90000]))
                with self._at(str(now)):
                    rng.choice(operations)(ticket)
            self.assertEqual(ticket._find_state_differences(), {})
            self._check_slowly(ticket)

    def _check_slowly(self, ticket):
        """Compute the derived columns from whole lists, sharing no code with lib."""
        self.env["care.ticket.event"].flush_model()
        events = ticket.event_ids.sorted("id")
        asks = events.filtered(lambda e: e.kind == "customer_message" and e.is_public)
        replies = events.filtered(lambda e: e.kind == "agent_message")
        categories = [e.stage_category for e in events]
        done = ("solved", "closed")
        steps = list(zip(categories, categories[1:], events[1:], strict=False))
        solved = [e for a, b, e in steps if b in done and a not in done]
        reopened = [
            e
            for a, b, e in steps
            if a in done and b in ("new", "open", "pending", "hold")
        ]
        users = [e.user_ref for e in events if e.user_ref]
        teams = [e.team_ref for e in events if e.team_ref]
        self.assertEqual(ticket.reply_count, len(replies))
        self.assertEqual(ticket.reopen_count, len(reopened))
        self.assertEqual(ticket.first_solved_on, solved[0].date if solved else False)
        self.assertEqual(
            ticket.solved_on, solved[-1].date if categories[-1] in done else False
        )
        self.assertEqual(ticket.last_customer_on, asks[-1:].date)
        for refs, count in (
            (users, ticket.handoff_count),
            (teams, ticket.transfer_count),
        ):
            changes = sum(a != b for a, b in itertools.pairwise(refs))
            self.assertEqual(count, changes)
