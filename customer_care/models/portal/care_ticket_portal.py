"""What customers may see of tickets, and which tickets."""

from odoo import api, models
from odoo.fields import Domain

#: Fields a customer may read by any way in, the API included. Everything else of a
#: ticket, also what other addons add to it, is for the company's own people.
CUSTOMER_FIELDS = frozenset(
    {
        "id",
        "display_name",
        "create_date",
        "write_date",
        "number",
        "name",
        "kind",
        "company_id",
        "active",
        "partner_id",
        "commercial_partner_id",
        "partner_name",
        "email_from",
        "phone",
        "order_ref",
        "stage_id",
        "stage_category",
        "is_open",
        "is_unverified",
        "category_id",
        "channel_id",
        "sale_order_id",
        "first_request_on",
        "last_customer_on",
        "solved_on",
        "access_url",
        "access_warning",
        "search_text",
        "search_query",
        "priority_rank",  # the default order reads it
    }
)
#: The four dots of a conversation: code → stage categories in which it is the current.
STEPS = (
    ("received", ("new",)),
    ("progress", ("open", "hold")),
    ("answer", ("pending",)),
    ("solved", ("solved", "closed")),
)
#: PostgreSQL's largest ``int4``: no id is above it.
MAX_ID = 2**31 - 1
PORTAL_FILTERS = {
    "all": Domain.TRUE,
    "open": Domain("is_open", "=", True),
    "answer": Domain("stage_category", "=", "pending"),
    "done": Domain("is_open", "=", False),
}
PORTAL_ORDERS = {
    "newest": "id desc",
    "oldest": "id asc",
    "subject": "name, id desc",
}


class CareTicket(models.Model):
    _inherit = "care.ticket"

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"
        return result

    # ------------------------------------------------------------------ fields

    @api.model
    def _has_field_access(self, field, operation):
        """Customers read ``CUSTOMER_FIELDS`` and write nothing."""
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or self.env.user._is_internal():
            return True
        return operation == "read" and field.name in CUSTOMER_FIELDS

    # ------------------------------------------------------------------ core's chatter

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """Keep customers out of the chatter's routes, with or without a token.

        They would bring attachments of any kind and number, notes and HTML; customers
        have pages of their own, which check what comes in and what goes out.
        """
        if not self.env.user._is_internal():
            return self.browse()
        return super()._get_thread_with_access(thread_id, mode=mode)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Let customers post through the portal's own methods alone."""
        if message_operation == "create" and not self.env.user._is_internal():
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    # ------------------------------------------------------------------ which tickets

    @api.model
    def _parse_ref(self, ref):
        """Return the id that a piece of an address names, 0 for anything else."""
        word = str(ref)
        if not (word.isascii() and word.isdigit() and len(word) <= len(str(MAX_ID))):
            return 0
        return int(word) if int(word) <= MAX_ID else 0

    @api.model
    def _get_customer_domain(self, user):
        """Return the domain of the tickets ``user`` sees as a customer.

        His own; where his company's switch says so, those of his colleagues. Tickets
        that somebody opened without signing in, by typing his address, come in only
        when an agent or the customer himself has confirmed them.
        """
        partner = user.partner_id
        commercial = partner.commercial_partner_id.sudo()
        mine = Domain("partner_id", "=", partner.id)
        if commercial.care_share_tickets:
            mine |= Domain("commercial_partner_id", "=", commercial.id)
        return (
            mine
            & Domain("is_unverified", "=", False)
            & Domain("company_id", "in", user._get_company_ids())
        )

    @api.model
    def _with_customer_access(self):
        """Return the model as a customer searches it.

        Portal users search with their own rights. An employee who asks for himself has
        no right to tickets at all, so the domain alone keeps the others away.
        """
        return self if self.env.user.share else self.sudo()

    @api.model
    def _find_visible(self, ref):
        """Return the id of the ticket ``ref`` names if the visitor may read it, else 0.

        Foreign, archived, missing and nonsense are told apart by nothing, not even by
        another query.
        """
        domain = Domain("id", "=", self._parse_ref(ref)) & Domain("active", "=", True)
        model = self
        if not self.has_access("read"):
            domain &= self._get_customer_domain(self.env.user)
            model = self.sudo()
        return model.search(domain, order="id", limit=1).id or 0

    @api.model
    def _get_portal_list_domain(self, filterby="all", search=""):
        """Return the domain of the portal's list, every word of it optional."""
        domain = self._get_customer_domain(self.env.user)
        domain &= PORTAL_FILTERS.get(filterby, Domain.TRUE)
        if search:
            domain &= Domain("search_query", "ilike", search)
        return domain

    @api.model
    def _count_for_portal(self):
        """Return how many tickets of the visitor are open, and wait for his answer.

        :return: dict with ``all``, ``open`` and ``answer``
        """
        found = self._with_customer_access()._read_group(
            self._get_customer_domain(self.env.user),
            ["stage_category", "is_open"],
            ["__count"],
        )
        return {
            "all": sum(count for _category, _open, count in found),
            "open": sum(count for _category, is_open, count in found if is_open),
            "answer": sum(
                count for category, _open, count in found if category == "pending"
            ),
        }

    @api.model
    def _list_for_portal(self, filterby, sortby, search, offset, limit):
        """Return one page of the visitor's tickets, with superuser rights to show them."""
        domain = self._get_portal_list_domain(filterby, search)
        order = PORTAL_ORDERS.get(sortby, PORTAL_ORDERS["newest"])
        tickets = self._with_customer_access().search(
            domain, order=order, offset=offset, limit=limit
        )
        return tickets.sudo()

    # ------------------------------------------------------------------ who may what

    def _is_visitor_requester(self):
        """Whether the visitor is the customer who asked, not a colleague or an agent."""
        self.ensure_one()
        return self.env.user.partner_id == self.sudo().partner_id

    def _can_visitor_reply(self):
        """Whether the visitor writes here as a customer: requester or his colleague."""
        self.ensure_one()
        return self._is_visitor_requester() or self.env.user._is_portal()

    # ------------------------------------------------------------------ words

    def _get_portal_stage_name(self):
        """Return the stage in the customer's words."""
        self.ensure_one()
        stage = self.sudo().stage_id
        return stage.portal_name or stage.name

    def _get_portal_steps(self):
        """Return the four dots: list of dict with ``code``, ``label`` and ``state``.

        ``state`` is ``done``, ``current`` or ``todo``; a cancelled ticket has no
        current step and nothing done.
        """
        self.ensure_one()
        labels = {
            "received": self.env._("Received"),
            "progress": self.env._("In progress"),
            "answer": self.env._("Your answer needed"),
            "solved": self.env._("Solved"),
        }
        category = self.stage_category
        current = next(
            (at for at, (_code, those) in enumerate(STEPS) if category in those), -1
        )
        return [
            {
                "code": code,
                "label": labels[code],
                "state": "current"
                if at == current
                else "done"
                if at < current
                else "todo",
            }
            for at, (code, _categories) in enumerate(STEPS)
        ]
