from odoo.tests import HttpCase, tagged

from .common import FeedbackCommon


@tagged("post_install", "-at_install", "care_feedback")
class TestFeedbackTours(FeedbackCommon, HttpCase):
    def test_lead_follows_up_a_low_score(self):
        self.feedback.search([("follow_up_state", "=", "todo")]).write(
            {"follow_up_state": "done"}
        )
        row = self._answered(1, "Chờ quá lâu")
        self.start_tour(
            "/odoo/care-low-scores", "care_feedback_follow_up", login="care_lead_test"
        )
        self.assertEqual(
            (row.follow_up_state, row.follow_up_outcome), ("done", "explained")
        )
        self.assertIn("đổi máy", row.follow_up_note)

    def test_agent_reads_his_praise(self):
        row = self._answered(5, "Cảm ơn em nhiều")
        self.start_tour("/odoo/care-my-work", "care_feedback_praise", login="care_team")
        self.assertTrue(row.is_praise_seen)


@tagged("post_install", "-at_install", "care_feedback")
class TestVoteTour(FeedbackCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_customer_votes_on_his_phone(self):
        row = self._sent()
        self.start_tour(f"{row._get_path()}?score=2", "care_feedback_vote")
        self.assertEqual((row.score, row.state), (4, "answered"))
        self.assertEqual(row.comment, "Anh kỹ thuật rất nhiệt tình")
