"""What lists, forms and the customer's page say of the answers."""

from datetime import timedelta

from odoo.tests import tagged

from .common import FeedbackCommon


@tagged("post_install", "-at_install", "care_feedback")
class TestResults(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.care_feedback_quiet_days = 0

    def test_team_of_the_worked_example(self):
        rows = [self._answered(score) for score in (5, 5, 4, 3)]
        self._sent()
        self._sent()
        self.assertEqual(self.team.feedback_figure, "4 answers")
        rows.append(self._answered(1))
        self.team.invalidate_recordset()
        self.assertEqual(self.team.feedback_count, 5)
        self.assertEqual(self.team.feedback_figure, "60% (23 to 88), 5 answers")
        rows[0].answered_on -= timedelta(days=31)
        self.team.invalidate_recordset()
        self.assertEqual(self.team.feedback_count, 4)

    def test_last_answer_of_a_ticket_counts(self):
        row = self._answered(5)
        ticket = row.ticket_id
        ticket.action_reopen()
        ticket.user_id = self.user_own
        ticket.action_solve()
        second = self._rows(ticket)[1]
        second.due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        self._answer(second, 3)
        self.assertEqual(self.team.feedback_count, 1)
        self.assertEqual((row.user_id, second.user_id), (self.user_team, self.user_own))
        self.assertEqual((row.score, second.score), (5, 3))
        self.assertEqual(ticket.feedback_text, "3/5")

    def test_nps_figure(self):
        scores = [10, 9, 9, 10, 9, 8, 7, 7, 6, 3]
        self.assertEqual(
            self.feedback._say_figure("nps", scores), "+30 (-19 to +65), 10 answers"
        )
        self.assertEqual(self.feedback._say_figure("nps", [10]), "1 answer")
        self.assertFalse(self.feedback._say_figure("csat", []))

    def test_mean_leaves_out_who_did_not_answer(self):
        self._answered(5)
        self._answered(4)
        self._sent()
        rows = self.feedback._read_group(
            [("team_id", "=", self.team.id)], [], ["score:avg", "__count"]
        )
        self.assertEqual(rows, [(4.5, 3)])
        low = self.feedback.search([("team_id", "=", self.team.id), ("score", "<", 3)])
        self.assertFalse(low, "unknown is not low")

    def test_ticket_shows_it(self):
        row = self._answered(2, "Chậm")
        ticket = row.ticket_id.with_user(self.user_team)
        self.assertEqual(
            (ticket.feedback_text, ticket.feedback_comment, ticket.feedback_count),
            ("2/5", "Chậm", 1),
        )
        self.assertTrue(ticket.is_feedback_low)
        action = ticket.action_view_feedback()
        self.assertEqual(action["res_id"], row.id)

    def test_contact_shows_it(self):
        self._answered(2)
        self._answered(5)
        contact = self.customer.with_user(self.user_lead)
        self.assertEqual(contact.care_feedback_count, 2)
        self.assertIn("5/5", contact.care_feedback_text)

    def test_timeline(self):
        self._answered(2, "Chậm quá")
        page = self.customer.with_user(self.user_lead).get_care_timeline(
            {"kinds": ["feedback"]}
        )
        texts = [line["text"] for line in page["lines"]]
        self.assertEqual(texts, ["Chậm quá"])
        reader = self.customer.with_user(self.user_own).get_care_timeline(
            {"kinds": ["feedback"]}
        )
        self.assertFalse(reader["lines"])

    def test_survey_counts(self):
        self._answered(5)
        self._sent()
        self.assertEqual((self.survey.sent_count, self.survey.answer_count), (2, 1))

    def test_views_open(self):
        for xmlid in ("care_feedback_action", "care_feedback_action_low"):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                f"customer_care.{xmlid}"
            )
            modes = [(False, mode) for mode in action["view_mode"].split(",")]
            self.feedback.with_user(self.user_lead).get_views(modes)
