"""What the urgency rules ask of tickets, gathered for all of them at once."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext

from ...lib import mail_quote, urgency

#: Last messages of the customer in which words are looked for.
MESSAGES = 3


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ deadline

    @api.model
    def _get_urgency_now(self):
        """Return the moment for which the urgency is computed, naive UTC."""
        return fields.Datetime.now()

    def _get_urgency_deadline(self):
        """Return when the customer has been promised an answer, None for never; a hook."""
        self.ensure_one()
        return self.sla_deadline or None

    def _get_time_left_minutes(self):
        """Return the minutes to the deadline, negative once it is over, None without."""
        return _minutes_until(self._get_urgency_deadline(), self._get_urgency_now())

    # ------------------------------------------------------------------ facts

    def _get_urgency_facts(self, rules):
        """Return id → ``lib.urgency.Facts``, in few queries for any number of tickets.

        :param rules: what will be asked; what no rule asks is not read
        """
        kinds = {rule.kind for rule in rules}
        texts = self._get_urgency_texts() if "words" in kinds else {}
        earlier = self._get_earlier_requests(rules) if "again" in kinds else {}
        more = self._get_more_urgency_facts(kinds)
        return {
            ticket.id: urgency.Facts(
                stage=ticket._get_customer_stage().id or None,
                kind=ticket.kind or None,
                priority=ticket.priority,
                mood=ticket.mood or None,
                reopened=ticket.reopen_count,
                minutes_left=ticket._get_time_left_minutes(),
                texts=texts.get(ticket.id, ()),
                earlier=earlier.get(ticket.id, ()),
                more=more.get(ticket.id, {}),
            )
            for ticket in self
        }

    def _get_customer_stage(self):
        """Return where the customer stands today; nobody knows it of a typed name."""
        self.ensure_one()
        if self.is_unverified:
            return self.env["care.stage"]
        return self.partner_id.with_company(self.company_id).care_stage_id

    def _get_more_urgency_facts(self, kinds):
        """Hook: return id → dict of facts for the rule kinds of other addons."""
        return {}

    @api.model
    def _get_max_days(self, rules):
        return max(rule.given["days"] for rule in rules if rule.kind == "again")

    def _get_earlier_requests(self, rules):
        """Return id → how long before each ticket the customer's others were opened.

        Spam, tests and what was opened by mistake do not count.
        """
        self.flush_model(
            ["commercial_partner_id", "company_id", "void_reason", "create_date"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ticket.id, ticket.create_date - other.create_date
                  FROM care_ticket ticket
                  JOIN care_ticket other
                    ON other.commercial_partner_id = ticket.commercial_partner_id
                   AND other.company_id = ticket.company_id
                   AND (other.create_date, other.id) < (ticket.create_date, ticket.id)
                   AND other.create_date >= ticket.create_date - %s
                   AND other.void_reason IS NULL
                 WHERE ticket.id = ANY(%s)
                """,
                timedelta(days=self._get_max_days(rules)),
                self.ids,
            )
        )
        found = {}
        for ticket_id, gap in rows:
            found.setdefault(ticket_id, []).append(gap)
        return found

    def _get_urgency_texts(self):
        """Return id → folded subject, request and last messages of the customer."""
        found = {
            ticket.id: [
                urgency.plain(ticket.name),
                urgency.plain(html2plaintext(ticket.description or "")),
            ]
            for ticket in self
        }
        self.env["mail.message"].flush_model(["body"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.ticket_id, message.body
                  FROM (SELECT ticket_id, message_id, row_number() OVER (
                                   PARTITION BY ticket_id ORDER BY date DESC, id DESC
                               ) AS place
                          FROM care_ticket_event
                         WHERE ticket_id = ANY(%s) AND kind = 'customer_message'
                           AND message_id IS NOT NULL) event
                  JOIN mail_message message ON message.id = event.message_id
                 WHERE event.place <= %s
                """,
                self.ids,
                MESSAGES,
            )
        )
        for ticket_id, body in rows:
            found[ticket_id].append(urgency.plain(mail_quote.new_text(body or "")))
        return found

    # ------------------------------------------------------------------ anger

    @api.model
    def _find_anger(self, rules, texts):
        """Whether words of a rule that means anger stand in ``texts``."""
        return any(
            rule.kind == "words"
            and rule.given["is_angry"]
            and urgency.find_phrase(rule.given["phrases"], texts)
            for rule in rules
        )

    def _hear_anger(self, heard):
        """Note that a customer is angry who has just said so.

        What an agent noted before holds until the customer writes angry words again.

        :param dict heard: ticket id → id of the message that came in
        """
        messages = self.env["mail.message"].sudo().browse(heard.values())
        bodies = {message.id: message.body for message in messages}
        for ticket in self:
            rules = self.env["care.urgency.rule"]._get_rules(ticket.company_id.id)
            text = mail_quote.new_text(bodies[heard[ticket.id]] or "")
            if ticket.mood != "angry" and self._find_anger(
                rules, (urgency.plain(text),)
            ):
                ticket.mood = "angry"

    # ------------------------------------------------------------------ opening

    @api.model
    def _prepare_opening_urgency(self, vals_list, rules):
        """Put points, reasons and mood into values of tickets of one company.

        :param list vals_list: complete values of tickets about to be created
        """
        kinds = {rule.kind for rule in rules}
        now = self.env.cr.now()
        earlier = (
            self._get_requests_before(vals_list, rules) if "again" in kinds else {}
        )
        for vals in vals_list:
            texts = (
                urgency.plain(vals.get("name")),
                urgency.plain(html2plaintext(vals.get("description") or "")),
            )
            if not vals.get("mood") and self._find_anger(rules, texts):
                vals["mood"] = "angry"
            customer = vals.get("commercial_partner_id")
            moments = earlier.get(customer, []) if customer else []
            stage = None if vals.get("is_unverified") else vals.get("care_stage_id")
            deadline = vals.get("sla_deadline") or None
            facts = urgency.Facts(
                minutes_left=_minutes_until(deadline, now),
                stage=stage or None,
                kind=vals.get("kind") or None,
                priority=vals["priority"],
                mood=vals.get("mood") or None,
                texts=texts,
                earlier=[now - moment for moment in moments],
                more=self._get_more_opening_facts(vals, kinds),
            )
            vals.update(self._prepare_urgency(rules, facts))
            vals["urgency_due_on"] = urgency.next_change(rules, now, deadline) or False
            if customer and not vals.get("void_reason"):
                earlier.setdefault(customer, []).append(now)

    @api.model
    def _get_more_opening_facts(self, vals, kinds):
        """Hook: return facts of a ticket about to be created, for kinds of addons."""
        return {}

    @api.model
    def _get_requests_before(self, vals_list, rules):
        """Return id of the customer → when his requests of the last days were opened."""
        customers = {vals.get("commercial_partner_id") for vals in vals_list} - {
            False,
            None,
        }
        if not customers:
            return {}
        self.flush_model(
            ["commercial_partner_id", "company_id", "void_reason", "create_date"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT commercial_partner_id, create_date FROM care_ticket
                 WHERE commercial_partner_id = ANY(%s) AND company_id = %s
                   AND create_date >= %s AND void_reason IS NULL
                """,
                list(customers),
                vals_list[0]["company_id"],
                self.env.cr.now() - timedelta(days=self._get_max_days(rules)),
            )
        )
        found = {}
        for customer, moment in rows:
            found.setdefault(customer, []).append(moment)
        return found


def _minutes_until(deadline, now):
    """Return the minutes from ``now`` to a deadline, None without one."""
    return (deadline - now).total_seconds() / 60 if deadline else None
