"""Answers of a customer, on the timeline of his page."""

from odoo import api, models

from ...lib import feedback_score

ICONS = {True: "fa-smile-o", False: "fa-frown-o", None: "fa-meh-o"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_care_timeline_kinds(self):
        return [
            *super()._get_care_timeline_kinds(),
            ("feedback", self.env._("Feedback")),
        ]

    @api.model
    def _care_timeline_sources(self, people):
        """Add what the customer answered."""
        return [
            *super()._care_timeline_sources(people),
            *self._care_timeline_part(
                "feedback",
                "feedback",
                "care.feedback",
                [("partner_id", "in", people.ids), ("answered_on", "!=", False)],
                "answered_on",
                [
                    "kind",
                    "score",
                    "comment",
                    "is_good",
                    "is_low",
                    "survey_id.name",
                    "user_id.name",
                ],
                self._say_care_feedback,
            ),
        ]

    @api.model
    def _say_care_feedback(self, details):
        mood = True if details["is_good"] else False if details["is_low"] else None
        last = feedback_score.SCALES[details["kind"]][1]
        return {
            "icon": ICONS[mood],
            "title": self.env._(
                "Rated %(score)s of %(last)s",
                score=int(details["score"] or 0),
                last=last,
            ),
            "text": " ".join((details["comment"] or "").split())[:200],
            "who": details["user_id.name"] or "",
            "state": details["survey_id.name"] or "",
            "direction": "in",
        }
