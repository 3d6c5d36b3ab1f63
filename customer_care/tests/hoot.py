"""The components of an addon, in a browser; shared by the tests of the suite."""

from odoo.tests import HttpCase, new_test_user


class HootCase(HttpCase):
    """Runs what an addon has under ``static/tests`` in Odoo's page of JavaScript tests."""

    def _run_components(self, addon):
        """Fail unless every JavaScript test of ``addon`` succeeds.

        :param str addon: its name
        """
        user = new_test_user(self.env, login="care_hoot", lang="en_US")
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={self._suite_id(f'@{addon}')}",
            "",
            login=user.login,
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

    def _suite_id(self, name):
        """Return the id that hoot gives to a suite: a 32-bit string hash."""
        value = 0
        for char in name:
            value = ((value << 5) - value + ord(char)) & 0xFFFFFFFF
        return f"{value:08x}"
