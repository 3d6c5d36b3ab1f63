"""Which mails are ours, under which key they are stored, and the storing itself.

Core's ``message_route`` cannot answer that: it sends bounces and resets counters on the
way. What is decided here only reads.
"""

import logging
import os
from datetime import timedelta
from typing import NamedTuple

import psycopg2
from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ...lib import mail_kind, mail_report
from ...lib.mail_source import Mail

_logger = logging.getLogger(__name__)

#: How long the delivery itself may take before the scheduled job takes a mail up.
PATIENCE = timedelta(minutes=2)
#: Tries to store a mail while the database is busy.
STORE_TRIES = 3
#: Stands for a team's address where a mail was sent to none.
NO_ADDRESS = "reply"
#: Kept of subject and sender; the whole is in the source.
TEXT_LIMIT = 250


class Target(NamedTuple):
    """Who gets a mail: one per company that it was sent to."""

    recipient: str
    company_id: int
    team_id: int | bool = False
    alias_id: int | bool = False
    ticket_id: int | bool = False
    values: dict | None = None


class CareInbound(models.Model):
    _inherit = "care.inbound"

    # ------------------------------------------------------------------ for whom

    @api.model
    def _find_targets(self, mail, model=None, thread_id=None, values=None):
        """Decide whether a mail is for customer care.

        Ours is mail to an address of a care team; mail that answers a message of a
        ticket, by reference or by the ticket's mark in the subject; delivery reports on
        our messages; and what a mail server is set up to hand to tickets. Of several
        team addresses in one company the first one decides (To before Cc), because one
        request is one ticket; each further company gets its own.

        :param mail: :class:`~odoo.addons.customer_care.lib.mail_source.Mail`
        :param model: the gateway's fallback model
        :param thread_id: the gateway's fallback record
        :param values: the gateway's default values
        :return: (list of :class:`Target`, whether other apps get the mail as well)
        """
        env = self.sudo().with_context(active_test=False).env
        written, delivered = mail.recipients, mail.delivered_to
        own, others = self._find_aliases(written)
        if not own:
            own, more = self._find_aliases(delivered)
            others |= more
        message, is_foreign = self._find_referred(mail)
        is_shared = bool(others) or is_foreign
        targets = {}
        for address, alias in own:
            team = env["care.ticket"]._get_alias_team(alias)
            company = team.company_id or alias.alias_domain_id.company_ids[:1]
            company = company or env.company
            targets.setdefault(
                company.id, Target(address, company.id, team.id, alias.id)
            )
        if targets:
            return list(targets.values()), is_shared
        ticket = message and env["care.ticket"].browse(message.res_id).exists()
        if not ticket and not is_shared:
            ticket = env["care.ticket"]._find_by_mark(mail.subject)
        if ticket:
            target = Target(NO_ADDRESS, ticket.company_id.id, ticket.team_id.id)
            return [target], is_shared
        if model == "care.ticket" and not is_shared:
            return [self._get_fallback_target(thread_id, values)], False
        return [], is_shared

    @api.model
    def _get_fallback_target(self, thread_id, values):
        """Return the target of mail that a mail server hands to tickets in general."""
        ticket = self.env["care.ticket"].sudo().browse(thread_id or []).exists()
        values = {key: values[key] for key in values or {}}
        team = ticket.team_id or self.env["care.team"].sudo().browse(
            values.get("team_id") or []
        )
        company = ticket.company_id or team.company_id or self.env.company
        team = team or self.env["care.ticket"].sudo()._get_default_team(company)
        return Target(
            NO_ADDRESS,
            company.id,
            team.id,
            ticket_id=ticket.id,
            values=values or None,
        )

    @api.model
    def _find_aliases(self, addresses):
        """Look the addresses up.

        :param addresses: normalised addresses in the order in which they decide
        :return: (list of (address, alias) of care teams, set of addresses of other apps)
        """
        own, others = [], set()
        if not addresses:
            return own, others
        local_parts = self._get_local_parts(addresses)
        aliases = (
            self.env["mail.alias"]
            .sudo()
            .search(
                [
                    "|",
                    ("alias_full_name", "in", list(addresses)),
                    "&",
                    ("alias_name", "in", list(local_parts.values())),
                    ("alias_incoming_local", "=", True),
                ]
            )
        )
        for address in addresses:
            for alias in aliases:
                if address != alias.alias_full_name and not (
                    alias.alias_incoming_local
                    and local_parts.get(address) == alias.alias_name
                ):
                    continue
                if alias.alias_model_id.model == "care.ticket":
                    own.append((address, alias))
                else:
                    others.add(address)
        return own, others

    @api.model
    def _get_local_parts(self, addresses):
        """Return address → part before the @, for the domains that Odoo accepts."""
        allowed = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("mail.catchall.domain.allowed")
        )
        domains = {name.strip() for name in (allowed or "").split(",") if name.strip()}
        if domains:
            domains.update(
                self.env["mail.alias.domain"]
                .sudo()
                .search_fetch([], ["name"])
                .mapped("name")
            )
        return {
            address: address.partition("@")[0]
            for address in addresses
            if not domains or address.partition("@")[2] in domains
        }

    @api.model
    def _find_referred(self, mail):
        """Find the message of ours that a mail answers or reports on.

        :return: (newest message of a ticket or none, whether it belongs to another app)
        """
        ids = mail.references
        if mail_kind.automatic_kind(mail) == "delivery_report":
            ids += mail_report.read(mail.readable).message_ids
        messages = self.env["mail.message"].sudo()
        if ids:
            messages = messages.search(
                [("message_id", "in", ids), ("model", "!=", False)], order="id desc"
            )
        tickets = messages.filtered(lambda m: m.model == "care.ticket" and m.res_id)
        return tickets[:1], bool(messages) and not tickets

    # ------------------------------------------------------------------ storing

    @api.model
    def _receive(self, mail, target, options, is_urgent=False):
        """Store a mail in a transaction of its own and commit it.

        :param mail: the mail
        :param target: :class:`Target`
        :param options: further columns: ``keep_original``, ``drop_attachments``
        :param is_urgent: the scheduled job shall take it up at once
        :return: id of the new row, False when the mail was received before
        :raises psycopg2.Error: it could not be stored
        """
        message_id = mail.message_id
        for attempt in range(STORE_TRIES):
            try:
                return self._store(message_id, mail, target, options, is_urgent)
            except UniqueViolation:
                known = self._is_known(message_id, mail, target)
                if known:
                    _logger.info("Mail %s was received before", message_id)
                    return False
                if known is False:
                    # another mail with the same Message-Id: keep both
                    message_id = f"{mail.message_id}#{mail.fingerprint}"
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                if attempt == STORE_TRIES - 1:
                    raise
        return False

    @api.model
    def _store(self, message_id, mail, target, options, is_urgent):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            now = cr.now().replace(microsecond=0)
            values = {
                "message_id": message_id,
                "recipient": target.recipient[:TEXT_LIMIT],
                "fingerprint": mail.fingerprint,
                "subject": mail.subject[:TEXT_LIMIT] or None,
                "email_from": _format_sender(mail)[:TEXT_LIMIT] or None,
                "received_on": now,
                "company_id": target.company_id,
                "team_id": target.team_id or None,
                "alias_id": target.alias_id or None,
                "given_ticket_id": target.ticket_id or None,
                "state": "received",
                "due_on": now if is_urgent else now + PATIENCE,
                "attempt_count": 1,
                "has_source": True,
                "create_uid": SUPERUSER_ID,
                "write_uid": SUPERUSER_ID,
                "create_date": now,
                "write_date": now,
                **options,
            }
            columns = SQL(", ").join(map(SQL.identifier, values))
            row = SQL(", ").join(SQL("%s", value) for value in values.values())
            # a mail that comes twice is no error worth a line in the log
            cr.execute(
                SQL(
                    "INSERT INTO care_inbound (%s) VALUES (%s) RETURNING id",
                    columns,
                    row,
                ),
                log_exceptions=False,
            )
            inbound = env["care.inbound"].browse(cr.fetchone()[0])
            if target.values:
                inbound.given_values = target.values
            inbound._write_source(mail.raw)
            if is_urgent:
                env.ref("customer_care.ir_cron_care_inbound")._trigger()
            return inbound.id

    def _write_source(self, raw):
        """Keep the raw mail, on the disk before the row is committed."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"mail-{self.id}.eml",
                "raw": raw,
                "mimetype": "message/rfc822",
                "res_model": self._name,
                "res_id": self.id,
                "res_field": "source",
                "company_id": self.env["care.inbound"].browse(self.id).company_id.id,
            }
        )
        if attachment.store_fname:
            path = attachment._full_path(attachment.store_fname)
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    @api.model
    def _is_known(self, message_id, mail, target):
        """Tell a mail that comes again from another one with the same Message-Id.

        :return: True or False; None when the other row is gone again
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT fingerprint FROM care_inbound"
                    " WHERE message_id = %s AND recipient = %s",
                    message_id,
                    target.recipient[:TEXT_LIMIT],
                )
            )
            row = cr.fetchone()
        return None if row is None else row[0] == mail.fingerprint


def _format_sender(mail: Mail) -> str:
    name, address = mail.sender
    return f'"{name}" <{address}>' if name and address else address or name
