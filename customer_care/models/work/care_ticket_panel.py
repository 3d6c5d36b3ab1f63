from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, html2plaintext

from ...lib.text import digits, phone_needle
from .ranking import top_records

#: Last orders, and other open tickets, that the panel names.
PANEL_LIMIT = 3
#: Last messages of the preview, and how many characters of each.
PREVIEW_MESSAGES = 5
PREVIEW_LENGTH = 800
VIETNAM_CODE = 84


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
        facts = customers._get_care_facts()
        orders, order_counts = self._get_panel_orders(customers)
        tickets, ticket_counts = self._get_panel_tickets(customers)
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
                "orders_hidden": known.orders - order_counts[customer.id],
                "tickets": others,
                "tickets_more": visible - named,
                "tickets_hidden": known.tickets - visible,
                "phone": ticket.phone or ticket.partner_id.phone or "",
                "zalo": ticket._get_zalo_number(),
            }

    def _get_panel_orders(self, customers):
        """Return the last orders of ``customers`` that the reader may open.

        :return: rows by customer id, and how many there are by customer id
        """
        rows, counts = defaultdict(list), defaultdict(int)
        orders = self.env["sale.order"]
        if not customers or not orders.has_access("read"):
            return rows, counts
        domain = customers._get_care_order_domain(customers)
        for partner, count in orders._read_group(domain, ["partner_id"], ["__count"]):
            counts[partner.commercial_partner_id.id] += count
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
        return rows, counts

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

    def _get_zalo_number(self):
        """Return the digits that open a chat on zalo.me, empty without a phone.

        Vietnamese numbers are written from their 0 on, others with the country code.
        """
        phone = (self.phone or self.partner_id.phone or "").strip()
        number = digits(phone)
        if phone.startswith("+") and not number.startswith(str(VIETNAM_CODE)):
            return number
        needle = phone_needle(phone, VIETNAM_CODE)
        return f"0{needle}" if needle else ""

    # ------------------------------------------------------------------ preview

    def get_work_preview(self):
        """Return the ticket as My Work shows it at the right, under the reader's rights.

        :return: dict with the customer's ``sentence``, the ``request`` as plain text and
            the last ``messages``, oldest first (id, author, date, body, is_note, is_ours)
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
