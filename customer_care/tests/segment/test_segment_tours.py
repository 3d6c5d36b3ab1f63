from odoo.tests import HttpCase, tagged

from ..customer.test_care_profile import TODAY
from .test_care_segment import SegmentCommon


@tagged("post_install", "-at_install")
class TestSegmentTours(SegmentCommon, HttpCase):
    def test_manager_builds_a_segment(self):
        """A condition, its preview, the customers, and why somebody is not in."""
        bought, silent = self.people[:2]
        bought.write({"name": "Vũ Thị Lan", "email": "lan@customer.test"})
        silent.name = "Trần Thị Mơ"
        self._buy(TODAY, 1234567, bought)
        self._refresh()
        self.start_tour(
            "/odoo/care-segments", "care_segment_path", login="care_manager_test"
        )
        segment = self.segments.search([("name", "=", "Mua nhiều")])
        self.assertEqual(self._in(segment), bought)
        self.assertEqual(segment.member_count, len(segment.member_ids))
        self.assertTrue(segment.is_filled)
        self.assertEqual(
            self._events(segment),
            [(bought, "enter", 1, True)],
            "a first fill is silent",
        )
