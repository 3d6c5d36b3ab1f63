from odoo.tests import HttpCase, tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestTours(CareCommon, HttpCase):
    def test_agent_answers_and_solves(self):
        """The agent takes the free ticket from My Work, answers it and solves it."""
        ticket = self._create_ticket(name="Tủ lạnh không lạnh")
        self._post(ticket, self.user_portal, body="Tủ lạnh nhà em không lạnh")
        self.start_tour("/odoo/care-my-work", "care_agent_path", login="care_own")
        self.assertEqual(ticket.user_id, self.user_own)
        self.assertEqual(ticket.stage_category, "solved")
        self.assertEqual(ticket.reply_count, 1)
        self.assertFalse(ticket.waiting_since)
        self.assertFalse(ticket._find_state_differences())

    def test_lead_shares_out_work(self):
        """The lead gives a free ticket to an agent from Team Today."""
        ticket = self._create_ticket(name="Xin lịch lắp điều hoà")
        self.start_tour(
            "/odoo/care-team-today", "care_lead_path", login="care_lead_test"
        )
        self.assertEqual(ticket.user_id, self.user_own)
        kinds = ticket.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["created", "assigned"])
