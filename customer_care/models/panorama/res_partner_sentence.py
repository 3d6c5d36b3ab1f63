"""Who the customer is to us, in one sentence: on ticket, contact and call."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...lib.text import fold

#: Days up to which an age is said in days, and in months.
AGE_IN_DAYS = 60
AGE_IN_MONTHS = 730


@dataclass(slots=True)
class CareFacts:
    """What the sentence about a customer says, of the companies in view.

    ``purchases`` are those of every source that counts; ``first_on`` and ``last_on``
    days of their companies.
    """

    purchases: int = 0
    first_on: date | None = None
    last_on: date | None = None
    tickets: int = 0
    complaints: int = 0


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_sentence = fields.Char(
        string="In One Sentence",
        compute="_compute_care_sentence",
        groups="customer_care.group_agent_own",
        help="Who the customer is to us: care stage, purchases, open tickets.",
    )

    @api.depends("name", "care_title", "lang", "care_stage_id", "parent_id.name")
    @api.depends_context("allowed_company_ids", "lang", "tz")
    def _compute_care_sentence(self):
        facts = self._get_care_facts()
        for partner in self:
            partner.care_sentence = partner._build_care_sentence(facts[partner.id])

    # ------------------------------------------------------------------ facts

    def _get_care_facts(self):
        """Count purchases and open tickets of these customers.

        Numbers and days only, so every agent may know them; a person counts with the
        whole company behind him. The same few queries for any number of customers.

        :return: dict id → :class:`CareFacts`
        """
        customers = self._origin.sudo().commercial_partner_id
        found = defaultdict(CareFacts)
        if customers:
            self._count_care_purchases(customers, found)
            self._count_care_tickets(customers, found)
        facts = {
            partner.id: found[partner._origin.sudo().commercial_partner_id.id]
            for partner in self
        }
        return defaultdict(CareFacts, facts)

    def _count_care_purchases(self, customers, found):
        """Count what was bought until today, as the profiles do, but as of now."""
        sources = self.env["care.purchase.source"]
        for model in ("sale.order", "account.move", "pos.order", "care.purchase"):
            if model in self.env:
                self.env[model].flush_model()
        ids = SQL("SELECT unnest(%s)", customers.ids)
        for company in self.env.companies.sudo():
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, SUM(purchases)::int, MIN(day), MAX(day)
                      FROM (%s) AS purchase
                     WHERE NOT is_refund AND day <= %s
                     GROUP BY partner_id
                    """,
                    sources._purchases(company, ids),
                    self.env["care.profile"]._today(company),
                )
            )
            for customer, count, first, last in rows:
                facts = found[customer]
                facts.purchases += count
                facts.first_on = min(facts.first_on or first, first)
                facts.last_on = max(facts.last_on or last, last)

    def _count_care_tickets(self, customers, found):
        rows = (
            self.env["care.ticket"]
            .sudo()
            ._read_group(
                [
                    ("commercial_partner_id", "in", customers.ids),
                    ("is_open", "=", True),
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["commercial_partner_id", "kind"],
                ["__count"],
            )
        )
        for customer, kind, count in rows:
            facts = found[customer.id]
            facts.tickets += count
            facts.complaints += count if kind == "complaint" else 0

    # ------------------------------------------------------------------ words

    def _build_care_sentence(self, facts):
        """Return this customer in one sentence of the reader's language.

        :param CareFacts facts: of :meth:`_get_care_facts`
        """
        self.ensure_one()
        sentence = self._say_care_customer(facts)
        tickets = self._say_care_tickets(facts)
        if tickets:
            return self.env._(
                "%(customer)s; %(tickets)s.", customer=sentence, tickets=tickets
            )
        return self.env._("%(customer)s.", customer=sentence)

    def _say_care_customer(self, facts):
        """Return who he is and what he bought, in the words of one clause."""
        words = {
            "name": self._say_care_name(),
            "stage": self._say_care_stage(),
            "since": _month(self.env, self.care_stage_since),
        }
        if facts.purchases:
            words["count"] = facts.purchases
            words["first"] = _month(self.env, facts.first_on)
            words["ago"] = self._say_days_ago(facts.last_on)
        if words["stage"] and words["since"]:
            return self._say_care_stage_since(facts.purchases, words)
        if words["stage"]:
            return self._say_care_stage_alone(facts.purchases, words)
        return self._say_care_purchases_alone(facts.purchases, words)

    def _say_care_stage_since(self, purchases, words):
        if not purchases:
            return self.env._(
                "%(name)s, %(stage)s since %(since)s, no purchase yet", **words
            )
        if purchases == 1:
            return self.env._(
                "%(name)s, %(stage)s since %(since)s, bought once, %(ago)s", **words
            )
        return self.env._(
            "%(name)s, %(stage)s since %(since)s, bought %(count)s times, the last time"
            " %(ago)s",
            **words,
        )

    def _say_care_stage_alone(self, purchases, words):
        if not purchases:
            return self.env._("%(name)s, %(stage)s, no purchase yet", **words)
        if purchases == 1:
            return self.env._("%(name)s, %(stage)s, bought once, %(ago)s", **words)
        return self.env._(
            "%(name)s, %(stage)s, bought %(count)s times since %(first)s, the last time"
            " %(ago)s",
            **words,
        )

    def _say_care_purchases_alone(self, purchases, words):
        if not purchases:
            return self.env._("%(name)s, no purchase yet", **words)
        if purchases == 1:
            return self.env._("%(name)s, bought once, %(ago)s", **words)
        return self.env._(
            "%(name)s, bought %(count)s times since %(first)s, the last time %(ago)s",
            **words,
        )

    def _say_care_name(self):
        name = self.care_salutation or self.display_name or ""
        name = name[:1].upper() + name[1:]
        company = self.parent_id.name
        if company and not self.is_company:
            return self.env._("%(person)s of %(company)s", person=name, company=company)
        return name

    def _say_care_stage(self):
        """Return the care stage as one says it of a person, empty without one.

        Shipped stages have words of their own; a stage that was renamed is said by its
        new name.
        """
        stage = self.care_stage_id
        if not stage:
            return ""
        said = {
            "potential": self.env._("potential customer"),
            "new": self.env._("new customer"),
            "existing": self.env._("existing customer"),
            "loyal": self.env._("loyal customer"),
            "vip": self.env._("VIP customer"),
            "at_risk": self.env._("customer at risk"),
            "dormant": self.env._("dormant customer"),
            "former": self.env._("former customer"),
        }.get(stage.code, "")
        if fold(stage.name) in fold(said):
            return said
        return self.env._(
            "%(stage)s customer",
            stage=stage.name if stage.name.isupper() else stage.name.lower(),
        )

    def _say_days_ago(self, day):
        today = self.env["care.profile"]._today(self.env.company)
        days = (today - day).days
        if days <= 0:
            return self.env._("today")
        if days == 1:
            return self.env._("yesterday")
        if days <= AGE_IN_DAYS:
            return self.env._("%(days)s days ago", days=days)
        if days <= AGE_IN_MONTHS:
            return self.env._("%(months)s months ago", months=days // 30)
        return self.env._("more than %(years)s years ago", years=days // 365)

    def _say_care_tickets(self, facts):
        if not facts.tickets:
            return ""
        if facts.tickets == facts.complaints:
            if facts.complaints == 1:
                return self.env._("1 open complaint")
            return self.env._("%(count)s open complaints", count=facts.complaints)
        if facts.complaints == 1:
            return self.env._(
                "%(count)s open tickets, 1 of them a complaint", count=facts.tickets
            )
        if facts.complaints:
            return self.env._(
                "%(count)s open tickets, %(complaints)s of them complaints",
                count=facts.tickets,
                complaints=facts.complaints,
            )
        if facts.tickets == 1:
            return self.env._("1 open ticket")
        return self.env._("%(count)s open tickets", count=facts.tickets)


def _month(env, day):
    """Return the month of a day, such as 3/2023, empty without one."""
    return format_date(env, day, date_format="M/y") if day else ""
