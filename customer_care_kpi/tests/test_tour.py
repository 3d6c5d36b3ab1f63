from odoo.tests import HttpCase, tagged

from .common import FactCommon


@tagged("post_install", "-at_install")
class TestTour(FactCommon, HttpCase):
    def test_ticket_analysis(self):
        """A manager reads the figures of a team and of a person, down to one ticket."""
        ticket = self._open("09:00")
        self._reply(ticket, "10:30")
        self._solve(ticket, "11:00")
        self._open("09:00")
        self.start_tour(
            "/odoo/care-tickets", "care_ticket_analysis", login=self.user_manager.login
        )
