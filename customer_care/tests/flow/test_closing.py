from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..mail.common import CareMailCommon

DAY_0 = "2026-03-02 03:00:00"


@tagged("post_install", "-at_install")
class TestClosing(CareMailCommon):
    """What ends by itself: closed, reminded, solved; and who is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        teams = cls.env["care.team"].with_context(active_test=False)
        teams.search([]).write({"close_after_days": 0})
        cls.tickets = cls.env["care.ticket"]

    def _turn_on(self, moment, **values):
        with self._at(moment):
            self.team.write(values)

    def _run(self, moment):
        """Run the job as OdooBot, batch by batch, without its commits."""
        with self._at(moment):
            system = self.tickets.with_user(self.env.ref("base.user_root"))
            for team in system._get_watching_teams():
                for step in ("close", "solve", "remind"):
                    passed = set()
                    while system._end_batch(team, step, passed):
                        pass
            self._flush_tracking()

    def _flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _make(self, moment, stage, **values):
        with self._at(moment):
            ticket = self._create_ticket(partner_id=self.customer_two.id, **values)
            self._post(ticket, self.user_manager)
            self._flush_tracking()
            ticket.stage_id = stage
            self._flush_tracking()
        return ticket

    def _said(self, ticket):
        return ticket._get_public_messages()

    # ------------------------------------------------------------ solved

    def test_solved_closes_after_the_days_and_not_before(self):
        self._turn_on("2026-03-01 00:00:00", close_after_days=5)
        ticket = self._make(DAY_0, self.stage_solved)
        with self._at(DAY_0):
            self.assertEqual(str(ticket.ends_on), "2026-03-07")
            self.assertEqual(ticket._say_ending_day(), "03/07/2026")
        self._run("2026-03-07 02:59:59")
        self.assertEqual(ticket.stage_category, "solved")
        self._run("2026-03-07 03:00:00")
        self.assertEqual(ticket.stage_category, "closed")
        event = ticket.event_ids.sorted("id")[-1]
        self.assertEqual((event.kind, event.actor), ("stage_changed", "system"))
        self.assertEqual(str(ticket.solved_on), DAY_0)
        self.assertFalse(ticket._find_state_differences())

    def test_the_customer_is_told_the_day_when_it_is_solved(self):
        self._turn_on("2026-03-01 00:00:00", close_after_days=5)
        ticket = self._make(DAY_0, self.stage_solved)
        self.assertIn("closes by itself on", self._said(ticket)[-1].body)
        self.assertIn("03/07/2026", self._said(ticket)[-1].body)

    def test_never_is_never_and_says_nothing(self):
        ticket = self._make(DAY_0, self.stage_solved)
        self._run("2029-03-07 03:00:00")
        self.assertEqual(ticket.stage_category, "solved")
        self.assertNotIn("closes by itself", self._said(ticket)[-1].body)
        self.assertFalse(ticket.ends_on)

    def test_who_writes_begins_the_silence_anew(self):
        self._turn_on("2026-03-01 00:00:00", close_after_days=5)
        ticket = self._make(DAY_0, self.stage_solved)
        with self._at("2026-03-05 03:00:00"):
            self._post(ticket, self.user_lead)
        self._run("2026-03-08 03:00:00")
        self.assertEqual(ticket.stage_category, "solved")
        self._run("2026-03-10 03:00:00")
        self.assertEqual(ticket.stage_category, "closed")

    def test_what_was_solved_before_closes_without_a_word(self):
        """Also where the closed stage has a message to the customer."""
        self.env.ref("customer_care.stage_closed").template_id = self.env.ref(
            "customer_care.mail_template_solved"
        )
        old = self._make("2026-01-02 03:00:00", self.stage_solved)
        new = self._make("2026-03-02 04:00:00", self.stage_solved)
        self._turn_on(DAY_0, close_after_days=5)
        said, mails = len(self._said(old)), len(self._mails(old))
        said_new = len(self._said(new))
        self._run("2026-03-08 03:00:00")
        self.assertEqual((old | new).mapped("stage_category"), ["closed", "closed"])
        self.assertEqual(len(self._said(old)), said)
        self.assertEqual(len(self._mails(old)), mails)
        self.assertEqual(len(self._said(new)), said_new + 1)

    def test_since_is_noted_when_it_is_turned_on_and_only_then(self):
        self._turn_on(DAY_0, close_after_days=5)
        self.assertEqual(str(self.team.solved_watch_since), DAY_0)
        self._turn_on("2026-03-03 03:00:00", close_after_days=3)
        self.assertEqual(str(self.team.solved_watch_since), DAY_0)
        self._turn_on("2026-03-04 03:00:00", close_after_days=0)
        self.assertFalse(self.team.solved_watch_since)
        with self._at(DAY_0):
            team = self.env["care.team"].create({"name": "Mới"})
        self.assertEqual(team.close_after_days, 5)
        self.assertEqual(str(team.solved_watch_since), DAY_0)

    # ------------------------------------------------------------ pending

    def test_reminded_once_then_solved(self):
        self._turn_on("2026-03-01 00:00:00", remind_after_days=2, solve_after_days=3)
        ticket = self._make(DAY_0, self.stage_pending)
        said = len(self._said(ticket))
        self._run("2026-03-04 02:59:59")
        self.assertEqual(len(self._said(ticket)), said)
        self._run("2026-03-04 03:00:00")
        self._run("2026-03-04 04:00:00")
        self.assertEqual(len(self._said(ticket)), said + 1)
        self.assertIn("wait for your answer", self._said(ticket)[-1].body)
        self.assertIn("03/07/2026", self._said(ticket)[-1].body)
        self.assertEqual(len(self._mails_to("hung@customer.test", ticket)), 2)
        self.assertEqual(str(ticket.reminded_on), "2026-03-04 03:00:00")
        kinds = ticket.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds.count("reminded"), 1)
        self.assertEqual(ticket.reply_count, 1)
        self._run("2026-03-07 02:59:59")
        self.assertEqual(ticket.stage_category, "pending")
        self._run("2026-03-07 03:00:00")
        self.assertEqual(ticket.stage_category, "solved")
        self.assertEqual(len(self._said(ticket)), said + 2)  # the stage's own message
        self.assertFalse(ticket._find_state_differences())

    def test_an_answer_stops_it_all(self):
        self._turn_on("2026-03-01 00:00:00", remind_after_days=2, solve_after_days=3)
        ticket = self._make(DAY_0, self.stage_pending)
        self._run("2026-03-04 03:00:00")
        with self._at("2026-03-05 03:00:00"):
            ticket._post_from_customer(
                {"text": "Máy vẫn hỏng", "files": []}, self.customer_two, "portal"
            )
        self._run("2026-04-07 03:00:00")
        self.assertEqual(ticket.stage_category, "open")
        self.assertFalse(ticket.reminded_on)

    def test_no_storm_when_it_is_turned_on(self):
        """What waited before is solved after both spans, and nobody is written to."""
        old = self._make("2026-01-02 03:00:00", self.stage_pending)
        said, mails = len(self._said(old)), len(self._mails(old))
        self._turn_on(DAY_0, remind_after_days=2, solve_after_days=3)
        self._run("2026-03-07 02:59:59")
        self.assertEqual(old.stage_category, "pending")
        self.assertFalse(old.reminded_on)
        self._run("2026-03-07 03:00:00")
        self.assertEqual(old.stage_category, "solved")
        self.assertEqual(len(self._said(old)), said)
        self.assertEqual(len(self._mails(old)), mails)

    def test_reminder_alone_solves_nothing(self):
        self._turn_on("2026-03-01 00:00:00", remind_after_days=2)
        ticket = self._make(DAY_0, self.stage_pending)
        self._run("2026-05-04 03:00:00")
        self._run("2026-06-04 03:00:00")
        self.assertEqual(ticket.stage_category, "pending")
        kinds = ticket.event_ids.mapped("kind")
        self.assertEqual(kinds.count("reminded"), 1)
        self.assertNotIn("take it for settled", self._said(ticket)[-1].body)

    def test_solving_without_a_reminder(self):
        self._turn_on("2026-03-01 00:00:00", solve_after_days=3)
        ticket = self._make(DAY_0, self.stage_pending)
        self._run("2026-03-05 02:59:59")
        self.assertEqual(ticket.stage_category, "pending")
        self._run("2026-03-05 03:00:00")
        self.assertEqual(ticket.stage_category, "solved")

    # ------------------------------------------------------------ the job itself

    def test_one_bad_ticket_holds_up_no_other(self):
        self._turn_on("2026-03-01 00:00:00", close_after_days=5)
        bad, good = (self._make(DAY_0, self.stage_solved) for _index in range(2))
        end_close = type(self.tickets)._end_close

        def fail(ticket, team):
            if ticket == bad:
                raise ValueError("broken")
            return end_close(ticket, team)

        self.patch(type(self.tickets), "_end_close", fail)
        with self.assertLogs("odoo.addons.customer_care", "WARNING"):
            self._run("2026-03-08 03:00:00")
        self.assertEqual(good.stage_category, "closed")
        self.assertEqual(bad.stage_category, "solved")

    def test_the_job_goes_through_its_batches(self):
        self.patch_batch(2)
        self._turn_on("2026-03-01 00:00:00", close_after_days=5)
        made = self.tickets.union(
            *(self._make(DAY_0, self.stage_solved) for _index in range(5))
        )
        with self._at("2026-03-08 03:00:00"), self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_care_silence").method_direct_trigger()
        made.invalidate_recordset()
        self.assertEqual(set(made.mapped("stage_category")), {"closed"})

    def patch_batch(self, size):
        from ...models.flow import care_ticket_closing

        self.patch(care_ticket_closing, "BATCH", size)

    def test_other_companies_and_teams_are_left_alone(self):
        self._turn_on("2026-03-01 00:00:00", close_after_days=5)
        other = self._make(DAY_0, self.stage_solved, team_id=self.second_team.id)
        archived = self._make(DAY_0, self.stage_solved, active=False)
        self._run("2026-03-08 03:00:00")
        self.assertEqual(other.stage_category, "solved")
        self.assertEqual(archived.stage_category, "solved")

    @mute_logger("odoo.sql_db")
    def test_nonsense_is_refused(self):
        for name in ("close_after_days", "remind_after_days", "solve_after_days"):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.team[name] = -1
                self.env.flush_all()

    def test_the_day_is_the_company_s(self):
        """Silent since 23:30 in Hanoi (16:30 UTC): the day ends there, not in London."""
        self.company.care_tz = "Asia/Ho_Chi_Minh"
        self._turn_on("2026-03-01 00:00:00", close_after_days=1)
        ticket = self._make("2026-03-02 17:30:00", self.stage_solved)
        with self._at("2026-03-02 18:00:00"):
            self.assertEqual(str(ticket._get_ending_day()), "2026-03-04")
            self.assertEqual(
                ticket._get_ending() - ticket.silent_since, timedelta(days=1)
            )
