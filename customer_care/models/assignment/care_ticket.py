"""New tickets find their person."""

from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

#: Tickets that one round of the job assigns.
BATCH = 200


class CareTicket(models.Model):
    _inherit = "care.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        """Create tickets; those of teams with a rule find their person at once."""
        tickets = super().create(vals_list)
        tickets._assign_by_rule()
        return tickets

    def write(self, vals):
        """Write; a ticket that moves to another team leaves its person to that team."""
        moved = self.browse()
        if vals.get("team_id") and "user_id" not in vals:
            moved = self.filtered(lambda ticket: ticket.team_id.id != vals["team_id"])
        result = super().write(vals)
        if moved:
            moved._assign_after_move()
        return result

    def _assign_after_move(self):
        """Free tickets whose person is not in their new team, and assign them anew."""
        strangers = self.sudo().filtered(
            lambda ticket: (
                ticket.team_id.assignment != "manual"
                and ticket.user_id
                and ticket.user_id not in ticket.team_id.member_ids
            )
        )
        if strangers:
            strangers.with_context(care_actor="system").user_id = False
        self._assign_by_rule()

    def _assign_by_rule(self, without=None):
        """Give open tickets without a person to people of their teams, by their rules.

        Nobody is there, or everybody is full: the tickets wait, and the job tries again.

        :param dict without: ticket id → ids of people who shall not get it
        :return: tickets that found somebody
        """
        waiting = self.sudo().filtered(
            lambda ticket: (
                ticket.is_open
                and not ticket.user_id
                and not ticket.void_reason
                and ticket.active
                and ticket.team_id.assignment not in (False, "manual")
            )
        )
        found = self.browse()
        for team, tickets in waiting.grouped("team_id").items():
            if team._is_working_now():
                found |= tickets._assign_in_team(team, without or {})
        return found

    def _assign_in_team(self, team, without):
        """Share these tickets of ``team`` out among those who are there."""
        given = self._assign_to_managers(without)
        rest = self - given
        barred = [without.get(ticket.id, ()) for ticket in rest]
        picks = team._share(len(rest), barred=barred)
        return given | rest._give(team, picks)

    def _give(self, team, picks):
        """Give each of these tickets to who was picked for it, None for nobody."""
        by_user = {}
        for ticket, user_id in zip(self, picks, strict=True):
            if user_id:
                by_user[user_id] = by_user.get(user_id, self.browse()) | ticket
        given = self.browse()
        for user_id, tickets in by_user.items():
            tickets.with_context(care_actor="system").user_id = user_id
            given |= tickets
        team._note_turns([user_id for user_id in picks if user_id])
        return given

    def _assign_to_managers(self, without):
        """Give the tickets of VIPs to the persons in charge of them, who are there.

        :return: tickets that found somebody
        """
        vips = self.filtered(
            lambda ticket: (
                ticket.partner_id.with_company(ticket.company_id).care_stage_id.code
                == "vip"
                and ticket._get_manager()
            )
        )
        given = self.browse()
        for company, tickets in vips.grouped("company_id").items():
            teams = self.env["care.team"]
            managers = tickets.mapped(lambda ticket: ticket._get_manager())
            absences = teams._get_absences(managers, company)
            loads = teams._get_loads(managers)
            for ticket in tickets:
                user = ticket._get_manager()
                is_free = loads.get(user.id, 0) < ticket.team_id.capacity
                barred = user.id in absences or user.id in without.get(ticket.id, ())
                if is_free and not barred:
                    loads[user.id] = loads.get(user.id, 0) + 1
                    ticket.with_context(care_actor="system").user_id = user
                    given |= ticket
        for team, tickets in given.grouped("team_id").items():
            team._note_turns([ticket.user_id.id for ticket in tickets])
        return given

    def _get_worked_on(self):
        """Return those on which their person did something since he got them."""
        if not self:
            return self
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT event.ticket_id FROM care_ticket_event event
                  JOIN care_ticket ticket ON ticket.id = event.ticket_id
                 WHERE event.ticket_id IN %s AND event.actor = 'agent'
                   AND event.actor_id = ticket.user_id
                   AND event.id > (SELECT max(given.id) FROM care_ticket_event given
                                    WHERE given.ticket_id = ticket.id
                                      AND given.kind = 'assigned')
                """,
                tuple(self.ids),
            )
        )
        return self.browse([row[0] for row in rows])

    def _get_manager(self):
        """Return who is in charge of the customer, where he may work on the ticket."""
        self.ensure_one()
        partner = self.partner_id
        user = partner.user_id or partner.commercial_partner_id.user_id
        is_agent = user.active and user.has_group("customer_care.group_agent_own")
        fits = is_agent and self.company_id in user.company_ids
        return user if fits else user.browse()

    @api.model
    def _cron_assign(self):
        """Assign the tickets that wait: those first whose promise ends first.

        A team whose tickets are crossed by somebody is taken up by the next run.
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        teams = self.env["care.team"].search([("assignment", "!=", "manual")])
        for team in teams:
            tickets = self.search(
                [
                    ("team_id", "=", team.id),
                    ("is_open", "=", True),
                    ("user_id", "=", False),
                    ("void_reason", "=", False),
                ],
                order="sla_deadline, waiting_since, id",
                limit=BATCH,
            )
            try:
                tickets = tickets.with_company(team.company_id)
                # whoever lost a ticket today does not get it back
                tickets._assign_by_rule(tickets._get_losers_today())
                self.env.flush_all()
            except (ConcurrencyError, errors.SerializationFailure):
                # crossed by somebody who took one: the next run takes the rest
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
            if not cron._commit_progress(1, remaining=1):
                return
        teams._wake_at_opening()
        cron._commit_progress(remaining=0)
