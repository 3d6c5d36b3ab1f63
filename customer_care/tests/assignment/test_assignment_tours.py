from odoo.tests import HttpCase, tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestAssignmentTours(HttpCase, CareCommon):
    def test_morning_of_a_lead(self):
        """Somebody called in sick: away, the work goes to a colleague, and back again."""
        self.team.write({"capacity": 10, "resource_calendar_id": False})
        self.user_own.name = "Lan"
        tickets = self.env["care.ticket"]
        for index in range(3):
            tickets |= self._create_ticket(
                name=f"Việc {index}", user_id=self.user_own.id
            )
        self.start_tour("/odoo", "care_lead_morning", login="care_lead_test")
        self.assertEqual(tickets.user_id, self.user_own)
        for ticket in tickets:
            events = ticket.event_ids.filtered(lambda e: e.kind == "assigned")
            self.assertEqual(len(events), 2, "shared out, and given back")
        self.assertTrue(
            self.env["care.away"].search([("user_id", "=", self.user_own.id)])
        )
