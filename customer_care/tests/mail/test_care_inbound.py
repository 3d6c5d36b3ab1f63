from odoo.tests import tagged

from .common import CareMailCommon


@tagged("post_install", "-at_install")
class TestCareInbound(CareMailCommon):
    def test_a_request_opens_a_ticket(self):
        """Sender, subject, text, team and channel of the mail are the ticket's."""
        inbound = self._receive()
        ticket = inbound.ticket_id
        self.assertEqual((inbound.state, inbound.outcome), ("done", "ticket"))
        self.assertEqual(ticket.name, "Máy giặt hỏng")
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.partner_name, "Lê Thị Hoa")
        self.assertEqual(ticket.email_from, '"Lê Thị Hoa" <hoa@stranger.test>')
        self.assertEqual(ticket.channel_id.code, "email")
        self.assertIn("Máy giặt không chạy.", inbound.mail_message_id.body)
        self.assertEqual(ticket.stage_id, self.stage_new)
        self.assertFalse(ticket._find_state_differences())
        self.assertEqual(
            ticket.event_ids.sorted("id").mapped("kind"),
            ["created", "customer_message", "automatic_message"],
        )

    def test_the_same_mail_twice_makes_one_ticket(self):
        source = self._source()
        first = self._deliver(source)
        self.assertTrue(first)
        again = self._deliver(b"Received: from mx2.example\n" + source)
        self.assertFalse(again)
        self.assertEqual(len(self._inbox()), 1)
        self.assertEqual(
            self.env["care.ticket"].search_count([("team_id", "=", self.team.id)]), 1
        )
