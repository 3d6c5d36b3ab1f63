"""How mail finds its ticket, and what a sender may do there."""

import re

from markupsafe import Markup

from odoo import api, models
from odoo.tools import consteq, email_normalize, email_normalize_all, formataddr
from odoo.tools.misc import hmac

from ...lib.ticket_state import DONE_CATEGORIES
from .care_team_mail import REOPEN_DAYS

#: The mark in the subject of our mails: ``[#000123-1a2b3c4d]``.
MARK = re.compile(r"\[#(?P<number>[^\[\]\s]{1,40})-(?P<secret>[0-9a-f]{8})\]")
#: Scope of the secret in the mark; it only says which conversation is meant.
MARK_SCOPE = "customer_care.ticket_mark"
#: What must be known of a mail in the name of one of our own people: its domain is
#: valid, or our mail server checks nothing (see ``lib.mail_kind.authentication``).
CREDIBLE = ("pass", "unknown")
#: Longest subject of a ticket; the message keeps the whole.
SUBJECT_LIMIT = 200


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ finding

    def _get_mark(self):
        """Return what the subject of a mail carries, so that its answer finds back.

        The number alone would let anybody write into any ticket.
        """
        self.ensure_one()
        return f"[#{self.number}-{self._get_mark_secret()}]"

    def _get_mark_secret(self):
        return hmac(self.env(su=True), MARK_SCOPE, str(self.id))[:8]

    @api.model
    def _find_by_mark(self, subject, company=None):
        """Return the ticket whose mark a subject carries, none without a valid one.

        :param str subject: decoded subject
        :param company: search this company only
        """
        for match in MARK.finditer(subject or ""):
            domain = [("number", "=", match["number"])]
            if company:
                domain.append(("company_id", "=", company.id))
            for ticket in self.sudo().with_context(active_test=False).search(domain):
                if consteq(ticket._get_mark_secret(), match["secret"]):
                    return ticket
        return self.browse()

    @api.model
    def _strip_mark(self, subject):
        """Return a subject as people read it: without marks, in one line."""
        return " ".join(MARK.sub("", subject or "").split())

    @api.model
    def _get_alias_team(self, alias):
        """Return the team that an address belongs to."""
        owner = alias.alias_parent_thread_id
        if owner and alias.alias_parent_model_id.model == "care.team":
            return self.env["care.team"].sudo().browse(owner).exists()
        return (
            self.env["care.team"].sudo().search([("alias_id", "=", alias.id)], limit=1)
        )

    def _needs_follow_up(self):
        """Whether a reply opens a new ticket instead of going on with this one.

        So it is when the ticket was solved longer ago than its team reopens, when the
        team never reopens, and when the ticket was cancelled or is archived: nobody
        would see the reply there.
        """
        self.ensure_one()
        if not self.active or self.stage_category == "cancelled":
            return True
        if self.stage_category not in DONE_CATEGORIES or not self.solved_on:
            return False
        team = self.team_id.sudo()
        if team.reopen_policy in ("always", "never"):
            return team.reopen_policy == "never"
        days = team.reopen_days if team else REOPEN_DAYS
        return (self.env.cr.now() - self.solved_on).days >= days

    # ------------------------------------------------------------------ people

    @api.model
    def _find_customer(self, email, company):
        """Return the contact with an address that ``company`` knows, or none.

        Somebody with a login before others, a contact of the company before a shared
        one, a person before a company.

        :param str email: any form of address
        """
        normalized = email_normalize(email or "")
        if not normalized:
            return self.env["res.partner"]
        partners = self.env["res.partner"].search(
            [
                ("email_normalized", "=", normalized),
                ("company_id", "in", [False, company.id]),
                ("ref_company_ids", "=", False),  # none of our own companies
            ],
            order="id",
        )
        return partners.sorted(
            lambda p: (not p.user_ids, not p.company_id, p.is_company)
        )[:1]

    def _find_mail_author(self, email):
        """Return the contact who writes from ``email``: the customer, else anyone known."""
        self.ensure_one()
        normalized = email_normalize(email or "")
        if normalized and self.partner_id.email_normalized == normalized:
            return self.partner_id
        followers = self.message_partner_ids.filtered(
            lambda partner: normalized and partner.email_normalized == normalized
        )
        return followers[:1] or self._find_customer(email, self.company_id)

    def _get_sender_standing(self, email, author, trust):
        """Decide what a sender may do on this ticket.

        ``customer`` and ``participant`` (follower, in copy by the customer, or a
        colleague where the company shares its tickets) write public messages. ``agent``
        answers for us: only somebody who may open the ticket, and not when our mail
        server found the sender forged. Everybody else is ``unverified``: his mail is
        kept as a note that no customer sees.

        :param str email: normalised address
        :param author: contact with that address, may be empty
        :param str trust: see ``lib.mail_kind.authentication``
        """
        self.ensure_one()
        if trust == "fail" or not email:
            return "unverified"
        users = author.sudo().user_ids.filtered(lambda user: not user.share)
        if users and author != self.partner_id:
            is_credible = trust in CREDIBLE
            may = any(self._is_open_to(user) for user in users)
            return "agent" if may and is_credible else "unverified"
        if users and trust not in CREDIBLE:
            return "unverified"
        if author and author == self.partner_id:
            return "customer"
        if email == email_normalize(self.email_from or ""):
            return "customer"
        company = self.commercial_partner_id.sudo()
        is_colleague = (
            author
            and author.commercial_partner_id == company
            and company.care_share_tickets
        )
        if is_colleague or (author and author in self.message_partner_ids):
            return "participant"
        if email in email_normalize_all(self.email_cc or ""):
            return "participant"
        return "unverified"

    def _is_open_to(self, user):
        """Whether an agent may open this ticket, in the ticket's company."""
        self.ensure_one()
        if self.company_id not in user.company_ids:
            return False
        return (
            self.with_user(user)
            .with_context(allowed_company_ids=self.company_id.ids)
            .has_access("write")
        )

    def _ensure_customer(self):
        """Make a contact of the sender, now that somebody answers him.

        Until then he is a name and an address on the ticket: spam makes no contacts.
        Other tickets of the same unknown sender get the contact as well.
        """
        for ticket in self.sudo():
            email = email_normalize(ticket.email_from or "")
            if ticket.partner_id or not email:
                continue
            company = ticket.company_id
            partner = ticket._find_customer(email, company) or self.env[
                "res.partner"
            ].sudo().create(
                {
                    "name": ticket.partner_name or email,
                    "email": email,
                    "phone": ticket.phone,
                    "lang": company._get_care_lang(),
                    "company_id": company.id,
                }
            )
            same = ticket.with_context(active_test=False).search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "=", False),
                    ("email_from", "ilike", email),
                ]
            )
            same = same.filtered(lambda t, e=email: email_normalize(t.email_from) == e)
            (ticket | same).write({"partner_id": partner.id})

    # ------------------------------------------------------------------ incoming

    @api.model
    def _prepare_mail_values(self, subject, sender, company, trust, old_ticket):
        """Return the values of a ticket that a mail opens.

        :param str subject: decoded subject
        :param sender: ``lib.mail_source.Address``
        :param company: ``res.company`` that the mail came to
        :param str trust: a forged sender is not taken for the contact he names
        :param old_ticket: the solved ticket that the mail answers, may be empty
        """
        name = self._strip_mark(subject)
        if len(name) > SUBJECT_LIMIT:
            name = f"{name[: SUBJECT_LIMIT - 1]}…"
        partner = self.env["res.partner"]
        if trust != "fail":
            partner = self._find_customer(sender.email, company)
            if trust not in CREDIBLE and not all(
                user.share for user in partner.user_ids
            ):
                partner = self.env["res.partner"]
            if not partner and old_ticket.partner_id and old_ticket.active:
                standing = old_ticket._get_sender_standing(sender.email, partner, trust)
                partner = old_ticket.partner_id if standing == "customer" else partner
        return {
            "name": name or self.env._("(no subject)"),
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_name": sender.name or False,
            "email_from": formataddr(sender) if sender.email else False,
            "channel_id": self.env.ref("customer_care.channel_email").id,
            "parent_id": old_ticket.id,
        }

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Keep our own addresses out of the copies."""
        values = dict(msg_dict, cc=msg_dict.get("cc_filtered") or "")
        return super().message_new(values, custom_values)

    def message_update(self, msg_dict, update_vals=None):
        """Keep our own addresses out of the copies."""
        values = dict(msg_dict, cc=msg_dict.get("cc_filtered") or "")
        return super().message_update(values, update_vals)

    def _post_mail_note(self, values, kind, standing, author):
        """Keep a mail as an internal note: an automatic one, or one we cannot trust.

        No customer is told and no file of it reaches one. A person whose mail we cannot
        trust may still be the customer, so the assignee (or the leader) hears of it.

        :param dict values: what the gateway would post
        :param str kind: kind of automatic mail, empty for a person
        :param str standing: see :meth:`_get_sender_standing`
        :param author: contact, None for nobody
        :return: the message
        """
        self.ensure_one()
        notified = self.env["res.partner"]
        if not kind:
            responsible = self.user_id or self.team_id.leader_id
            notified = responsible.partner_id
        return self.with_context(
            care_actor="customer", care_automatic=bool(kind)
        ).message_post(
            body=self._get_note_banner(values, standing) + Markup(values["body"] or ""),
            subject=values.get("subject"),
            message_type="email",
            subtype_xmlid="mail.mt_note",
            is_internal=True,
            author_id=author.id if author else False,
            email_from=values["email_from"],
            message_id=values["message_id"],
            date=values["date"],
            attachments=values["attachments"],
            partner_ids=notified.ids,
        )

    def _get_note_banner(self, values, standing):
        """Return the line above a mail that was kept as a note."""
        if standing == "unverified":
            text = self.env._(
                "Unverified sender: this mail says it is from %(sender)s. It came neither"
                " from the customer's address nor from somebody in the conversation, or"
                " the mail server found the sender forged. No customer has been told.",
                sender=values["email_from"] or "?",
            )
        else:
            text = self.env._(
                "Automatic mail of %(sender)s.", sender=values["email_from"] or "?"
            )
        return Markup('<p class="o_care_mail_banner"><em>{}</em></p>').format(text)

    def _note_reply_to(self, mail, sender):
        """Say on the ticket that its sender wants answers elsewhere.

        We answer the address in From: anybody may write anything into Reply-To.
        """
        wanted = mail.reply_to.email
        if not self or not wanted or wanted == sender.email:
            return
        if self.env["mail.alias.domain"]._find_aliases([wanted]):
            return
        self._message_log(
            body=self.env._(
                "The sender asks for answers to %(address)s. They go to %(sender)s"
                " unless you change the e-mail of this ticket.",
                address=wanted,
                sender=sender.email,
            )
        )

    # ------------------------------------------------------------------ reports

    def _record_bounce(self, message, report):
        """A message of ours came back: show it here and on the message.

        :param message: ``mail.message`` that came back
        :param report: ``lib.mail_report.Report``
        :return: the note
        """
        self.ensure_one()
        address = report.recipient
        partner = self._find_mail_author(address) if address else self.partner_id
        reason = report.diagnostic or report.status or self.env._("no reason given")
        notifications = message.notification_ids.filtered(
            lambda n: (
                n.notification_type == "email"
                and (
                    not address
                    or n.mail_email_address == address
                    or n.res_partner_id.email_normalized == address
                )
            )
        )
        notifications.write(
            {
                "notification_status": "bounce",
                "failure_type": "mail_bounce",
                "failure_reason": reason,
            }
        )
        message._notify_message_notification_update()
        if partner.email_normalized == address:
            partner._message_receive_bounce(address, partner)
        return self._show_mail_failure(address or self.email_from, reason)
