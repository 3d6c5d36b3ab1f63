"""Every address answers every visitor as reviewed, and writes only for a good token."""

import logging
import os

import pytest

from tests.matrix import access, routes

#: The identities that the portal tells apart.
VISITORS = (
    "public",
    "portal_customer",
    "portal_colleague",
    "portal_other",
    "reader",
    "agent_team",
    "manager_other_company",
    "administrator",
)

#: Pages for which the public signs in first, beside those of the account.
SIGNED_IN = ("/care/counter",)
#: Posted to by mail programs (RFC 8058), which have no session: their key is the right.
ONE_CLICK = ("/u/<string:token>",)


@pytest.fixture(scope="module")
def rows(registry, odoo_server):
    """The table as it is now; written to the file when CARE_RECORD is set."""
    from odoo.modules import module
    from odoo.tests import HttpCase
    from odoo.tests.result import OdooTestResult

    from odoo.addons.customer_care.tests.common import CareCommon

    made = []

    class Visitors(HttpCase, CareCommon):
        """Sends requests in the open transaction of the world."""

        def runTest(self):
            """Make the table; Odoo's own way of running sets the requests up."""
            module.current_test = self
            people = access.build_world(type(self))
            made.extend(routes.table(self, {name: people[name] for name in VISITORS}))

    result = OdooTestResult()
    logging.disable(logging.WARNING)
    try:
        Visitors.setUpClass()
        Visitors("runTest").run(result)
    finally:
        module.current_test = None
        logging.disable(logging.NOTSET)
        Visitors.tearDownClass()
        Visitors.doClassCleanups()
    assert result.wasSuccessful(), result
    if os.environ.get("CARE_RECORD"):
        access.write_file(made, routes.FILE, routes.HEADER)
    return {row[:4]: row[4:] for row in made}


def test_answers_are_the_reviewed_ones(rows):
    """A new route has no row, and fails until somebody read its answers."""
    expected = routes.read_file()
    different = {
        key: f"{expected.get(key)} expected, {rows.get(key)} found"
        for key in sorted(expected.keys() | rows)
        if expected.get(key) != rows.get(key)
    }
    assert different == {}


def test_nothing_breaks(rows):
    """No visitor, record or missing token leads to an error of the server."""
    broken = [key for key, found in rows.items() if any(s[:1] == "5" for s in found)]
    assert broken == []


def _needs_login(route):
    return route.startswith("/my/") or route in SIGNED_IN


def test_forms_need_their_token(rows):
    """A form without its CSRF token is refused before anything else is looked at."""
    # Where a login is needed, the public is sent there first.
    taken = [
        key
        for key, found in rows.items()
        if found[1] not in ("", "400")
        and not (key[3] == "public" and found[1] == "303" and _needs_login(key[0]))
        and key[0] not in ONE_CLICK
    ]
    assert taken == []
