"""Replies that come too late: a new ticket, linked to the old one both ways."""

from markupsafe import Markup

from odoo import models

from ...lib.ticket_state import DONE_CATEGORIES


class CareTicket(models.Model):
    _inherit = "care.ticket"

    def _prepare_follow_up_values(self):
        """Return what a new ticket takes over from this one, nothing where it may not.

        Team and category stay the same where both are still in use; what was withdrawn
        or thrown away hands nothing down.
        """
        ticket = self.sudo()[:1]
        if ticket.stage_category not in DONE_CATEGORIES or not ticket.active:
            return {}
        values = {}
        if ticket.team_id.active:
            values["team_id"] = ticket.team_id.id
        if ticket.category_id.active:
            values["category_id"] = ticket.category_id.id
        return values

    def _tell_follow_up(self):
        """Say on both tickets that this one goes on where its parent ended."""
        ticket = self.sudo()[:1]
        parent = ticket.parent_id
        if not parent:
            return
        ticket._message_log(
            body=self._put_link(
                self.env._(
                    "The customer answered ticket %(ticket)s, which was finished, so this"
                    " new ticket was opened.",
                    ticket="%(link)s",
                ),
                parent,
            )
        )
        parent._message_log(
            body=self._put_link(
                self.env._(
                    "The customer answered after this ticket was finished, so it goes on"
                    " in ticket %(ticket)s.",
                    ticket="%(link)s",
                ),
                ticket,
            )
        )

    def _put_link(self, sentence, ticket):
        """Return ``sentence`` as HTML with a link to ``ticket`` in it."""
        link = Markup('<a href="#" data-oe-model="{}" data-oe-id="{}">#{}</a>').format(
            ticket._name, ticket.id, ticket.number
        )
        before, _mark, after = sentence.partition("%(link)s")
        return Markup("{}{}{}").format(before, link, after)

    def _get_finished_parent(self):
        """Return the finished ticket that this one goes on from, for the customer's eyes.

        Only one of the same customer: another's number is none of his business.
        """
        self.ensure_one()
        ticket = self.sudo()
        parent = ticket.parent_id
        same = parent.partner_id and parent.partner_id == ticket.partner_id
        return parent if same and not ticket.is_unverified else parent.browse()

    # ------------------------------------------------------------------ who goes on

    def _prepare_reaction_values(self, stage):
        """Give a ticket that comes back to nobody when its person is gone."""
        values = super()._prepare_reaction_values(stage)
        if self._is_owner_absent():
            values["user_id"] = False
        return values

    def _release_absent_owner(self):
        """Take a finished ticket from a person who is gone, before it is reopened."""
        for ticket in self.filtered(lambda t: t._is_owner_absent()):
            ticket.user_id = False

    def _is_owner_absent(self):
        """Whether a finished ticket belongs to somebody who left us, or its team."""
        self.ensure_one()
        user, team = self.user_id, self.team_id
        if not user or self.stage_category not in DONE_CATEGORIES:
            return False
        return not user.active or bool(team and user not in team.member_ids)
