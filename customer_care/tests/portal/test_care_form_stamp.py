from datetime import timedelta

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from ...lib import signed
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestFormStamp(PortalCommon):
    def setUp(self):
        super().setUp()
        self.stamps = self.env["care.form.stamp"]

    def _aged(self, **age):
        return signed.make_stamp(
            self.tickets._get_link_secret(),
            "contact",
            self.env.cr.now() - timedelta(**age),
        )

    def _problem(self, **age):
        return self.stamps._read("contact", self._aged(**age))[1]

    def test_a_form_open_for_a_minute_is_good(self):
        nonce, problem = self.stamps._read("contact", self._aged(minutes=1))
        self.assertTrue(nonce)
        self.assertEqual(problem, "")

    def test_two_seconds_are_too_quick_and_three_are_not(self):
        with self._at("2026-03-02 09:00:00"):
            self.assertEqual(self._problem(seconds=2), "fast")
            self.assertEqual(self._problem(seconds=3), "")

    def test_a_day_is_not_too_long_and_a_second_more_is(self):
        with self._at("2026-03-02 09:00:00"):
            self.assertEqual(self._problem(hours=24), "")
            self.assertEqual(self._problem(hours=24, seconds=1), "old")

    def test_a_stamp_of_another_form_or_of_nobody_is_unknown(self):
        self.assertEqual(
            self.stamps._read("portal request", self._aged(minutes=1)), ("", "unknown")
        )
        self.assertEqual(self.stamps._read("contact", "abc"), ("", "unknown"))

    def test_a_number_is_used_once(self):
        ticket = self._create_ticket()
        self.stamps._claim("n1", ticket)
        self.assertEqual(self.stamps._find_ticket("n1"), ticket)
        with self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
            self.stamps._claim("n1", self._create_ticket())

    def test_numbers_are_forgotten_when_no_stamp_can_hold_them(self):
        self.stamps._claim("old", self._create_ticket())
        self.stamps._claim("new", self._create_ticket())
        self.env.cr.execute(
            "UPDATE care_form_stamp SET create_date = create_date - interval '49 hours'"
            " WHERE nonce = 'old'"
        )
        self.stamps.invalidate_model()
        self.stamps._gc_stamps()
        self.assertFalse(self.stamps._find_ticket("old"))
        self.assertTrue(self.stamps._find_ticket("new"))
