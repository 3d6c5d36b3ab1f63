from odoo.tests import HttpCase, tagged

from .test_write_wizard import WriteCommon


@tagged("post_install", "-at_install")
class TestMessageTours(WriteCommon, HttpCase):
    def test_manager_writes_a_text(self):
        """A text with chips, its length as an SMS, and how a customer reads it."""
        self.start_tour(
            "/odoo/care-messages", "care_message_path", login="care_manager_test"
        )
        message = self.messages.search([("name", "=", "Hỏi thăm")])
        self.assertEqual(message.subject, "Thưa:{{salutation}}")
        self.assertIn("Chào{{Salutation}}", message.body_html)

    def test_manager_sends_it_to_a_segment(self):
        self.start_tour(
            f"/odoo/care-segments/{self.segment.id}",
            "care_message_send_path",
            login="care_manager_test",
        )
        self.assertTrue(self._mails(self.mai))
        self.assertFalse(self._mails(self.unreachable))


@tagged("post_install", "-at_install")
class TestRefuseTour(WriteCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_customer_refuses_on_his_phone(self):
        self._grant(self.hung)
        self.promotion._send(self.hung, "email", self.company)
        token = self.env["res.partner"]._care_choice_token(
            "message", self.promotion.delivery_ids.id, self.company
        )
        self.start_tour(f"/u/{token}", "care_refuse_path")
        current = self.env["care.choice"]._get_current(self.hung, self.company)
        self.assertEqual(current["email", "promotion"].state, "withdrawn")
        self.assertEqual(current["sms", "care"].state, "withdrawn")
