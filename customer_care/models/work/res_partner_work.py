from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date

#: Days up to which an age is said in days, and in months.
AGE_IN_DAYS = 60
AGE_IN_MONTHS = 730


@dataclass(slots=True)
class CareFacts:
    """What the sentence about a customer says, of the companies in view.

    ``first_order`` and ``last_order`` are days in the reader's time zone.
    """

    orders: int = 0
    first_order: date | None = None
    last_order: date | None = None
    tickets: int = 0
    complaints: int = 0


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_sentence = fields.Char(
        string="In One Sentence",
        compute="_compute_care_sentence",
        groups="customer_care.group_agent_own",
        help="Who the customer is to us: stage, orders, open tickets.",
    )

    @api.depends("name", "care_title", "lang", "care_stage_id", "parent_id.name")
    @api.depends_context("allowed_company_ids", "lang", "tz")
    def _compute_care_sentence(self):
        facts = self._get_care_facts()
        for partner in self:
            partner.care_sentence = partner._build_care_sentence(facts[partner.id])

    def _get_care_facts(self):
        """Count orders and open tickets of these customers.

        Numbers and days only, so every agent may know them; a person counts with the
        whole company behind him. Three queries for any number of customers.

        :return: dict id → :class:`CareFacts`
        """
        customers = self._origin.sudo()
        found = defaultdict(CareFacts)
        self._count_care_orders(customers.commercial_partner_id, found)
        self._count_care_tickets(customers.commercial_partner_id, found)
        facts = {
            partner.id: found[partner._origin.sudo().commercial_partner_id.id]
            for partner in self
        }
        return defaultdict(CareFacts, facts)

    def _get_care_order_domain(self, customers):
        """Return the domain of the confirmed orders of ``customers`` in view."""
        return [
            ("partner_id.commercial_partner_id", "in", customers.ids),
            ("state", "=", "sale"),
            ("company_id", "in", self.env.companies.ids),
        ]

    def _count_care_orders(self, customers, found):
        rows = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                self._get_care_order_domain(customers),
                ["partner_id"],
                ["__count", "date_order:min", "date_order:max"],
            )
        )
        for partner, count, first, last in rows:
            facts = found[partner.commercial_partner_id.id]
            first = fields.Datetime.context_timestamp(self, first).date()
            last = fields.Datetime.context_timestamp(self, last).date()
            facts.orders += count
            facts.first_order = min(facts.first_order or first, first)
            facts.last_order = max(facts.last_order or last, last)

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
        clauses = [self._say_care_name()]
        if self.care_stage_id:
            stage = self.care_stage_id.name
            clauses.append(
                self.env._(
                    "%(stage)s customer",
                    stage=stage if stage.isupper() else stage.lower(),
                )
            )
        clauses.append(self._say_care_orders(facts))
        sentence = ", ".join(clauses)
        tickets = self._say_care_tickets(facts)
        if tickets:
            return self.env._(
                "%(customer)s; %(tickets)s.", customer=sentence, tickets=tickets
            )
        return self.env._("%(customer)s.", customer=sentence)

    def _say_care_name(self):
        name = self.care_salutation or self.display_name or ""
        name = name[:1].upper() + name[1:]
        company = self.parent_id.name
        if company and not self.is_company:
            return self.env._("%(person)s of %(company)s", person=name, company=company)
        return name

    def _say_care_orders(self, facts):
        if not facts.orders:
            return self.env._("no order yet")
        ago = self._say_days_ago(facts.last_order)
        if facts.orders == 1:
            return self.env._("1 order, %(ago)s", ago=ago)
        return self.env._(
            "%(count)s orders since %(month)s, the last one %(ago)s",
            count=facts.orders,
            month=format_date(self.env, facts.first_order, date_format="M/y"),
            ago=ago,
        )

    def _say_days_ago(self, day):
        days = (fields.Date.context_today(self) - day).days
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
