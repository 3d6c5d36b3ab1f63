"""The world that the tables are made in: CareCommon, undone after each module."""

import pytest


@pytest.fixture(scope="module")
def world(registry, odoo_server):
    """``CareCommon`` with an open transaction that is undone at the end."""
    from odoo.addons.customer_care.tests.common import CareCommon

    class World(CareCommon):
        """The shared identities, used without a test of their own."""

        def runTest(self):
            """Nothing: the tables are made from the class."""

    World.setUpClass()
    try:
        yield World
    finally:
        World.tearDownClass()
        World.doClassCleanups()
