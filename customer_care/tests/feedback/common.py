"""A team that asks, and the ways of a question, shared by the tests of feedback."""

import re

from ..common import CareCommon

MONDAY = "2026-03-02 02:00:00"  # 09:00 in Hanoi


class FeedbackCommon(CareCommon):
    """``survey`` asks 1 to 5 after tickets of ``team``, ``nps`` asks 0 to 10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env["care.feedback.survey"].create(
            {
                "name": "After a repair",
                "kind": "csat",
                "question": "How satisfied are you?",
                "low_label": "Not at all",
                "high_label": "Very much",
                "follow_up_question": "What should we know?",
                "thanks_text": "We read it.",
                "choice_ids": [(0, 0, {"name": "Speed"}), (0, 0, {"name": "Manners"})],
            }
        )
        cls.nps = cls.env["care.feedback.survey"].create(
            {"name": "Friends", "kind": "nps", "question": "Would you recommend us?"}
        )
        cls.team.write({"survey_id": cls.survey.id, "survey_delay_hours": 1})
        cls.company.care_feedback_quiet_days = 30
        cls.feedback = cls.env["care.feedback"]

    def _solved(self, **values):
        """Return a ticket of ``user_team`` that was just solved, and its question."""
        ticket = self._create_ticket(**{"user_id": self.user_team.id, **values})
        ticket.action_solve()
        return ticket, self._rows(ticket)

    def _rows(self, ticket):
        return self.feedback.search([("ticket_id", "=", ticket.id)], order="id")

    def _run(self, step="send"):
        """Do what the job does for rows that are due, without its commits."""
        rows = self.feedback._lock_due(step)
        rows._work(step)
        self.env.flush_all()
        return rows

    def _sent(self, **values):
        """Return a question that went out, due at once."""
        _ticket, row = self._solved(**values)
        row.due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        return row

    def _answered(self, score, comment="", **values):
        row = self._sent(**values)
        self._answer(row, score, comment)
        return row

    def _answer(self, row, score, comment="", channel="email"):
        answer, errors = row._prepare_answer(
            {"score": str(score), "comment": comment, "choice": ""}
        )
        self.assertFalse(errors)
        return row._answer(answer, channel)

    def _mail(self, row):
        return self.env["mail.mail"].search(
            [("care_feedback_id", "=", row.id)], order="id desc", limit=1
        )

    def _links(self, row):
        """Return the addresses in the mail of a question."""
        return re.findall(r'href="([^"]*/f/[^"]*)"', self._mail(row).body_html)
