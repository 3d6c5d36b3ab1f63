from odoo import api, fields, models

from ..models.consent.selections import (
    CHANNELS,
    CONTACT_STATES,
    DIRECTIONS,
    STATES_BY_HAND as BY_HAND,
)


class CareContactAdd(models.TransientModel):
    """Writes a call, a visit or a chat into the contact log, in two clicks."""

    _name = "care.contact.add"
    _description = "Log a Contact"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        default=lambda self: self._default_partner_id(),
        ondelete="cascade",
    )
    channel = fields.Selection(selection=CHANNELS, required=True, default="call")
    direction = fields.Selection(selection=DIRECTIONS, required=True, default="out")
    state = fields.Selection(
        selection=[item for item in CONTACT_STATES if item[0] in BY_HAND],
        string="Result",
        required=True,
        default="done",
    )
    minutes = fields.Float(string="Duration (minutes)")
    summary = fields.Text(string="What Was Said")
    ticket_id = fields.Many2one(
        comodel_name="care.ticket",
        domain="[('partner_id', 'child_of', partner_id)]",
        ondelete="cascade",
    )

    @api.model
    def _default_partner_id(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_id")
        return False

    def action_log(self):
        """Write it down, as the person who asks."""
        self.ensure_one()
        self.partner_id.action_care_log_contact(
            self.channel,
            direction=self.direction,
            summary=self.summary,
            duration=round(60 * self.minutes) or None,
            state=self.state,
            ticket_id=self.ticket_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
