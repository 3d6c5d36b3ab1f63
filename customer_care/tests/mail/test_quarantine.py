from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CareMailCommon


@tagged("post_install", "-at_install")
class TestQuarantine(CareMailCommon):
    """What cannot be processed waits for a person; nothing of it is left half-made."""

    def _break(self, error):
        """Make every ticket fail after it was created."""
        model = type(self.env["care.ticket"])
        return patch.object(model, "_note_reply_to", side_effect=error, autospec=True)

    def _receive_broken(self, error=None, **headers):
        with self._break(error or ValueError("no such thing")):
            return self._receive(**headers)

    def test_failure_keeps_the_mail_and_nothing_else(self):
        tickets = self.env["care.ticket"].search_count([])
        inbound = self._receive_broken()
        self.assertEqual(inbound.state, "quarantine")
        self.assertIn("no such thing", inbound.reason)
        self.assertIn("Traceback", inbound.error)
        self.assertIn("Máy giặt không chạy.", inbound.source_text)
        self.assertEqual(self.env["care.ticket"].search_count([]), tickets)
        self.assertFalse(self._mails())
        self.assertFalse(self.env["care.receipt"].search_count([]))

    def test_reason_of_a_rule_is_its_sentence(self):
        inbound = self._receive_broken(UserError("Không nhận thư này."))
        self.assertEqual(inbound.reason, "Không nhận thư này.")

    def test_leader_gets_one_reminder_however_many_wait(self):
        first = self._receive_broken()
        second = self._receive_broken()
        activities = (first | second).activity_ids
        self.assertEqual(activities.user_id, self.user_lead)
        self.assertEqual(len(activities), 1)
        with self.enter_registry_test_mode():
            first.with_user(self.user_lead).action_replay()
        self.assertEqual(first.state, "done")
        self.assertFalse(first.activity_ids)
        self.assertEqual(len(second.activity_ids), 1, "the reminder moves on")
        second.with_user(self.user_lead).action_dismiss()
        self.assertEqual(second.state, "ignored")
        self.assertIn(self.user_lead.name, second.reason)
        self.assertFalse((first | second).activity_ids)

    def test_without_leader_a_manager_of_the_company_hears_of_it(self):
        inbound = self._receive_broken(To=self.hue)
        self.assertEqual(inbound.activity_ids.user_id, self.user_other)

    def test_replay_sends_one_receipt(self):
        inbound = self._receive_broken()
        with self.enter_registry_test_mode():
            inbound.with_user(self.user_lead).action_replay()
            inbound.with_user(self.user_lead).action_replay()
        self.assertEqual(inbound.outcome, "ticket")
        self.assertEqual(len(self._mails_to("hoa@stranger.test")), 1)
        self.assertFalse(inbound.error)

    def test_ignored_mail_becomes_a_ticket_on_demand(self):
        inbound = self._receive(Auto_Submitted="auto-generated")
        self.assertEqual(inbound.state, "ignored")
        with self.enter_registry_test_mode():
            inbound.with_user(self.user_lead).action_replay()
        self.assertEqual((inbound.state, inbound.outcome), ("done", "ticket"))

    def test_conflict_is_tried_again(self):
        """Three conflicts in a row, then the mail goes through; once."""
        errors = [psycopg2.errors.SerializationFailure()] * 3 + [None]
        with patch("time.sleep"), self._break(errors) as broken:
            inbound = self._receive()
        self.assertEqual(broken.call_count, 4)
        self.assertEqual((inbound.state, inbound.outcome), ("done", "ticket"))
        self.assertEqual(len(inbound.ticket_id.message_ids), 2)

    def test_lasting_conflict_leaves_it_waiting_for_the_job(self):
        with patch("time.sleep"), self._break(psycopg2.errors.DeadlockDetected()):
            inbound = self._receive()
        self.assertEqual(inbound.state, "received")
        self.assertFalse(inbound.ticket_id)

    def test_missing_source_is_no_empty_ticket(self):
        inbound = self._receive_broken()
        self.env["ir.attachment"].search(
            [("res_model", "=", "care.inbound"), ("res_field", "=", "source")]
        ).unlink()
        with self.enter_registry_test_mode():
            inbound.with_user(self.user_lead).action_replay()
        self.assertEqual(inbound.state, "quarantine")
        self.assertIn("missing", inbound.reason)

    # ------------------------------------------------------------------ access

    def test_who_sees_which_mail(self):
        own = self._receive_broken()
        sister = self._receive_broken(To=self.warranty)
        other = self._receive_broken(To=self.hue)
        everything = own | sister | other
        expected = {
            self.user_lead: own,
            self.user_manager: own | sister,
            self.user_admin: own | sister,
            self.user_other: other,
        }
        for user, seen in expected.items():
            found = self.env["care.inbound"].with_user(user).search([])
            self.assertEqual(found & everything, seen, user.login)
            hidden = (everything - seen).with_user(user)
            for inbound in hidden:
                with self.assertRaises(AccessError):
                    inbound.action_replay()

    def test_agents_see_nothing(self):
        inbound = self._receive_broken()
        attachment = self.env["ir.attachment"].search(
            [("res_id", "=", inbound.id), ("res_field", "=", "source")]
        )
        self.assertTrue(attachment)
        portal = self.user_portal
        for user in (self.user_own, self.user_team, self.user_reader, portal):
            mail = inbound.with_user(user)
            with self.assertRaises(AccessError):
                mail.read(["subject"])
            with self.assertRaises(AccessError):
                mail.action_replay()
            with self.assertRaises(AccessError):
                mail.action_dismiss()
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw"])

    def test_nobody_writes_by_hand(self):
        inbound = self._receive_broken()
        for user in (self.user_lead, self.user_manager, self.user_admin):
            with self.assertRaises(AccessError):
                inbound.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                self.env["care.inbound"].with_user(user).create({"message_id": "x"})
        with self.assertRaises(AccessError):
            inbound.with_user(self.user_manager).unlink()

    def test_reminded_user_can_open_the_mail(self):
        """A leader without the role of a lead could not: then a manager is asked."""
        self.team.leader_id = new_test_user(
            self.env, login="care_weak_leader", groups="customer_care.group_agent_own"
        )
        inbound = self._receive_broken()
        user = inbound.activity_ids.user_id
        self.assertNotEqual(user, self.team.leader_id)
        self.assertTrue(inbound.with_user(user).has_access("read"))
