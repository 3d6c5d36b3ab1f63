"""Sources of the timeline: what was offered, sold, delivered and paid."""

from odoo import api, models
from odoo.fields import Domain

#: Invoices, credit notes and receipts that are no draft.
SOLD = ("out_invoice", "out_refund", "out_receipt")


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _care_timeline_sources(self, people):
        """Add sales, as far as the apps are installed and the reader may read them."""
        theirs = Domain("partner_id", "in", people.ids)
        return [
            *super()._care_timeline_sources(people),
            *self._care_timeline_leads(theirs),
            *self._care_timeline_orders(theirs),
            *self._care_timeline_invoices(theirs),
            *self._care_timeline_deliveries(theirs),
            *self._care_timeline_receipts(theirs),
            *self._care_timeline_purchases(theirs),
        ]

    # ------------------------------------------------------------------ leads

    @api.model
    def _care_timeline_leads(self, theirs):
        """Leads, lost ones as well."""
        return self._care_timeline_part(
            "lead",
            "sale",
            "crm.lead",
            theirs & Domain("active", "in", [True, False]),
            "create_date",
            ["name", "type", "active", "probability", "stage_id.name", "user_id.name"],
            self._say_care_lead,
        )

    @api.model
    def _say_care_lead(self, details):
        is_lost = not details["active"] and not details["probability"]
        return {
            "icon": "fa-lightbulb-o",
            "title": (
                self.env._("Lead")
                if details["type"] == "lead"
                else self.env._("Opportunity")
            ),
            "text": details["name"] or "",
            "who": details["user_id.name"] or "",
            "state": self.env._("Lost") if is_lost else details["stage_id.name"] or "",
        }

    # ------------------------------------------------------------------ orders

    @api.model
    def _care_timeline_orders(self, theirs):
        return self._care_timeline_part(
            "order",
            "sale",
            "sale.order",
            theirs,
            "date_order",
            ["name", "state", "amount_total", "currency_id", "user_id.name"],
            self._say_care_order,
        )

    @api.model
    def _say_care_order(self, details):
        name = details["name"]
        is_order = details["state"] == "sale"
        return {
            "icon": "fa-shopping-cart" if is_order else "fa-file-text-o",
            "title": (
                self.env._("Order %(number)s", number=name)
                if is_order
                else self.env._("Quotation %(number)s", number=name)
            ),
            "text": self._say_care_amount(
                details["amount_total"], details["currency_id"]
            ),
            "who": details["user_id.name"] or "",
            "state": (
                ""
                if is_order
                else self._say_care_choice("sale.order", "state", details["state"])
            ),
        }

    # ------------------------------------------------------------------ invoices

    @api.model
    def _care_timeline_invoices(self, theirs):
        return self._care_timeline_part(
            "invoice",
            "sale",
            "account.move",
            theirs
            & Domain("move_type", "in", SOLD)
            & Domain("state", "=", "posted")
            & Domain("invoice_date", "!=", False),
            "invoice_date",
            ["name", "move_type", "amount_total", "currency_id", "payment_state"],
            self._say_care_invoice,
            is_day=True,
        )

    @api.model
    def _say_care_invoice(self, details):
        name = details["name"]
        is_refund = details["move_type"] == "out_refund"
        return {
            "icon": "fa-undo" if is_refund else "fa-file-text",
            "title": (
                self.env._("Credit note %(number)s", number=name)
                if is_refund
                else self.env._("Invoice %(number)s", number=name)
            ),
            "text": self._say_care_amount(
                details["amount_total"], details["currency_id"]
            ),
            "state": self._say_care_choice(
                "account.move", "payment_state", details["payment_state"]
            ),
        }

    # ------------------------------------------------------------------ deliveries

    @api.model
    def _care_timeline_deliveries(self, theirs):
        """Done transfers to the customer and back, where the app is installed."""
        if "stock.picking" not in self.env:
            return []
        return self._care_timeline_part(
            "delivery",
            "sale",
            "stock.picking",
            theirs
            & Domain("state", "=", "done")
            & Domain("date_done", "!=", False)
            & Domain("picking_type_id.code", "in", ("outgoing", "incoming")),
            "date_done",
            ["name", "origin", "picking_type_id.code"],
            self._say_care_delivery,
        )

    @api.model
    def _say_care_delivery(self, details):
        number = details["name"]
        is_return = details["picking_type_id.code"] == "incoming"
        return {
            "icon": "fa-reply-all" if is_return else "fa-truck",
            "title": (
                self.env._("Return %(number)s", number=number)
                if is_return
                else self.env._("Delivery %(number)s", number=number)
            ),
            "text": details["origin"] or "",
        }

    # ------------------------------------------------------------------ till

    @api.model
    def _care_timeline_receipts(self, theirs):
        if "pos.order" not in self.env:
            return []
        return self._care_timeline_part(
            "receipt",
            "sale",
            "pos.order",
            theirs & Domain("state", "in", ("paid", "done", "invoiced")),
            "date_order",
            ["name", "amount_total", "company_id.currency_id", "user_id.name"],
            self._say_care_receipt,
        )

    @api.model
    def _say_care_receipt(self, details):
        is_refund = (details["amount_total"] or 0) < 0
        number = details["name"]
        return {
            "icon": "fa-undo" if is_refund else "fa-shopping-bag",
            "title": (
                self.env._("Return at the till %(number)s", number=number)
                if is_refund
                else self.env._("Receipt %(number)s", number=number)
            ),
            "text": self._say_care_amount(
                details["amount_total"], details["company_id.currency_id"]
            ),
            "who": details["user_id.name"] or "",
        }

    # ------------------------------------------------------------------ imported

    @api.model
    def _care_timeline_purchases(self, theirs):
        return self._care_timeline_part(
            "purchase",
            "sale",
            "care.purchase",
            theirs,
            "day",
            [
                "reference",
                "amount",
                "company_id.currency_id",
                "purchase_count",
                "is_opening",
            ],
            self._say_care_purchase,
            is_day=True,
        )

    @api.model
    def _say_care_purchase(self, details):
        if details["is_opening"]:
            title = self.env._(
                "%(count)s purchases until this day", count=details["purchase_count"]
            )
        elif details["amount"] < 0:
            title = self.env._("Money given back")
        else:
            title = self.env._("Purchase")
        return {
            "icon": "fa-archive",
            "title": title,
            "text": self._say_care_amount(
                details["amount"], details["company_id.currency_id"]
            ),
            "state": details["reference"] or "",
        }
