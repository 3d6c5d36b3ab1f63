from odoo import fields, models
from odoo.exceptions import ValidationError

#: Points that a person can give.
MAX_POINTS = 500


class CareUrgencySet(models.TransientModel):
    """How urgent a ticket is in the opinion of who works on it, and why."""

    _name = "care.urgency.set"
    _description = "Urgency by Hand"

    ticket_id = fields.Many2one(
        comodel_name="care.ticket",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    points = fields.Integer(
        string="Urgency",
        help="0: not urgent at all.",
    )
    reason = fields.Char(
        string="Why",
        required=True,
        help="Everybody who sees the ticket reads it.",
    )

    def action_apply(self):
        """Let these points count instead of the rules'; who may change the ticket may.

        :raises AccessError: the user may not change the ticket
        :raises ValidationError: no reason, or points out of range
        """
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("write")
        reason = (self.reason or "").strip()
        if not reason:
            raise ValidationError(
                self.env._("Say why: colleagues see the reason beside the urgency.")
            )
        if not 0 <= self.points <= MAX_POINTS:
            raise ValidationError(
                self.env._(
                    "An urgency of %(points)s is not possible. Choose one between 0 and"
                    " %(limit)s.",
                    points=self.points,
                    limit=MAX_POINTS,
                )
            )
        before = ticket.urgency
        ticket._overrule_urgency(self.points, reason)
        ticket._note_urgency(
            self.env._(
                "Urgency by hand: %(points)s instead of %(before)s. %(reason)s",
                points=self.points,
                before=before,
                reason=reason,
            )
        )
        return {"type": "ir.actions.act_window_close"}
