from odoo.tests import tagged

from ..customer.test_care_profile import NOW, TODAY
from .test_care_segment import SegmentCommon


@tagged("post_install", "-at_install")
class TestFirstFill(SegmentCommon):
    """Until all customers of a company are known, nothing about them is news."""

    def test_install_on_a_company_with_customers(self):
        with self._at(NOW):
            self.env.cr.execute("DELETE FROM care_profile")
            self.company.care_filled_on = False
            self._buy(TODAY, partner=self.people[0])
            segment = self._segment("[('care_profile_id.purchase_count', '=', 1)]")
            # somebody is touched before the first fill
            told, _hushed = self.env["care.touch"]._take()
            self.env["care.touch"]._look_at(told, silent=False)
            self.assertFalse(self._profile(self.people[0]))
            self.profiles._refresh_all(self.company)
            self.assertTrue(self.company.care_filled_on)
            segment._refresh_and_note()
            self.assertEqual(self._in(segment), self.people[0])
            self.assertEqual(
                self._events(segment), [(self.people[0], "enter", 1, True)]
            )
            changes = self.env["care.stage.change"].search(
                [("partner_id", "in", self.people.ids)]
            )
            self.assertTrue(changes)
            self.assertTrue(all(changes.mapped("initial")))
            # from then on it is news
            self._buy(TODAY, partner=self.people[1])
            told, _hushed = self.env["care.touch"]._take()
            self.env["care.touch"]._look_at(told, silent=False)
            self.assertIn((self.people[1], "enter", 1, False), self._events(segment))

    def test_shipped_segments_speak_the_language_everywhere(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        own = self.segments.search(
            [
                ("company_id", "=", self.other_company.id),
                ("code", "in", ("vip", "new")),
            ],
            order="code",
        )
        renamed = own[1]
        renamed.name = "Our best"
        # Vietnamese may have been there before: then its word stays
        before = renamed.with_context(lang="vi_VN").name
        self.env["ir.module.module"]._load_module_terms(["customer_care"], ["vi_VN"])
        main = self.env.ref("customer_care.segment_new").with_context(lang="vi_VN")
        self.assertNotEqual(main.name, "New Customers")
        self.assertEqual(own[0].with_context(lang="vi_VN").name, main.name)
        self.assertEqual(renamed.with_context(lang="vi_VN").name, before)
