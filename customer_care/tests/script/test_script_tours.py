from odoo.tests import HttpCase, tagged

from .common import ScriptCommon


@tagged("post_install", "-at_install")
class TestScriptTours(ScriptCommon, HttpCase):
    def test_agent_answers_with_a_script(self):
        """The agent picks a script on a ticket, edits it, and sends it."""
        script = self._script(
            "Xin lỗi vì chậm",
            "<p>Chào {{salutation}},</p><p>Em xin lỗi vì chậm trễ.</p>",
        )
        ticket = self._create_ticket(
            name="Tủ lạnh không lạnh", user_id=self.user_own.id
        )
        self.start_tour(
            f"/odoo/care-tickets/{ticket.id}", "care_script_path", login="care_own"
        )
        use = script.use_ids
        self.assertEqual((use.ticket_id, use.user_id), (ticket, self.user_own))
        self.assertTrue(use.is_edited)
        self.assertIn("Chào chị Mai,", use.message_id.body)
        self.assertIn("Em gọi ngay ạ.", use.message_id.body)
        self.assertEqual(ticket.reply_count, 1)

    def test_lead_writes_a_script(self):
        self.start_tour(
            "/odoo/care-scripts", "care_script_write_path", login="care_lead_test"
        )
        script = self.scripts.search([("name", "=", "Xin ảnh")])
        self.assertIn("{{salutation}}", script.variant_ids.body)
