from odoo.tests import tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestCareTicketEvent(CareCommon):
    def test_first_reply_is_the_first_public_answer_of_a_person(self):
        """Acknowledgement and note do not count: 1 h 30 from 09:00 to 10:30."""
        with self._at("2026-03-02 02:00:00"):
            ticket = self._create_ticket()
            self._post(ticket, self.user_portal)
            ticket.message_post(
                body="Đã nhận",
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
            )
        with self._at("2026-03-02 02:20:00"):
            self._post(ticket, self.user_team, public=False)
        with self._at("2026-03-02 03:30:00"):
            self._post(ticket, self.user_team)
        waited = ticket.first_reply_on - ticket.first_request_on
        self.assertEqual(waited.total_seconds(), 5400)
        self.assertEqual(ticket.reply_count, 1)
        self.assertFalse(ticket._find_state_differences())
