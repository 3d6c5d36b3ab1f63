"""The link that opens one conversation without a password."""

import secrets
from datetime import timedelta

from odoo import api, fields, models

from ...lib import signed

#: System parameter that holds the key of links and stamps; only administrators read it.
SECRET_KEY = "customer_care.link_secret"
LINK_PATH = "/help/t/"


class CareTicket(models.Model):
    _inherit = "care.ticket"

    link_version = fields.Integer(
        readonly=True,
        copy=False,
        groups="customer_care.group_agent_own",
        help="Raised when the links of the conversation are withdrawn.",
    )

    @api.model
    def _init_link_secret(self):
        """Make sure that the database has a key of its own."""
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(SECRET_KEY):
            parameters.set_param(SECRET_KEY, secrets.token_hex(32))

    @api.model
    def _get_link_secret(self):
        """Return the key that signs links and forms of this database."""
        parameters = self.env["ir.config_parameter"].sudo()
        secret = parameters.get_param(SECRET_KEY)
        if not secret:
            self._init_link_secret()
            secret = parameters.get_param(SECRET_KEY)
        return secret

    # ------------------------------------------------------------------ giving out

    def _get_conversation_token(self, is_delivered=True):
        """Return a fresh token; it works for the company's ``care_link_days``.

        :param bool is_delivered: False for one that is shown to whoever sent a form,
            True for one that goes to the customer's own address
        """
        self.ensure_one()
        ticket = self.sudo()
        days = timedelta(days=ticket.company_id.care_link_days)
        link = signed.Link(
            ticket.id, ticket.link_version, self.env.cr.now() + days, is_delivered
        )
        return signed.make_link(self._get_link_secret(), link)

    def _get_conversation_path(self):
        """Return the address of the conversation on this server, without the host."""
        return f"{LINK_PATH}{self._get_conversation_token()}"

    def _get_conversation_url(self):
        """Return the absolute address that opens this conversation without a password.

        Whoever has it reads the customer's side of the conversation and answers in his
        name, so it belongs into messages to the customer and nowhere else. It ends
        after the company's ``care_link_days`` and when links are withdrawn.
        """
        return f"{self.get_base_url()}{self._get_conversation_path()}"

    # ------------------------------------------------------------------ taking back

    def action_withdraw_links(self):
        """Make every conversation link of these tickets stop to work; new ones will."""
        self.check_access("write")
        for ticket in self:
            ticket.sudo().with_context(tracking_disable=True).link_version += 1
            ticket._message_log(
                body=self.env._(
                    "All links to this conversation were withdrawn. The next message"
                    " to the customer carries a new one."
                )
            )

    # ------------------------------------------------------------------ coming in

    @api.model
    def _find_by_link(self, token):
        """Return the ticket that ``token`` opens, with superuser rights, or none.

        Unknown, changed, expired and withdrawn tokens, and tickets that are archived or
        gone, give the same answer after the same query.
        """
        link = signed.read_link(self._get_link_secret(), token)
        ticket = (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "=", link.record_id if link else 0)], limit=1)
        )
        valid = (
            link
            and ticket.active
            and ticket.link_version == link.version
            and link.expires > self.env.cr.now()
        )
        return ticket.with_context(active_test=True) if valid else self.sudo().browse()

    @api.model
    def _is_delivered_link(self, token):
        """Whether ``token``, which is good, was sent to the customer's own address."""
        link = signed.read_link(self._get_link_secret(), token)
        return bool(link and link.is_delivered)

    # ------------------------------------------------------------------ core's links

    def _get_share_url(
        self, redirect=False, signup_partner=False, pid=None, share_token=True
    ):
        """Share a conversation by its own link: core's token never ends."""
        self.ensure_one()
        if share_token and not self.env.user.share:
            self.check_access("read")
            return self._get_conversation_path()
        return self.access_url
