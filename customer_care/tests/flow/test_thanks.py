import csv
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...lib import thanks
from ..common import CareCommon

CORPUS = Path(__file__).with_name("thanks_corpus.csv")
NAMES = ("Nguyễn Thị Mai", "Trần Lan")


@tagged("post_install", "-at_install")
class TestThanks(CareCommon):
    """A customer who only says thanks reopens nothing; an agent may know better."""

    def _solved(self, **values):
        with self._at("2026-03-02 02:00:00"):
            ticket = self._create_ticket(user_id=self.user_own.id, **values)
            self._post(ticket, self.user_portal)
            self._post(ticket, self.user_own)
            ticket.action_solve()
        return ticket

    def _kinds(self, ticket):
        return ticket.event_ids.sorted("id").mapped("kind")

    # ------------------------------------------------------------ words

    def test_corpus(self):
        with CORPUS.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertGreaterEqual(len(rows), 60)
        expected = {row["expected"] for row in rows}
        self.assertEqual(expected, {"thanks", "agreed", "other"})
        for row in rows:
            with self.subTest(text=row["text"]):
                found = thanks.read(row["text"], NAMES) or "other"
                self.assertEqual(found, row["expected"])

    def test_words_that_turn_a_sentence_round_are_no_names(self):
        self.assertFalse(thanks.read("Cảm ơn Hỏng", ["Lê Hỏng"]))
        self.assertFalse(thanks.read("thanks Not", ["Mr Not"]))

    def test_long_letters_and_files_are_no_thanks(self):
        self.assertEqual(thanks.read("cảm ơn " * 12), thanks.THANKS)
        self.assertFalse(thanks.read("cảm ơn " * 13))
        self.assertFalse(thanks.read("Cảm ơn", has_files=True))
        self.assertFalse(thanks.read(None))

    # ------------------------------------------------------------ solved tickets

    def test_thanks_leave_a_solved_ticket_solved(self):
        ticket = self._solved()
        with self._at("2026-03-02 03:00:00") as now:
            self._post(ticket, self.user_portal, body="Cảm ơn em nhiều nhé!")
        self.assertEqual(ticket.stage_id, self.stage_solved)
        self.assertEqual(self._kinds(ticket)[-1], "thanked")
        event = ticket.event_ids.sorted("id")[-1]
        self.assertEqual((event.actor, event.is_public), ("customer", True))
        self.assertTrue(event.message_id)
        self.assertIn("it stayed in “Solved”", event.summary)
        self.assertFalse(ticket.waiting_since)
        self.assertEqual(ticket.last_customer_on, now)
        self.assertEqual(ticket.reopen_count, 0)
        self.assertEqual(ticket.thanks_state, "kept")
        self.assertFalse(ticket._find_state_differences())

    def test_anything_else_reopens(self):
        for body in ("Cảm ơn nhưng vẫn hỏng", "Cảm ơn?", "Ok 15h", "Máy hỏng"):
            ticket = self._solved()
            self._post(ticket, self.user_portal, body=body)
            self.assertEqual(ticket.stage_id, self.stage_open, body)
            self.assertTrue(ticket.waiting_since)

    def test_a_photo_with_thanks_reopens(self):
        ticket = self._solved()
        self._post(
            ticket, self.user_portal, body="Cảm ơn", attachments=[("a.txt", b"x")]
        )
        self.assertEqual(ticket.stage_id, self.stage_open)

    def test_what_is_quoted_does_not_count(self):
        ticket = self._solved()
        quoted = '<p>Cảm ơn</p><blockquote data-o-mail-quote="1">Máy hỏng?</blockquote>'
        self._post(ticket, self.user_portal, body=self._html(quoted))
        self.assertEqual(ticket.stage_id, self.stage_solved)

    def _html(self, text):
        from markupsafe import Markup

        return Markup(text)

    def test_the_team_decides(self):
        self.team.is_thanks_read = False
        ticket = self._solved()
        self._post(ticket, self.user_portal, body="Cảm ơn")
        self.assertEqual(ticket.stage_id, self.stage_open)

    def test_the_name_of_the_agent_belongs_to_thanks(self):
        self.user_own.name = "Trần Ngọc Lan"
        ticket = self._solved()
        self._post(ticket, self.user_portal, body="Cảm ơn Lan")
        self.assertEqual(ticket.stage_id, self.stage_solved)

    # ------------------------------------------------------------ pending tickets

    def test_thanks_do_not_move_a_pending_ticket_and_ok_does(self):
        ticket = self._create_ticket()
        ticket.stage_id = self.stage_pending
        self._post(ticket, self.user_portal, body="Cảm ơn shop")
        self.assertEqual(ticket.stage_id, self.stage_pending)
        self.assertEqual(self._kinds(ticket)[-1], "thanked")
        self._post(ticket, self.user_portal, body="Ok")
        self.assertEqual(ticket.stage_id, self.stage_open)

    def test_thanks_on_an_open_ticket_are_a_message(self):
        ticket = self._create_ticket()
        self._post(ticket, self.user_portal, body="Cảm ơn")
        self.assertEqual(self._kinds(ticket)[-1], "customer_message")

    def test_an_agent_s_thanks_are_an_answer(self):
        ticket = self._solved()
        self._post(ticket, self.user_own, body="Cảm ơn")
        self.assertEqual(self._kinds(ticket)[-1], "agent_message")

    # ------------------------------------------------------------ overruling

    def test_reopen_after_all(self):
        """The customer has been waiting since he wrote, not since the overrule."""
        ticket = self._solved()
        with self._at("2026-03-02 03:00:00") as wrote:
            self._post(ticket, self.user_portal, body="Cảm ơn")
        with self._at("2026-03-02 04:00:00"):
            ticket.with_user(self.user_own).action_reopen_thanks()
        self.assertEqual(ticket.stage_id, self.stage_open)
        self.assertEqual(ticket.waiting_since, wrote)
        self.assertEqual(self._kinds(ticket)[-2:], ["not_thanks", "stage_changed"])
        self.assertEqual(ticket.event_ids.sorted("id")[-2].actor, "agent")
        self.assertFalse(ticket.thanked_on)
        self.assertFalse(ticket._find_state_differences())

    def test_it_was_only_thanks(self):
        ticket = self._solved()
        self._post(ticket, self.user_portal, body="Cảm ơn em, em dễ thương lắm")
        self.assertEqual(ticket.thanks_state, "reopened")
        self.env.flush_all()
        said = len(ticket._get_public_messages())
        ticket.with_user(self.user_own).action_only_thanks()
        self.flush_tracking()
        self.assertEqual(ticket.stage_id, self.stage_solved)
        self.assertEqual(self._kinds(ticket)[-2:], ["only_thanks", "stage_changed"])
        self.assertFalse(ticket.waiting_since)
        self.assertEqual(ticket.thanks_state, "kept")
        self.assertEqual(len(ticket._get_public_messages()), said)
        self.assertFalse(ticket._find_state_differences())

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.flush()

    def test_nothing_to_overrule_is_refused_with_a_way_out(self):
        ticket = self._solved()
        with self.assertRaisesRegex(UserError, "Use “Reopen”"):
            ticket.with_user(self.user_own).action_reopen_thanks()
        with self.assertRaisesRegex(UserError, "Use “Solve” instead"):
            ticket.with_user(self.user_own).action_only_thanks()

    def test_others_may_not_overrule(self):
        ticket = self._solved()
        self._post(ticket, self.user_portal, body="Cảm ơn")
        for user in (self.user_portal, self.user_reader, self.user_other):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_reopen_thanks()

    def test_nobody_writes_the_decision_by_hand(self):
        ticket = self._solved()
        with self.assertRaises(AccessError):
            ticket.with_user(self.user_manager).thanked_on = "2026-03-02 02:00:00"
