"""A low score has an owner, a deadline and an outcome; praise reaches who earned it."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY, FeedbackCommon


@tagged("post_install", "-at_install", "care_feedback")
class TestFollowUp(FeedbackCommon):
    def test_low_score_goes_to_the_leader(self):
        with self._at(MONDAY):
            row = self._answered(2, "Chờ <b>quá</b> lâu")
            self.assertEqual(row.follow_up_state, "todo")
            self.assertEqual(row.follow_up_user_id, self.user_lead)
            self.assertEqual(
                row.follow_up_due_on, self.env.cr.now() + timedelta(hours=24)
            )
        activity = row.activity_id
        self.assertEqual(activity.user_id, self.user_lead)
        self.assertEqual(
            (activity.res_model, activity.res_id), ("care.ticket", row.ticket_id.id)
        )
        self.assertEqual(str(activity.date_deadline), "2026-03-03")
        self.assertIn("Chờ &lt;b&gt;quá", activity.note)

    def test_good_score_needs_nobody(self):
        for score in (3, 5):
            self.company.care_feedback_quiet_days = 0
            row = self._answered(score)
            self.assertFalse(row.follow_up_state)
            self.assertFalse(row.activity_id)

    def test_person_of_the_survey(self):
        self.survey.write(
            {"follow_up_user_id": self.user_manager.id, "follow_up_hours": 4}
        )
        row = self._answered(1)
        self.assertEqual(row.follow_up_user_id, self.user_manager)
        self.assertEqual(row.follow_up_due_on, row.answered_on + timedelta(hours=4))

    def test_without_leader_the_agent(self):
        self.team.leader_id = False
        self.assertEqual(self._answered(1).follow_up_user_id, self.user_team)

    def test_nobody_left(self):
        self.team.leader_id = False
        row = self._answered(1, user_id=False)
        self.assertEqual(row.follow_up_state, "todo")
        self.assertFalse(row.activity_id)

    def test_outcome_by_dialog(self):
        row = self._answered(1, "Chậm")
        activity = row.activity_id
        lead = row.with_user(self.user_lead)
        action = lead.action_open_follow_up()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.user_lead)
            .with_context(**action["context"])
            .create({"outcome": "explained", "note": "Đã gọi"})
        )
        wizard.action_done()
        self.assertEqual(
            (row.follow_up_state, row.follow_up_outcome, row.follow_up_note),
            ("done", "explained", "Đã gọi"),
        )
        self.assertEqual(row.follow_up_user_id, self.user_lead)
        self.assertFalse(activity.exists() and activity.active)
        with self.assertRaises(UserError):
            lead.action_open_follow_up()

    def test_outcome_by_activity(self):
        row = self._answered(1)
        row.activity_id.with_user(self.user_lead).action_feedback(feedback="Đã gọi")
        self.assertEqual((row.follow_up_state, row.follow_up_note), ("done", "Đã gọi"))

    def test_dialog_is_for_readers_of_the_row(self):
        row = self._answered(1, user_id=self.user_team.id)
        with self.assertRaises(AccessError):
            row.with_user(self.user_own).action_open_follow_up()
        wizard = self.env["care.feedback.follow.up"]
        values = {"note": "x", "feedback_ids": [(6, 0, row.ids)]}
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_own).create(values)
        with self.assertRaises(AccessError):
            wizard.create(values).with_user(self.user_own).action_done()
        self.assertEqual(row.follow_up_state, "todo")

    def test_praise(self):
        row = self._answered(5, "Anh Team rất nhiệt tình")
        mine = self.feedback.with_user(self.user_team)
        praise = mine._get_my_praise()
        self.assertEqual(praise["id"], row.id)
        self.assertEqual(praise["words"], "Anh Team rất nhiệt tình")
        self.assertEqual(praise["rating"], "5/5")
        self.assertFalse(self.feedback.with_user(self.user_lead)._get_my_praise())
        row.with_user(self.user_lead).action_dismiss_praise()
        self.assertTrue(mine._get_my_praise(), "only the person himself puts it away")
        row.with_user(self.user_team).action_dismiss_praise()
        self.assertFalse(mine._get_my_praise())

    def test_praise_has_words_and_is_fresh(self):
        self._answered(5)
        mine = self.feedback.with_user(self.user_team)
        self.assertFalse(mine._get_my_praise())
        self.company.care_feedback_quiet_days = 0
        row = self._answered(4, "Tốt")
        self.assertTrue(mine._get_my_praise())
        row.answered_on -= timedelta(days=15)
        self.assertFalse(mine._get_my_praise())
