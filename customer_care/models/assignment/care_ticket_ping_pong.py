"""Tickets that go to and fro between people."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...lib.assignment import find_ping_pong

PING_PONG = [
    ("back", "Came back to a former person"),
    ("many", "Changed hands too often"),
]


class CareTicket(models.Model):
    _inherit = "care.ticket"

    ping_pong = fields.Selection(
        selection=PING_PONG,
        string="Ping-pong",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The ticket goes to and fro between people; its team leader was told.",
    )

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | {"ping_pong"}

    def _after_events(self, rows):
        """Look at tickets that changed hands."""
        result = super()._after_events(rows)
        changed = {
            row["ticket_id"]
            for row in rows
            if row["kind"] == "assigned" and not row["is_automatic"]
        }
        tickets = self.sudo().browse(changed)
        tickets.filtered(
            lambda ticket: ticket.handoff_count >= 2 and not ticket.ping_pong
        )._find_ping_pong()
        return result

    def _find_ping_pong(self):
        """Mark those that go to and fro, and tell their leaders, once per ticket.

        What was given back or taken back is no hand-off of anybody.
        """
        if not self:
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT ticket_id, array_agg(user_ref ORDER BY date, id)"
                " FROM care_ticket_event WHERE ticket_id IN %s AND user_ref > 0"
                " AND kind IN ('created', 'assigned') AND NOT is_automatic"
                " GROUP BY ticket_id",
                tuple(self.ids),
            )
        )
        holders = dict(rows)
        for ticket in self:
            limit = ticket.team_id.ping_pong_limit or 4
            word = find_ping_pong(holders.get(ticket.id, []), limit)
            if word:
                ticket.with_context(tracking_disable=True).ping_pong = word
                ticket._tell_ping_pong()

    def _tell_ping_pong(self):
        """Ask the leader to decide who keeps it."""
        self.ensure_one()
        leader = self.team_id.leader_id
        if leader.active:
            self.with_context(
                lang=leader.lang, mail_activity_quick_update=True
            ).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=leader.id,
                summary=self.with_context(lang=leader.lang).env._(
                    "Goes to and fro: decide who keeps it"
                ),
            )
