from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PromiseCommon, local


@tagged("post_install", "-at_install")
class TestPromiseBadInput(PromiseCommon):
    @mute_logger("odoo.sql_db")
    def _assert_refused(self, **values):
        try:
            with self.env.cr.savepoint():
                self._promise(("first_reply", 4), **values)
                self.env.flush_all()
        except (ValidationError, IntegrityError):
            return
        self.fail(f"nobody refused {values}")

    def test_impossible_numbers(self):
        self._assert_refused(warn_percent=0)
        self._assert_refused(warn_percent=100)
        self._assert_refused(escalate_minutes=-1)
        self._assert_refused(date_from="2026-03-02", date_to="2026-03-01")
        for hours in (0, -1, 0.001, 24 * 400):
            self._assert_refused(target_ids=[(0, 0, {"hours": hours})])

    def test_two_lines_for_the_same_thing(self):
        line = {"metric": "first_reply", "hours": 4}
        self._assert_refused(target_ids=[(0, 0, line), (0, 0, line)])

    def test_condition_that_cannot_be_read(self):
        for domain in ("[('gone', '=', 1)]", "[(", "__import__('os')", "42"):
            with self.assertRaisesRegex(ValidationError, "Cam kết"):
                self._promise(("first_reply", 4), domain=domain)

    def test_hours_missing(self):
        with self.assertRaisesRegex(ValidationError, "Choose the working hours"):
            self._promise(
                {"metric": "first_reply", "hours": 4, "hours_kind": "calendar"}
            )

    def test_calendar_in_use_cannot_be_deleted(self):
        hours = self._create_calendar("Khác")
        self._promise(
            {
                "metric": "first_reply",
                "hours": 4,
                "hours_kind": "calendar",
                "resource_calendar_id": hours.id,
            }
        )
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            hours.unlink()
            self.env.flush_all()

    def test_team_without_hours_counts_round_the_clock(self):
        self._promise(("first_reply", 4))
        self.team.resource_calendar_id = False
        ticket = self._open_at("2026-03-07 22:00")
        self.assertEqual(ticket.sla_deadline, local("2026-03-08 02:00"))

    def test_hours_that_end_leave_the_ticket_without_a_deadline(self):
        """A calendar emptied later: nothing breaks, and nobody's ticket is refused."""
        self._promise(("first_reply", 4))
        self.calendar.attendance_ids.unlink()
        self.env.flush_all()
        self.env.cr.precommit.run()
        ticket = self._open_at("2026-03-02 09:00")
        clock = self._clock(ticket, "first_reply")
        self.assertEqual((clock.state, clock.deadline), ("running", False))
        self._reply_at("2026-03-02 10:00", ticket)
        self.assertEqual(clock.state, "met")
        self._assert_same(ticket)

    def test_ticket_older_than_the_days_is_no_error(self):
        self._promise(("first_reply", 4))
        self._open_at("2026-03-02 09:00")
        ticket = self._open_at("2019-03-04 09:00")
        clock = self._clock(ticket, "first_reply")
        self.assertFalse(clock.deadline)
        self._reply_at("2019-03-04 10:00", ticket)
        self.assertEqual(clock.state, "met")

    def test_stage_in_use_cannot_be_deleted(self):
        self._promise(("first_reply", 4))
        self._create_ticket()
        with self.assertRaisesRegex(UserError, "cannot"):
            self.stage_new.unlink()

    def test_deleted_person_leaves_clocks_and_history(self):
        self._promise(("first_reply", 4))
        ticket = self._open_at("2026-03-02 08:00", user_id=self.user_own.id)
        before = self._clock(ticket, "first_reply").read()
        # within the promise: that he is gone is an event, which turns the clocks
        with self._at(str(local("2026-03-02 08:30"))):
            self.user_own.unlink()
        self.assertFalse(ticket.user_id)
        self.assertEqual(self._clock(ticket, "first_reply").read(), before)
        self._assert_same(ticket)

    def test_team_of_another_company_is_refused(self):
        ticket = self._create_ticket()
        with self.assertRaises(UserError):
            ticket.team_id = self.other_team
            self.env.flush_all()
        self.env.invalidate_all()

    def test_nobody_writes_clocks_by_hand(self):
        self._promise(("first_reply", 4))
        ticket = self._open_at("2026-03-02 08:00", user_id=self.user_own.id)
        clock = ticket.clock_ids
        self.assertTrue(clock)
        for user in (self.user_own, self.user_lead, self.user_manager, self.user_admin):
            with self.assertRaises(AccessError):
                clock.with_user(user).write({"state": "met"})
            with self.assertRaises(AccessError):
                clock.with_user(user).unlink()
            with self.assertRaises(AccessError):
                ticket.with_user(user).write({"sla_deadline": "2030-01-01"})
            with self.assertRaises(AccessError):
                ticket.with_user(user).write({"terms_ref": 0})
        with self.assertRaises(AccessError):
            self.env["care.ticket"].with_user(self.user_own).create(
                {"name": "x", "team_id": self.team.id, "terms_ref": 1}
            )

    def test_agent_changes_no_promise(self):
        policy = self._promise(("first_reply", 4))
        for user in (self.user_own, self.user_lead):
            with self.assertRaises(AccessError):
                policy.with_user(user).warn_percent = 50
            with self.assertRaises(AccessError):
                policy.target_ids.with_user(user).hours = 1

    def test_other_company_reads_nothing(self):
        policy = self._promise(("first_reply", 4))
        ticket = self._open_at("2026-03-02 08:00")
        for records in (policy, policy.target_ids, ticket.clock_ids):
            self.assertFalse(
                records.with_user(self.user_other).search([("id", "in", records.ids)])
            )
