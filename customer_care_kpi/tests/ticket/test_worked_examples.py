"""The worked examples of the definitions, number by number, on the calendar clock."""

from datetime import date

from odoo.tests import tagged

from ..common import HOUR, MINUTE, FactCommon


@tagged("post_install", "-at_install")
class TestWorkedExamples(FactCommon):
    def test_plain(self):
        """Created 09:00; reply 10:30 → pending; solved 11:00."""
        ticket = self._open("09:00")
        self._reply(ticket, "10:30", stage=self.stage_pending)
        self._solve(ticket, "11:00")
        fact = self._fact(ticket)
        self.assertEqual(fact.first_response_seconds, 1 * HOUR + 30 * MINUTE)
        self.assertEqual(fact.resolution_seconds, 2 * HOUR)
        self.assertEqual(fact.first_resolution_seconds, 2 * HOUR)
        self.assertEqual(fact.requester_wait_seconds, 1 * HOUR + 30 * MINUTE)
        self.assertEqual(fact.pending_seconds, 30 * MINUTE)
        self.assertEqual(fact.reply_count, 1)
        self.assertEqual((fact.is_answered, fact.is_unanswered), (1, 0))

    def test_on_hold(self):
        """Created 09:00; reply 09:30 → on hold; solved 11:00: he waited all the time."""
        ticket = self._open("09:00")
        self._reply(ticket, "09:30", stage=self.env.ref("customer_care.stage_hold"))
        self._solve(ticket, "11:00")
        fact = self._fact(ticket)
        self.assertEqual(fact.hold_seconds, 1 * HOUR + 30 * MINUTE)
        self.assertEqual(fact.requester_wait_seconds, 2 * HOUR)
        self.assertEqual((fact.pending_seconds, fact.rest_seconds), (0, 0))

    def test_acknowledgement_and_note(self):
        """Neither the automatic message of 09:00 nor the note of 09:20 is a reply."""
        ticket = self._open("09:00")
        with self._local("09:00"):
            receipt = {
                "body": "Đã nhận",
                "message_type": "auto_comment",
                "subtype_xmlid": "mail.mt_comment",
            }
            ticket.message_post(**receipt)
        with self._local("09:20"):
            self._post(ticket, self.user_team, public=False)
        self.assertIsNone(self._fact(ticket).first_response_seconds)
        self._reply(ticket, "10:30")
        self.assertEqual(self._fact(ticket).first_response_seconds, 90 * MINUTE)

    def test_lunch(self):
        ticket = self._open("11:30")
        self._reply(ticket, "13:15")
        self.assertEqual(
            self._fact(ticket).first_response_seconds, 1 * HOUR + 45 * MINUTE
        )

    def test_outside_hours(self):
        """Saturday 7 March, 10:00 to 15:00."""
        ticket = self._open("10:00", day=5)
        self._reply(ticket, "15:00", day=5)
        self.assertEqual(self._fact(ticket).first_response_seconds, 5 * HOUR)

    def test_no_reply(self):
        ticket = self._open("09:00")
        self._solve(ticket, "15:00")
        fact = self._fact(ticket)
        self.assertIsNone(fact.first_response_seconds)
        self.assertEqual(fact.resolution_seconds, 6 * HOUR)
        self.assertEqual((fact.is_answered, fact.is_unanswered), (0, 1))

    def test_customer_twice(self):
        """The first response is 30 min; the next one 1 h, from the oldest message."""
        ticket = self._open("09:00")
        self._reply(ticket, "09:30")
        self._write_customer(ticket, "10:00")
        self._write_customer(ticket, "10:40")
        self._reply(ticket, "11:00")
        fact = self._fact(ticket)
        self.assertEqual(fact.first_response_seconds, 30 * MINUTE)
        self.assertEqual(fact.next_response_count, 1)
        self.assertEqual(fact.next_response_seconds, 1 * HOUR)

    def test_agent_first(self):
        """The agent's own message of 09:00 answers nothing."""
        with self._local("09:00"):
            tickets = self.env["care.ticket"].with_user(self.user_team)
            ticket = tickets.create(
                {
                    "name": "Gọi lại",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                }
            ).with_env(self.env)
            self._post(ticket, self.user_team)
        self._write_customer(ticket, "14:00")
        self._reply(ticket, "14:20")
        fact = self._fact(ticket)
        self.assertEqual(fact.first_response_seconds, 20 * MINUTE)
        self.assertIsNone(fact.next_response_seconds)

    def test_bot_and_handover(self):
        """From the hand-over 10 min; from the customer's message 16 min."""
        ticket = self._open("09:00")
        with self._local("09:00"):
            greeting = {
                "body": "Tôi là trợ lý tự động",
                "subtype_xmlid": "mail.mt_comment",
            }
            ticket.with_context(care_actor="bot").message_post(**greeting)
        with self._local("09:06"):
            ticket._record_bot_handover()
        self._reply(ticket, "09:16")
        fact = self._fact(ticket)
        self.assertEqual(fact.first_response_seconds, 10 * MINUTE)
        self.assertEqual(fact.bot_response_seconds, 16 * MINUTE)

    def test_reopened(self):
        """Solved on Monday, reopened on Tuesday 08:30, answered and solved again."""
        ticket = self._open("09:00")
        self._reply(ticket, "09:30")
        self._solve(ticket, "10:00")
        self._write_customer(ticket, "08:30", day=1)
        reopened = self._fact(ticket)
        self.assertIsNone(reopened.resolution_seconds)
        self.assertEqual(reopened.first_resolution_seconds, 1 * HOUR)
        self.assertEqual(reopened.effective_reopen_count, 0)
        self._reply(ticket, "09:00", day=1)
        self._solve(ticket, "09:30", day=1)
        fact = self._fact(ticket)
        self.assertEqual(fact.next_response_seconds, 30 * MINUTE)
        self.assertEqual(fact.next_response_count, 1)
        self.assertEqual(fact.first_resolution_seconds, 1 * HOUR)
        self.assertEqual(fact.resolution_seconds, 24 * HOUR + 30 * MINUTE)
        self.assertEqual(fact.rest_seconds, 22 * HOUR + 30 * MINUTE)
        self.assertEqual(fact.effective_reopen_count, 1)
        self.assertEqual(fact.is_reopened, 1)

    def test_thank_you_is_no_effective_reopening(self):
        ticket = self._open("09:00")
        self._reply(ticket, "09:30")
        self._solve(ticket, "10:00")
        self._write_customer(ticket, "10:05")
        self._solve(ticket, "10:10")
        fact = self._fact(ticket)
        self.assertEqual((fact.reopen_count, fact.effective_reopen_count), (1, 0))
        self.assertEqual(fact.is_reopened, 0)

    def test_spam(self):
        """Every figure of spam is unknown, and known again when it was none."""
        ticket = self._open("09:00")
        self._reply(ticket, "09:30")
        self._solve(ticket, "10:00")
        measured = self._get_measure_names()
        self.assertIn("reply_count", measured)
        with self._local("11:00"):
            ticket.action_mark_spam()
        fact = self._fact(ticket)
        self.assertTrue(fact.is_void)
        self.assertEqual({fact[name] for name in measured}, {None})
        with self._local("12:00"):
            ticket.action_not_spam()
        fact = self._fact(ticket)
        self.assertFalse(fact.is_void)
        self.assertEqual(fact.first_response_seconds, 30 * MINUTE)
        self.assertEqual(fact.first_resolution_seconds, 1 * HOUR)

    def test_merged(self):
        """A ticket merged into another counts in no figure until it is taken apart."""
        ticket = self._open("09:00")
        self._reply(ticket, "09:30")
        for kind, expected in (("merged", None), ("unmerged", 30 * MINUTE)):
            with self._local("10:00"):
                ticket._record_events([ticket._prepare_event_values(kind)])
            self.assertEqual(self._fact(ticket).first_response_seconds, expected)

    def test_first_assignment_and_colleague(self):
        """Team 09:01, user 09:05, colleague 09:30: no transfer, one hand-off."""
        company = self.env["res.company"].create({"name": "Chi nhánh Vinh"})
        ticket = self._open("09:00", team_id=False, company_id=company.id)
        self.assertFalse(ticket.team_id)
        teams = self.env["care.team"].with_company(company)
        team = teams.create({"name": "Vinh", "company_id": company.id})
        users = self.user_own | self.user_team
        users.company_ids = [(4, company.id)]
        with self._local("09:01"):
            ticket.team_id = team
        with self._local("09:05"):
            ticket.user_id = self.user_own
        with self._local("09:30"):
            ticket.user_id = self.user_team
        fact = self._fact(ticket)
        self.assertEqual((fact.transfer_count, fact.handoff_count), (0, 1))
        self.assertFalse(fact.first_team_id)
        self.assertEqual(fact.team_id, team)

    def test_spring_change(self):
        """28 March 23:00 to 29 March 05:00 in Paris is five hours, not six."""
        with self._at("2026-03-28 22:00"):
            ticket = self._create_ticket()
            self._post(ticket, self.user_portal)
        with self._at("2026-03-29 03:00"):
            self._post(ticket, self.user_team)
        self.assertEqual(self._fact(ticket).first_response_seconds, 5 * HOUR)

    def test_same_second(self):
        """An answer in the same second took 0 s, which is not unknown."""
        ticket = self._open("09:00")
        self._reply(ticket, "09:00")
        fact = self._fact(ticket)
        self.assertEqual(fact.first_response_seconds, 0)
        self.assertIsNotNone(fact.first_response_seconds)
        self.assertIsNone(fact.resolution_seconds)

    def test_bucket(self):
        """17:30 UTC of 2 March is 3 March in Hanoi."""
        with self._at("2026-03-02 17:30"):
            ticket = self._create_ticket()
        self.assertEqual(self._fact(ticket).created_day, date(2026, 3, 3))

    def test_mean_of_first_responses(self):
        """5, 10, 12, 15, 20, 25, 30, 45, 60 and 480 minutes: 70.2 on average."""
        tickets = self.env["care.ticket"]
        for minutes in (5, 10, 12, 15, 20, 25, 30, 45, 60, 480):
            ticket = self._open("08:00")
            self._reply(ticket, f"{8 + minutes // 60:02}:{minutes % 60:02}")
            tickets |= ticket
        unanswered = self._open("08:00")
        mean = self._mean(tickets | unanswered, "first_response_seconds")
        self.assertAlmostEqual(mean / MINUTE, 70.2)

    def test_mean_of_transfers(self):
        """0, 0, 1, 3 and 2 transfers: 1.2 on average, 40 % with two or more."""
        tickets = self.env["care.ticket"]
        for changes in (0, 0, 1, 3, 2):
            ticket = self._open("08:00")
            for number in range(changes):
                with self._local(f"09:0{number}"):
                    ticket.team_id = (self.second_team, self.team)[number % 2]
            self._solve(ticket, "10:00", user=self.user_manager)
            tickets |= ticket
        unsolved = self._open("08:00")
        self.assertAlmostEqual(self._mean(tickets, "transfer_count"), 1.2)
        self.assertAlmostEqual(self._mean(tickets | unsolved, "has_two_transfers"), 0.4)
        self.assertAlmostEqual(self._mean(tickets | unsolved, "is_back_and_forth"), 0.4)
