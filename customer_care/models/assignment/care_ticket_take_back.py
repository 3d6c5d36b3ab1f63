"""Tickets of the silent go to somebody else."""

from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL


class CareTicket(models.Model):
    _inherit = "care.ticket"

    @api.model
    def _cron_take_back(self):
        """Take tickets back from those who left their customers waiting too long."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        taken = self.browse()
        for ticket in self._find_silent():
            ticket._take_back()
            taken |= ticket
            if not cron._commit_progress(1, remaining=1):
                break
        taken._tell_leaders()
        cron._commit_progress(remaining=0)

    @api.model
    def _find_silent(self):
        """Return the tickets whose person has done nothing for too long."""
        self.env["care.ticket"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ticket.id, GREATEST(ticket.waiting_since, given.date)
                  FROM care_ticket ticket
                  JOIN care_team team ON team.id = ticket.team_id
                  JOIN LATERAL (
                       SELECT date FROM care_ticket_event
                        WHERE ticket_id = ticket.id AND kind IN ('created', 'assigned')
                          AND user_ref = ticket.user_id
                        ORDER BY date DESC, id DESC LIMIT 1
                       ) given ON TRUE
                 WHERE ticket.is_open AND ticket.active
                   AND ticket.user_id IS NOT NULL
                   AND ticket.waiting_since IS NOT NULL
                   AND team.take_back_minutes > 0
                   AND NOT EXISTS (
                       SELECT 1 FROM care_ticket_event event
                        WHERE event.ticket_id = ticket.id
                          AND event.actor = 'agent'
                          AND event.actor_id = ticket.user_id
                          AND event.date
                            > GREATEST(ticket.waiting_since, given.date))
                 ORDER BY 2, 1
                """
            )
        )
        since = dict(rows)
        now = self.env.cr.now().replace(microsecond=0)
        return self.browse(since).filtered(
            lambda ticket: (
                now
                >= ticket.team_id._add_working_minutes(
                    since[ticket.id], ticket.team_id.take_back_minutes
                )
            )
        )

    def _take_back(self):
        """Take this ticket from its person, and give it to another who is there."""
        self.ensure_one()
        ticket = self.sudo().with_context(care_actor="system")
        former = ticket.user_id
        had_it = ticket._get_holders_today()[ticket.id] | {former.id}
        minutes = ticket.team_id.take_back_minutes
        ticket.user_id = False
        if ticket.team_id.assignment != "manual":
            ticket._assign_by_rule({ticket.id: had_it})
        ticket.message_post(
            body=self.env._(
                "Taken back from %(person)s: the customer waited for %(minutes)s working"
                " minutes and nothing happened.",
                person=former.name,
                minutes=minutes,
            ),
            message_type="notification",
            subtype_xmlid="mail.mt_note",
        )

    def _get_holders_today(self):
        """Return ticket id → ids of people who had it today, in the company's day."""
        holders = {ticket_id: set() for ticket_id in self.ids}
        for company, tickets in self.grouped("company_id").items():
            start = tickets.with_company(company)._get_start_of_today()
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT ticket_id, user_ref FROM care_ticket_event"
                    " WHERE ticket_id IN %s AND date >= %s AND user_ref > 0",
                    tuple(tickets.ids),
                    start,
                )
            )
            for ticket_id, user_id in rows:
                holders[ticket_id].add(user_id)
        return holders

    def _tell_leaders(self):
        """Tell each leader once what was taken back."""
        by_leader = defaultdict(self.browse)
        for ticket in self.sudo():
            leader = ticket.team_id.leader_id
            if leader.active:
                by_leader[leader] |= ticket
        for leader, tickets in by_leader.items():
            thread = self.env["mail.thread"].with_context(
                lang=leader.lang, mail_notify_force_send=False
            )
            items = Markup().join(
                Markup("<li>%s: %s</li>")
                % (ticket.display_name, ticket.user_id.name or thread.env._("Nobody"))
                for ticket in tickets
            )
            thread.message_notify(
                partner_ids=leader.partner_id.ids,
                subject=thread.env._(
                    "Taken back from the silent: %(count)s", count=len(tickets)
                ),
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (thread.env._("These tickets have somebody else now:"), items),
            )
