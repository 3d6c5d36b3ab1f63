"""Pages that need no login: the contact form, and the conversation behind a link."""

from odoo import http
from odoo.http import request

from .forms import CustomerForms

FORM = "contact"
CONTACT_FIELDS = ("text", "category", "name", "email", "phone", "order", "shop")
#: Fields that a link or QR code may fill in.
PREFILLED = ("order", "shop", "category")
PREFILLED_LENGTH = 60


class CareHelp(CustomerForms, http.Controller):
    """``/help/contact`` and ``/help/t/<token>``.

    ``request_fields``: names of the fields that the form may carry; others are refused.
    """

    request_fields = CONTACT_FIELDS

    # ------------------------------------------------------------------ form

    @http.route(
        "/help/contact", type="http", auth="public", website=True, methods=["GET"]
    )
    def contact(self, **params):
        """Show the form; ``order``, ``shop`` and ``category`` may come with the link."""
        values = {
            name: str(params.get(name, ""))[:PREFILLED_LENGTH] for name in PREFILLED
        }
        return self._render_contact(values)

    @http.route(
        "/help/contact", type="http", auth="public", website=True, methods=["POST"]
    )
    def contact_send(self, **_post):
        """Take a request of anybody; a refused form comes back with its text."""
        ticket, submission, errors, status = self._take_request(
            FORM, self.request_fields, self._get_visitor(), "form", has_captcha=True
        )
        if errors:
            return self._render_contact(submission.values, errors, status, submission)
        token = ticket._get_conversation_token(is_delivered=False)
        return self._redirect_after(f"/help/thanks/{token}")

    @http.route(
        "/help/thanks/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def thanks(self, token, **_params):
        """Say the number, and where the conversation goes on."""
        ticket = request.env["care.ticket"]._find_by_link(token)
        if not ticket:
            return self._render_not_found()
        path = f"/help/t/{token}"
        return self._render_page(
            "customer_care.help_thanks",
            {
                "ticket": ticket,
                "path": path,
                "url": f"{request.httprequest.host_url.rstrip('/')}{path}",
                "days": ticket.company_id.care_link_days,
            },
        )

    def _get_visitor(self):
        """Return the contact of who is signed in, empty for everybody else."""
        user = request.env.user
        return user.partner_id if not user._is_public() else user.partner_id.browse()

    def _render_contact(self, values, errors=None, status=200, submission=None):
        page = self._prepare_request_page(
            FORM, values, self._get_visitor(), submission, errors
        )
        return self._render_page("customer_care.help_contact", page, status)

    # ------------------------------------------------------------------ conversation

    @http.route(
        "/help/t/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def conversation(self, token, **_params):
        """Show the conversation to whoever has its link."""
        ticket = request.env["care.ticket"]._find_by_link(token)
        if not ticket:
            return self._render_not_found()
        return self._render_conversation(ticket, token)

    @http.route(
        "/help/t/<string:token>/file/<string:file_ref>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
    )
    def conversation_file(self, token, file_ref, thumb=None, **_params):
        """Send a file of the conversation to whoever has its link."""
        ticket = request.env["care.ticket"]._find_by_link(token)
        if not ticket:
            return self._render_not_found()
        return self._send_file(ticket, file_ref, bool(thumb))

    @http.route(
        "/help/t/<string:token>/reply",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def conversation_reply(self, token, **_post):
        """Take the customer's reply."""
        ticket = self._find_for_writing(token)
        if not ticket:
            return self._render_not_found()
        holder, submission, errors, status = self._take_reply(
            ticket, self._get_form(ticket), self._get_author(ticket), "form"
        )
        if errors:
            return self._render_conversation(ticket, token, submission, errors, status)
        self._confirm(ticket | holder, token)
        if holder != ticket:
            delivered = holder._is_delivered_link(token)
            token = holder._get_conversation_token(is_delivered=delivered)
        return self._redirect_after(f"/help/t/{token}?done=reply")

    @http.route(
        "/help/t/<string:token>/close",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def conversation_close(self, token, **_post):
        """Close: the customer says that all is right now."""
        return self._press(token, "close")

    @http.route(
        "/help/t/<string:token>/reopen",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def conversation_reopen(self, token, **_post):
        """Reopen: the customer says that it is not right yet."""
        return self._press(token, "reopen")

    def _press(self, token, wish):
        ticket = self._find_for_writing(token)
        if not ticket:
            return self._render_not_found()
        author = self._get_author(ticket)
        errors, status = self._take_button(ticket, wish, author, "form")
        if errors:
            return self._render_conversation(ticket, token, None, errors, status)
        self._confirm(ticket, token)
        return self._redirect_after(f"/help/t/{token}?done={wish}")

    def _find_for_writing(self, token):
        """Return the ticket of ``token`` unless the visitor is staff.

        Agents answer in the back office, under their own name.
        """
        ticket = request.env["care.ticket"]._find_by_link(token)
        if ticket and request.env.user._is_internal():
            return ticket.filtered(lambda t: t._is_visitor_requester())
        return ticket

    def _get_author(self, ticket):
        """Return who writes through a link: who is signed in, else the customer.

        While nobody has confirmed that the sender of the form is the contact with his
        address, nothing is written in the contact's name.
        """
        visitor = self._get_visitor()
        if visitor or ticket.is_unverified:
            return visitor
        return ticket.partner_id

    def _confirm(self, tickets, token):
        """Take note when the link itself, or a login, has shown who writes."""
        is_requester = tickets[:1]._is_visitor_requester()
        if is_requester or tickets._is_delivered_link(token):
            tickets._confirm_sender()

    def _get_form(self, ticket):
        return f"link reply {ticket.id}"

    def _render_conversation(
        self, ticket, token, submission=None, errors=None, status=200
    ):
        values = self._prepare_conversation_page(
            ticket,
            f"/help/t/{token}",
            self._get_form(ticket),
            submission,
            errors=errors or {},
        )
        may_write = not values["is_staff"]
        return self._render_page(
            "customer_care.help_conversation",
            {**values, "can_reply": may_write, "can_close": may_write},
            status,
        )
