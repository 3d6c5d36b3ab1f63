from odoo import fields, models

from ..models.feedback.selections import OUTCOMES


class CareFeedbackFollowUp(models.TransientModel):
    """Writes down what was done about low scores."""

    _name = "care.feedback.follow.up"
    _description = "Outcome of a Follow-up"

    feedback_ids = fields.Many2many(
        comodel_name="care.feedback", string="Low Scores", required=True
    )
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="solved")
    note = fields.Text(
        string="What Was Done",
        required=True,
        help="Stands with the score and on the ticket, for our own people.",
    )

    def action_done(self):
        """Close the follow-ups, as the person who asks."""
        self.ensure_one()
        self.feedback_ids._check_agent()
        self.feedback_ids._finish_follow_up(self.outcome, self.note)
        return {"type": "ir.actions.act_window_close"}
