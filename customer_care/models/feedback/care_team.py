from datetime import timedelta

from odoo import api, fields, models

#: Days that the figure of a team looks back.
FIGURE_DAYS = 30


class CareTeam(models.Model):
    _inherit = "care.team"

    survey_id = fields.Many2one(
        comodel_name="care.feedback.survey",
        string="Ask when Solved",
        domain="[('kind', '!=', 'nps'), ('company_id', 'in', (company_id, False))]",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The customer is asked this after his request was solved. Empty: nobody is"
        " asked.",
    )
    survey_delay_hours = fields.Integer(
        string="Ask after (hours)",
        default=1,
        help="So long after the request was solved; when it is opened again meanwhile,"
        " nothing is sent.",
    )
    feedback_count = fields.Integer(
        string="Answers in 30 Days", compute="_compute_feedback"
    )
    feedback_figure = fields.Char(
        string="Feedback, 30 Days",
        compute="_compute_feedback",
        help="Of the last answer to each request, with its 95 % interval; from 5 answers"
        " on.",
    )

    _survey_delay_sane = models.Constraint(
        "CHECK (survey_delay_hours BETWEEN 0 AND 720)",
        "A customer is asked 0 to 720 hours after his request was solved.",
    )

    @api.depends("survey_id")
    @api.depends_context("uid", "lang")
    def _compute_feedback(self):
        feedback = self.env["care.feedback"]
        since = self.env.cr.now() - timedelta(days=FIGURE_DAYS)
        rows = feedback.search_fetch(
            [
                ("team_id", "in", self.ids),
                ("score", "!=", False),
                ("answered_on", ">=", since),
                ("ticket_id", "!=", False),
            ],
            ["team_id", "kind", "score", "ticket_id"],
            order="answered_on, id",
        )
        last = {}
        for row in rows:  # later answers about the same request take the place
            last[row.team_id.id, row.kind, row.ticket_id.id] = row.score
        scores = {}
        for (team_id, kind, _ticket_id), score in last.items():
            scores.setdefault((team_id, kind), []).append(score)
        for team in self:
            kind = team.survey_id.sudo().kind or "csat"
            known = scores.get((team.id, kind), [])
            team.feedback_count = len(known)
            team.feedback_figure = feedback._say_figure(kind, known)

    def action_view_feedback(self):
        """Open what customers said of this team."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_feedback_action"
        )
        action["domain"] = [("team_id", "=", self.id)]
        action["context"] = {"search_default_answered": 1}
        return action
