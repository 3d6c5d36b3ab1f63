"""What one delivery becomes: a mail or a text message, and a line in the contact log."""

from odoo import api, models
from odoo.tools import SQL, formataddr

from ...lib.plain_text import clean_line
from ..mail.care_ticket_notify import AUTO_GENERATED_HEADERS
from .text_post import TextPost, create_texts


class CareMessageDelivery(models.Model):
    _inherit = "care.message.delivery"

    def _deliver(self):
        """Ask the gate about these rows and do what it says, as the system.

        :return: dict of counts: ``sent``, ``postponed``, ``skipped``
        """
        counts = {"sent": 0, "postponed": 0, "skipped": 0}
        for group in self.sudo()._split():
            done = group._deliver_group()
            counts = {name: counts[name] + done[name] for name in counts}
        return counts

    def _split(self):
        """Return these rows in groups of one message, channel, company and ticket.

        No group has a customer twice: what two rules send him is two messages.
        """
        groups, seen = {}, {}
        for row in self:
            what = (row.message_id, row.channel, row.company_id, row.ticket_id)
            turn = seen.get((what, row.partner_id), 0)
            seen[what, row.partner_id] = turn + 1
            groups.setdefault((what, turn), []).append(row.id)
        return [self.browse(ids) for ids in groups.values()]

    def _deliver_group(self):
        """Deliver rows of one message, channel, company and ticket."""
        first = self[0]
        company, channel = first.company_id, first.channel
        rows = self.with_context(**company._get_care_context())
        rows = rows.with_company(company)
        message = rows[0].message_id
        partners = rows.partner_id
        asked = {row.partner_id.id: row.created_on for row in rows}
        decisions = message._decide(partners, channel, company, due=asked)
        going = rows.filtered(lambda row: decisions[row.partner_id.id].verdict == "go")
        sent = going._send_rows(message, decisions) if going else {}
        rows._note_decisions(decisions, sent)
        counts = {"sent": len(going), "postponed": 0, "skipped": 0}
        for row in rows - going:
            verdict = decisions[row.partner_id.id].verdict
            counts["postponed" if verdict == "postpone" else "skipped"] += 1
        return counts

    # ------------------------------------------------------------ bookkeeping
    def _note_decisions(self, decisions, sent):
        """Write down what the gate said, on the rows and in the contact log.

        :param dict sent: id of a row → (id of its ``mail.message``, words of it)
        """
        notes, lines = {}, []
        moments = [
            decision.until
            for decision in decisions.values()
            if decision.verdict == "postpone"
        ]
        for row in self:
            verdict, reason, until, address = decisions[row.partner_id.id]
            state = {"go": "sent", "postpone": "waiting"}.get(verdict, "skipped")
            posted, words = sent.get(row.id, (None, None))
            notes[row.id] = (state, reason or None, until, address, posted)
            # a message that still waits for the same reason is no news
            if state != "waiting" or row.reason != reason:
                lines.append(row._prepare_log_values(decisions, posted, words))
        self._note(notes)
        self.env["care.contact.log"]._log(lines)
        if moments:
            self._wake(min(moments))

    def _prepare_log_values(self, decisions, posted, words):
        """Return the line of the contact log for this row."""
        verdict, reason, until, address = decisions[self.partner_id.id]
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "on": self.env.cr.now(),
            "direction": "out",
            "channel": self.channel,
            "purpose": self.message_id.purpose,
            "state": {"go": "done", "postpone": "postponed"}.get(verdict, "refused"),
            "reason": reason or False,
            "until": until,
            "address": address or False,
            "summary": words or self.message_id.name,
            "user_id": self.user_id.id,
            "ticket_id": self.ticket_id.id,
            "mail_message_id": posted,
            "source_model": self.source_model or self.message_id._name,
            "source_id": self.source_id or self.message_id.id,
        }

    def _note(self, notes):
        """Write state, reason, due moment, address and message of many rows at once.

        :param dict notes: id → (state, reason, until, address[, mail.message id])
        """
        if not notes:
            return
        self.flush_recordset()
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s::timestamp, %s, %s::int)",
                ref,
                state,
                reason,
                until,
                address,
                posted[0] if posted else None,
            )
            for ref, (state, reason, until, address, *posted) in notes.items()
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_message_delivery delivery
                   SET state = note.state, reason = note.reason,
                       due_on = COALESCE(note.until, delivery.due_on),
                       done_on = CASE note.state WHEN 'waiting' THEN NULL
                                 ELSE %(now)s END,
                       address = note.address, mail_message_id = note.posted,
                       error = NULL
                  FROM (VALUES %(values)s)
                       AS note (id, state, reason, until, address, posted)
                 WHERE delivery.id = note.id
                """,
                values=values,
                now=self.env.cr.now().replace(microsecond=0),
            )
        )
        self.invalidate_model()

    # --------------------------------------------------------------- creation
    def _send_rows(self, message, decisions):
        """Create what goes out for these rows.

        :return: dict id of a row → (id of its ``mail.message``, words for the log)
        """
        company = self[0].company_id
        ticket = self[0].ticket_id
        by_partner = {row.partner_id: row for row in self}
        prepared = []
        for lang, partners in message._by_language(self.partner_id, company):
            text = message.with_context(lang=lang)
            values = text._prepare_values(
                partners, company, lang, text._get_names(self[0].channel), ticket
            )
            rows = self.browse([by_partner[partner].id for partner in partners])
            if self[0].channel == "sms":
                prepared += rows._prepare_texts(text, values)
            else:
                prepared += rows._prepare_mails(text, values)
        if self[0].channel == "sms":
            return self._create_texts(prepared, decisions)
        return self._create_mails(prepared, decisions)

    def _get_links(self, ticket):
        """Return the addresses that open something for this customer alone."""
        partner = self.env["res.partner"]
        token = partner._care_choice_token("message", self.id, self.company_id)
        links = {
            "choice_url": partner._care_choice_url("choices", token),
            "refuse_url": partner._care_choice_url("refuse", token),
        }
        links["consent_link"] = links["choice_url"]
        if ticket:
            links["ticket_link"] = ticket._get_conversation_url()
        return links

    def _prepare_mails(self, message, values):
        """Return (row, values of its mail) for rows whose customers read one language."""
        company, ticket = self[0].company_id, self[0].ticket_id
        letter = message._prepare_letter(company, message.env.lang)
        base = self._prepare_mail_base(message, company, ticket)
        result = []
        for row in self:
            links = row._get_links(ticket)
            own = {**values[row.partner_id.id], **links}
            headers = dict(AUTO_GENERATED_HEADERS)
            if message.purpose == "promotion":
                headers |= self._get_refusal_headers(links["refuse_url"])
            subject = " ".join(letter.subject.fill(own).split())
            mail = {
                **base,
                "subject": subject,
                "body_html": letter.page.fill_html(message._as_html_values(own)),
                # what our own people read carries no link of the customer
                "body": letter.content.fill_html(
                    message._as_html_values(own, dead=True)
                ),
                "headers": repr(headers),
                "model": ticket._name if ticket else row.partner_id._name,
                "res_id": ticket.id or row.partner_id.id,
                "care_delivery_id": row.id,
            }
            result.append((row, mail))
        return result

    @api.model
    def _get_refusal_headers(self, url):
        """Return what makes mail programs offer to stop it by one click (RFC 8058)."""
        return {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def _prepare_mail_base(self, message, company, ticket):
        """Return what all mails of one message have in common."""
        team = ticket.team_id or company.care_form_team_id
        answers = team.sudo().alias_id.alias_full_name if team.alias_domain_id else ""
        sender = ticket._get_team_address() if ticket else ""
        sender = sender or company._care_get_sender()
        return {
            "email_from": sender,
            "reply_to": answers or sender,
            # answers are requests: they open a ticket and are no talk on the contact
            "reply_to_force_new": not ticket,
            "author_id": company.partner_id.id,
            "message_type": "email_outgoing",
            "auto_delete": True,
            "is_notification": True,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
        }

    def _create_mails(self, prepared, decisions):
        """Create the mails with their notifications; the mail queue sends them."""
        values = []
        for row, mail in prepared:
            address = decisions[row.partner_id.id].address
            name = clean_line(row.partner_id.name)
            values.append({**mail, "email_to": formataddr((name, address))})
        mails = self.env["mail.mail"].create(values)
        self.env["mail.notification"].create(
            [
                {
                    "author_id": mail.author_id.id,
                    "mail_message_id": mail.mail_message_id.id,
                    "mail_mail_id": mail.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "res_partner_id": row.partner_id.id,
                    "is_read": True,
                }
                for mail, (row, _values) in zip(mails, prepared, strict=True)
            ]
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return {
            row.id: (mail.mail_message_id.id, mail_values["subject"])
            for mail, (row, mail_values) in zip(mails, prepared, strict=True)
        }

    def _prepare_texts(self, message, values):
        """Return (row, text) for rows whose customers read one language."""
        result = []
        for row in self:
            links = row._get_links(row.ticket_id)
            own = {**values[row.partner_id.id], **links}
            text = message._fill_sms(row.company_id, own, links["refuse_url"])
            result.append((row, text))
        return result

    def _create_texts(self, prepared, decisions):
        """Create the text messages with their notifications; the SMS queue sends them."""
        posts = create_texts(
            self.env,
            self[0].company_id,
            [
                TextPost(
                    record=row.ticket_id or row.partner_id,
                    partner=row.partner_id,
                    number=decisions[row.partner_id.id].address,
                    shown=text,
                    text=text,
                )
                for row, text in prepared
            ],
        )
        return {
            row.id: (post.id, text)
            for post, (row, text) in zip(posts, prepared, strict=True)
        }
