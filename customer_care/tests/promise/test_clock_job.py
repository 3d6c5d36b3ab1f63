from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .common import PromiseCommon, local


@tagged("post_install", "-at_install")
class TestClockJob(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._promise(
            ("first_reply", 4), warn_percent=75, escalate_minutes=60
        )
        cls.accountable = cls.user_manager
        cls.team.accountable_id = cls.accountable
        # nobody else's clocks are due in these tests
        cls.env.cr.execute("UPDATE care_sla_clock SET due_on = NULL")

    def setUp(self):
        super().setUp()
        self.ticket = self._open_at("2026-03-02 08:00", user_id=self.user_own.id)
        self.clock = self._clock(self.ticket, "first_reply")

    def _work_at(self, moment):
        """Run the job at a moment of Ho Chi Minh City."""
        self.env.flush_all()
        cron = self.env["ir.cron"].__class__
        with (
            self._at(str(local(moment))),
            patch.object(cron, "_commit_progress", return_value=100.0),
        ):
            self.env["care.sla.clock"]._cron_due()
            self.env.flush_all()
        self.env.invalidate_all()

    def _alerts(self, kind=None):
        return self.env["care.sla.alert"].search(
            [("clock_id", "=", self.clock.id)] + ([("kind", "=", kind)] if kind else [])
        )

    def _digests(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("subject", "like", "Promises to customers"),
            ]
        )

    # ------------------------------------------------------------------ steps

    def test_warning_breach_and_escalation(self):
        # three of four hours are used up at 11:00, all of them at 12:00
        self._work_at("2026-03-02 10:59")
        self.assertEqual(self.clock.step, "none")
        self._work_at("2026-03-02 11:01")
        self.assertEqual((self.clock.step, self.clock.state), ("warned", "running"))
        self.assertEqual(self._alerts().user_id, self.user_own)
        self._work_at("2026-03-02 12:00")
        self.assertEqual(self.clock.state, "running", "to the second is in time")
        self._work_at("2026-03-02 12:01")
        self.assertEqual((self.clock.step, self.clock.state), ("broken", "breached"))
        self.assertEqual(self.clock.breached_on, local("2026-03-02 12:00"))
        self.assertEqual(self._alerts("broken").user_id, self.user_own | self.user_lead)
        self._work_at("2026-03-02 13:01")
        self.assertEqual(self.clock.step, "escalated")
        self.assertEqual(self._alerts("escalated").user_id, self.accountable)
        self.assertFalse(self.clock.due_on)
        self._assert_same(self.ticket, local("2026-03-02 13:01"))

    def test_job_away_for_days_reports_once(self):
        self._work_at("2026-03-05 09:00")
        self.assertEqual(self.clock.step, "escalated")
        self.assertFalse(self._alerts("warning"))
        self.assertEqual(self.clock.breached_on, local("2026-03-02 12:00"))

    def test_each_step_is_reported_once(self):
        for _index in range(3):
            self._work_at("2026-03-02 12:01")
        self.assertEqual(len(self._alerts("broken")), 2)

    def test_late_reply_ends_it_for_good(self):
        self._work_at("2026-03-02 12:01")
        self._reply_at("2026-03-02 13:30", self.ticket)
        self.assertEqual(self.clock.state, "breached")
        self.assertEqual(self.clock.stopped_on, local("2026-03-02 13:30"))
        self.assertEqual(self.clock.consumed_seconds, 4.5 * 3600)
        self._work_at("2026-03-02 14:30")
        self.assertEqual(self.clock.step, "broken")
        self.assertFalse(self._alerts("escalated"))
        self.assertFalse(self.ticket.sla_deadline)

    def test_reply_to_the_second_is_in_time(self):
        self._reply_at("2026-03-02 12:00", self.ticket)
        self.assertEqual(self.clock.state, "met")
        late = self._open_at("2026-03-02 08:00")
        self._reply_at("2026-03-02 12:00:01", late)
        self.assertEqual(self._clock(late, "first_reply").state, "breached")

    def test_reply_before_the_job_came_by_is_late_all_the_same(self):
        self._reply_at("2026-03-02 13:30", self.ticket)
        self.assertEqual(self.clock.state, "breached")
        self.assertEqual(self.clock.breached_on, local("2026-03-02 12:00"))
        self._assert_same(self.ticket)

    def test_raised_priority_shortens_and_is_warned_again_only_once(self):
        self.policy.target_ids = [
            (0, 0, {"metric": "first_reply", "priority": "urgent", "hours": 2})
        ]
        self._work_at("2026-03-02 09:00")
        with self._at(str(local("2026-03-02 09:30"))):
            self.ticket.priority = "urgent"
        self.assertEqual(self.clock.deadline, local("2026-03-02 10:00"))
        self._work_at("2026-03-02 10:01")
        self.assertEqual(self.clock.step, "broken")
        self._assert_same(self.ticket, local("2026-03-02 10:01"))

    def test_nobody_in_charge_goes_up(self):
        free = self._open_at("2026-03-02 08:00", user_id=False)
        self._work_at("2026-03-02 11:01")
        alerts = self.env["care.sla.alert"].search(
            [("clock_id", "=", self._clock(free, "first_reply").id)]
        )
        self.assertEqual(alerts.user_id, self.user_lead)

    def test_team_without_anybody_is_no_error(self):
        lonely = self._open_at(
            "2026-03-02 08:00", team_id=self.second_team.id, user_id=False
        )
        self._work_at("2026-03-03 18:00")
        clock = self._clock(lonely, "first_reply")
        self.assertEqual(clock.state, "breached")

    # ------------------------------------------------------------------ digests

    def test_one_digest_per_person_and_quarter(self):
        for _index in range(5):
            self._open_at("2026-03-02 08:00", user_id=self.user_own.id)
        self._work_at("2026-03-02 11:01")
        self.assertEqual(len(self._digests(self.user_own)), 1)
        later = self._open_at("2026-03-02 08:05", user_id=self.user_own.id)
        self._work_at("2026-03-02 11:06")
        self.assertEqual(len(self._digests(self.user_own)), 1)
        self._work_at("2026-03-02 11:17")
        digests = self._digests(self.user_own)
        self.assertEqual(len(digests), 2)
        self.assertIn(later.number, "".join(digests.mapped("body")))

    def test_digest_leaves_out_what_is_settled(self):
        self._work_at("2026-03-02 11:01")
        other = self._open_at("2026-03-02 08:05", user_id=self.user_own.id)
        self._work_at("2026-03-02 11:06")
        self._reply_at("2026-03-02 11:10", other)
        self._work_at("2026-03-02 11:17")
        self.assertEqual(len(self._digests(self.user_own)), 1)
        dropped = self.env["care.sla.alert"].search(
            [("clock_id", "=", self._clock(other, "first_reply").id)]
        )
        self.assertTrue(dropped.is_dropped)

    def test_broken_and_answered_meanwhile_is_left_out(self):
        """A digest went out at 10:01; what broke after it was answered before the next."""
        self.policy.target_ids.hours = 2
        self._open_at("2026-03-02 08:00", user_id=self.user_own.id)
        self._work_at("2026-03-02 10:01")
        other = self._open_at("2026-03-02 08:02", user_id=self.user_own.id)
        self._work_at("2026-03-02 10:03")
        self.assertEqual(self._clock(other, "first_reply").step, "broken")
        self._reply_at("2026-03-02 10:05", other)
        self._work_at("2026-03-02 10:17")
        self.assertEqual(len(self._digests(self.user_own)), 1)

    def test_digest_is_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.user_own.lang = "vi_VN"
        self._work_at("2026-03-02 12:01")
        message = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.user_own.partner_id.ids),
            ],
            limit=1,
        )
        self.assertIn("Cam kết", message.subject)
        # noon on the wall of the reader
        self.assertIn("12:00", message.body)

    def test_digest_waits_in_the_outbox(self):
        self.user_own.notification_type = "email"
        self._work_at("2026-03-02 11:01")
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "in", self._digests(self.user_own).ids)]
        )
        self.assertEqual(mail.state, "outgoing")

    def test_who_left_gets_nothing(self):
        self.user_own.active = False
        self._work_at("2026-03-02 11:01")
        self.assertFalse(self._digests(self.user_own))

    # ------------------------------------------------------------------ job

    def test_job_as_odoobot_in_two_companies(self):
        """At one in the morning in Hanoi, for two companies."""
        self._promise(("first_reply", 1), company_id=self.other_company.id)
        other = self._open_at(
            "2026-03-02 08:00",
            team_id=self.other_team.id,
            company_id=self.other_company.id,
            partner_id=False,
        )
        bot = self.env.ref("base.user_root")
        self.env.flush_all()
        cron = self.env["ir.cron"].__class__
        with (
            self._at(str(local("2026-03-03 01:00"))),
            patch.object(cron, "_commit_progress", return_value=100.0),
        ):
            self.env["care.sla.clock"].with_user(bot)._cron_due()
        self.env.invalidate_all()
        self.assertEqual(self.clock.state, "breached")
        self.assertEqual(self._clock(other, "first_reply").state, "breached")

    def test_queries_do_not_grow_with_the_tickets(self):
        counts = []
        for number in (2, 20):
            for _index in range(number):
                self._open_at("2026-03-02 08:00", user_id=self.user_own.id)
            self.env.flush_all()
            self.env.invalidate_all()
            with self._at(str(local("2026-03-02 11:01"))):
                before = self.env.cr.sql_log_count
                self.env["care.sla.clock"]._work_due(local("2026-03-02 11:01"))
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_job_is_woken_for_what_is_due_before_it_comes_by(self):
        cron = self.env.ref("customer_care.ir_cron_care_promise_due")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self._work_at("2026-03-02 10:57")
        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(trigger.call_at, local("2026-03-02 11:01"))
        self.assertGreater(trigger.call_at, self.clock.warn_on)
        self.assertLessEqual(trigger.call_at, self.clock.warn_on + timedelta(minutes=1))
