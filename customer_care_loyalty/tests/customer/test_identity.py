from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestIdentity(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept, cls.gone = cls.env["res.partner"].create(
            [{"name": "Vũ Thị Lan"}, {"name": "Vu Thi Lan"}]
        )

    def _points_of_cards(self):
        cards = self.env["loyalty.card"].with_context(active_test=False)
        cards = cards.search([("partner_id", "in", (self.kept | self.gone).ids)])
        return sum(cards.mapped("points")), len(cards)

    def test_merging_keeps_every_point(self):
        self._give(self.kept, 700)
        self._give(self.gone, 400)
        self._give(self.gone, 25, self.other_program)
        before = self._points_of_cards()
        self.assertEqual(before, (1125, 3))
        merger = self.env["base.partner.merge.automatic.wizard"].sudo()
        merger._merge((self.kept | self.gone).ids, self.kept)
        self.env.invalidate_all()
        self.assertEqual(self._points_of_cards(), before)
        self.assertEqual(self._points(self.kept), 1100)
        self.assertEqual(self._points(self.kept, self.other_company), 25)
        self.assertEqual(self._tier(self.kept), self.gold)

    def test_who_has_points_is_not_deleted(self):
        self._give(self.kept, 700)
        self._create_ticket(partner_id=self.kept.id)
        with self.assertRaisesRegex(UserError, "1 tickets, 700 points.*Forget"):
            self.kept.unlink()
        self.gone.unlink()

    def test_forgetting_keeps_the_points(self):
        self._give(self.kept, 700)
        before = self._points_of_cards()
        self.kept.with_user(self.user_admin)._care_forget()
        self.assertFalse(self.kept.active)
        self.assertEqual(self._points_of_cards(), before)
