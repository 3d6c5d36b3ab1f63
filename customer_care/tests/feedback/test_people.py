"""Customers who are merged, forgotten, or ask what is known of them."""

from odoo.tests import tagged

from .common import FeedbackCommon


@tagged("post_install", "-at_install", "care_feedback")
class TestPeople(FeedbackCommon):
    def test_merge(self):
        row = self._answered(4)
        twin = self.env["res.partner"].create({"name": "Mai"})
        self.feedback._care_merge_partners(self.customer, twin)
        self.assertEqual(row.partner_id, twin)

    def test_forgetting_keeps_the_score(self):
        row = self._answered(1, "Tôi là Mai, 0912 345 678")
        path = row._get_token()
        waiting = self._solved()[1]
        row.with_user(self.user_lead)._finish_follow_up("solved", "Gọi chị Mai")
        self.feedback._care_forget_partners(self.customer)
        self.assertEqual((row.score, row.state), (1, "answered"))
        self.assertFalse(row.comment or row.partner_id or row.follow_up_note)
        self.assertFalse(row.activity_id)
        self.assertEqual((waiting.state, waiting.reason), ("withdrawn", "forgotten"))
        self.assertFalse(self.feedback._find_by_token(path))

    def test_export(self):
        self._answered(4, "Tốt")
        rows = self.feedback._care_export_partners(self.customer)
        self.assertEqual([(r["score"], r["comment"]) for r in rows], [(4, "Tốt")])
