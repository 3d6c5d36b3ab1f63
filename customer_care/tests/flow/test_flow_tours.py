from odoo.tests import HttpCase, tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestFlowTours(CareCommon, HttpCase):
    def test_customer_says_thanks_and_agent_overrules(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        self._post(ticket, self.user_portal)
        self._post(ticket, self.user_own)
        ticket.action_solve()
        self._post(ticket, self.user_portal, body="Cảm ơn shop nhiều ạ 🙏")
        self.assertEqual(ticket.stage_category, "solved")
        self.start_tour(
            f"/odoo/care-tickets/{ticket.id}", "care_thanks_path", login="care_own"
        )
        kinds = ticket.event_ids.sorted("id").mapped("kind")
        self.assertEqual(
            kinds[-5:],
            [
                "thanked",
                "not_thanks",
                "stage_changed",
                "only_thanks",
                "stage_changed",
            ],
        )
        self.assertEqual(ticket.stage_category, "solved")
        self.assertFalse(ticket._find_state_differences())
