"""What goes out: to whom, under which subject, and how it looks."""

import pytz

from odoo import fields, models
from odoo.tools import email_normalize, formataddr

from ...lib import mail_quote
from ...lib.mail_greeting import begins_with_greeting
from ...lib.salutation import guess_title, salutation

#: Message types that a program sends; their mails say so, and nobody's program answers.
AUTOMATIC_TYPES = ("auto_comment", "notification", "user_notification", "out_of_office")
#: Headers of a mail that answers a mail by itself (RFC 3834, and for Exchange).
AUTO_REPLY_HEADERS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
}
AUTO_GENERATED_HEADERS = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
}
CUSTOMER_GROUP = "care_customer"
LAYOUT = "customer_care.mail_layout_customer"


class CareTicket(models.Model):
    _inherit = "care.ticket"

    mail_failure = fields.Text(
        readonly=True,
        copy=False,
        help="Why a mail to the customer did not get through; empty when all did.",
    )

    # ------------------------------------------------------------------ recipients

    def _message_post_after_hook(self, message, msg_values):
        """Make a contact of an unknown sender when somebody answers him."""
        is_public = not (message.is_internal or message.subtype_id.internal)
        if (
            is_public
            and message.message_type in ("comment", "email")
            and not self.partner_id
            and message.author_id
            and not self._is_from_customer(message.author_id, message.email_from)
        ):
            self._ensure_customer()
        return super()._message_post_after_hook(message, msg_values)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Send every public message of ours to the customer, follower or not.

        Nobody gets a message twice because two contacts share an address.
        """
        values = dict(msg_vals or {})
        if self and not kwargs.get("notify_skip_followers"):
            self._add_customer(message, values)
        recipients = super()._notify_get_recipients(message, msg_vals=values, **kwargs)
        if self and message.sudo().message_type == "auto_comment":
            # receipts and stage messages are for the customer, not for our own people
            named = message.sudo().partner_ids.ids
            recipients = [
                data
                for data in recipients
                if data["type"] != "user" or data["id"] in named
            ]
        return self._drop_repeated(recipients)

    def _add_customer(self, message, values):
        """Put the customer among the recipients of ``message``, unless it is his own."""
        self.ensure_one()
        ticket, message = self.sudo(), message.sudo()
        is_note = message.is_internal or message.subtype_id.internal
        if is_note or not message.subtype_id:
            return
        if message.message_type not in ("comment", "email", "auto_comment"):
            return
        if ticket._get_message_actor(message) == "customer":
            return
        address = email_normalize(ticket.email_from or "")
        partner = ticket.partner_id
        if partner.active and partner.email_normalized in (address, False):
            partners = values.get("partner_ids", message.partner_ids.ids)
            if partner.email_normalized and partner.id not in partners:
                values["partner_ids"] = [*partners, partner.id]
            return
        if not address:
            partners = values.get("partner_ids", message.partner_ids.ids)
            if partner.id and partner.id not in partners:
                values["partner_ids"] = [*partners, partner.id]
            return
        # the customer wrote from another address than his contact's: answer there
        given = values.get("outgoing_email_to", message.outgoing_email_to) or ""
        if address not in given:
            values["outgoing_email_to"] = ",".join(
                filter(None, [given, ticket.email_from])
            )
        if partner.id in values.get("partner_ids", []):
            values["partner_ids"] = [
                i for i in values["partner_ids"] if i != partner.id
            ]

    def _drop_repeated(self, recipients):
        """Keep one of several recipients with the same address outside: the customer."""
        customer = self.partner_id.id if len(self) == 1 else False
        kept = {}
        for data in recipients:
            address = data["email_normalized"]
            if not address or not data["share"] or data["notif"] != "email":
                kept[("partner", data["id"], address)] = data
            elif address not in kept or data["id"] == customer:
                kept[address] = data
        return list(kept.values())

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give the customer, with or without a contact, a group of his own.

        Only his mails carry the link that opens the conversation without a password.
        """
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not self:
            return groups
        ticket = self.sudo()
        address = email_normalize(ticket.email_from or "")

        def is_customer(data):
            if data["type"] == "user":
                return False
            if data["id"]:
                return data["id"] == ticket.partner_id.id
            return bool(address) and data["email_normalized"] == address

        data = {
            "active": True,
            "has_button_access": True,
            "button_access": {
                "url": ticket._get_conversation_url(),
                "title": self.env._("Open the conversation"),
            },
        }
        others = [group for group in groups if group[0] != "portal_customer"]
        return [[CUSTOMER_GROUP, is_customer, data], *others]

    def _notify_thread_with_out_of_office(
        self, message, recipients_data, msg_vals=False, **kwargs
    ):
        """Never let an absence note answer automatic mail or a note."""
        is_note = message.is_internal or message.sudo().subtype_id.internal
        if is_note or (self.env.su and self.env.context.get("care_automatic")):
            return self.env["mail.message"]
        return super()._notify_thread_with_out_of_office(
            message, recipients_data, msg_vals=msg_vals, **kwargs
        )

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """Leave sending to the mail queue: the row of the mail is the outbox.

        Nobody waits for a mail server, and nothing is lost when it does not answer.
        """
        kwargs["force_send"] = False
        result = super(
            CareTicket, self.with_context(mail_notify_force_send=False)
        )._notify_thread_by_email(message, recipients_data, **kwargs)
        if any(data["notif"] == "email" for data in recipients_data):
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return result

    # ------------------------------------------------------------------ envelope

    def _message_compute_subject(self):
        self.ensure_one()
        return self.name

    def _notify_by_email_get_base_mail_values(
        self, message, recipients_data, additional_values=None
    ):
        """Say in the header when a program speaks."""
        if message.message_type in AUTOMATIC_TYPES:
            additional_values = dict(additional_values or {})
            given = additional_values.get("headers") or {}
            additional_values["headers"] = {**AUTO_GENERATED_HEADERS, **given}
        return super()._notify_by_email_get_base_mail_values(
            message, recipients_data, additional_values=additional_values
        )

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Ask for answers at the address of the ticket's team."""
        replies = super()._notify_get_reply_to_batch(
            defaults=defaults, author_ids=author_ids
        )
        for ticket in self.sudo():
            team = ticket.team_id
            if team.alias_name and team.alias_domain_id:
                replies[ticket.id] = ticket._get_team_address()
        return replies

    def _get_team_address(self):
        """Return the formatted address under which the team writes, empty without one."""
        self.ensure_one()
        team = self.team_id.sudo()
        address = team.alias_id.alias_full_name if team.alias_domain_id else ""
        if not address:
            address = email_normalize(team.company_id.email or "") or ""
        full = formataddr((f"{team.name} – {team.company_id.name}", address))
        short = formataddr((team.company_id.name, address))
        if not address:
            return ""
        # longer header values are folded in a way that some mail servers misread
        return next((text for text in (full, short) if len(text) <= 68), address)

    # ------------------------------------------------------------------ appearance

    def _get_customer_lang(self):
        """Return the language in which the customer of this ticket is written to."""
        self.ensure_one()
        return self.company_id._get_care_lang(self.partner_id)

    def _get_customer_salutation(self):
        """Return how the customer is addressed by name, empty when it is unknown."""
        self.ensure_one()
        ticket = self.sudo()
        if ticket.partner_id:
            return ticket.partner_id.care_salutation or ""
        name = ticket.partner_name
        return salutation(name, guess_title(name), ticket._get_customer_lang())

    def _notify_by_email_render_layout(
        self, message, recipients_group, msg_vals=False, render_values=None
    ):
        """Show customers the quiet layout; our own people keep Odoo's with its button."""
        group = recipients_group["notification_group_name"]
        if self and group != "user":
            is_customer = group == CUSTOMER_GROUP
            msg_vals = dict(msg_vals or {}, email_layout_xmlid=LAYOUT)
            ticket = self.sudo().with_context(lang=(render_values or {}).get("lang"))
            greets = (
                is_customer
                and message.message_type in ("comment", "email")
                and not begins_with_greeting(mail_quote.new_text(message.body or ""))
            )
            render_values = dict(
                render_values or {},
                salutation=ticket._get_customer_salutation() if greets else "",
                ticket=ticket,
                is_customer=is_customer,
            )
        return super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )

    # ------------------------------------------------------------------ receipt

    def _send_receipt(self):
        """Tell the customer that his request arrived, once per sender, team and day.

        For requests of people only: whoever calls has ruled out automatic mail. The
        transaction that writes the receipt also counts it, so that either both happen
        or neither.

        :return: the message, empty when no receipt is due
        """
        self.ensure_one()
        nothing = self.env["mail.message"]
        ticket = self.sudo()
        team = ticket.team_id
        email = email_normalize(ticket.email_from or ticket.partner_id.email or "")
        template = self.env.ref(
            "customer_care.mail_template_receipt", raise_if_not_found=False
        )
        if not (email and template and team.is_acknowledging):
            return nothing
        zone = pytz.timezone(ticket.company_id.care_tz or "UTC")
        day = pytz.utc.localize(self.env.cr.now()).astimezone(zone).date()
        if not self.env["care.receipt"].sudo()._take(email, team, day):
            return nothing
        ticket = ticket.with_context(
            lang=ticket._get_customer_lang(), care_actor="system", care_automatic=True
        )
        texts = template.sudo().with_context(lang=ticket.env.lang)
        rendered = texts._render_field(
            "body_html", ticket.ids, set_lang=ticket.env.lang
        )
        subject = texts._render_field("subject", ticket.ids, set_lang=ticket.env.lang)
        return ticket.message_post(
            body=rendered[ticket.id],
            subject=subject[ticket.id],
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.ref("base.partner_root").id,
            email_from=ticket._get_team_address()
            or ticket.company_id.email_formatted
            or None,
            mail_headers=AUTO_REPLY_HEADERS,
        )

    # ------------------------------------------------------------------ failures

    def _show_mail_failure(self, address, reason):
        """Say on the ticket that a mail did not get through.

        :param str address: where it should have gone
        :param str reason: words of the mail server
        :return: the note
        """
        self.ensure_one()
        text = self.env._(
            "A mail to %(address)s did not get through: %(reason)s",
            address=address or "?",
            reason=reason,
        )
        ticket = self.sudo()
        ticket.with_context(tracking_disable=True).mail_failure = text
        responsible = ticket.user_id or ticket.team_id.leader_id
        return ticket.with_context(
            care_actor="system", care_automatic=True
        ).message_post(
            body=text,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            author_id=self.env.ref("base.partner_root").id,
            partner_ids=responsible.partner_id.ids,
        )

    def action_send_failed_again(self):
        """Try the mails of these tickets again that did not get through."""
        self.check_access("write")
        mails = self.env["mail.mail"].sudo()
        for ticket in self:
            mails.search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", ticket.id),
                    ("state", "=", "exception"),
                ]
            )._care_send_again()
        self.action_clear_mail_failure()

    def action_clear_mail_failure(self):
        """Take the failure off these tickets: somebody has seen to it."""
        self.check_access("write")
        self.sudo().with_context(tracking_disable=True).mail_failure = False
