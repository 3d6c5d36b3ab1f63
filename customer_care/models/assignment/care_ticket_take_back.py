"""Tickets of the silent go to somebody else."""

from collections import defaultdict

from markupsafe import Markup
from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...lib.internal import INTERNAL

#: Tickets that one transaction takes back.
TAKE_BACK_BATCH = 100
#: So often somebody else may be quicker, before the next run goes on.
MAX_CROSSED = 5


class CareTicket(models.Model):
    _inherit = "care.ticket"

    @api.model
    def _cron_take_back(self):
        """Take tickets back from those who left their customers waiting too long.

        Each batch is looked for anew, in a transaction of its own, and told to its
        leaders in that transaction. Whoever crosses it makes it be done again.
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        crossed = 0
        while crossed < MAX_CROSSED:
            try:
                tickets = self._find_silent()[:TAKE_BACK_BATCH]
                tickets._take_back()
                tickets._tell_leaders()
                self.env.flush_all()
            except (ConcurrencyError, errors.SerializationFailure):
                # answered or taken by somebody meanwhile: look again
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                crossed += 1
                continue
            if not tickets:
                break
            if not cron._commit_progress(len(tickets), remaining=1):
                return
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
        """Take these tickets from their people, and give them to others who are there."""
        for company, group in self.sudo().grouped("company_id").items():
            tickets = group.with_company(company).with_context(
                care_actor="system",
                care_unhanded=INTERNAL,
                lang=company.partner_id.lang or self.env.lang,
            )
            bodies = {
                ticket.id: tickets.env._(
                    "Taken back from %(person)s: the customer waited for %(minutes)s"
                    " working minutes and nothing happened.",
                    person=ticket.user_id.name,
                    minutes=ticket.team_id.take_back_minutes,
                )
                for ticket in tickets
            }
            tickets.user_id = False
            tickets._assign_by_rule(tickets._get_losers_today())
            tickets._message_log_batch(bodies)

    def _get_losers_today(self):
        """Return ticket id → ids of people who lost it today, in the company's day.

        Whenever they had got it: who had it since yesterday and lost it this morning
        is among them.
        """
        losers = {ticket_id: set() for ticket_id in self.ids}
        for company, tickets in self.grouped("company_id").items():
            start = tickets.with_company(company)._get_start_of_today()
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ticket_id, former FROM (
                        SELECT ticket_id, date, user_ref, lag(user_ref) OVER (
                                   PARTITION BY ticket_id ORDER BY date, id) AS former
                          FROM care_ticket_event WHERE ticket_id IN %s
                    ) held
                    WHERE date >= %s AND former > 0
                      AND former IS DISTINCT FROM user_ref
                    """,
                    tuple(tickets.ids),
                    start,
                )
            )
            for ticket_id, user_id in rows:
                losers[ticket_id].add(user_id)
        return losers

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
