"""Who a customer is: typed by a visitor, or shown by a login or a mailbox."""

from odoo import fields, models
from odoo.tools import email_normalize, formataddr

from ...lib.salutation import guess_title, salutation


class CareTicket(models.Model):
    _inherit = "care.ticket"

    customer_lang = fields.Char(
        string="Language of the Form",
        readonly=True,
        copy=False,
        help="The language a visitor read the form in; he is written to in it.",
    )
    is_unverified = fields.Boolean(
        string="Sender Not Verified",
        readonly=True,
        copy=False,
        help="Sent by the form without signing in: name, e-mail and phone were typed and"
        " may be somebody else's, and whoever typed them can read the answers. Check"
        " who it is before you tell personal details.",
    )

    # ------------------------------------------------------------------ address

    def _get_customer_lang(self):
        """Write to visitors in the language they read the form in."""
        self.ensure_one()
        ticket = self.sudo()
        if ticket.is_unverified or not ticket.partner_id:
            return ticket.customer_lang or ticket.company_id._get_care_lang()
        return super()._get_customer_lang()

    def _get_customer_salutation(self):
        """Address a visitor by the name he typed, not by the contact's he may not be."""
        self.ensure_one()
        ticket = self.sudo()
        if not ticket.is_unverified:
            return super()._get_customer_salutation()
        name, lang = ticket.partner_name, ticket._get_customer_lang()
        return salutation(name, guess_title(name), lang)

    def _get_nameless_sender(self):
        """Return the sender of messages whose author is no contact.

        Under the name the customer typed, never one of our contacts'. One who gave only
        a phone number writes from the company's address, since mail needs some address.
        """
        company = self.company_id
        name = self.partner_name or self.env._("Customer")
        address = (
            email_normalize(self.email_from or "")
            or company.alias_domain_id.default_from_email
            or email_normalize(company.email or "")
        )
        return formataddr((name, address)) if address else name

    # ------------------------------------------------------------------ confirming

    def _message_post_after_hook(self, message, msg_values):
        """A mail from the customer's mailbox into the conversation shows who he is.

        The mail gateway has checked the sender: others' mails are kept as notes.
        """
        result = super()._message_post_after_hook(message, msg_values)
        is_note = message.is_internal or message.sudo().subtype_id.internal
        if self.is_unverified and message.message_type == "email" and not is_note:
            self._confirm_sender()
        return result

    def action_confirm_sender(self):
        """Say that the senders of these tickets are who they claim to be."""
        self.check_access("write")
        for ticket in self.filtered("is_unverified"):
            ticket._confirm_sender()
            ticket._message_log(
                body=self.env._("The sender of this request was confirmed.")
            )

    def _confirm_sender(self):
        """Note that the customer was identified: by an agent, a login or his mailbox."""
        unverified = self.sudo().filtered("is_unverified")
        unverified.with_context(tracking_disable=True).write({"is_unverified": False})
