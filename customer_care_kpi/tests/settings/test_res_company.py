from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from ..common import FactCommon


@tagged("post_install", "-at_install")
class TestResCompany(FactCommon):
    def _days(self, tickets):
        return [self._find_facts(ticket).created_day for ticket in tickets]

    def test_days_follow_the_time_zone_of_the_company(self):
        """23:30 in Hanoi on 2 March is still the afternoon of 2 March in New York."""
        with self._at("2026-03-02 16:30"):
            early = self._create_ticket()
            other = self._create_ticket(team_id=self.other_team.id)
        with self._at("2026-03-02 17:30"):
            late = self._create_ticket()
            late.action_solve()
        tickets = early | late
        second = date(2026, 3, 2)
        third = date(2026, 3, 3)
        self.assertEqual(self._days(tickets), [second, third])
        self.assertEqual(self._find_facts(late).solved_day, third)
        elsewhere = self._find_facts(other).created_day
        self.company.care_tz = "America/New_York"
        self.assertEqual(self._days(tickets), [second, second])
        self.assertEqual(self._find_facts(late).solved_day, second)
        self.assertFalse(self._find_facts(early).solved_day)
        self.assertEqual(self._find_facts(other).created_day, elsewhere)
        self.assertFalse(self.facts._find_differences(tickets.ids))
        self.company.write({"care_tz": "Asia/Ho_Chi_Minh", "name": "Hà Nội"})
        self.assertEqual(self._days(tickets), [second, third])

    def test_same_zone_recounts_nothing(self):
        path = "odoo.addons.customer_care_kpi.models.ticket.care_ticket_fact_store"
        with patch(f"{path}.CareTicketFact._recount_days") as recount:
            self.company.write({"care_tz": self.company.care_tz})
            recount.assert_not_called()
            self.company.write({"care_tz": "Asia/Tokyo"})
            recount.assert_called_once_with(self.company)
