"""Who is asked: once per solved ticket, once per selected customer, and again on wish."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .selections import ANSWERABLE


class CareFeedback(models.Model):
    _inherit = "care.feedback"

    # ------------------------------------------------------------------ tickets

    @api.model
    def _ask_about(self, tickets):
        """Plan a question about these solved tickets, in the caller's transaction.

        Each ticket is asked about once per time it was solved. Nothing is sent here.

        :return: the new rows, with superuser rights
        """
        rows = self.sudo()
        wanted = tickets.sudo().filtered(
            lambda ticket: (
                ticket.team_id.survey_id.active
                and ticket.partner_id
                and not ticket.void_reason
                and ticket.active
            )
        )
        if not wanted:
            return rows.browse()
        asked = {
            (row.ticket_id.id, row.solve_round)
            for row in rows.search_fetch(
                [("ticket_id", "in", wanted.ids), ("previous_id", "=", False)],
                ["ticket_id", "solve_round"],
            )
        }
        return rows.create(
            [
                self._prepare_about_ticket(ticket)
                for ticket in wanted
                if (ticket.id, ticket.reopen_count) not in asked
            ]
        )

    @api.model
    def _prepare_about_ticket(self, ticket):
        """Return the values of a question about ``ticket``. A hook."""
        team = ticket.team_id
        return {
            "survey_id": team.survey_id.id,
            "kind": team.survey_id.kind,
            "company_id": ticket.company_id.id,
            "ticket_id": ticket.id,
            "solve_round": ticket.reopen_count,
            "order_id": ticket.sale_order_id.id,
            "partner_id": ticket.partner_id.id,
            "user_id": ticket.user_id.id,
            "team_id": team.id,
            "due_on": self.env.cr.now().replace(microsecond=0)
            + timedelta(hours=team.survey_delay_hours),
        }

    @api.model
    def _stop_asking(self, tickets, states, reason):
        """Take back the questions about ``tickets`` that are in one of ``states``."""
        rows = self.sudo().search(
            [("ticket_id", "in", tickets.ids), ("state", "in", states)]
        )
        rows._take_back(reason)

    def _take_back(self, reason):
        """Make these questions unanswerable.

        :param str reason: a code of ``OWN_REASONS``
        """
        if self:
            self.sudo().write(
                {"state": "withdrawn", "reason": reason, "remind_on": False}
            )

    # ------------------------------------------------------------------ customers

    @api.model
    def _ask_partners(self, survey, partners, company):
        """Plan a question to each of ``partners`` about the relationship as a whole.

        :return: the new rows, with superuser rights
        """
        now = self.env.cr.now().replace(microsecond=0)
        rows = self.sudo().create(
            [
                {
                    "survey_id": survey.id,
                    "kind": survey.kind,
                    "purpose": "promotion",
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "user_id": self._get_care_manager(partner, company).id,
                    "due_on": now,
                }
                for partner in partners
            ]
        )
        self._wake()
        return rows

    @api.model
    def _get_care_manager(self, partner, company):
        """Return who looks after ``partner`` as a whole. A hook."""
        return partner.sudo().with_company(company).care_manager_id

    # ------------------------------------------------------------------ quiet period

    @api.model
    def _find_asked(self, partners, company):
        """Return the ids of those of ``partners`` whom ``company`` asked lately.

        All kinds of questions count, whatever they were about.
        """
        days = company.sudo().care_feedback_quiet_days
        if not days or not partners:
            return set()
        since = self.env.cr.now() - timedelta(days=days)
        self.flush_model(["partner_id", "company_id", "sent_on"])
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id FROM care_feedback WHERE partner_id IN %s"
                " AND sent_on > %s AND company_id = %s",
                partners._ids,
                since,
                company.id,
            )
        )
        return {row[0] for row in found}

    # ------------------------------------------------------------------ fresh links

    def action_send_fresh_link(self):
        """Let the customer answer again; what he answered before is kept.

        :raises AccessError: the caller is no agent, or may not read the rows
        :raises UserError: a row has no customer, or a fresh link was sent already
        """
        self._check_agent()
        for feedback in self:
            feedback.sudo()._send_fresh_link()
        self._wake()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "A fresh link is on its way. The answer before it is kept."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _send_fresh_link(self):
        self.ensure_one()
        if not self.is_current:
            raise UserError(
                self.env._(
                    "A fresh link was sent for this already. Look at the newest line of"
                    " this customer."
                )
            )
        if not self.partner_id.active or self.ticket_id.void_reason:
            raise UserError(
                self.env._(
                    "There is nobody to ask: the contact is archived or forgotten, or the"
                    " request counts in no figure."
                )
            )
        now = self.env.cr.now().replace(microsecond=0)
        if self.state in ANSWERABLE:
            self._take_back("replaced")
        ticket = self.ticket_id
        self.create(
            {
                "survey_id": self.survey_id.id,
                "kind": self.kind,
                "purpose": self.purpose,
                "company_id": self.company_id.id,
                "ticket_id": ticket.id,
                "solve_round": self.solve_round,
                "order_id": self.order_id.id,
                "partner_id": ticket.partner_id.id or self.partner_id.id,
                # the credit of an answer stays with whom it was given for
                "user_id": self.user_id.id,
                "team_id": self.team_id.id,
                "previous_id": self.id,
                "due_on": now,
            }
        )
        self.is_current = False

    def action_withdraw(self):
        """Shut links that are out and questions that wait; team leads may.

        :raises AccessError: the caller is no team lead, or may not read the rows
        :raises UserError: nothing of it can be answered any more
        """
        self.check_access("read")
        if not self.env.user.has_group("customer_care.group_lead"):
            raise AccessError(self.env._("Only team leads take a question back."))
        open_rows = self.filtered(lambda feedback: feedback.state in ANSWERABLE)
        if not open_rows:
            raise UserError(
                self.env._("Nothing of this can be answered any more, so all stays.")
            )
        open_rows._take_back("by_hand")

    def _check_agent(self):
        """Raise an AccessError unless the user is an agent who may read these rows."""
        self.check_access("read")
        if not self.env.user.has_group("customer_care.group_agent_own"):
            raise AccessError(
                self.env._("Only people of customer care look after answers.")
            )
