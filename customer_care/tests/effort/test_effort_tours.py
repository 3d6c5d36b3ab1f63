from odoo.tests import HttpCase, tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestEffortTours(CareCommon, HttpCase):
    def test_timer_and_entry_by_hand(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        self.start_tour(
            f"/odoo/care-tickets/{ticket.id}", "care_effort_path", login="care_own"
        )
        kinds = ticket.effort_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds[-1], "manual")
        self.assertEqual(set(kinds), {"timer", "manual"})
        self.assertEqual(ticket.effort_ids.user_id, self.user_own)
        self.assertGreaterEqual(ticket.effort_seconds, 900)
