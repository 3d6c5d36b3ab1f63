from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, html2plaintext

from .ranking import top_records

#: Last orders, and other open tickets, that the panel names.
PANEL_LIMIT = 3
#: Last messages of the preview, and how many characters of each.
PREVIEW_MESSAGES = 5
PREVIEW_LENGTH = 800
#: What to do next for the customer, beside a ticket.
PANEL_SUGGESTIONS = 2


class CareTicket(models.Model):
    _inherit = "care.ticket"

    customer_panel = fields.Json(
        string="Customer at a Glance",
        compute="_compute_customer_panel",
        groups="customer_care.group_agent_own",
        exportable=False,
    )

    @api.depends("partner_id", "phone", "is_open", "kind")
    @api.depends_context("allowed_company_ids", "lang", "tz", "uid")
    def _compute_customer_panel(self):
        """Gather what stands beside a ticket, for all tickets in the same few queries.

        Figures are the same for everybody; orders and tickets are named only where the
        reader may open them, the others are counted as ``…_hidden``.
        """
        customers = self.commercial_partner_id._origin
        people = self.partner_id._origin
        facts = (customers | people)._get_care_facts()
        orders, orders_hidden = self._get_panel_orders(customers)
        tickets, ticket_counts = self._get_panel_tickets(customers)
        suggestions = people._get_care_suggestions(facts)
        for ticket in self:
            customer = ticket.commercial_partner_id._origin
            if not customer:
                ticket.customer_panel = False
                continue
            known, own = facts[customer.id], ticket._origin
            others = [row for row in tickets[customer.id] if row["id"] != own.id]
            others = others[:PANEL_LIMIT]
            visible = ticket_counts[customer.id]
            named = len(others) + bool(own.is_open and own.active)
            ticket.customer_panel = {
                "sentence": ticket.partner_id._build_care_sentence(known),
                "orders": orders[customer.id][:PANEL_LIMIT],
                "orders_hidden": orders_hidden[customer.id],
                "tickets": others,
                "tickets_more": visible - named,
                "tickets_hidden": known.tickets - visible,
                "suggestions": ticket._choose_panel_suggestions(
                    suggestions[ticket.partner_id._origin.id]
                ),
                "reach": ticket._prepare_panel_reach(),
            }

    def _get_panel_orders(self, customers):
        """Return the last orders of ``customers`` that the reader may open.

        :return: rows by customer id, and by customer id how many others there are
        """
        rows, hidden = defaultdict(list), self._count_panel_orders(customers, sudo=True)
        orders = self.env["sale.order"]
        if not customers or not orders.has_access("read"):
            return rows, hidden
        for customer, count in self._count_panel_orders(customers).items():
            hidden[customer] -= count
        domain = self._get_panel_order_domain(customers)
        last = top_records(
            orders, domain, "partner_id", SQL("date_order DESC"), PANEL_LIMIT
        )
        for order in last.sorted("date_order", reverse=True):
            rows[order.partner_id.commercial_partner_id.id].append(
                {
                    "id": order.id,
                    "name": order.name,
                    "date": fields.Datetime.to_string(order.date_order),
                    "amount": format_amount(
                        self.env, order.amount_total, order.currency_id
                    ),
                }
            )
        return rows, hidden

    def _get_panel_order_domain(self, customers):
        """Return the domain of the confirmed orders of ``customers`` in view."""
        return [
            ("partner_id.commercial_partner_id", "in", customers.ids),
            ("state", "=", "sale"),
            ("company_id", "in", self.env.companies.ids),
        ]

    def _count_panel_orders(self, customers, sudo=False):
        """Count confirmed orders by customer id; all of them, or the reader's."""
        counts = defaultdict(int)
        if customers:
            orders = self.env["sale.order"].sudo(sudo)
            domain = self._get_panel_order_domain(customers)
            for buyer, count in orders._read_group(domain, ["partner_id"], ["__count"]):
                counts[buyer.commercial_partner_id.id] += count
        return counts

    def _get_panel_tickets(self, customers):
        """Return the newest open tickets of ``customers`` that the reader may open.

        :return: rows by customer id, and how many there are by customer id
        """
        rows, counts = defaultdict(list), defaultdict(int)
        if not customers:
            return rows, counts
        domain = [
            ("commercial_partner_id", "in", customers.ids),
            ("is_open", "=", True),
            ("company_id", "in", self.env.companies.ids),
        ]
        model = self.env["care.ticket"]
        groups = model._read_group(domain, ["commercial_partner_id"], ["__count"])
        counts.update({customer.id: count for customer, count in groups})
        newest = top_records(
            model,
            domain,
            "commercial_partner_id",
            SQL("create_date DESC"),
            PANEL_LIMIT + 1,
        )
        for ticket in newest:
            rows[ticket.commercial_partner_id.id].append(
                {
                    "id": ticket.id,
                    "name": ticket.display_name,
                    "stage": ticket.stage_id.name,
                }
            )
        return rows, counts

    def _prepare_panel_reach(self):
        """Return the buttons of the customer, with what the ticket knows of him."""
        return self.partner_id._origin._prepare_care_reach(
            ticket=self._origin, phone=self.phone, email=self.email_address
        )

    def _choose_panel_suggestions(self, suggestions):
        """Return what to do next, without what this ticket is itself."""
        own = self._origin.id
        others = [
            entry
            for entry in suggestions
            if (entry.get("model"), entry.get("res_id")) != (self._name, own)
        ]
        return others[:PANEL_SUGGESTIONS]

    # ------------------------------------------------------------------ preview

    def get_work_preview(self):
        """Return the ticket as My Work shows it at the right, under the reader's rights.

        :return: dict with the customer's ``sentence``, how to ``reach`` him, the
            ``request`` as plain text and the last ``messages``, oldest first (id,
            author, date, body, is_note, is_ours)
        :raises AccessError: the reader may not read this ticket
        """
        self.ensure_one()
        self.check_access("read")
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "in", self._get_preview_types()),
            ],
            order="id desc",
            limit=PREVIEW_MESSAGES,
        )
        return {
            "id": self.id,
            "sentence": self.partner_id.care_sentence or "",
            "reach": self._prepare_panel_reach() if self.partner_id else False,
            "request": _shorten(self.description),
            "messages": [
                self._prepare_preview_message(message) for message in messages[::-1]
            ],
        }

    def _get_preview_types(self):
        """Return the message types that people wrote."""
        return ["comment", "email", "email_outgoing", "sms", "auto_comment"]

    def _prepare_preview_message(self, message):
        return {
            "id": message.id,
            "author": message.author_id.name or message.email_from or "",
            "date": fields.Datetime.to_string(message.date),
            "body": _shorten(message.body),
            "files": len(message.attachment_ids),
            "is_note": message.is_internal or message.subtype_id.internal,
            "is_ours": not self._is_from_customer(
                message.author_id, message.email_from
            ),
        }


def _shorten(html):
    """Return the words of ``html``, no markup, cut to ``PREVIEW_LENGTH``."""
    text = html2plaintext(html or "", include_references=False).strip()
    if len(text) <= PREVIEW_LENGTH:
        return text
    return text[:PREVIEW_LENGTH].rsplit(" ", 1)[0] + " …"
