"""Thanks that reopen nothing, and the agents who know better."""

from odoo import models
from odoo.exceptions import UserError

from ...lib import mail_quote, thanks

#: Stage categories that a word of thanks leaves as they are.
DONE = ("solved", "closed")


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ reading

    def _prepare_message_event(self, message):
        """Record a message that only says thanks as ``thanked``."""
        row = super()._prepare_message_event(message)
        if not row or not row["is_public"]:
            return row
        if row["kind"] == "customer_message" and self._is_thanks(message.sudo()):
            row["kind"] = "thanked"
        elif row["kind"] == "automatic_message" and self._is_reminding():
            row["kind"] = "reminded"
        return row

    def _is_reminding(self):
        """Whether system code is sending the reminder of a silent customer."""
        return bool(self.env.su and self.env.context.get("care_reminds"))

    def _is_thanks(self, message):
        """Whether a posted message says nothing but thanks."""
        self.ensure_one()
        text = mail_quote.new_text(message.body or "")
        return self._reads_as_thanks(text, bool(message.attachment_ids))

    def _reads_as_thanks(self, text, has_files=False):
        """Whether the customer's words leave this ticket as it is.

        While we wait for the customer, “ok” is an answer: there only thanks count.

        :param str text: what he wrote himself, plain, without what he quotes
        :param bool has_files: files came with it
        """
        self.ensure_one()
        ticket = self.sudo()
        category = ticket.stage_category
        if category not in (*DONE, "pending") or not ticket.active:
            return False
        if not ticket.team_id.is_thanks_read:
            return False
        found = thanks.read(text, ticket._get_known_names(), has_files)
        return bool(found) and (category in DONE or found == thanks.THANKS)

    def _get_known_names(self):
        """Return names that may stand in a word of thanks, or under it."""
        self.ensure_one()
        names = [
            self.partner_id.name,
            self.partner_name,
            self.user_id.name,
            self.team_id.name,
            self.company_id.name,
            *self.team_id.member_ids.mapped("name"),
        ]
        return [name for name in names if name]

    # ------------------------------------------------------------------ overruling

    def action_reopen_thanks(self):
        """Reopen tickets whose last message was taken for thanks: it was more."""
        self.check_access("write")
        for ticket in self:
            if ticket.thanks_state != "kept":
                raise UserError(
                    self.env._(
                        "The last message on ticket %(number)s was not read as thanks."
                        " Use “Reopen” to take the ticket back to work.",
                        number=ticket.number,
                    )
                )
        self._record_events(
            [ticket._prepare_event_values("not_thanks") for ticket in self]
        )
        self.action_reopen()

    def action_only_thanks(self):
        """Take tickets back to solved that a word of thanks had reopened.

        The customer is told nothing: he was told when the ticket was solved.
        """
        self.check_access("write")
        for ticket in self:
            if ticket.thanks_state != "reopened":
                raise UserError(
                    self.env._(
                        "No message of the customer that still waits for an answer has"
                        " reopened ticket %(number)s. Use “Solve” instead.",
                        number=ticket.number,
                    )
                )
        self._record_events(
            [ticket._prepare_event_values("only_thanks") for ticket in self]
        )
        self.with_context(tracking_disable=True).action_solve()
