"""Tickets that are taken from somebody: by the job, by an undo, or because he is gone."""

from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...models.assignment import care_ticket_take_back
from ..promise.common import local
from .common import AssignmentCommon

MORNING = "2026-03-02 10:00"


@tagged("post_install", "-at_install")
class TestAssignmentReturns(AssignmentCommon):
    def _run_job(self, method, moment, after_commit=None):
        """Run a job; ``after_commit`` stands for others who work between its commits."""

        def commit(*args, **kwargs):
            if after_commit:
                after_commit()
            return 100.0

        cron = self.env["ir.cron"].__class__
        self.env.flush_all()
        with (
            self._at(str(local(moment))),
            patch.object(cron, "_commit_progress", side_effect=commit),
        ):
            getattr(self.env["care.ticket"], method)()
        self.env.invalidate_all()

    def _leader_is_told(self):
        return self.env["mail.message"].search_count(
            [("subject", "like", "Taken back from the silent")]
        )

    # ------------------------------------------------------------------ who is barred

    def test_each_ticket_bars_its_own_people(self):
        first, second = self._open_many(2, "2026-03-02 09:00", user_id=self.user_own.id)
        with self._at(str(local("2026-03-02 09:10"))):
            second.user_id = self.user_team
            (first | second).user_id = False
        # the first was lost by one, the second by both of them
        self._run_job("_cron_assign", MORNING)
        self.assertEqual(first.user_id, self.user_team)
        self.assertFalse(second.user_id)

    def test_what_he_had_since_yesterday_and_lost_today(self):
        self._away(self.user_team, "2026-03-03")
        ticket = self._open_many(1, "2026-03-02 09:00", user_id=self.user_own.id)
        with self._at(str(local("2026-03-03 09:00"))):
            ticket.user_id = False
        self._run_job("_cron_assign", "2026-03-03 09:05")
        self.assertFalse(ticket.user_id)
        self._away(self.user_team, "2026-03-04")
        self._away(self.user_lead, "2026-03-04")
        self._run_job("_cron_assign", "2026-03-04 09:05")
        self.assertEqual(ticket.user_id, self.user_own, "the bar ends with the day")

    # ------------------------------------------------------------------ no hand-off

    def test_undo_is_no_ping_pong(self):
        ticket = self._open_many(1, user_id=self.user_own.id)
        teams = self.env["care.team"].with_user(self.user_lead)
        with self._at(str(local(MORNING))):
            done = teams.action_share_out(self.user_own.id)
            teams.action_undo_share_out(self.user_own.id, done["pairs"])
        self.assertEqual(ticket.user_id, self.user_own)
        self.assertFalse(ticket.ping_pong)
        self.assertFalse(ticket.activity_ids)
        events = ticket.event_ids.filtered(lambda e: e.kind == "assigned").sorted("id")
        self.assertEqual(events.mapped("is_automatic"), [False, True])
        self._assert_same(ticket)

    def test_take_back_is_no_ping_pong(self):
        self.team.write({"take_back_minutes": 60, "ping_pong_limit": 2})
        self.team.member_ids |= self.user_lead
        self.env["care.away"].search([("user_id", "=", self.user_lead.id)]).unlink()
        ticket = self._open_many(1, "2026-03-02 08:00", user_id=self.user_own.id)
        self._run_job("_cron_take_back", "2026-03-02 09:30")
        self._run_job("_cron_take_back", "2026-03-02 11:00")
        self.assertEqual(ticket.handoff_count, 2)
        self.assertFalse(ticket.ping_pong)

    def test_a_client_cannot_say_that_it_is_none(self):
        ticket = self._open_many(1, user_id=self.user_own.id)
        for user in (self.user_team, self.user_own):
            ticket.with_user(self.user_lead).with_context(
                care_unhanded="internal"
            ).user_id = user
        self.assertEqual(ticket.ping_pong, "back")

    # ------------------------------------------------------------------ undo, malformed

    def test_undo_of_what_was_not_shared_out(self):
        teams = self.env["care.team"].with_user(self.user_lead)
        self._open_many(1, user_id=self.user_own.id)
        for pairs in (
            None,
            7,
            "ab",
            {"a": 1},
            [1],
            [[1]],
            [[1, 2, 3]],
            [["1", "2"]],
            [[1, None]],
            [[True, 1]],
            [[1.5, 1]],
            [[-1, 1]],
            [[2**40, 1]],
            [[[1], 1]],
        ):
            with (
                self.subTest(pairs=pairs),
                self.assertRaisesRegex(UserError, "not what was shared out"),
            ):
                teams.action_undo_share_out(self.user_own.id, pairs)
        for person in (None, "x", [1], 2**40, -1, True):
            with self.subTest(person=person), self.assertRaises(AccessError):
                teams.action_undo_share_out(person, [])

    # ------------------------------------------------------------------ the job

    def test_what_is_answered_meanwhile_is_not_taken(self):
        self.team.take_back_minutes = 60
        first, second = self._open_many(2, "2026-03-02 08:00", user_id=self.user_own.id)

        def answer():
            if first.user_id != self.user_own and not second.reply_count:
                self._post(second, self.user_own)
                self.env.flush_all()

        with patch.object(care_ticket_take_back, "TAKE_BACK_BATCH", 1):
            self._run_job("_cron_take_back", "2026-03-02 10:00", answer)
        self.assertEqual(first.user_id, self.user_team)
        self.assertEqual(second.user_id, self.user_own)

    def test_leaders_are_told_with_each_batch(self):
        self.team.take_back_minutes = 60
        self._open_many(2, "2026-03-02 08:00", user_id=self.user_own.id)
        before, told = self._leader_is_told(), []

        def look():
            told.append(self._leader_is_told() - before)

        with patch.object(care_ticket_take_back, "TAKE_BACK_BATCH", 1):
            self._run_job("_cron_take_back", "2026-03-02 10:00", look)
        # at the start, after each batch, at the end: a job that dies owes nobody a word
        self.assertEqual(told, [0, 1, 2, 2])

    def test_crossed_take_back_is_done_again(self):
        self.team.take_back_minutes = 60
        ticket = self._open_many(1, "2026-03-02 08:00", user_id=self.user_own.id)
        model = type(self.env["care.ticket"])
        take_back, calls = model._take_back, []

        def crossed_once(tickets):
            calls.append(tickets)
            if len(calls) == 1:
                raise errors.SerializationFailure
            return take_back(tickets)

        with (
            patch.object(model, "_take_back", crossed_once),
            patch.object(self.env.cr, "rollback"),
        ):
            self._run_job("_cron_take_back", "2026-03-02 10:00")
        self.assertEqual(ticket.user_id, self.user_team)

    def test_note_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.company.partner_id.lang = "vi_VN"
        self.team.take_back_minutes = 60
        self._open_many(1, "2026-03-02 08:00", user_id=self.user_own.id)
        spoken = []
        model = type(self.env["care.ticket"])
        log = model._message_log_batch

        def listen(tickets, bodies, **values):
            spoken.append(tickets.env.lang)
            return log(tickets, bodies, **values)

        with patch.object(model, "_message_log_batch", listen):
            self._run_job("_cron_take_back", "2026-03-02 10:00")
        self.assertEqual(spoken, ["vi_VN"])

    def test_queries_of_a_take_back_do_not_grow_with_the_tickets(self):
        self.team.write({"take_back_minutes": 60, "capacity": 500})
        counts = []
        for number in (4, 4, 40):
            tickets = self._open_many(
                number, "2026-03-02 08:00", user_id=self.user_own.id
            )
            self.env.flush_all()
            self.env.invalidate_all()
            with self._at(str(local(MORNING))):
                before = self.env.cr.sql_log_count
                tickets._take_back()
                tickets._tell_leaders()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(tickets.user_id, self.user_team)
        self.assertLessEqual(counts[2], counts[1] + 4, counts)

    # ------------------------------------------------------------------ who is deleted

    def test_tickets_of_who_is_deleted(self):
        person = new_test_user(
            self.env,
            "care_short_stay",
            "customer_care.group_agent_own",
            name="Hoa",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        ticket, manual = self._open_many(2, user_id=person.id)
        with self._at(str(local(MORNING))):
            manual.write({"team_id": self.second_team.id, "user_id": person.id})
            reference = person.id
            person.unlink()
        self.env.invalidate_all()
        self.assertIn(ticket.user_id, self.people)
        self.assertFalse(manual.user_id)
        for one in (ticket, manual):
            events = one.event_ids.filtered(lambda e: e.kind == "assigned").sorted("id")
            self.assertFalse(events[0].user_ref)
            self.assertIn(
                "Hoa does not work here any more",
                "".join(one.message_ids.mapped(lambda m: m.body or "")),
            )
            self._assert_same(one)
        self.assertEqual(ticket.last_user_ref, ticket.user_id.id)
        self.assertEqual(manual.last_user_ref, reference)
