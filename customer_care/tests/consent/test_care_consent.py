from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestCareConsent(CareCommon):
    """The latest answer holds, and no answer is ever lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.vn")
        cls.consents = cls.env["care.consent"]
        cls.now = cls.env.cr.now().replace(microsecond=0)

    def _say(self, granted, days_ago=0, partner=None, **values):
        return (partner or self.customer)._care_set_consent(
            values.pop("channel", "sms"),
            values.pop("purpose", "promotion"),
            granted,
            source="hand",
            evidence="Nói tại quầy",
            on=self.now - timedelta(days=days_ago),
            **values,
        )

    def _current(self, partner=None):
        return self.consents.search(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("is_current", "=", True),
            ]
        )

    def test_the_latest_answer_holds(self):
        withdrawn = self._say(False, days_ago=2)
        older = self._say(True, days_ago=5)
        self.assertEqual(self._current(), withdrawn)
        self.assertTrue(withdrawn.is_current)
        self.assertFalse(older.is_current)
        granted = self._say(True)
        self.assertEqual(self._current(), granted)

    def test_at_the_same_moment_the_later_written_holds(self):
        self._say(True)
        last = self._say(False)
        self.assertEqual(self._current(), last)

    def test_channels_purposes_and_companies_are_apart(self):
        rows = (
            self._say(True)
            | self._say(False, channel="email")
            | self._say(False, purpose="care")
            | self._say(False, company=self.other_company)
        )
        self.assertEqual(self._current(), rows)
        outside = self.consents.search(
            [("partner_id", "=", self.customer.id), ("is_current", "=", False)]
        )
        self.assertFalse(outside)

    def test_the_address_that_was_meant_is_kept(self):
        self.assertEqual(self._say(True).address, "+84912345678")
        self.assertEqual(
            self._say(True, channel="email").address, "care_portal@care.test"
        )
        self.assertFalse(self._say(True, channel="visit").address)

    def test_evidence_is_asked_for(self):
        for evidence in (None, "", "   "):
            with self.subTest(evidence=evidence), self.assertRaises(UserError):
                self.customer._care_set_consent(
                    "sms", "promotion", True, "hand", evidence
                )

    def test_an_answer_of_tomorrow_is_refused(self):
        with self.assertRaises(ValidationError):
            self._say(True, days_ago=-1)

    def test_unknown_words_are_refused(self):
        for values in ({"channel": "pigeon"}, {"purpose": "fun"}):
            with self.subTest(values), self.assertRaises(ValueError):
                self._say(True, **values)

    def test_nobody_changes_or_deletes(self):
        row = self._say(True)
        for user in (self.user_own, self.user_manager, self.user_admin):
            theirs = row.with_user(user)
            self.assertTrue(theirs.has_access("read"))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(theirs.has_access(operation))
        for act in (lambda: row.sudo().write({"state": "granted"}), row.sudo().unlink):
            with self.assertRaises(UserError):
                act()
        self.assertFalse(row.with_user(self.user_other).has_access("read"))
        with self.assertRaises(AccessError):
            row.with_user(self.user_reader).read(["state"])

    # -------------------------------------------------------------------- merge
    def _merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"]._update_foreign_keys(
            source, destination
        )
        self.env.invalidate_all()

    def test_merge_never_loses_a_withdrawal(self):
        """Whatever was said when: who stands refused before stays refused after."""
        answers = (None, True, False)
        for days in ((4, 2), (2, 4)):
            for left in answers:
                for right in answers:
                    with self.subTest(source=left, destination=right, days=days):
                        source, destination = self.env["res.partner"].create(
                            [{"name": "Một"}, {"name": "Hai"}]
                        )
                        rows = self.consents
                        if left is not None:
                            rows |= self._say(left, days[0], source)
                        if right is not None:
                            rows |= self._say(right, days[1], destination)
                        self._merge(source, destination)
                        self.assertEqual(rows.exists(), rows)
                        self.assertLessEqual(rows.partner_id, destination)
                        expected = []
                        if False in (left, right):
                            expected = ["withdrawn"]
                        elif True in (left, right):
                            expected = ["granted"]
                        self.assertEqual(
                            self._current(destination).mapped("state"), expected
                        )

    def test_merge_adds_nothing_where_nothing_is_lost(self):
        source = self.env["res.partner"].create({"name": "Một"})
        self._say(False, 4, source)
        self._say(True, 3, source)  # agreed again: the same person, no doubt about it
        self._say(True, 5)
        before = self.consents.search_count([("source", "=", "merge")])
        self._merge(source, self.customer)
        self.assertEqual(self.consents.search_count([("source", "=", "merge")]), before)
        self.assertEqual(self._current().state, "granted")

    def test_merge_respects_channels(self):
        source = self.env["res.partner"].create({"name": "Một"})
        self._say(False, 4, source, channel="email")
        self._say(True, 2)
        self._merge(source, self.customer)
        found = {row.channel: row.state for row in self._current()}
        self.assertEqual(found, {"email": "withdrawn", "sms": "granted"})

    # -------------------------------------------------------- forget and export
    def test_forgetting_keeps_the_answer_and_takes_the_rest(self):
        row = self._say(False)
        self.consents._care_forget_partners(self.customer)
        self.assertRecordValues(
            row, [{"state": "withdrawn", "address": False, "evidence": ""}]
        )

    def test_export_is_plain_and_complete(self):
        self._say(True, 3)
        self._say(False)
        found = self.consents._care_export_partners(self.customer)
        self.assertEqual([row["state"] for row in found], ["granted", "withdrawn"])
        self.assertEqual({row["evidence"] for row in found}, {"Nói tại quầy"})
