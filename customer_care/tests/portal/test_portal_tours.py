from unittest.mock import patch

from odoo.tests import tagged

from .common import PortalHttpCase

STAMP = "odoo.addons.customer_care.models.portal.care_form_stamp"


@tagged("post_install", "-at_install")
class TestPortalTours(PortalHttpCase):
    """A customer asks, an agent answers, the customer reads, replies and closes."""

    browser_size = "390x844"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.category.write({"portal_order": "required", "portal_hint": "Ngày giao?"})
        # a tour types faster than anybody
        patcher = patch(f"{STAMP}.MIN_SECONDS", 0)
        patcher.start()
        self.addCleanup(patcher.stop)

    def _newest(self):
        return self.tickets.search([], order="id desc", limit=1)

    def _answer(self, ticket):
        """Answer as an agent does, ask something back, and leave a note."""
        self._post(ticket, self.user_manager, body="Chúng tôi đổi máy mới, chiều nay?")
        self._post(ticket, self.user_manager, public=False, body="BÍ MẬT: lỗi của kho")
        ticket.stage_id = self.stage_pending

    def test_by_the_public_form(self):
        self.start_tour("/help/contact", "care_contact_ask")
        ticket = self._newest()
        self.assertEqual(ticket.order_ref, "S00042")
        self.assertEqual(ticket.category_id, self.category)
        self._answer(ticket)
        self.start_tour(ticket._get_conversation_path(), "care_contact_reply_and_close")
        self.assertEqual(ticket.stage_category, "closed")
        self.assertTrue(ticket.first_reply_on)
        kinds = ticket.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds.count("customer_message"), 2)

    def test_in_the_account(self):
        self.start_tour("/my", "care_portal_ask", login="care_portal")
        ticket = self._newest()
        self.assertEqual(ticket.partner_id, self.customer)
        self._answer(ticket)
        self.start_tour(
            "/my/tickets", "care_portal_reply_and_close", login="care_portal"
        )
        self.assertEqual(ticket.stage_category, "closed")
        ticket.stage_id = self.stage_solved
        self.start_tour(
            f"/my/tickets/{ticket.id}", "care_portal_all_right", login="care_portal"
        )
        self.assertEqual(ticket.reopen_count, 1)
