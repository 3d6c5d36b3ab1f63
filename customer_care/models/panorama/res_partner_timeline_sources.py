"""Sources of the timeline: tickets, messages, contacts made, care stages."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from .timeline_part import TimelinePart

#: Characters of a message that a line shows; and how many are read to find them.
SHOWN, READ = 200, 4000
#: Types of messages that somebody wrote; logs of Odoo tell nothing of a customer.
WRITTEN = ("comment", "email", "email_outgoing", "sms", "auto_comment")
#: Channel of the contact log → icon.
CONTACT_ICONS = {
    "email": "fa-envelope-o",
    "sms": "fa-mobile",
    "call": "fa-phone",
    "zalo": "fa-commenting-o",
    "visit": "fa-handshake-o",
    "chat": "fa-comments-o",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _care_timeline_sources(self, people):
        """Add tickets, messages, contacts made, care stages and consents."""
        return [
            *super()._care_timeline_sources(people),
            *self._care_timeline_tickets(people),
            *self._care_timeline_messages(people),
            *self._care_timeline_contacts(people),
            *self._care_timeline_stages(people),
            *self._care_timeline_consents(people),
        ]

    @api.model
    def _care_timeline_part(
        self, code, kind, model, domain, moment, details, words, is_day=False
    ):
        """Return the source of the records of one model: a list of one, or of none.

        None where the model is not installed or the reader may read nothing of it.

        :param str code: lower case, unique among the sources
        :param str kind: of :meth:`_get_care_timeline_kinds`
        :param list domain: which records; the rights of the reader come on top
        :param str moment: field: when it happened
        :param list details: names of stored fields that ``words`` asks for; of a
            many2one, a path ``"stage_id.name"`` gives the name
        :param words: details → what the line says (see :class:`TimelinePart`)
        :param bool is_day: ``moment`` is a Date
        """
        if model not in self.env or not self.env[model].has_access("read"):
            return []
        records = self.env[model]
        query = records._search(domain)
        on = records._field_to_sql(records._table, moment, query)
        columns = {
            name: self._care_timeline_column(records, query, name) for name in details
        }
        part = TimelinePart(
            code=code,
            kind=kind,
            model=model,
            query=query,
            moment=self._care_zone_start(on) if is_day else on,
            details=columns,
            words=words,
            is_day=is_day,
        )
        part.currencies = [name for name in details if name.endswith("currency_id")]
        return [part]

    @api.model
    def _care_timeline_column(self, records, query, path):
        """Return the column of a field, or of a field of what a many2one names.

        The name of a stage or of a colleague is no secret to who may read the record.
        """
        name, _dot, inner = path.partition(".")
        column = records._field_to_sql(records._table, name, query)
        if not inner:
            return column
        target = self.env[records._fields[name].comodel_name].sudo()
        alias = query.make_alias(records._table, name)
        query.add_join(
            "LEFT JOIN",
            alias,
            target._table,
            SQL("%s = %s", column, SQL.identifier(alias, "id")),
        )
        return target._field_to_sql(alias, inner, query)

    # ------------------------------------------------------------------ tickets

    @api.model
    def _care_timeline_tickets(self, people):
        return self._care_timeline_part(
            "ticket",
            "ticket",
            "care.ticket",
            [("partner_id", "in", people.ids)],
            "create_date",
            ["number", "name", "kind", "is_open", "stage_id.name", "partner_id.name"],
            self._say_care_ticket,
        )

    @api.model
    def _say_care_ticket(self, details):
        is_complaint = details["kind"] == "complaint"
        number = details["number"]
        return {
            "icon": "fa-exclamation-circle" if is_complaint else "fa-ticket",
            "title": (
                self.env._("Complaint %(number)s", number=number)
                if is_complaint
                else self.env._("Ticket %(number)s", number=number)
            ),
            "text": details["name"] or "",
            "who": details["partner_id.name"] or "",
            "state": details["stage_id.name"] or "",
        }

    # ------------------------------------------------------------------ messages

    @api.model
    def _care_timeline_threads(self, people):
        """Return where messages about a customer are read: (model, domain, title field).

        A hook. Messages are readable where their record is.
        """
        return [
            ("res.partner", [("id", "in", people.ids)], None),
            ("care.ticket", [("partner_id", "in", people.ids)], "name"),
            ("crm.lead", [("partner_id", "in", people.ids)], "name"),
            ("sale.order", [("partner_id", "in", people.ids)], "name"),
            ("account.move", [("partner_id", "in", people.ids)], "name"),
        ]

    @api.model
    def _care_timeline_messages(self, people):
        parts = []
        for model, domain, title in self._care_timeline_threads(people):
            if model in self.env and self.env[model].has_access("read"):
                parts.append(self._care_timeline_thread(people, model, domain, title))
        return parts

    @api.model
    def _care_timeline_thread(self, people, model, domain, title):
        """Return the source of the messages on records of one model.

        ``mail.message._search`` reads every message it finds to ask its record for the
        right; here the records are asked in the same query instead. That gives no more:
        who reads a record reads its messages, private notifications aside.
        """
        records = self.env[model]
        if model == "res.partner":
            records = records.with_context(active_test=False)
        messages = self.env["mail.message"].sudo()
        rules = Domain(self.env["ir.rule"]._compute_domain("mail.message", "read"))
        written = Domain("model", "=", model) & Domain("message_type", "in", WRITTEN)
        query = messages._search(rules & written)
        names = records._search(domain)
        title_column = (
            records._field_to_sql(records._table, title, names)
            if title
            else SQL("NULL::varchar")
        )
        table = messages._table
        query.add_join(
            "JOIN",
            "thread",
            names.subselect(
                SQL("%s AS id", SQL.identifier(records._table, "id")),
                SQL("%s AS title", title_column),
            ),
            SQL("%s = %s", SQL.identifier(table, "res_id"), SQL("thread.id")),
        )
        columns = {
            name: self._care_timeline_column(messages, query, name)
            for name in (
                "message_type",
                "author_id",
                "author_id.name",
                "author_id.commercial_partner_id",
                "email_from",
                "subject",
                "is_internal",
                "subtype_id.internal",
                "res_id",
            )
        }
        body = messages._field_to_sql(table, "body", query)
        columns["body"] = SQL("LEFT(%s, %s)", body, READ)
        columns["title"] = SQL("thread.title")
        customer = people[:1].commercial_partner_id.id

        def words(details):
            return {
                **self._say_care_message(details, customer),
                "model": model,
                "res_id": details["res_id"],
            }

        return TimelinePart(
            code=f"message_{records._table}",
            kind="message",
            model=model,
            query=query,
            moment=messages._field_to_sql(table, "date", query),
            details=columns,
            words=words,
        )

    @api.model
    def _say_care_message(self, details, customer):
        """Say who wrote what.

        :param int customer: the commercial partner: what his people write comes in
        """
        is_note = details["is_internal"] or details["subtype_id.internal"]
        is_theirs = details["author_id.commercial_partner_id"] == customer or (
            not details["author_id"] and details["message_type"] == "email"
        )
        body = html2plaintext(details["body"] or "", include_references=False)
        text = _shorten(body) or _shorten(details["subject"] or "")
        title = details["title"] or details["subject"] or ""
        if details["message_type"] == "sms":
            icon, label = "fa-mobile", self.env._("SMS")
        elif is_note:
            icon, label = "fa-sticky-note-o", self.env._("Internal note")
        elif is_theirs:
            icon, label = "fa-reply", self.env._("The customer wrote")
        else:
            icon, label = "fa-envelope-o", self.env._("We wrote")
        return {
            "icon": icon,
            "title": label,
            "text": text,
            "state": title if title != text else "",
            "who": details["author_id.name"] or details["email_from"] or "",
            "direction": "" if is_note else "in" if is_theirs else "out",
        }

    # ------------------------------------------------------------------ contact log

    @api.model
    def _care_timeline_contacts(self, people):
        """Contacts made and not made; a message that stands there itself, once."""
        return self._care_timeline_part(
            "contact",
            "contact",
            "care.contact.log",
            Domain("partner_id", "in", people.ids)
            & Domain("company_id", "in", self.env.companies.ids)
            & (Domain("mail_message_id", "=", False) | Domain("state", "!=", "done")),
            "on",
            [
                "channel",
                "direction",
                "state",
                "reason",
                "summary",
                "duration",
                "user_id.name",
            ],
            self._say_care_contact,
        )

    @api.model
    def _say_care_contact(self, details):
        log = self.env["care.contact.log"]
        state = details["state"]
        reason = log._reason_text(details["reason"])
        return {
            "icon": CONTACT_ICONS.get(details["channel"], "fa-comment-o"),
            "title": self._say_care_channel(details["channel"], details["direction"]),
            "text": " · ".join(
                filter(
                    None,
                    [
                        self._say_care_duration(details["duration"]),
                        _shorten(details["summary"] or reason or ""),
                    ],
                )
            ),
            "who": details["user_id.name"] or "",
            "state": (
                ""
                if state == "done"
                else self._say_care_choice("care.contact.log", "state", state)
            ),
            "direction": details["direction"] or "",
        }

    @api.model
    def _say_care_channel(self, channel, direction):
        """Return how the contact was made and by whom, in one phrase."""
        is_theirs = direction == "in"
        if channel == "call":
            return (
                self.env._("The customer called")
                if is_theirs
                else self.env._("We called")
            )
        if channel == "visit":
            return (
                self.env._("The customer came by")
                if is_theirs
                else self.env._("We visited")
            )
        name = self._say_care_choice("care.contact.log", "channel", channel)
        if is_theirs:
            return self.env._("%(channel)s from the customer", channel=name)
        return self.env._("%(channel)s to the customer", channel=name)

    @api.model
    def _say_care_duration(self, seconds):
        """Return how long it took, empty when unknown."""
        if not seconds:
            return ""
        minutes = round(seconds / 60)
        if minutes < 1:
            return self.env._("%(seconds)s seconds", seconds=round(seconds))
        if minutes == 1:
            return self.env._("1 minute")
        return self.env._("%(minutes)s minutes", minutes=minutes)

    # ------------------------------------------------------------------ consents

    @api.model
    def _care_timeline_consents(self, people):
        return self._care_timeline_part(
            "consent",
            "change",
            "care.consent",
            [
                ("partner_id", "in", people.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            "on",
            ["channel", "purpose", "state", "source", "evidence", "user_id.name"],
            self._say_care_consent_given,
        )

    @api.model
    def _say_care_consent_given(self, details):
        words = {
            "purpose": self._say_care_choice(
                "care.consent", "purpose", details["purpose"]
            ),
            "channel": self._say_care_choice(
                "care.consent", "channel", details["channel"]
            ),
        }
        is_granted = details["state"] == "granted"
        return {
            "icon": "fa-check-square-o" if is_granted else "fa-ban",
            "title": (
                self.env._("Agreed to: %(purpose)s, %(channel)s", **words)
                if is_granted
                else self.env._("Said no to: %(purpose)s, %(channel)s", **words)
            ),
            "text": _shorten(details["evidence"] or ""),
            "who": details["user_id.name"] or "",
            "state": self._say_care_choice("care.consent", "source", details["source"]),
        }

    # ------------------------------------------------------------------ care stages

    @api.model
    def _care_timeline_stages(self, people):
        return self._care_timeline_part(
            "stage",
            "change",
            "care.stage.change",
            [
                ("partner_id", "in", people.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            "on",
            ["from_id.name", "to_id.name", "reason", "note", "user_id.name"],
            self._say_care_stage_change,
        )

    @api.model
    def _say_care_stage_change(self, details):
        before, after = details["from_id.name"], details["to_id.name"]
        if after and before:
            title = self.env._(
                "From “%(before)s” to “%(after)s”", before=before, after=after
            )
        elif after:
            title = self.env._("Came to “%(after)s”", after=after)
        else:
            title = self.env._("Left “%(before)s”", before=before or "")
        return {
            "icon": "fa-flag-o" if details["reason"] == "rule" else "fa-hand-paper-o",
            "title": title,
            "text": details["note"] or "",
            "who": details["user_id.name"] or "",
            "state": self._say_care_choice(
                "care.stage.change", "reason", details["reason"]
            ),
        }


def _shorten(text):
    """Return the beginning of ``text`` on one line."""
    line = " ".join(text.split())
    if len(line) <= SHOWN:
        return line
    return line[:SHOWN].rsplit(" ", 1)[0] + " …"
