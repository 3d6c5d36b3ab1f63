"""Merging, forgetting and handing out what customers said."""

from odoo import api, fields, models
from odoo.tools import SQL

from .selections import ANSWERABLE


class CareFeedback(models.Model):
    _inherit = "care.feedback"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep every row; of several that wait for one person one is sent.

        The quiet period sees to it: they name one contact from now on.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE care_feedback SET partner_id = %s WHERE partner_id = ANY(%s)",
                destination.id,
                list(sources.ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _care_forget_partners(self, partners):
        """Keep the score; words, links and what was noted about the person go."""
        rows = self.sudo().search([("partner_id", "in", partners.ids)])
        rows.filtered(lambda row: row.state in ANSWERABLE)._take_back("forgotten")
        for row in rows:
            row.link_version += 1
        rows.activity_id.unlink()
        rows.write(
            {
                "comment": False,
                "follow_up_note": False,
                "error": False,
                "mail_message_id": False,
                "partner_id": False,
            }
        )

    @api.model
    def _care_export_partners(self, partners):
        """Return what these people were asked and answered, as plain dicts."""
        rows = self.sudo().search([("partner_id", "in", partners.ids)], order="id")
        return [
            {
                "record": "feedback",
                "survey": row.survey_id.name,
                "question": row.survey_id.question,
                "ticket": row.ticket_id.number or "",
                "state": row.state,
                "asked_on": fields.Datetime.to_string(row.sent_on) or "",
                "answered_on": fields.Datetime.to_string(row.answered_on) or "",
                "score": row.score,
                "reason": row.choice_id.name or "",
                "comment": row.comment or "",
            }
            for row in rows
        ]
