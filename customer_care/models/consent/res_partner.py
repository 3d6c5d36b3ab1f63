"""Consents and contacts of a customer: what agents and other features may write."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .selections import STATES_BY_HAND

DAY_SECONDS = 86400
RECENT = 10  # lines of the log that the contact shows itself


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_contact_log_ids = fields.One2many(
        comodel_name="care.contact.log",
        inverse_name="partner_id",
        string="Contacts Made",
        groups="customer_care.group_agent_own",
    )
    care_consent_ids = fields.One2many(
        comodel_name="care.consent",
        inverse_name="partner_id",
        string="Consents",
        groups="customer_care.group_agent_own",
    )

    care_contact_count = fields.Integer(
        string="Contacts Total",
        compute="_compute_care_contact_count",
        groups="customer_care.group_agent_own",
    )
    care_recent_log_ids = fields.Many2many(
        comodel_name="care.contact.log",
        string="Latest Contacts",
        compute="_compute_care_recent_log_ids",
        groups="customer_care.group_agent_own",
    )
    care_current_consent_ids = fields.Many2many(
        comodel_name="care.consent",
        string="Consents in Force",
        compute="_compute_care_current_consent_ids",
        groups="customer_care.group_agent_own",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_care_contact_count(self):
        """Count the lines of the log: of a company, with those of its people."""
        counts = dict.fromkeys(self._origin.ids, 0)
        for partner, customer, count in self.env["care.contact.log"]._read_group(
            [
                ("company_id", "in", self.env.companies.ids),
                ("commercial_partner_id", "in", self._origin.commercial_partner_id.ids),
            ],
            ["partner_id", "commercial_partner_id"],
            ["__count"],
        ):
            for ref in {partner.id, customer.id} & counts.keys():
                counts[ref] += count
        for partner in self:
            partner.care_contact_count = counts.get(partner._origin.id, 0)

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_care_recent_log_ids(self):
        """Find the latest lines of each contact, as the reader may see them."""
        logs = self.env["care.contact.log"]
        logs.flush_model()
        mine = logs._search([("company_id", "in", self.env.companies.ids)])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT wanted.id, latest.id
                  FROM unnest(%s::int[]) wanted (id)
                 CROSS JOIN LATERAL (
                       SELECT log.id FROM care_contact_log log
                        WHERE (log.partner_id = wanted.id
                               OR log.commercial_partner_id = wanted.id)
                          AND log.id IN (%s)
                        ORDER BY log."on" DESC, log.id DESC
                        LIMIT %s) latest
                """,
                self._origin.ids,
                mine.select(),
                RECENT,
            )
        )
        found = defaultdict(list)
        for ref, log_id in rows:
            found[ref].append(log_id)
        # Odoo looks at the company of each line before it takes it
        logs.browse({log_id for _ref, log_id in rows}).fetch(["company_id"])
        for partner in self:
            partner.care_recent_log_ids = logs.browse(found[partner._origin.id])

    @api.depends("care_consent_ids")
    @api.depends_context("company")
    def _compute_care_current_consent_ids(self):
        consents = self.env["care.consent"].search_fetch(
            [
                ("partner_id", "in", self._origin.ids),
                ("company_id", "=", self.env.company.id),
                ("is_current", "=", True),
            ],
            ["partner_id", "company_id"],
            order="channel, purpose",
        )
        found = consents.grouped("partner_id")
        for partner in self:
            partner.care_current_consent_ids = found.get(partner._origin, False)

    def _check_care_agent(self):
        """Raise an AccessError unless the caller is an agent who sees the contacts."""
        if not self.env.user.has_group("customer_care.group_agent_own"):
            raise AccessError(
                self.env._(
                    "Only people of customer care write down contacts and consents."
                )
            )
        self.check_access("read")

    def action_care_log_contact(
        self,
        channel,
        direction="out",
        summary=None,
        duration=None,
        state="done",
        ticket_id=None,
    ):
        """Write a contact with this customer into the log, as the person who asks.

        :param str channel: a code of ``care.contact.log.channel``
        :param str direction: ``out`` or ``in``
        :param str summary: what was said
        :param float duration: seconds, up to a day
        :param str state: ``done``, or ``missed`` where nobody was reached
        :param int ticket_id: ``care.ticket`` of this customer that the caller may read
        :return: id of the new line
        :raises AccessError: the caller is no agent, or may not see the contact
        :raises UserError: a value that cannot be
        """
        self.ensure_one()
        self._check_care_agent()
        log = self.env["care.contact.log"]
        for name, code in (("channel", channel), ("direction", direction)):
            if code not in dict(log._fields[name].selection):
                raise UserError(
                    self.env._(
                        "“%(code)s” is not known. Choose how the contact was made from "
                        "the list.",
                        code=code,
                    )
                )
        if state not in STATES_BY_HAND:
            raise UserError(
                self.env._(
                    "A contact was made, or nobody was reached. What was not sent is "
                    "written down by the system alone."
                )
            )
        row = log._log(
            [
                {
                    "partner_id": self.id,
                    "company_id": self.env.company.id,
                    "channel": channel,
                    "direction": direction,
                    "state": state,
                    "summary": (summary or "").strip() or False,
                    "duration": self._check_care_duration(duration),
                    "ticket_id": self._find_care_ticket(ticket_id).id,
                    "user_id": self.env.uid,
                    "is_by_hand": True,
                }
            ]
        )
        return row.id

    def action_view_care_contacts(self):
        """Open the contact log of this customer, people of a company included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_contact_log_action"
        )
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def action_care_why_not(self):
        """Open what would be sent to this customer now, what would not, and why.

        :raises AccessError: the caller is no agent, or may not see the contact
        """
        self.ensure_one()
        self._check_care_agent()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Was Nothing Sent?"),
            "res_model": "care.contact.why",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    def _check_care_duration(self, duration):
        """Return the seconds of a call, None when unknown."""
        if duration is None or duration is False:
            return None
        if isinstance(duration, (int, float)) and 0 <= duration <= DAY_SECONDS:
            return duration
        raise UserError(
            self.env._(
                "%(duration)s cannot be how many seconds it took. Give a number between "
                "0 and 86,400, or leave it empty.",
                duration=duration,
            )
        )

    def _find_care_ticket(self, ticket_id):
        """Return the ticket of this customer with that id, as the caller may see it."""
        tickets = self.env["care.ticket"]
        if not ticket_id:
            return tickets
        ticket = tickets.with_context(active_test=False).search(
            [
                ("id", "=", ticket_id),
                ("company_id", "=", self.env.company.id),
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ]
        )
        if not ticket:
            raise UserError(
                self.env._(
                    "%(customer)s has no such ticket in this company. Choose another "
                    "one, or log the contact without a ticket.",
                    customer=self.display_name,
                )
            )
        return ticket

    def _care_set_consent(
        self, channel, purpose, granted, source, evidence, company=None, on=None
    ):
        """Write down what these customers agreed to or refused, as the system.

        Whoever calls it has checked what the caller may do. It holds at once.

        :param str channel: a code of ``care.consent.channel``
        :param str purpose: ``transactional``, ``care`` or ``promotion``
        :param bool granted: agreed; else refused
        :param str source: a code of ``care.consent.source``
        :param str evidence: what proves it
        :param company: ``res.company``; default: the current one
        :param on: naive UTC datetime of the answer; default: now
        :return: the new rows of ``care.consent``
        """
        company = company or self.env.company
        evidence = (evidence or "").strip()
        if not evidence:
            raise UserError(
                self.env._(
                    "A consent needs its evidence: what the customer said, where and "
                    "when, or the number of the form."
                )
            )
        consents = self.env["care.consent"].sudo()
        addresses = self._get_care_addresses(channel, company)
        return consents.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "channel": channel,
                    "purpose": purpose,
                    "state": "granted" if granted else "withdrawn",
                    "source": source,
                    "evidence": evidence,
                    "address": addresses.get(partner.id),
                    "user_id": self.env.uid,
                    "on": on or self.env.cr.now(),
                }
                for partner in self
            ]
        ).with_env(self.env)

    def _get_care_addresses(self, channel, company):
        """Return the address of each of these contacts on a channel, in one spelling.

        :param str channel: a code of ``care.contact.log.channel``
        :param company: ``res.company`` whose country a phone number without prefix is of
        :return: dict id → address; who has none, or none that is valid, is missing
        """
        if channel == "email":
            found = {row.id: row.email_normalized for row in self.sudo()}
        elif channel in ("sms", "call", "zalo"):
            found = {row.id: row._get_care_phone(company) for row in self.sudo()}
        else:
            found = {}
        return {ref: address for ref, address in found.items() if address}

    def _get_care_phone(self, company):
        """Return the phone number of this contact as ``+84…``, or False."""
        if self.phone_sanitized or not self.phone:
            return self.phone_sanitized
        country = self.country_id or company.country_id or self.env.ref("base.vn")
        return self._phone_format(number=self.phone, country=country)
