from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...fields import Measure
from ...lib import feedback_score
from .selections import (
    CHANNELS,
    FOLLOW_UP_STATES,
    KINDS,
    OUTCOMES,
    PURPOSES,
    STATES,
)


class CareFeedback(models.Model):
    """One question put to one customer, and what he answered.

    Written by the system alone. The first answer is final: a correction is a row of its
    own, with a fresh link, that names the one before it.
    """

    _name = "care.feedback"
    _description = "Customer Feedback"
    _order = "id desc"
    _rec_name = "survey_id"

    # what
    survey_id = fields.Many2one(
        comodel_name="care.feedback.survey",
        required=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(selection=KINDS, required=True)
    purpose = fields.Selection(
        selection=PURPOSES, required=True, default="transactional"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    # about
    ticket_id = fields.Many2one(
        comodel_name="care.ticket", index="btree_not_null", ondelete="cascade"
    )
    solve_round = fields.Integer(
        aggregator=None,
        help="How often the ticket had been reopened when it was solved.",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order", index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
    )
    previous_id = fields.Many2one(
        comodel_name="care.feedback",
        string="Corrects",
        index="btree_not_null",
        ondelete="cascade",
        help="The answer that stood before this one; it is kept.",
    )
    is_current = fields.Boolean(
        string="Latest Link",
        default=True,
        help="No fresh link was sent after this one.",
    )
    # credit
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Agent",
        index="btree_not_null",
        ondelete="set null",
        help="Who looked after the customer when he was asked.",
    )
    team_id = fields.Many2one(
        comodel_name="care.team",
        index="btree_not_null",
        ondelete="set null",
        help="The team that looked after the customer when he was asked.",
    )
    # way
    state = fields.Selection(selection=STATES, required=True, default="waiting")
    channel = fields.Selection(selection=CHANNELS, string="Asked by")
    answer_channel = fields.Selection(selection=CHANNELS, string="Answered by")
    reason = fields.Char(string="Reason (Code)")
    reason_text = fields.Char(string="Why Not", compute="_compute_reason_text")
    link_version = fields.Integer(default=1, aggregator=None)
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        string="As It Was Sent",
        index="btree_not_null",
        ondelete="set null",
    )
    attempts = fields.Integer(help="How often sending failed for a technical reason.")
    error = fields.Char(string="Problem")
    # when
    due_on = fields.Datetime(string="Not Before", required=True)
    sent_on = fields.Datetime(string="Sent")
    opened_on = fields.Datetime(string="Opened")
    remind_on = fields.Datetime(string="Remind on")
    reminded_on = fields.Datetime(string="Reminded")
    expires_on = fields.Datetime(string="Valid until")
    answered_on = fields.Datetime(string="Answered")
    # answer
    score = Measure(
        digits=(3, 0), aggregator="avg", help="Empty until the customer answered."
    )
    is_good = fields.Boolean(help="Satisfied, found it easy, or would recommend us.")
    is_low = fields.Boolean(string="Low Score")
    comment = fields.Text(string="In the Customer's Words")
    choice_id = fields.Many2one(
        comodel_name="care.feedback.choice",
        string="Chosen Reason",
        index="btree_not_null",
        ondelete="set null",
    )
    scale_text = fields.Char(string="Rating", compute="_compute_scale_text")
    # follow-up
    follow_up_state = fields.Selection(selection=FOLLOW_UP_STATES, string="Follow-up")
    follow_up_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Followed up by",
        index="btree_not_null",
        ondelete="set null",
    )
    follow_up_due_on = fields.Datetime(string="Follow up until")
    follow_up_done_on = fields.Datetime(string="Followed up on")
    follow_up_outcome = fields.Selection(selection=OUTCOMES, string="Outcome")
    follow_up_note = fields.Text(string="What Was Done")
    activity_id = fields.Many2one(
        comodel_name="mail.activity", index="btree_not_null", ondelete="set null"
    )
    # praise
    is_praise_seen = fields.Boolean(help="The agent put the card on My Work away.")

    _round_uniq = models.UniqueIndex(
        "(ticket_id, solve_round) WHERE previous_id IS NULL AND ticket_id IS NOT NULL",
        "The customer was asked about this already.",
    )
    _correction_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "A fresh link was sent for this answer already.",
    )
    _answer_whole = models.Constraint(
        "CHECK ((state = 'answered') = (score IS NOT NULL)"
        " AND (state = 'answered') = (answered_on IS NOT NULL))",
        "An answer has a score and a moment.",
    )
    _score_on_scale = models.Constraint(
        "CHECK (score IS NULL"
        " OR kind = 'csat' AND score BETWEEN 1 AND 5"
        " OR kind = 'ces' AND score BETWEEN 1 AND 7"
        " OR kind = 'nps' AND score BETWEEN 0 AND 10)",
        "The score is not on the scale of the survey.",
    )
    _due_idx = models.Index("(due_on, id) WHERE state = 'waiting'")
    _remind_idx = models.Index(
        "(remind_on, id) WHERE state IN ('sent', 'opened') AND remind_on IS NOT NULL"
    )
    _expire_idx = models.Index("(expires_on, id) WHERE state IN ('sent', 'opened')")
    _quiet_idx = models.Index("(partner_id, sent_on) WHERE sent_on IS NOT NULL")
    _follow_up_idx = models.Index("(follow_up_due_on) WHERE follow_up_state = 'todo'")
    _praise_idx = models.Index(
        "(user_id, answered_on) WHERE is_good IS TRUE AND is_praise_seen IS NOT TRUE"
    )
    _team_figures_idx = models.Index("(team_id, answered_on) WHERE score IS NOT NULL")

    # ------------------------------------------------------------------ computes

    @api.depends("kind", "score")
    def _compute_scale_text(self):
        for feedback in self:
            if feedback.score is None or feedback.score is False:
                feedback.scale_text = False
                continue
            last = feedback_score.SCALES[feedback.kind][1]
            feedback.scale_text = f"{int(feedback.score)}/{last}"

    @api.depends("reason", "error")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for feedback in self:
            feedback.reason_text = feedback._say_reason(feedback.reason) or (
                feedback.error or False
            )

    @api.depends("survey_id", "ticket_id", "scale_text")
    def _compute_display_name(self):
        for feedback in self:
            about = feedback.ticket_id.sudo().number
            parts = [
                feedback.survey_id.sudo().name or "",
                f"#{about}" if about else "",
                feedback.scale_text or "",
            ]
            feedback.display_name = " · ".join(filter(None, parts))

    @api.model
    def _say_reason(self, code):
        """Return in words why it was not sent or was taken back, empty for no reason."""
        if not code:
            return ""
        _ = self.env._
        own = {
            "quiet_period": _("The customer was asked a short while ago."),
            "reopened": _(
                "The request was opened again before the customer was asked."
            ),
            "void": _("The request counts in no figure (spam, mistake or test)."),
            "by_hand": _("Somebody took it back."),
            "replaced": _("A fresh link was sent instead."),
            "forgotten": _("The customer was forgotten."),
            "merged": _("The contact was merged with one who is asked already."),
            "no_survey": _("The survey is archived."),
        }
        return own.get(code) or self.env["care.contact.log"]._reason_text(code) or code

    # ------------------------------------------------------------------ figures

    @api.model
    def _say_figure(self, kind, scores):
        """Return the figure of ``scores`` in words, as people read it.

        Fewer than five answers are a count; from then on the 95 % interval stands beside
        the figure.
        """
        found = feedback_score.summarise(kind, scores)
        if not found.count:
            return False
        if found.count == 1:
            return self.env._("1 answer")
        if found.count < feedback_score.FEW:
            return self.env._("%(count)s answers", count=found.count)
        values = {
            "value": round(found.value),
            "low": round(found.low),
            "high": round(found.high),
            "count": found.count,
        }
        if kind == "nps":
            values = {
                name: f"{number:+d}" if name != "count" else number
                for name, number in values.items()
            }
            return self.env._(
                "%(value)s (%(low)s to %(high)s), %(count)s answers", **values
            )
        return self.env._(
            "%(value)s%% (%(low)s to %(high)s), %(count)s answers", **values
        )

    # ------------------------------------------------------------------ guarding

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse people: what customers say is nobody's to write."""
        self._check_system()
        return super().write(vals)

    def unlink(self):
        """Refuse people: what customers say is nobody's to delete."""
        self._check_system()
        return super().unlink()

    def _check_system(self):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "What customers answer cannot be written or deleted by hand. Send a"
                    " fresh link if an answer was a mistake."
                )
            )
