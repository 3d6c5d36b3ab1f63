from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.customer_care.fields import Measure


class CareTicketFact(models.Model):
    """What one ticket contributes to the figures, kept while its events are written.

    One row per ticket. It is a pure function of the ticket's events
    (:mod:`..lib.ticket_fact` has every definition) and of the company's time zone, in
    which days are counted. The event writer keeps it in the transaction of the event, at
    the cost of two statements; :meth:`_rebuild` makes it anew from the events alone, and
    :meth:`_find_differences` compares (care_ticket_fact_store.py). Nobody else writes it.

    Durations are whole seconds on the calendar clock, unknown until their second event.
    Flags are unknown, 0 or 1, so that their mean is the exact rate. Every figure of a
    void ticket is unknown.
    """

    _name = "care.ticket.fact"
    _description = "Ticket Figures"
    _order = "created_on desc, ticket_id desc"
    _rec_name = "ticket_id"
    _log_access = False
    #: Sum of several waits of one ticket → how many they were.
    _weighted_measures = {"next_response_seconds": "next_response_count"}

    # ticket
    ticket_id = fields.Many2one(
        comodel_name="care.ticket", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="restrict"
    )
    is_void = fields.Boolean(
        string="Counts in No Figure", help="Spam, merged, or left out by hand."
    )
    # as it is now
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
    )
    team_id = fields.Many2one(
        comodel_name="care.team", index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Assigned to", ondelete="set null"
    )
    category_id = fields.Many2one(
        comodel_name="care.ticket.category", ondelete="set null"
    )
    kind = fields.Selection(selection=lambda self: self._get_words("kind"))
    priority = fields.Selection(selection=lambda self: self._get_words("priority"))
    stage_category = fields.Selection(
        selection=lambda self: self._get_words("stage_category")
    )
    # as it was
    channel_id = fields.Many2one(
        comodel_name="care.ticket.channel",
        ondelete="set null",
        help="By which the ticket was opened.",
    )
    care_stage_id = fields.Many2one(
        related="ticket_id.care_stage_id", string="Care Stage at Opening"
    )
    first_team_id = fields.Many2one(
        comodel_name="care.team",
        string="Team at Opening",
        ondelete="set null",
        help="Gets the credit for tickets opened.",
    )
    reply_user_id = fields.Many2one(
        comodel_name="res.users",
        string="First Reply by",
        ondelete="set null",
        help="Gets the credit for the first response.",
    )
    reply_team_id = fields.Many2one(
        comodel_name="care.team",
        string="Team at First Reply",
        ondelete="set null",
        help="Team of the ticket when it was first answered.",
    )
    solver_id = fields.Many2one(
        comodel_name="res.users",
        string="Solved by",
        ondelete="set null",
        help="Who solved it last: the person who did it, or the person in charge when"
        " the customer or a rule did. Gets the credit for resolution, reopening and"
        " transfers. Empty while the ticket is not solved.",
    )
    solver_team_id = fields.Many2one(
        comodel_name="care.team",
        string="Team at Solution",
        ondelete="set null",
        help="Team of the ticket when it was solved last.",
    )
    # dates
    created_on = fields.Datetime()
    asked_on = fields.Datetime(string="First Customer Message")
    first_reply_on = fields.Datetime()
    first_solved_on = fields.Datetime()
    solved_on = fields.Datetime(help="Last solution; empty while it is not solved.")
    created_day = fields.Date(
        string="Created", help="Day in the time zone of the company."
    )
    reply_day = fields.Date(
        string="First Replied", help="Day in the time zone of the company."
    )
    solved_day = fields.Date(
        string="Solved", help="Day of the last solution in the company's time zone."
    )
    # durations
    first_response_seconds = Measure(
        string="First Response (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time from the customer's first message (where a bot spoke first,"
        " from its hand-over) to the first public answer of a person. Automatic"
        " messages and notes do not count. By date: first replied.",
    )
    bot_response_seconds = Measure(
        string="First Response with Bot (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time from the customer's very first message to the first public"
        " answer of a person, the time with the bot included. By date: first replied.",
    )
    next_response_seconds = Measure(
        string="Next Response (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time from the oldest message of the customer that nobody had"
        " answered to the next answer of a person, all of them after the first response."
        " Of one ticket: the sum; of many: the sum divided by the number of responses."
        " By date: first replied.",
    )
    next_response_count = Measure(
        string="Next Responses",
        digits=(16, 0),
        aggregator="sum",
        help="How many waits of the customer after the first response were ended by an"
        " answer.",
    )
    resolution_seconds = Measure(
        string="Resolution (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time from creation to the last solution; unknown while the ticket"
        " is not solved. Often called AHT. By date: solved.",
    )
    first_resolution_seconds = Measure(
        string="First Resolution (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time from creation to the first solution, whatever came after.",
    )
    requester_wait_seconds = Measure(
        string="Customer Waited for Us (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time as new, open or on hold until the last solution."
        " By date: solved.",
    )
    new_seconds = Measure(
        string="Time as New (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time before anybody took it up. By date: solved.",
    )
    open_seconds = Measure(
        string="Time in Progress (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time in progress until the last solution. By date: solved.",
    )
    pending_seconds = Measure(
        string="We Waited for Customer (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time waiting for the customer until the last solution."
        " By date: solved.",
    )
    hold_seconds = Measure(
        string="Time on Hold (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time waiting for others until the last solution."
        " By date: solved.",
    )
    rest_seconds = Measure(
        string="Rested before Reopening (s)",
        digits=(16, 0),
        aggregator="avg",
        help="Calendar time as solved, closed or cancelled before it was reopened and"
        " solved again. With the times as new, in progress, waiting for the customer"
        " and on hold it adds up to the resolution.",
    )
    # counts
    reply_count = Measure(
        string="Replies per Ticket",
        digits=(16, 0),
        aggregator="avg",
        help="Public answers of persons.",
    )
    handoff_count = Measure(
        string="Hand-offs per Ticket",
        digits=(16, 0),
        aggregator="avg",
        help="Changes of the person in charge after the first.",
    )
    transfer_count = Measure(
        string="Transfers per Ticket",
        digits=(16, 0),
        aggregator="avg",
        help="Changes of the team after the first.",
    )
    reopen_count = Measure(
        string="Reopenings per Ticket",
        digits=(16, 0),
        aggregator="avg",
        help="How often it went back to work after a solution, a “thank you” included.",
    )
    effective_reopen_count = Measure(
        string="Effective Reopenings per Ticket",
        digits=(16, 0),
        aggregator="avg",
        help="Reopenings after which an agent answered again.",
    )
    reply_total = Measure(related="reply_count", string="Replies", aggregator="sum")
    handoff_total = Measure(
        related="handoff_count", string="Hand-offs", aggregator="sum"
    )
    transfer_total = Measure(
        related="transfer_count", string="Transfers", aggregator="sum"
    )
    # flags
    is_answered = Measure(
        string="Response Rate",
        digits=(16, 0),
        aggregator="avg",
        help="Tickets with an answer of a person / tickets a customer asked something"
        " in that are answered or solved. By date: created.",
    )
    is_unanswered = Measure(
        string="Unanswered",
        digits=(16, 0),
        aggregator="avg",
        help="Solved without an answer of a person to the customer / solved tickets a"
        " customer asked something in. By date: solved.",
    )
    is_reopened = Measure(
        string="Reopened",
        digits=(16, 0),
        aggregator="avg",
        help="Solved tickets with at least one effective reopening / solved tickets."
        " By date: solved.",
    )
    has_two_transfers = Measure(
        string="Two or More Transfers",
        digits=(16, 0),
        aggregator="avg",
        help="Solved tickets that changed team twice or more / solved tickets."
        " By date: solved.",
    )
    is_back_and_forth = Measure(
        string="Back and Forth",
        digits=(16, 0),
        aggregator="avg",
        help="Solved tickets that came back to a team that had them before / solved"
        " tickets. By date: solved.",
    )
    # what the next event is folded into
    fold_state = fields.Json(groups=fields.NO_ACCESS)

    _ticket_uniq = models.Constraint(
        "UNIQUE (ticket_id)", "A ticket has one row of figures."
    )

    def _get_words(self, name):
        """Return the words of a selection of tickets, in the user's language."""
        return self.env["care.ticket"]._fields[name]._description_selection(self.env)

    def _read_group_select(self, aggregate_spec, query):
        """Weigh a mean of means by the number of waits, not of tickets."""
        name, _colon, aggregator = aggregate_spec.partition(":")
        if aggregator == "avg" and name in self._weighted_measures:
            weight = self._weighted_measures[name]
            return SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, name, query),
                self._field_to_sql(self._table, weight, query),
            )
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------------ actions

    def action_open_ticket(self):
        """Open the ticket behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.ticket",
            "res_id": self.ticket_id.id,
            "views": [(False, "form")],
        }

    def action_view_tickets(self):
        """Open the list of the tickets behind these rows."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_ticket_action"
        )
        action["domain"] = [("id", "in", self.ticket_id.ids)]
        action["context"] = {"active_test": False}
        return action
