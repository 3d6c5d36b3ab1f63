"""Two answers at the same moment, on connections of their own: one counts."""

from contextlib import closing

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged

from ..races import RaceMixin


@tagged("post_install", "-at_install", "care_feedback")
class TestFeedbackRaces(RaceMixin, BaseCase):
    def setUp(self):
        super().setUp()
        with self._committing() as env:
            survey = env["care.feedback.survey"].create(
                {"name": "Race", "kind": "csat", "question": "How was it?"}
            )
            company = env["res.company"].search([], limit=1)
            partner = env["res.partner"].create({"name": "Race"})
            row = env["care.feedback"].create(
                {
                    "survey_id": survey.id,
                    "kind": "csat",
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "state": "sent",
                    "due_on": "2026-03-02 02:00:00",
                    "sent_on": "2026-03-02 02:00:00",
                }
            )
            self.refs = survey.id, partner.id, row.id
        self.addCleanup(self._remove)

    def _remove(self):
        survey, partner, row = self.refs
        with self._committing() as env:
            env["care.feedback"].browse(row).unlink()
            env["care.feedback.survey"].browse(survey).unlink()
            env["res.partner"].browse(partner).unlink()

    def _open(self):
        cr = db_connect(get_db_name()).cursor()
        self.addCleanup(cr.close)
        env = api.Environment(cr, SUPERUSER_ID, {})
        row = env["care.feedback"].browse(self.refs[2])
        self.assertEqual(row.state, "sent")  # the snapshot is taken
        return cr, row

    def _answer(self, row, score):
        answer, _errors = row._prepare_answer({"score": str(score)})
        first = row._answer(answer, "email")
        row.env.flush_all()
        return first

    def test_two_at_once(self):
        one_cr, one = self._open()
        two_cr, two = self._open()
        self.assertTrue(self._answer(one, 5))
        one_cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            self._answer(two, 1)
        two_cr.rollback()
        two.env.invalidate_all(flush=False)
        # the web server runs the request again
        self.assertFalse(self._answer(two, 1))
        two_cr.commit()
        with self._committing() as env:
            self.assertEqual(env["care.feedback"].browse(self.refs[2]).score, 5)

    def test_two_jobs_at_once_do_not_share_a_row(self):
        with self._committing() as env:
            env["care.feedback"].browse(self.refs[2]).state = "waiting"
        first = db_connect(get_db_name()).cursor()
        with closing(first), closing(db_connect(get_db_name()).cursor()) as second:
            found = [
                api.Environment(cr, SUPERUSER_ID, {})["care.feedback"]._lock_due(
                    "send", ids=[self.refs[2]]
                )
                for cr in (first, second)
            ]
            self.assertEqual([len(rows) for rows in found], [1, 0])
