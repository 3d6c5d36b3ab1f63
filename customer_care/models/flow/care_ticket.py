from odoo import api, fields, models

#: Columns that only the event log may set (see lib/ticket_state.py).
FLOW_FIELDS = frozenset({"silent_since", "reminded_on", "thanked_on"})


class CareTicket(models.Model):
    """How a conversation ends, and what brings it back."""

    _inherit = "care.ticket"

    silent_since = fields.Datetime(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Since when nobody has said anything while it is the customer's turn.",
    )
    reminded_on = fields.Datetime(
        string="Customer Reminded",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    thanked_on = fields.Datetime(
        string="Read as Thanks",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The customer's last message was read as mere thanks, so nothing waits for"
        " an answer.",
    )
    thanks_state = fields.Selection(
        selection=[
            ("kept", "Read as thanks, so it stayed as it was"),
            ("reopened", "Reopened by a message of the customer"),
        ],
        compute="_compute_thanks_state",
        groups="base.group_user",
    )
    ends_on = fields.Date(
        string="Ends by Itself",
        compute="_compute_ends_on",
        groups="base.group_user",
        help="The day on which the ticket closes, or is solved, if nobody writes.",
    )

    _silent_idx = models.Index(
        "(team_id, stage_category, silent_since)"
        " WHERE stage_category IN ('pending', 'solved') AND active IS TRUE"
    )

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | FLOW_FIELDS

    @api.depends("thanked_on", "stage_category", "reopen_count", "waiting_since")
    def _compute_thanks_state(self):
        for ticket in self:
            category = ticket.stage_category
            if ticket.thanked_on and category in ("pending", "solved", "closed"):
                ticket.thanks_state = "kept"
            elif category == "open" and ticket.reopen_count and ticket.waiting_since:
                ticket.thanks_state = "reopened"
            else:
                ticket.thanks_state = False

    @api.depends("silent_since", "reminded_on", "stage_category", "team_id")
    def _compute_ends_on(self):
        for ticket in self:
            ticket.ends_on = ticket._get_ending_day()
