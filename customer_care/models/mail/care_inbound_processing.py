"""What is done with a stored mail: a ticket, a reply, a note, or a reason why not."""

import ast
import email.errors
import email.message
import email.policy
import logging
import random
import time
import traceback
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_split, formataddr

from ...lib import mail_content, mail_kind, mail_quote, mail_report
from ...lib.mail_source import Mail
from .care_inbound_routing import PATIENCE

_logger = logging.getLogger(__name__)

#: Tries of one delivery while other transactions are in the way.
TRIES = 8
#: Times a mail may end its process (memory, kill) before it goes to quarantine.
ATTEMPT_LIMIT = 5
#: Mails that the scheduled job takes per commit of its progress.
BATCH = 20
#: Longest wait for a row that another transaction holds.
LOCK_TIMEOUT = "10s"
#: In the way for a moment: try again, the mail itself is fine.
TRANSIENT_ERRORS = (
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    ConcurrencyError,
    LockError,
)
#: What Python's mail package raises on values that it cannot read.
HEADER_ERRORS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    email.errors.MessageError,
)
#: Automatic mail that says nothing about a conversation.
MERE_REPORTS = ("delivery_report", "read_receipt", "abuse_report")


class MailRefused(UserError):
    """A rule refuses the mail: it goes to quarantine, with these words as the reason."""


