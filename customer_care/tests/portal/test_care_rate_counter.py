from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestRateCounter(PortalCommon):
    def setUp(self):
        super().setUp()
        self.counters = self.env["care.rate.counter"]

    def test_the_cap_is_the_last_that_passes(self):
        taken = [self.counters._take({("ip", "192.0.2.1"): 3}) for _use in range(5)]
        self.assertEqual(taken, [True, True, True, False, False])

    def test_visitors_do_not_share_a_counter(self):
        self.assertTrue(self.counters._take({("ip", "192.0.2.1"): 1}))
        self.assertFalse(self.counters._take({("ip", "192.0.2.1"): 1}))
        self.assertTrue(self.counters._take({("ip", "192.0.2.2"): 1}))
        self.assertTrue(self.counters._take({("session", "192.0.2.1"): 1}))

    def test_one_full_key_is_enough_to_refuse(self):
        self.counters._take({("contact", "a@b.c"): 1})
        both = {("ip", "192.0.2.1"): 9, ("contact", "a@b.c"): 1}
        self.assertFalse(self.counters._take(both))

    def test_the_next_hour_starts_anew(self):
        with self._at("2026-03-02 09:59:59"):
            self.assertTrue(self.counters._take({("ip", "x"): 1}))
            self.assertFalse(self.counters._take({("ip", "x"): 1}))
        with self._at("2026-03-02 10:00:00"):
            self.assertTrue(self.counters._take({("ip", "x"): 1}))

    def test_zero_switches_a_limit_off(self):
        self.assertTrue(all(self.counters._take({("ip", "x"): 0}) for _use in "abc"))

    def test_no_address_is_stored(self):
        self.counters._take({("ip", "192.0.2.77"): 5, ("contact", "mai@x.vn"): 5})
        self.counters.flush_model()
        self.env.cr.execute("SELECT key FROM care_rate_counter")
        keys = " ".join(key for [key] in self.env.cr.fetchall())
        self.assertRegex(keys, r"^[0-9a-f ]+$")
        self.assertFalse({"192.0.2.77", "mai@x.vn"} & set(keys.split()))

    def test_hours_that_are_over_are_forgotten(self):
        with self._at("2026-03-02 07:30:00"):
            self.counters._take({("ip", "old"): 5})
        with self._at("2026-03-02 10:00:00"):
            self.counters._take({("ip", "new"): 5})
            self.counters.invalidate_model()
            self.counters._gc_hours()
            self.assertEqual(self.counters.search_count([]), 1)

    def test_a_system_parameter_changes_a_limit(self):
        self.assertEqual(self.tickets._get_limit("ip"), 60)
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("customer_care.limit_ip", "5")
        self.assertEqual(self.tickets._get_limit("ip"), 5)
        parameters.set_param("customer_care.limit_ip", "many")
        self.assertEqual(self.tickets._get_limit("ip"), 60)
