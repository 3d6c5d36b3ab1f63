"""Who reads what customers said; nobody writes it."""

from psycopg2 import errors

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon


@tagged("post_install", "-at_install", "care_feedback")
class TestFeedbackRights(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.care_feedback_quiet_days = 0
        cls.second_team.survey_id = cls.survey
        cls.other_team.survey_id = cls.survey

    def _seen(self, user):
        return self.feedback.with_user(user).search([("id", "in", self.all_rows.ids)])

    def test_who_reads(self):
        _t, mine = self._solved(user_id=self.user_own.id)
        _t, team = self._solved(user_id=self.user_team.id)
        _t, other = self._solved(team_id=self.second_team.id, user_id=False)
        _t, far = self._solved(
            company_id=self.other_company.id,
            team_id=self.other_team.id,
            user_id=False,
        )
        self.all_rows = mine | team | other | far
        self.assertEqual(len(self.all_rows), 4)
        for user, expected in (
            (self.user_own, mine),
            (self.user_team, mine | team),
            (self.user_lead, mine | team),
            (self.user_manager, mine | team | other),
            (self.user_other, far),
        ):
            self.assertEqual(self._seen(user), expected, user.login)
        for user in (self.user_reader, self.user_portal):
            with self.assertRaises(AccessError):
                self._seen(user)

    def test_nobody_writes(self):
        row = self._answered(2)
        for user in (self.user_own, self.user_lead, self.user_manager, self.user_admin):
            own = row.with_user(user)
            for act in (
                lambda own=own: own.write({"score": 5}),
                lambda own=own: own.write({"comment": "x"}),
                lambda own=own: own.unlink(),
                lambda own=own: own.create(
                    {
                        "survey_id": self.survey.id,
                        "kind": "csat",
                        "company_id": self.company.id,
                        "due_on": "2026-03-02 02:00:00",
                        "state": "answered",
                        "score": 5,
                        "answered_on": "2026-03-02 02:00:00",
                    }
                ),
            ):
                with self.assertRaises(AccessError):
                    act()

    def test_who_answers_in_the_database_is_on_the_scale(self):
        row = self._answered(2)
        self.assertEqual(row.score, 2)
        for statement in (
            "UPDATE care_feedback SET score = 6 WHERE id = %s",
            "UPDATE care_feedback SET score = 0 WHERE id = %s",
            "UPDATE care_feedback SET score = NULL WHERE id = %s",
            "UPDATE care_feedback SET state = 'sent' WHERE id = %s",
        ):
            with self.assertRaises(errors.CheckViolation), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    self.env.cr.execute(statement, [row.id])

    def test_asking_many_is_for_managers(self):
        wizard = self.env["care.feedback.ask"]
        values = {
            "survey_id": self.nps.id,
            "partner_ids": [(6, 0, self.customer_two.ids)],
        }
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_lead).create(values)
        asked = wizard.with_user(self.user_manager).create(values)
        self.assertEqual((asked.audience_count, asked.skip_count), (1, 1))
        asked.action_ask()
        row = self.feedback.search([("survey_id", "=", self.nps.id)])
        self._run()
        self.assertEqual((row.state, row.reason), ("refused", "no_consent"))

    def test_surveys_of_all_companies(self):
        self.assertFalse(self.survey.company_id)
        with self.assertRaises(AccessError):
            self.survey.with_user(self.user_manager).question = "x"
        own = (
            self.env["care.feedback.survey"]
            .with_user(self.user_manager)
            .create({"name": "Ours", "question": "How?", "kind": "ces"})
        )
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(own.low_score, 3)
        own.choice_ids = [(0, 0, {"name": "Speed"})]
        self.assertFalse(
            self.env["care.feedback.choice"]
            .with_user(self.user_other)
            .search([("survey_id", "=", own.id)])
        )