class CareInbound(models.Model):
    _inherit = "care.inbound"

    # ------------------------------------------------------------------ the loop

    @api.model
    def _process_now(self, inbound_id, is_forced=False):
        """Process one stored mail in a fresh transaction: all of it, or nothing.

        Ticket, message and state are committed together. Conflicts with other
        transactions are tried again here; a mail that cannot get through stays waiting
        for the scheduled job; any other error puts it into quarantine.

        :param inbound_id: id of the row
        :param is_forced: a person decided that the mail is a request
        :return: id of the ticket it belongs to now, False when there is none
        """
        for attempt in range(TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    inbound = self._claim(cr, inbound_id)
                    return inbound._handle(is_forced).id if inbound else False
            except TRANSIENT_ERRORS as error:
                _logger.info("Mail %s waits for others: %s", inbound_id, error)
                time.sleep(random.uniform(0, 0.05) * 2**attempt)
            except Exception as error:  # noqa: BLE001  (quarantine is the answer to all)
                self._put_into_quarantine(inbound_id, error, traceback.format_exc())
                return False
        return False

    @api.model
    def _claim(self, cr, inbound_id):
        """Lock a waiting mail, in an environment of its company; none if it is taken."""
        cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", LOCK_TIMEOUT))
        cr.execute(
            SQL(
                "SELECT id FROM care_inbound WHERE id = %s AND state = 'received'"
                " FOR UPDATE SKIP LOCKED",
                inbound_id,
            )
        )
        if not cr.rowcount:
            return self.browse()
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = env["care.inbound"].browse(inbound_id).company_id
        context = {
            **company._get_care_context(),
            "care_channel": "email",
            "mail_notify_force_send": False,
        }
        return env["care.inbound"].with_context(**context).browse(inbound_id)

    # ------------------------------------------------------------------ the job

    @api.model
    def _cron_take_up(self):
        """Process the mails whose delivery was interrupted; one transaction each."""
        cron = self.env["ir.cron"]
        while True:
            waiting = self._count_attempts()
            if not waiting:
                return
            for inbound_id, attempts in waiting:
                if attempts > ATTEMPT_LIMIT:
                    error = MailRefused(
                        self.env._(
                            "Processing this mail was interrupted %(count)s times. It"
                            " may be too large for this server.",
                            count=ATTEMPT_LIMIT,
                        )
                    )
                    self._put_into_quarantine(inbound_id, error, "")
                else:
                    self._process_now(inbound_id)
                if not cron._commit_progress(1):
                    return

    @api.model
    def _count_attempts(self):
        """Count an attempt for the next waiting mails and commit that first.

        A mail that ends its process each time is so recognised after a few times.

        :return: list of (id, attempts so far)
        """
        with self.env.registry.cursor() as cr:
            now = cr.now().replace(microsecond=0)
            cr.execute(
                SQL(
                    """
                    UPDATE care_inbound
                       SET attempt_count = attempt_count + 1, due_on = %s
                     WHERE id IN (
                           SELECT id FROM care_inbound
                            WHERE state = 'received' AND due_on <= %s
                            ORDER BY due_on, id LIMIT %s
                              FOR UPDATE SKIP LOCKED)
                 RETURNING id, attempt_count
                    """,
                    now + PATIENCE,
                    now,
                    BATCH,
                )
            )
            return sorted(cr.fetchall())

    # ------------------------------------------------------------------ one mail

    def _handle(self, is_forced=False):
        """Do what the mail asks for, in this transaction.

        :return: the ticket, empty when the mail is ignored
        :raises MailRefused: a rule refuses the mail
        """
        self.ensure_one()
        raw = self._read_source()
        if not raw:
            raise MailRefused(
                self.env._("The raw mail is missing, so it cannot be processed.")
            )
        mail = Mail(raw)
        kind = "" if is_forced else mail_kind.automatic_kind(mail)
        if not is_forced and self._is_own_message(mail):
            return self._ignore("own_message")
        if kind in MERE_REPORTS:
            return self._handle_report(mail, kind)
        sender = self._get_real_sender(mail)
        if not sender:
            if not is_forced:
                return self._ignore("own_address")
            sender = mail.sender
        ticket = self._find_thread(mail)
        old_ticket = ticket.filtered(
            lambda t: t._needs_follow_up() and not self._is_mere_thanks(t, mail)
        )
        if ticket and (kind or not old_ticket):
            return self._add_to_ticket(ticket, mail, kind, sender)
        if kind and kind != "list":
            return self._ignore(kind)
        twin = self._find_twin()
        if twin and not is_forced:
            return self._ignore("twin", twin.ticket_id)
        return self._open_ticket(mail, kind, sender, old_ticket)

    def _ignore(self, code, ticket=None):
        """Close the mail without a ticket and say why."""
        self.write(
            {
                "state": "ignored",
                "reason": self._get_ignore_reasons()[code],
                "handled_on": self.env.cr.now().replace(microsecond=0),
                "ticket_id": ticket.id if ticket else False,
            }
        )
        return self.env["care.ticket"]

    @api.model
    def _get_ignore_reasons(self):
        """Return code → sentence that tells a person why a mail made no ticket."""
        return {
            "own_message": self.env._("One of our own messages came back to us."),
            "own_address": self.env._("Sent from one of our own addresses."),
            "twin": self.env._(
                "The same mail opened a ticket through another address."
            ),
            "read_receipt": self.env._("A read receipt."),
            "abuse_report": self.env._(
                "A complaint report of a mail provider about a mail."
            ),
            "delivery_report": self.env._(
                "A delivery report on a mail that is not a ticket's."
            ),
            "not_failed": self.env._(
                "A delivery report: the mail has not failed so far."
            ),
            "auto_reply": self.env._(
                "An automatic reply, such as an out-of-office note."
            ),
            "calendar_reply": self.env._(
                "An answer to an invitation, sent by a calendar."
            ),
            "auto_generated": self.env._("Sent by a program, not by a person."),
            "bulk": self.env._("A newsletter or another mail to many people."),
        }

    def _is_own_message(self, mail):
        """Whether we sent this very mail and it came back, by a copy or a forward."""
        return bool(
            self.env["mail.message"].search_count(
                [
                    ("message_id", "=", mail.message_id),
                    ("message_type", "!=", "email"),
                    ("model", "!=", False),
                ],
                limit=1,
            )
        )

    def _get_real_sender(self, mail):
        """Return who wrote the mail; None when we did.

        A form on a web site writes in the name of our own address; then the person is
        in Reply-To. Otherwise Reply-To decides nothing: anybody may write it.
        """
        domains = self.env["mail.alias.domain"]
        for address in (mail.sender, mail.reply_to):
            if address.email and not domains._find_aliases([address.email]):
                return address
            if not mail.sender.email:
                return mail.sender
        return None

    def _find_thread(self, mail):
        """Return the ticket that a mail belongs to, within the company it came to."""
        if self.given_ticket_id:
            return self.given_ticket_id
        tickets = self.env["care.ticket"].with_context(active_test=False)
        if mail.references:
            messages = self.env["mail.message"].search(
                [
                    ("message_id", "in", mail.references),
                    ("model", "=", "care.ticket"),
                    ("res_id", "!=", 0),
                ],
                order="id desc",
            )
            found = tickets.browse(dict.fromkeys(messages.mapped("res_id"))).exists()
            found = found.filtered(lambda t: t.company_id == self.company_id)
            if found:
                return found[0]
        return tickets._find_by_mark(mail.subject, self.company_id)

    def _is_mere_thanks(self, ticket, mail):
        """Whether a mail only says thanks for a ticket; then it opens no new one."""
        content = mail_content.read(mail.readable)
        text = mail_quote.new_text(mail_quote.mark(content.html))
        return ticket._reads_as_thanks(text, bool(content.files))

    def _find_twin(self):
        """Return the row of the same mail that opened a ticket in this company."""
        return self.search(
            [
                ("message_id", "=", self.message_id),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("outcome", "=", "ticket"),
            ],
            limit=1,
        )

    # ------------------------------------------------------------------ outcomes

    def _open_ticket(self, mail, kind, sender, old_ticket):
        """Open a ticket and send a receipt where one is due."""
        self._check_loop(sender)
        trust = mail_kind.authentication(mail)
        tickets = self.env["care.ticket"]
        values = self._get_alias_values()
        values.update(
            tickets._prepare_mail_values(
                mail.subject, sender, self.company_id, trust, old_ticket
            )
        )
        if not self.given_values:
            values.update(old_ticket._prepare_follow_up_values())
        self._check_alias_contact(self.env["res.partner"].browse(values["partner_id"]))
        message_values = self._parse(mail, sender)
        message_values.update(
            {
                "author_id": values["partner_id"],
                "parent_id": False,
                "is_internal": False,
            }
        )
        ticket_id = (
            self.env["mail.thread"]
            .with_context(care_actor="customer")
            ._message_route_process(
                self._as_message(mail, sender, ""),
                message_values,
                [("care.ticket", 0, values, SUPERUSER_ID, None)],
            )
        )
        ticket = self.env["care.ticket"].browse(ticket_id)
        ticket._note_reply_to(mail, sender)
        ticket._tell_follow_up()
        self._done("ticket", ticket, mail)
        wants_receipt = not (
            kind
            or mail_kind.is_list(mail)
            or mail_kind.is_marked_spam(mail)
            or trust in ("fail", "weak")
        )
        if wants_receipt:
            ticket._send_receipt()
        return ticket

    def _add_to_ticket(self, ticket, mail, kind, sender):
        """Post the mail on its ticket: a public message, or a note where in doubt."""
        self._check_loop(sender, ticket)
        author = ticket._find_mail_author(sender.email)
        trust = mail_kind.authentication(mail)
        standing = ticket._get_sender_standing(sender.email, author, trust)
        values = self._parse(mail, sender)
        values["is_internal"] = standing == "agent" and values.get("is_internal")
        if kind or standing == "unverified":
            note = ticket._post_mail_note(
                values, kind, standing, author if standing != "unverified" else None
            )
            return self._done("automatic" if kind else "note", ticket, mail, note)
        values["author_id"] = author.id
        self.env["mail.thread"]._message_route_process(
            self._as_message(mail, sender, ""),
            values,
            [("care.ticket", ticket.id, None, SUPERUSER_ID, None)],
        )
        return self._done("reply", ticket, mail)

    def _handle_report(self, mail, kind):
        """Show a failed delivery on the ticket whose message came back."""
        if kind != "delivery_report":
            return self._ignore(kind)
        report = mail_report.read(mail.readable)
        if report.action in mail_report.HARMLESS_ACTIONS:
            return self._ignore("not_failed")
        message = self.env["mail.message"].search(
            [
                ("message_id", "in", report.message_ids + mail.references),
                ("model", "=", "care.ticket"),
                ("res_id", "!=", 0),
            ],
            order="id desc",
            limit=1,
        )
        ticket = self.env["care.ticket"].browse(message.res_id).exists()
        if not ticket or ticket.company_id != self.company_id:
            return self._ignore("delivery_report")
        note = ticket._record_bounce(message, report)
        return self._done("report", ticket, mail, note)

    def _done(self, outcome, ticket, mail, message=None):
        """Close the mail: it belongs to ``ticket`` as ``message`` from now on."""
        message = message or self.env["mail.message"].search(
            [
                ("message_id", "=", mail.message_id),
                ("model", "=", "care.ticket"),
                ("res_id", "=", ticket.id),
            ],
            order="id desc",
            limit=1,
        )
        self.write(
            {
                "state": "done",
                "outcome": outcome,
                "ticket_id": ticket.id,
                "mail_message_id": message.id,
                "reason": False,
                "error": False,
                "handled_on": self.env.cr.now().replace(microsecond=0),
            }
        )
        return ticket

    # ------------------------------------------------------------------ rules

    def _check_alias_contact(self, partner):
        """Keep to the address's own rule about who may write.

        :raises MailRefused: the address takes mail of others only
        """
        if self.alias_id:
            error = self.team_id._alias_get_error(
                None, {"author_id": partner.id}, self.alias_id
            )
            if error:
                raise MailRefused(
                    self.env._(
                        "The address %(address)s does not take this mail: %(reason)s",
                        address=self.recipient,
                        reason=error.message or error.code,
                    )
                )

    def _check_loop(self, sender, ticket=None):
        """Stop a program that answers programs.

        Odoo's own limits count (so many mails of one sender in so many minutes). What
        is above goes to quarantine instead of being thrown away, and nobody is answered.

        :raises MailRefused: too many mails of this sender
        """
        allowed = self.env["mail.gateway.allowed"].search_count(
            [("email_normalized", "=", sender.email)], limit=1
        )
        if allowed or not sender.email:
            return
        parameters = self.env["ir.config_parameter"]
        minutes = int(parameters.get_param("mail.gateway.loop.minutes", 120))
        limit = int(parameters.get_param("mail.gateway.loop.threshold", 20))
        recent = Domain(
            "create_date", ">=", self.env.cr.now() - timedelta(minutes=minutes)
        )
        if ticket:
            count = self.env["mail.message"].search_count(
                recent
                & Domain("model", "=", "care.ticket")
                & Domain("res_id", "=", ticket.id)
                & Domain("message_type", "=", "email")
                & Domain("email_from", "ilike", sender.email)
            )
        else:
            tickets = self.env["care.ticket"].with_context(active_test=False)
            count = tickets.search_count(
                recent & Domain(tickets._detect_loop_sender_domain(sender.email))
            )
        if count >= limit:
            raise MailRefused(
                self.env._(
                    "%(count)s mails of %(sender)s in %(minutes)s minutes look like a"
                    " loop of automatic answers. If they are not, add the address under"
                    " Settings › Technical › Email › Mail Gateway Allowed and press Replay.",
                    count=count,
                    sender=sender.email,
                    minutes=minutes,
                )
            )

    # ------------------------------------------------------------------ reading

    def _get_alias_values(self):
        """Return the values that the address gives to its tickets."""
        values = ast.literal_eval(self.alias_id.alias_defaults) if self.alias_id else {}
        values.update(self.given_values or {})
        values.setdefault("team_id", self.team_id.id)
        return values

    def _parse(self, mail, sender):
        """Return the mail as the values that Odoo's gateway posts.

        Odoo reads a message that we wrote anew from clean parts, because its parser
        stops at charsets, names and structures that people do send.
        """
        content = mail_content.read(mail.readable)
        message = self._as_message(mail, sender, mail_quote.mark(content.html))
        gateway = self.env["mail.thread"]
        values = gateway.message_parse(message)
        values["subject"] = self.env["care.ticket"]._strip_mark(mail.subject)
        files = [] if self.drop_attachments else list(content.files)
        values["attachments"] = [
            gateway._Attachment(
                file.name, file.data, {"cid": file.cid} if file.cid else {}
            )
            for file in files
        ]
        if self.keep_original:
            original = gateway._Attachment("original_email.eml", mail.raw, {})
            values["attachments"].insert(0, original)
        now = fields.Datetime.to_string(self.env.cr.now())
        values["date"] = min(values.get("date") or now, now)
        values["partner_ids"] = gateway._partner_find_from_emails_single(
            email_split(values["recipients"]), no_create=True
        ).ids
        return values

    def _as_message(self, mail, sender, html):
        """Return a well-formed message with the headers that Odoo reads, and a body."""
        message = email.message.EmailMessage(policy=email.policy.SMTP)
        headers = {
            "Message-Id": mail.message_id,
            "From": _format(sender),
            "To": ", ".join(map(_format, mail.addresses("To"))),
            "Cc": ", ".join(map(_format, mail.addresses("Cc"))),
            "Delivered-To": ", ".join(map(_format, mail.addresses("Delivered-To"))),
            "Subject": mail.subject,
            "Date": mail.header("Date"),
            "In-Reply-To": "".join(mail.references[:1]),
            "References": " ".join(mail.references[::-1]),
        }
        for name, value in headers.items():
            if value:
                try:
                    message[name] = value
                except HEADER_ERRORS:
                    _logger.info("Mail %s: header %s left out", self.id, name)
        message.set_content(html, subtype="html", charset="utf-8", cte="8bit")
        return message


def _format(address):
    return formataddr((address.name, address.email)) if address.email else ""
