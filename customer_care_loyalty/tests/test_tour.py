from odoo.tests import HttpCase, tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestTour(LoyaltyCommon, HttpCase):
    def test_loyalty(self):
        """A manager adds a tier and finds it on the member and on his ticket."""
        self._give(self.customer, 3500)
        self._create_ticket()
        self.start_tour(
            "/odoo/care-tickets", "care_loyalty", login=self.user_manager.login
        )
