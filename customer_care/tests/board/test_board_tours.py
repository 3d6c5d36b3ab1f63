from odoo.tests import HttpCase, tagged

from ..customer.test_care_profile import NOW
from .test_care_board import BoardCommon


@tagged("post_install", "-at_install")
class TestBoardTours(BoardCommon, HttpCase):
    def test_agent_moves_a_customer_and_gives_her_back(self):
        """Without the right to edit contacts, by the menu of the card."""
        lan = self.people[0]
        lan.name = "Vũ Thị Lan Bảng"
        with self._at(NOW):
            self._settle()
        # the days of the shipped rules are not what this is about
        self.existing.write({"rule_domain": "[]", "rule_sequence": 0, "fold": False})
        self.vip.fold = False
        self.start_tour("/odoo/care-board", "care_board_path", login="care_own")
        self.assertEqual(lan.care_stage_id, self.existing)
        self.assertFalse(lan.care_stage_lock_until)
        lines = self.env["care.stage.change"].search(
            [("partner_id", "=", lan.id)], order="id"
        )
        self.assertEqual(
            [(line.to_id, line.reason, line.note) for line in lines],
            [
                (self.vip, "hand", "Bạn của giám đốc"),
                (self.existing, "rule", False),
            ],
        )
        self.assertEqual(lines[0].user_id, self.user_own)
