"""The customer's tickets in his account."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.portal.care_ticket_portal import PORTAL_FILTERS, PORTAL_ORDERS
from .forms import CustomerForms

FORM = "portal request"
REQUEST_FIELDS = ("subject", "text", "category", "phone", "order")
PAGE_SIZE = 20
SEARCH_LENGTH = 100


class CarePortal(CustomerForms, CustomerPortal):
    """``/my/tickets`` and what is below it.

    ``request_fields``: names of the fields of a new request; others are refused.
    """

    request_fields = REQUEST_FIELDS

    # ------------------------------------------------------------------ home

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        wanted = {"care_ticket_count": "all", "care_answer_count": "answer"}
        if any(name in counters for name in wanted):
            found = request.env["care.ticket"]._count_for_portal()
            values.update(
                {name: found[word] for name, word in wanted.items() if name in counters}
            )
        return values

    # ------------------------------------------------------------------ list

    @http.route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def care_tickets(
        self, page=1, search="", filterby="all", sortby="newest", **_params
    ):
        """List the visitor's tickets: one page, searched, filtered and sorted."""
        tickets = request.env["care.ticket"]
        search = str(search)[:SEARCH_LENGTH].strip()
        filterby = filterby if filterby in PORTAL_FILTERS else "all"
        sortby = sortby if sortby in PORTAL_ORDERS else "newest"
        domain = tickets._get_portal_list_domain(filterby, search)
        chosen = {"search": search, "filterby": filterby, "sortby": sortby}
        pages = pager(
            url="/my/tickets",
            url_args=chosen,
            total=tickets._with_customer_access().search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        values = {
            **self._prepare_portal_layout_values(),
            **chosen,
            "page_name": "care_tickets",
            "pager": pages,
            "tickets": tickets._list_for_portal(
                filterby, sortby, search, pages["offset"], PAGE_SIZE
            ),
            "counts": tickets._count_for_portal(),
            "tz": request.env.user.tz or request.env.company.care_tz,
        }
        return self._render_page("customer_care.portal_my_tickets", values)

    # ------------------------------------------------------------------ new

    @http.route(
        "/my/tickets/new", type="http", auth="user", website=True, methods=["GET"]
    )
    def care_ticket_new(self, category="", order="", **_params):
        """Show the form of a new request; the category decides its fields."""
        return self._render_new({"category": str(category), "order": str(order)[:60]})

    @http.route(
        "/my/tickets/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def care_ticket_create(self, **_post):
        """Take a new request; a refused form comes back with its text."""
        ticket, submission, errors, status = self._take_request(
            FORM, self.request_fields, request.env.user.partner_id, "portal"
        )
        if errors:
            return self._render_new(submission.values, errors, status, submission)
        return self._redirect_after(f"/my/tickets/{ticket.id}?done=new")

    def _render_new(self, values, errors=None, status=200, submission=None):
        page = self._prepare_request_page(
            FORM, values, request.env.user.partner_id, submission, errors
        )
        return self._render_page(
            "customer_care.portal_new_ticket",
            {
                **self._prepare_portal_layout_values(),
                **page,
                "page_name": "care_ticket_new",
            },
            status,
        )

    # ------------------------------------------------------------------ one ticket

    @http.route(
        "/my/tickets/<string:ref>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def care_ticket(self, ref, **_params):
        """Show one conversation."""
        ticket = self._find_ticket(ref)
        return self._render_ticket(ticket) if ticket else self._render_not_found()

    @http.route(
        "/my/tickets/<string:ref>/file/<string:file_ref>",
        type="http",
        auth="user",
        website=True,
        multilang=False,
        methods=["GET"],
    )
    def care_ticket_file(self, ref, file_ref, thumb=None, **_params):
        """Send a file of one conversation."""
        ticket = self._find_ticket(ref)
        if not ticket:
            return self._render_not_found()
        return self._send_file(ticket, file_ref, bool(thumb))

    @http.route(
        "/my/tickets/<string:ref>/reply",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def care_ticket_reply(self, ref, **_post):
        """Take the reply of the customer or, where they see it, of a colleague."""
        ticket = self._find_ticket(ref).filtered(lambda t: t._can_visitor_reply())
        if not ticket:
            return self._render_not_found()
        holder, submission, errors, status = self._take_reply(
            ticket, self._get_form(ticket), request.env.user.partner_id, "portal"
        )
        if errors:
            return self._render_ticket(ticket, submission, errors, status)
        return self._redirect_after(f"/my/tickets/{holder.id}?done=reply")

    @http.route(
        "/my/tickets/<string:ref>/close",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def care_ticket_close(self, ref, **_post):
        """Close: the customer says that all is right now."""
        return self._press(ref, "close")

    @http.route(
        "/my/tickets/<string:ref>/reopen",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def care_ticket_reopen(self, ref, **_post):
        """Reopen: the customer says that it is not right yet."""
        return self._press(ref, "reopen")

    def _press(self, ref, wish):
        """Do what a button says if the visitor is the one who asked: he alone closes."""
        ticket = self._find_ticket(ref).filtered(lambda t: t._is_visitor_requester())
        if not ticket:
            return self._render_not_found()
        author = request.env.user.partner_id
        errors, status = self._take_button(ticket, wish, author, "portal")
        if errors:
            return self._render_ticket(ticket, None, errors, status)
        return self._redirect_after(f"/my/tickets/{ticket.id}?done={wish}")

    def _find_ticket(self, ref):
        """Return the ticket that ``ref`` names and the visitor may read, or none.

        :return: ``care.ticket`` with superuser rights
        """
        tickets = request.env["care.ticket"]
        found = tickets._find_visible(ref)
        if found and tickets.has_access("read"):
            try:
                self._document_check_access("care.ticket", found)
            except (AccessError, MissingError):
                found = 0
        return tickets.sudo().browse(found or [])

    def _get_form(self, ticket):
        return f"portal reply {ticket.id}"

    def _render_ticket(self, ticket, submission=None, errors=None, status=200):
        values = self._prepare_conversation_page(
            ticket,
            f"/my/tickets/{ticket.id}",
            self._get_form(ticket),
            submission,
            errors=errors or {},
        )
        return self._render_page(
            "customer_care.portal_ticket_page",
            {
                **self._prepare_portal_layout_values(),
                **values,
                "page_name": "care_ticket",
                "can_reply": ticket._can_visitor_reply(),
                "can_close": ticket._is_visitor_requester(),
            },
            status,
        )
