from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib import feedback_score
from .selections import KINDS


class CareFeedbackSurvey(models.Model):
    """One question with a scale, and what happens around it.

    Without a company it is shared by all. Texts are the customer's to read: they are
    written in every language.
    """

    _name = "care.feedback.survey"
    _inherit = ["care.shared.setting"]
    _description = "Survey"
    _order = "sequence, name, id"
    _check_company_auto = True

    # identity
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=KINDS,
        required=True,
        default="csat",
        help="Satisfaction with one request, the effort it took, or whether the customer"
        " would recommend us. It cannot change once somebody was asked.",
    )
    # words
    question = fields.Char(required=True, translate=True)
    low_label = fields.Char(
        string="Word at the Low End",
        translate=True,
        help="Stands beside the lowest number, such as “very bad”.",
    )
    high_label = fields.Char(
        string="Word at the High End",
        translate=True,
        help="Stands beside the highest number, such as “very good”.",
    )
    follow_up_question = fields.Char(
        string="Question after the Score",
        translate=True,
        help="Asks for a few words of the customer's own; leave it empty to ask nothing.",
    )
    choice_question = fields.Char(
        string="Question before the Reasons",
        translate=True,
        help="Stands above the list of reasons.",
    )
    choice_ids = fields.One2many(
        comodel_name="care.feedback.choice",
        inverse_name="survey_id",
        string="Reasons",
        copy=True,
        help="The customer may pick one; without any, no list is shown.",
    )
    thanks_text = fields.Text(
        string="Thanks",
        translate=True,
        help="Read by the customer after the answer.",
    )
    # sending
    valid_days = fields.Integer(
        string="Valid (days)",
        default=14,
        help="The link takes an answer for so many days after it was sent.",
    )
    reminder_days = fields.Integer(
        string="Remind after (days)",
        default=3,
        help="Who has not answered by then is reminded, once. 0: nobody is reminded.",
    )
    is_sms_allowed = fields.Boolean(
        string="By SMS without an E-mail",
        help="Who has no e-mail address gets the question as a text message.",
    )
    # low scores
    low_score = fields.Integer(
        string="Low up to",
        compute="_compute_low_score",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
        help="A score up to this number is followed up by a person.",
    )
    follow_up_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Follow-up by",
        domain=[("share", "=", False)],
        index="btree_not_null",
        ondelete="set null",
        help="Leave it empty for the leader of the team that was rated.",
    )
    follow_up_hours = fields.Integer(
        string="Follow up within (hours)",
        default=24,
        help="A low score must have been followed up so many hours after it came.",
    )
    # use
    feedback_ids = fields.One2many(
        comodel_name="care.feedback", inverse_name="survey_id"
    )
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    answer_count = fields.Integer(string="Answers", compute="_compute_counts")
    figure = fields.Char(
        string="Result",
        compute="_compute_counts",
        help="Of all answers you may read, with its 95 % interval; from 5 answers on.",
    )

    _days_sane = models.Constraint(
        "CHECK (valid_days BETWEEN 1 AND 365 AND reminder_days >= 0"
        " AND reminder_days < valid_days AND follow_up_hours BETWEEN 1 AND 720)",
        "A survey is valid for 1 to 365 days, reminds before it ends (0: never), and low"
        " scores are followed up within 1 to 720 hours.",
    )

    @api.depends("kind")
    def _compute_low_score(self):
        for survey in self:
            survey.low_score = feedback_score.LOW_UP_TO.get(survey.kind, 0)

    @api.depends("feedback_ids.state", "feedback_ids.score")
    def _compute_counts(self):
        feedback = self.env["care.feedback"]
        rows = feedback._read_group(
            [("survey_id", "in", self.ids), ("sent_on", "!=", False)],
            ["survey_id", "score"],
            ["__count"],
        )
        sent, scores = {}, {}
        for survey, score, count in rows:
            sent[survey] = sent.get(survey, 0) + count
            if score is not None and score is not False:
                scores.setdefault(survey, []).extend([score] * count)
        for survey in self:
            known = scores.get(survey, [])
            survey.sent_count = sent.get(survey, 0)
            survey.answer_count = len(known)
            survey.figure = feedback._say_figure(survey.kind, known)

    @api.constrains("low_score", "kind")
    def _check_low_score(self):
        for survey in self:
            first, last = feedback_score.SCALES[survey.kind]
            if not first - 1 <= survey.low_score < last:
                raise ValidationError(
                    self.env._(
                        "“%(survey)s” goes from %(first)s to %(last)s, so the highest"
                        " low score is a number below %(last)s (%(none)s: none is low).",
                        survey=survey.name,
                        first=first,
                        last=last,
                        none=first - 1,
                    )
                )

    def write(self, vals):
        """Write; the kind of a survey stays once somebody was asked."""
        if "kind" in vals and any(survey.kind != vals["kind"] for survey in self):
            asked = self.env["care.feedback"].sudo()
            if asked.search_count([("survey_id", "in", self.ids)], limit=1):
                raise ValidationError(
                    self.env._(
                        "Customers were asked already, and numbers of another scale"
                        " cannot be compared with theirs. Copy the survey and choose the"
                        " kind there."
                    )
                )
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=survey.name))
            for survey, vals in zip(self, vals_list, strict=True)
        ]

    def _get_scale(self):
        """Return the numbers that the customer chooses from, in order."""
        self.ensure_one()
        return feedback_score.choices(self.kind)

    def action_view_feedback(self):
        """Open what customers answered to this survey."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_feedback_action"
        )
        action["domain"] = [("survey_id", "=", self.id)]
        action["context"] = {}
        return action
