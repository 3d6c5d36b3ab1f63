from odoo.tests import HttpCase, tagged

from ..customer.test_care_profile import TODAY
from .common import MergeCommon


@tagged("post_install", "-at_install")
class TestIdentityTours(MergeCommon, HttpCase):
    def test_lead_finds_a_duplicate_and_merges_it(self):
        """The one who bought stays, though the other is older."""
        old, bought = self.env["res.partner"].create(
            [
                {"name": "Lan tour older", "phone": "0905 000 777"},
                {"name": "Lan tour kept", "phone": "+84905000777"},
            ]
        )
        ticket = self._create_ticket(partner_id=old.id)
        self._buy(TODAY, 10, bought)
        self.profiles._refresh(self.company)
        self.env["care.duplicate"]._refresh()
        self.start_tour(
            "/odoo/care-duplicates", "care_duplicate_path", login="care_lead_test"
        )
        self.env.invalidate_all()
        self.assertFalse(old.exists())
        self.assertEqual(ticket.partner_id, bought)
