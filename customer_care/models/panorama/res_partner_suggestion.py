"""What to do next for a customer: an ordered list, each entry with its reason."""

from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, format_date

#: Days before the expected purchase from which it is spoken of.
DUE_DAYS = 7
#: Days before a birthday, likewise.
BIRTHDAY_DAYS = 7
#: How far back, and among how many orders of a product, its companions are counted.
BOUGHT_DAYS, BOUGHT_ORDERS = 730, 500
#: Products of the customer that are looked at, the newest first.
BOUGHT_PRODUCTS = 5
#: A companion is worth a word from so many orders and this share of them on.
TOGETHER_ORDERS, TOGETHER_SHARE = 3, 0.2
#: Per customer: a product he bought, its best companion, orders of both, of the first.
COMPANIONS = """
    WITH own AS (
        SELECT buyer.commercial_partner_id AS customer_id, line.product_id,
               MAX(line.id) AS line_id
          FROM sale_order_line line
          JOIN res_partner buyer ON buyer.id = line.order_partner_id
         WHERE buyer.commercial_partner_id = ANY(%(customers)s)
           AND line.company_id = %(company)s AND line.state = 'sale'
           AND line.product_id IS NOT NULL AND line.product_uom_qty > 0
         GROUP BY 1, 2
    ), asked AS (
        SELECT customer_id, product_id
          FROM (SELECT own.*, row_number() OVER (
                    PARTITION BY customer_id ORDER BY line_id DESC) AS rank
                  FROM own) ranked
         WHERE rank <= %(products)s
    ), sample AS (
        SELECT product.id AS product_id, newest.order_id
          FROM (SELECT DISTINCT product_id AS id FROM asked) product
         CROSS JOIN LATERAL (
            SELECT line.order_id FROM sale_order_line line
             WHERE line.product_id = product.id AND line.state = 'sale'
               AND line.company_id = %(company)s
               AND line.product_uom_qty > 0
               AND line.create_date > %(since)s
             ORDER BY line.id DESC LIMIT %(orders)s) newest
         GROUP BY 1, 2
    ), total AS (
        SELECT product_id, COUNT(*) AS orders FROM sample GROUP BY 1
    ), pair AS (
        SELECT sample.product_id, line.product_id AS other_id,
               COUNT(DISTINCT sample.order_id) AS together
          FROM sample
          JOIN sale_order_line line ON line.order_id = sample.order_id
           AND line.product_id <> sample.product_id
           AND line.product_uom_qty > 0
         GROUP BY 1, 2
    )
    SELECT DISTINCT ON (asked.customer_id) asked.customer_id,
           pair.product_id, pair.other_id, pair.together, total.orders
      FROM asked
      JOIN pair ON pair.product_id = asked.product_id
      JOIN total ON total.product_id = asked.product_id
      JOIN product_product other ON other.id = pair.other_id
      JOIN product_template kind ON kind.id = other.product_tmpl_id
     WHERE pair.together >= %(least)s
       AND pair.together >= %(share)s * total.orders
       AND other.active AND kind.sale_ok
       AND NOT EXISTS (
           SELECT 1 FROM own WHERE own.customer_id = asked.customer_id
              AND own.product_id = pair.other_id)
     ORDER BY asked.customer_id, pair.together::float / total.orders DESC,
           pair.together DESC, pair.other_id
"""


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_care_suggestions(self, facts):
        """Return what to do next for these customers, the most pressing first.

        :param dict facts: of :meth:`_get_care_facts`
        :return: dict id → list of dicts, see :meth:`_care_suggestions`
        """
        found = self._care_suggestions(facts)
        return defaultdict(
            list,
            {
                key: sorted(entries, key=lambda entry: entry["rank"])
                for key, entries in found.items()
            },
        )

    def _care_suggestions(self, facts):
        """Return what might be done next for these customers, in any order.

        A hook: addons add to the list of a customer. Each entry is a dict with ``key``,
        ``rank`` (small is pressing: 10 complaint, 20 promise, 30 birthday, 40 silence,
        50 due purchase, 60 nobody in charge, 70 product), ``icon``, ``title`` (what to do),
        ``reason`` (why, in words), and what it opens, if anything: ``model`` and
        ``res_id``. Queries must not grow with the number of customers.

        :param dict facts: of :meth:`_get_care_facts`
        :return: dict id → list of dicts
        """
        found = defaultdict(list)
        profiles = {partner: partner.care_profile_id for partner in self}
        self._suggest_care_tickets(facts, found)
        self._suggest_care_products(found)
        for partner in self:
            entries = found[partner.id]
            entries += partner._suggest_care_address()
            entries += partner._suggest_care_birthday()
            entries += partner._suggest_care_rhythm(profiles[partner])
            entries += partner._suggest_care_person(facts[partner.id])
        return found

    # ------------------------------------------------------------------ tickets

    def _suggest_care_tickets(self, facts, found):
        """Open complaints come first, then whoever waits for an answer.

        Tickets are named where the reader may open them, else only counted.
        """
        tickets = self.env["care.ticket"].search_fetch(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("is_open", "=", True),
                "|",
                ("kind", "=", "complaint"),
                ("waiting_since", "!=", False),
            ],
            ["name", "kind", "waiting_since", "create_date", "commercial_partner_id"],
            order="waiting_since, id",
        )
        by_customer = tickets.grouped("commercial_partner_id")
        for partner in self:
            theirs = by_customer.get(partner.commercial_partner_id, tickets.browse())
            complaints = theirs.filtered(lambda ticket: ticket.kind == "complaint")
            entries = found[partner.id]
            if complaints:
                entries.append(self._suggest_care_complaint(complaints[0]))
            elif facts[partner.id].complaints:
                entries.append(self._suggest_care_foreign_complaint())
            waiting = (theirs - complaints).filtered("waiting_since")[:1]
            if waiting:
                entries.append(self._suggest_care_answer(waiting))

    def _suggest_care_complaint(self, ticket):
        opened = fields.Datetime.context_timestamp(self, ticket.create_date).date()
        return {
            "key": "complaint",
            "rank": 10,
            "icon": "fa-exclamation-circle",
            "title": self.env._("Settle the complaint first"),
            "reason": self.env._(
                "“%(subject)s” is open since %(day)s.",
                subject=ticket.name,
                day=format_date(self.env, opened),
            ),
            "model": "care.ticket",
            "res_id": ticket.id,
        }

    def _suggest_care_foreign_complaint(self):
        return {
            "key": "complaint",
            "rank": 10,
            "icon": "fa-exclamation-circle",
            "title": self.env._("Offer nothing now"),
            "reason": self.env._(
                "A complaint is open, and colleagues are working on it. Ask them before "
                "you get in touch."
            ),
        }

    def _suggest_care_answer(self, ticket):
        since = fields.Datetime.context_timestamp(self, ticket.waiting_since).date()
        return {
            "key": "answer",
            "rank": 15,
            "icon": "fa-reply",
            "title": self.env._("Answer the customer"),
            "reason": self.env._(
                "“%(subject)s” waits for us since %(day)s.",
                subject=ticket.name,
                day=format_date(self.env, since),
            ),
            "model": "care.ticket",
            "res_id": ticket.id,
        }

    # ------------------------------------------------------------------ person

    def _suggest_care_address(self):
        if self.phone or self.email:
            return []
        return [
            {
                "key": "address",
                "rank": 25,
                "icon": "fa-address-card-o",
                "title": self.env._("Ask for a phone number or an e-mail address"),
                "reason": self.env._("Without one nobody can reach this customer."),
            }
        ]

    def _suggest_care_birthday(self):
        day = self.care_next_birthday
        today = fields.Date.context_today(self)
        if not day or day > today + timedelta(days=BIRTHDAY_DAYS):
            return []
        return [
            {
                "key": "birthday",
                "rank": 30,
                "icon": "fa-birthday-cake",
                "title": self.env._("Wish a happy birthday"),
                "reason": (
                    self.env._("The birthday is today.")
                    if day == today
                    else self.env._(
                        "The birthday is on %(day)s.",
                        day=format_date(self.env, day, date_format="EEEE d/M"),
                    )
                ),
            }
        ]

    def _suggest_care_person(self, facts):
        if self.care_manager_id or not facts.purchases:
            return []
        return [
            {
                "key": "person",
                "rank": 60,
                "icon": "fa-user-plus",
                "title": self.env._("Put somebody in charge"),
                "reason": self.env._("Nobody looks after this customer."),
            }
        ]

    # ------------------------------------------------------------------ rhythm

    def _suggest_care_rhythm(self, profile):
        """Silence beyond the customer's own rhythm, or the next purchase that is due."""
        if not profile or not profile.gap_days:
            return []
        today = profile._today(self.env.company)
        words = {
            "gap": round(profile.gap_days),
            "days": (today - profile.last_purchase_on).days,
        }
        if profile.silence_on and profile.silence_on <= today:
            return [
                {
                    "key": "silence",
                    "rank": 40,
                    "icon": "fa-bell-slash-o",
                    "title": self.env._("Ask how things are"),
                    "reason": self.env._(
                        "Usually buys every %(gap)s days, and has bought nothing for"
                        " %(days)s days.",
                        **words,
                    ),
                }
            ]
        if profile.expected_on <= today + timedelta(days=DUE_DAYS):
            return [
                {
                    "key": "due",
                    "rank": 50,
                    "icon": "fa-calendar-check-o",
                    "title": self.env._("The next purchase is due"),
                    "reason": self.env._(
                        "Usually buys every %(gap)s days; that is %(day)s.",
                        day=format_date(self.env, profile.expected_on),
                        **words,
                    ),
                }
            ]
        return []

    # ------------------------------------------------------------------ products

    def _suggest_care_products(self, found):
        """Name a product that others bought together with one of the customer's."""
        customers = self.commercial_partner_id
        rows = self._find_care_companions(customers)
        products = self.env["product.product"].browse(
            {product for row in rows.values() for product in row[:2]}
        )
        names = {product.id: product.display_name for product in products.sudo()}
        for partner in self:
            row = rows.get(partner.commercial_partner_id.id)
            if not row:
                continue
            bought, other, together, total = row
            found[partner.id].append(
                {
                    "key": "product",
                    "rank": 70,
                    "icon": "fa-cart-plus",
                    "title": self.env._("Offer “%(product)s”", product=names[other]),
                    "reason": self.env._(
                        "%(together)s of %(total)s orders with “%(bought)s” had it as"
                        " well.",
                        together=together,
                        total=total,
                        bought=names[bought],
                    ),
                }
            )

    def _find_care_companions(self, customers):
        """Return by customer: product bought, its companion, orders of both, of the first.

        Counts of the whole company, so every agent may know them; at most
        ``BOUGHT_ORDERS`` orders of a product are looked at.
        """
        if not customers:
            return {}
        self.env["sale.order.line"].flush_model()
        self.env["sale.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                COMPANIONS,
                customers=list(customers.ids),
                company=self.env.company.id,
                products=BOUGHT_PRODUCTS,
                orders=BOUGHT_ORDERS,
                since=self.env.cr.now() - timedelta(days=BOUGHT_DAYS),
                least=TOGETHER_ORDERS,
                share=TOGETHER_SHARE,
            )
        )
        return {row[0]: row[1:] for row in rows}
