"""Why a ticket that nobody has still waits."""

from odoo import api, fields, models


class CareTicket(models.Model):
    _inherit = "care.ticket"

    waiting_note = fields.Char(
        string="Why Nobody Has It",
        compute="_compute_waiting_note",
        groups="customer_care.group_agent_own",
    )

    @api.depends("user_id", "is_open", "team_id", "void_reason")
    def _compute_waiting_note(self):
        """Say what the rule of the team waits for; nothing where somebody has it."""
        self.waiting_note = False
        free = self.filtered(
            lambda t: t.is_open and not t.user_id and not t.void_reason
        )
        for team, tickets in free.grouped("team_id").items():
            if team:
                tickets.waiting_note = team.sudo()._say_why_waiting()
