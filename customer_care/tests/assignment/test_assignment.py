from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..promise.common import local
from .common import AssignmentCommon

NOON = str(local("2026-03-02 10:00"))


@tagged("post_install", "-at_install")
class TestAssignment(AssignmentCommon):
    def _run(self, method, moment):
        cron = self.env["ir.cron"].__class__
        self.env.flush_all()
        with (
            self._at(str(local(moment))),
            patch.object(cron, "_commit_progress", return_value=100.0),
        ):
            getattr(self.env["care.ticket"], method)()
        self.env.invalidate_all()

    # ------------------------------------------------------------------ rules

    def test_in_turn(self):
        tickets = self._open_many(4)
        self.assertEqual(
            tickets.mapped("user_id.id"), sorted(self.people.ids), "both got some"
        )
        first, second, third, fourth = (ticket.user_id for ticket in tickets)
        self.assertEqual((first, second), (third, fourth))
        self.assertNotEqual(first, second)
        # the next one goes to who waited longer
        after = self._open_many(1, "2026-03-02 10:05")
        self.assertEqual(after.user_id, first)

    def test_least_loaded(self):
        self.team.assignment = "least_loaded"
        self._open_many(3, user_id=self.user_own.id)
        tickets = self._open_many(2)
        self.assertEqual(tickets.user_id, self.user_team)

    def test_waiting_tickets_do_not_count(self):
        busy = self._open_many(4, user_id=self.user_own.id)
        with self._at(NOON):
            busy.stage_id = self.stage_pending
        self.team.assignment = "least_loaded"
        self._open_many(1, user_id=self.user_team.id)
        self.assertEqual(self._open_many(1).user_id, self.user_own)

    def test_full_people_get_nothing(self):
        self.team.capacity = 1
        tickets = self._open_many(3)
        self.assertEqual(len(tickets.filtered("user_id")), 2)
        self.assertFalse(tickets[2].user_id)

    def test_by_hand_leaves_it(self):
        self.team.assignment = "manual"
        self.assertFalse(self._open_many(1).user_id)

    def test_who_was_chosen_stays(self):
        ticket = self._open_many(1, user_id=self.user_lead.id)
        self.assertEqual(ticket.user_id, self.user_lead)

    def test_assignment_is_an_event_of_the_system(self):
        ticket = self._open_many(1)
        event = ticket.event_ids.filtered(lambda e: e.kind == "assigned")
        self.assertEqual((event.actor, event.user_id), ("system", ticket.user_id))
        self._assert_same(ticket)

    def test_spam_is_nobodys_work(self):
        ticket = self._open_many(1, void_reason="spam")
        self.assertFalse(ticket.user_id)

    def test_moving_to_a_team_finds_somebody_there(self):
        ticket = self._open_many(
            1, team_id=self.second_team.id, user_id=self.user_manager.id
        )
        with self._at(NOON):
            ticket.team_id = self.team
        self.assertIn(ticket.user_id, self.people)

    # ------------------------------------------------------------------ VIP

    def test_person_in_charge_comes_first_for_a_vip(self):
        self.customer.care_stage_id = self.env.ref("customer_care.care_stage_vip")
        self.customer.user_id = self.user_manager
        self.assertEqual(self._open_many(1).user_id, self.user_manager)
        self._away(self.user_manager, "2026-03-02")
        self.assertIn(self._open_many(1).user_id, self.people)

    def test_person_in_charge_of_others_is_not_asked(self):
        self.customer.user_id = self.user_manager
        self.assertIn(self._open_many(1).user_id, self.people)

    def test_full_person_in_charge(self):
        self.customer.care_stage_id = self.env.ref("customer_care.care_stage_vip")
        self.customer.user_id = self.user_manager
        self.team.capacity = 1
        tickets = self._open_many(2)
        self.assertEqual(tickets[0].user_id, self.user_manager)
        self.assertIn(tickets[1].user_id, self.people)

    # ------------------------------------------------------------------ presence

    def test_away_today_ends_with_the_day(self):
        self._away(self.user_own, "2026-03-02")
        self.assertEqual(self._open_many(3).user_id, self.user_team)
        tickets = self._open_many(2, "2026-03-03 09:00")
        self.assertEqual(tickets.user_id, self.people)

    def test_leave_of_a_person(self):
        resource = self.env["resource.resource"].create(
            {"name": "Lan", "user_id": self.user_own.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": resource.id,
                "date_from": local("2026-03-02 00:00"),
                "date_to": local("2026-03-02 23:59"),
            }
        )
        self.assertEqual(self._open_many(2).user_id, self.user_team)

    def test_out_of_office(self):
        with self._at(NOON):
            self.user_own.write(
                {
                    "out_of_office_from": local("2026-03-02 00:00"),
                    "out_of_office_to": local("2026-03-03 00:00"),
                    "out_of_office_message": "Nghỉ",
                }
            )
            self.assertEqual(
                self.team._get_absences(self.user_own, self.company),
                {self.user_own.id: "office"},
            )
        self.assertEqual(self._open_many(2).user_id, self.user_team)

    def test_outside_hours_tickets_wait_for_the_morning(self):
        ticket = self._open_many(1, "2026-03-01 22:00")
        self.assertFalse(ticket.user_id)
        self._run("_cron_assign", "2026-03-02 07:59")
        self.assertFalse(ticket.user_id)
        self._run("_cron_assign", "2026-03-02 08:00")
        self.assertIn(ticket.user_id, self.people)

    def test_nobody_there(self):
        for user in self.people:
            self._away(user, "2026-03-02")
        ticket = self._open_many(1)
        self.assertFalse(ticket.user_id)
        with self._at(NOON):
            note = self.team._say_nobody_here()
        self.assertIn("Nobody is here", note)

    def test_everybody_is_full(self):
        self.team.capacity = 1
        tickets = self._open_many(3)
        waiting = tickets.filtered(lambda ticket: not ticket.user_id)
        agent = waiting.with_user(self.user_team)
        with self._at(NOON):
            self.assertIn("is full", self.team._say_why_waiting())
            self.assertIn("is full", agent.waiting_note)
            self.assertFalse(
                (tickets - waiting).with_user(self.user_lead)[0].waiting_note
            )
            # one team of two is not hidden by the other
            self.second_team.write(
                {"assignment": "round_robin", "resource_calendar_id": False}
            )
            self.second_team.write(
                {"member_ids": [(6, 0, self.user_manager.ids)], "capacity": 9}
            )
            note = (self.team | self.second_team)._say_nobody_here()
        self.assertIn(self.team.name, note)
        self.assertNotIn(self.second_team.name, note)

    def test_assigned_today(self):
        self._open_many(2, "2026-03-01 22:00")
        self._run("_cron_assign", "2026-03-02 08:00")
        self._open_many(1, user_id=self.user_own.id)
        with self._at(NOON):
            board = self.env["care.team"].with_user(self.user_lead)
            columns = board.get_team_today(self.team.id)["columns"]
        assigned = {c["user_id"]: c["assigned_today"] for c in columns if c["user_id"]}
        for user in self.people:
            self.assertEqual(assigned[user.id], 1, "who was chosen by hand counts not")

    def test_column_outside_hours(self):
        board = self.env["care.team"].with_user(self.user_lead)
        for moment, label in (
            ("2026-03-02 10:00", ""),
            ("2026-03-02 22:00", "Outside hours"),
        ):
            with self._at(str(local(moment))):
                columns = board.get_team_today(self.team.id)["columns"]
            mine = next(c for c in columns if c["user_id"] == self.user_own.id)
            self.assertEqual(mine["absence_label"], label)

    def test_job_is_woken(self):
        cron = self.env.ref("customer_care.ir_cron_care_assign")
        triggers = self.env["ir.cron.trigger"]
        domain = [
            ("cron_id", "=", cron.id),
            ("call_at", "=", local("2026-03-02 08:00")),
        ]
        for _again in range(2):
            self._run("_cron_assign", "2026-03-01 22:00")
            self.assertEqual(triggers.search_count(domain), 1, "once per opening")
        before = triggers.search_count([("cron_id", "=", cron.id)])
        with self._at(NOON):
            lead = self.env["care.team"].with_user(self.user_lead)
            lead.action_set_away(self.user_own.id, False)
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_team_without_people(self):
        self.team.write({"member_ids": [(5, 0, 0)], "leader_id": False})
        self.assertIn("no people", self.team.assignment_note)
        self.assertFalse(self._open_many(1).user_id)

    # ------------------------------------------------------------------ sharing out

    def test_share_out_and_undo(self):
        tickets = self._open_many(3, user_id=self.user_own.id)
        teams = self.env["care.team"].with_user(self.user_lead)
        with self._at(NOON):
            done = teams.action_share_out(self.user_own.id)
        self.assertEqual((done["moved"], done["left"]), (3, 0))
        self.assertEqual(tickets.user_id, self.user_team)
        tickets[0].user_id = self.user_lead
        with self._at(NOON):
            self.assertEqual(
                teams.action_undo_share_out(self.user_own.id, done["pairs"]), 2
            )
        self.assertEqual(tickets.mapped("user_id"), self.user_lead | self.user_own)

    def test_undo_leaves_what_was_worked_on(self):
        tickets = self._open_many(2, user_id=self.user_own.id)
        teams = self.env["care.team"].with_user(self.user_lead)
        with self._at(NOON):
            done = teams.action_share_out(self.user_own.id)
            self._post(tickets[0], self.user_team)
            self.assertEqual(
                teams.action_undo_share_out(self.user_own.id, done["pairs"]), 1
            )
        self.assertEqual(tickets[0].user_id, self.user_team)
        self.assertEqual(tickets[1].user_id, self.user_own)

    def test_share_out_without_anybody_there(self):
        self._open_many(1, user_id=self.user_own.id)
        self._away(self.user_team, "2026-03-02")
        teams = self.env["care.team"].with_user(self.user_lead)
        with self._at(NOON), self.assertRaisesRegex(UserError, "Nobody else"):
            teams.action_share_out(self.user_own.id)

    def test_away_toggle(self):
        teams = self.env["care.team"].with_user(self.user_lead)
        with self._at(NOON):
            teams.action_set_away(self.user_own.id, True)
            teams.action_set_away(self.user_own.id, True)
            board = teams.get_team_today(self.team.id)
            column = next(
                c for c in board["columns"] if c["user_id"] == self.user_own.id
            )
            self.assertEqual(column["absence_label"], "Away today")
            teams.action_set_away(self.user_own.id, False)
            self.assertFalse(
                self.env["care.away"].search([("user_id", "=", self.user_own.id)])
            )

    def test_only_leaders_share_out(self):
        teams = self.env["care.team"]
        for user in (self.user_own, self.user_team, self.user_other, self.user_reader):
            for name, arguments in (
                ("action_share_out", [self.user_own.id]),
                ("action_set_away", [self.user_own.id, True]),
                ("action_undo_share_out", [self.user_own.id, []]),
            ):
                with self.assertRaises(AccessError):
                    getattr(teams.with_user(user), name)(*arguments)
        # nor does a leader for people of others
        with self.assertRaises(AccessError):
            teams.with_user(self.user_lead).action_share_out(self.user_other.id)
        with self.assertRaises(AccessError):
            teams.with_user(self.user_lead).action_set_away(10**8, True)

    # ------------------------------------------------------------------ taking back

    def test_silent_lose_their_ticket(self):
        self.team.take_back_minutes = 60
        ticket = self._open_many(1, "2026-03-02 11:30", user_id=self.user_own.id)
        # half an hour before lunch, half an hour after it
        self._run("_cron_take_back", "2026-03-02 13:29")
        self.assertEqual(ticket.user_id, self.user_own)
        self._run("_cron_take_back", "2026-03-02 13:31")
        self.assertEqual(ticket.user_id, self.user_team)
        self.assertIn(
            "Taken back", "".join(ticket.message_ids.mapped(lambda m: m.body or ""))
        )
        told = self.env["mail.message"].search(
            [("subject", "like", "Taken back from the silent")], limit=1
        )
        self.assertEqual(told.partner_ids, self.user_lead.partner_id)
        # never back to who had it today: it is free then
        self._run("_cron_take_back", "2026-03-02 15:00")
        self.assertFalse(ticket.user_id)
        self._run("_cron_assign", "2026-03-02 15:05")
        self.assertFalse(ticket.user_id)
        self._assert_same(ticket)

    def test_who_does_something_keeps_it(self):
        self.team.take_back_minutes = 60
        ticket = self._open_many(1, "2026-03-02 08:00", user_id=self.user_team.id)
        with self._at(str(local("2026-03-02 08:30"))):
            self._post(ticket, self.user_team, public=False)
        self._run("_cron_take_back", "2026-03-02 11:00")
        self.assertEqual(ticket.user_id, self.user_team)

    def test_nobody_waits_nobody_loses(self):
        self.team.take_back_minutes = 60
        ticket = self._open_many(1, "2026-03-02 08:00", user_id=self.user_team.id)
        self._reply_at("2026-03-02 08:10", ticket)
        self._run("_cron_take_back", "2026-03-02 16:00")
        self.assertEqual(ticket.user_id, self.user_team)

    # ------------------------------------------------------------------ ping-pong

    def test_back_to_a_former_person(self):
        ticket = self._open_many(1, user_id=self.user_own.id)
        ticket.user_id = self.user_team
        self.assertFalse(ticket.ping_pong)
        ticket.user_id = self.user_own
        self.assertEqual(ticket.ping_pong, "back")
        activity = ticket.activity_ids.filtered(lambda a: a.user_id == self.user_lead)
        self.assertEqual(len(activity), 1)
        ticket.user_id = self.user_team
        self.assertEqual(len(ticket.activity_ids), 1)

    def test_too_many_hands(self):
        self.team.ping_pong_limit = 2
        ticket = self._open_many(1, user_id=self.user_own.id)
        ticket.user_id = self.user_team
        ticket.user_id = self.user_lead
        self.assertEqual(ticket.ping_pong, "many")

    def test_ping_pong_is_not_set_by_hand(self):
        ticket = self._open_many(1, user_id=self.user_own.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.user_own).ping_pong = "many"

    # ------------------------------------------------------------------ people leave

    def test_who_leaves_leaves_the_tickets(self):
        ticket = self._open_many(1, user_id=self.user_own.id)
        manual = self._open_many(
            1, team_id=self.second_team.id, user_id=self.user_own.id
        )
        with self._at(NOON):
            self.user_own.active = False
        self.assertEqual(ticket.user_id, self.user_team)
        self.assertFalse(manual.user_id)

    # ------------------------------------------------------------------ the rest

    @mute_logger("odoo.sql_db")
    def test_impossible_settings(self):
        for values in ({"take_back_minutes": -1}, {"ping_pong_limit": 1}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.team.write(values)
                self.env.flush_all()

    def test_queries_do_not_grow_with_the_tickets(self):
        """The whole way: choice, tickets, events, followers, and who is told."""
        self.team.capacity = 500
        counts = []
        for number in (4, 4, 40):
            self.team.assignment = "manual"
            tickets = self._open_many(number)
            self.team.assignment = "round_robin"
            self.env.flush_all()
            self.env.invalidate_all()
            with self._at(NOON):
                before = self.env.cr.sql_log_count
                tickets._assign_by_rule()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(tickets.user_id, self.people)
        # a statement more per person at most, for tickets there is none
        self.assertLessEqual(counts[2], counts[1] + 4, counts)

    def test_several_at_once_are_told_in_one_message(self):
        self._away(self.user_own, "2026-03-02")
        self.team.assignment = "manual"
        tickets = self._open_many(3)
        self.team.assignment = "round_robin"
        messages = self.env["mail.message"]
        domain = [("partner_ids", "in", self.user_team.partner_id.ids)]
        known = messages.search(domain)
        with self._at(NOON):
            tickets._assign_by_rule()
        told = messages.search(domain) - known
        self.assertEqual(len(told), 1)
        for ticket in tickets:
            self.assertIn(ticket.number, told.body)

    def test_job_as_odoobot(self):
        ticket = self._open_many(1, "2026-03-01 22:00")
        bot = self.env.ref("base.user_root")
        cron = self.env["ir.cron"].__class__
        with (
            self._at(str(local("2026-03-02 08:00") + timedelta(minutes=1))),
            patch.object(cron, "_commit_progress", return_value=100.0),
        ):
            self.env["care.ticket"].with_user(bot)._cron_assign()
        self.assertIn(ticket.user_id, self.people)
