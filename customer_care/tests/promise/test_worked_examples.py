"""The worked examples that concern clocks; 2 March 2026 is a Monday, times are local."""

from odoo.tests import tagged

from .common import PromiseCommon, local

HOUR = 3600


@tagged("post_install", "-at_install")
class TestWorkedExamples(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._promise(
            ("first_reply", 4),
            ("next_reply", 4),
            ("update", 8),
            {"metric": "resolution", "hours": 16, "is_paused_hold": True},
        )

    def _used(self, ticket, metric, number=1):
        return self._clock(ticket, metric, number).consumed_seconds

    def test_plain(self):
        ticket = self._open_at("2026-03-02 09:00")
        self._reply_at("2026-03-02 10:30", ticket)
        self._move_at("2026-03-02 10:30", ticket, self.stage_pending)
        self._move_at("2026-03-02 11:00", ticket, self.stage_solved)
        self.assertEqual(self._used(ticket, "first_reply"), 1.5 * HOUR)
        resolution = self._clock(ticket, "resolution")
        self.assertEqual(resolution.consumed_seconds, 1.5 * HOUR)
        self.assertEqual(resolution.paused_seconds, 0.5 * HOUR)
        self.assertEqual(resolution.state, "met")
        self._assert_same(ticket)

    def test_acknowledgement_and_note_stop_nothing(self):
        ticket = self._open_at("2026-03-02 09:00")
        with self._at(str(local("2026-03-02 09:00"))):
            self._post(ticket, self.user_team, message_type="auto_comment")
        with self._at(str(local("2026-03-02 09:20"))):
            self._post(ticket, self.user_team, public=False)
        self._reply_at("2026-03-02 10:30", ticket)
        self.assertEqual(self._used(ticket, "first_reply"), 1.5 * HOUR)

    def test_lunch(self):
        ticket = self._open_at("2026-03-02 11:30")
        self._reply_at("2026-03-02 13:15", ticket)
        self.assertEqual(self._used(ticket, "first_reply"), 45 * 60)

    def test_outside_hours(self):
        ticket = self._open_at("2026-03-07 10:00")
        self._reply_at("2026-03-07 15:00", ticket)
        clock = self._clock(ticket, "first_reply")
        self.assertEqual((clock.consumed_seconds, clock.state), (0, "met"))
        self.assertIsNotNone(clock.consumed_seconds)

    def test_no_reply(self):
        ticket = self._open_at("2026-03-02 09:00")
        self._move_at("2026-03-02 15:00", ticket, self.stage_solved)
        first = self._clock(ticket, "first_reply")
        # four hours were over at 14:00: broken is broken, a reply or not
        self.assertEqual(first.state, "breached")
        self.assertEqual(first.breached_on, local("2026-03-02 14:00"))
        self.assertEqual(self._used(ticket, "resolution"), 5 * HOUR)

    def test_solved_in_time_without_a_reply_decides_nothing(self):
        ticket = self._open_at("2026-03-02 09:00")
        self._move_at("2026-03-02 11:00", ticket, self.stage_solved)
        self.assertEqual(self._clock(ticket, "first_reply").state, "void")
        self.assertEqual(self._clock(ticket, "resolution").state, "met")

    def test_customer_twice(self):
        ticket = self._open_at("2026-03-02 09:00")
        self._reply_at("2026-03-02 09:30", ticket)
        self._write_at("2026-03-02 10:00", ticket)
        self._write_at("2026-03-02 10:40", ticket)
        self._reply_at("2026-03-02 11:00", ticket)
        self.assertEqual(self._used(ticket, "first_reply"), 0.5 * HOUR)
        following = ticket.clock_ids.filtered(lambda c: c.metric == "next_reply")
        self.assertEqual(following.mapped("consumed_seconds"), [HOUR])

    def test_agent_first(self):
        with self._at(str(local("2026-03-02 09:00"))):
            ticket = (
                self.env["care.ticket"]
                .with_user(self.user_team)
                .create(
                    {
                        "name": "Gọi ra",
                        "partner_id": self.customer.id,
                        "team_id": self.team.id,
                    }
                )
                .sudo()
            )
        self._reply_at("2026-03-02 09:00", ticket)
        self._write_at("2026-03-02 14:00", ticket)
        self._reply_at("2026-03-02 14:20", ticket)
        self.assertEqual(self._used(ticket, "first_reply"), 20 * 60)

    def test_bot_and_hand_over(self):
        ticket = self._open_at("2026-03-02 09:00")
        with self._at(str(local("2026-03-02 09:06"))):
            ticket._record_bot_handover()
        self._reply_at("2026-03-02 09:16", ticket)
        first, second = ticket.clock_ids.filtered(
            lambda c: c.metric == "first_reply"
        ).sorted("round")
        self.assertEqual((first.state, second.state), ("void", "met"))
        self.assertEqual(second.consumed_seconds, 10 * 60)

    def test_reopened(self):
        ticket = self._open_at("2026-03-02 09:00")
        self._reply_at("2026-03-02 09:30", ticket)
        self._move_at("2026-03-02 10:00", ticket, self.stage_solved)
        self._write_at("2026-03-03 08:30", ticket)
        self._reply_at("2026-03-03 09:00", ticket)
        self._move_at("2026-03-03 09:30", ticket, self.stage_solved)
        self.assertEqual(self._used(ticket, "next_reply"), 0.5 * HOUR)
        self.assertEqual(self._used(ticket, "resolution", 1), HOUR)
        self.assertEqual(self._used(ticket, "resolution", 2), HOUR)
        self._assert_same(ticket)

    def test_spam_counts_nowhere(self):
        ticket = self._open_at("2026-03-02 09:00")
        with self._at(str(local("2026-03-02 09:10"))):
            ticket.action_mark_spam()
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"void"})
        self.assertFalse(ticket.sla_deadline)
        with self._at(str(local("2026-03-02 09:20"))):
            ticket.action_not_spam()
        self.assertEqual(self._clock(ticket, "resolution", 2).state, "running")
        self._assert_same(ticket)

    def test_test_ticket_starts_no_clock_again(self):
        ticket = self._open_at("2026-03-02 09:00")
        with self._at(str(local("2026-03-02 09:10"))):
            ticket.void_reason = "test"
        self._write_at("2026-03-02 09:20", ticket)
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"void"})
        with self._at(str(local("2026-03-02 09:30"))):
            ticket.void_reason = False
        running = ticket.clock_ids.filtered(lambda c: c.state == "running")
        self.assertEqual(
            set(running.mapped("metric")), {"first_reply", "update", "resolution"}
        )
        self._assert_same(ticket)

    def test_same_second(self):
        ticket = self._open_at("2026-03-02 09:00")
        self._reply_at("2026-03-02 09:00", ticket)
        clock = self._clock(ticket, "first_reply")
        self.assertEqual((clock.consumed_seconds, clock.state), (0, "met"))

    def test_spring_change_round_the_clock(self):
        self.team.resource_calendar_id = False
        with self._at("2026-03-28 22:00"):
            ticket = (
                self.env["care.ticket"]
                .with_context(care_actor="customer")
                .create({"name": "Paris", "team_id": self.team.id})
            )
        with self._at("2026-03-29 03:00"):
            self._post(ticket.with_context(care_actor=None), self.user_team)
        self.assertEqual(self._used(ticket, "first_reply"), 5 * HOUR)

    def test_calendar_edited_later(self):
        ticket = self._open_at("2026-03-02 11:30")
        self._reply_at("2026-03-02 13:15", ticket)
        before = self._clock(ticket, "first_reply").read()
        self.calendar.attendance_ids.filtered(
            lambda line: line.hour_from == 13
        ).hour_from = 12
        self.env.flush_all()
        self.env.cr.precommit.run()
        ticket._refresh_terms()
        self.assertEqual(self._clock(ticket, "first_reply").read(), before)
        fresh = self._open_at("2026-03-09 11:30")
        self._reply_at("2026-03-09 13:15", fresh)
        clock = self._clock(fresh, "first_reply")
        self.assertEqual(clock.consumed_seconds, 1.75 * HOUR)
        self.assertEqual(clock.version_id.number, 2)

    def test_sla_period(self):
        """3 kept, 1 late, 1 running late, 1 running, 1 void: 60 %."""
        for day in ("02", "03", "04"):
            ticket = self._open_at(f"2026-03-{day} 09:00")
            self._reply_at(f"2026-03-{day} 09:30", ticket)
        late = self._open_at("2026-03-02 09:00")
        self._reply_at("2026-03-02 16:00", late)
        self._open_at("2026-03-05 08:00")
        self._open_at("2026-03-05 16:00")
        spam = self._open_at("2026-03-05 08:00")
        with self._at(str(local("2026-03-05 08:10"))):
            spam.action_mark_spam()
        self.env.flush_all()
        self.env["care.sla.clock"]._work_due(local("2026-03-05 16:30"))
        states = self.env["care.sla.clock"].search(
            [("metric", "=", "first_reply"), ("ticket_id.team_id", "=", self.team.id)]
        )
        kept = len(states.filtered(lambda c: c.state == "met"))
        broken = len(states.filtered(lambda c: c.state == "breached"))
        self.assertEqual((kept, broken), (3, 2))
        self.assertEqual(100 * kept / (kept + broken), 60)
