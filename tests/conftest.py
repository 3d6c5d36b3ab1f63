"""Options and fixtures of the tests that cross addons.

Facts of the repository need no database. Everything else asks for one of the fixtures
below, and the first that asks makes the database with the three addons.

pytest-odoo gives Odoo's own test classes a home here. It loads a registry and starts a
server for every session; the fixtures of the same names replace that, so that a run of
facts alone stays a matter of seconds.
"""

import threading

import pytest

from tests.support import database, odoo as program, settings


def pytest_configure(config):
    """Point Odoo at the installation of setup/test, when there is one.

    pytest-odoo does so from options, before a conftest can give them; now the addons can
    be imported.
    """
    try:
        installed = settings.settings()
    except settings.NotSetUp:
        return
    from odoo.tools import config as odoo_config

    options = ["-c", str(installed.conf), "-d", database.suite_name()]
    odoo_config.parse_config([*options, "--log-level=warn"], setup_logging=True)


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """In place of pytest-odoo's: nothing is loaded before it is asked for."""


@pytest.fixture(scope="session", autouse=True)
def load_http():
    """In place of pytest-odoo's: see ``odoo_server``."""


@pytest.fixture(scope="module", autouse=True)
def enable_odoo_test_flag():
    """In place of pytest-odoo's: see ``registry``."""


@pytest.fixture(scope="session")
def suite_db():
    """Name of the database with the three addons."""
    return program.suite()


@pytest.fixture(scope="session")
def registry(suite_db):
    """Registry of the database with the three addons, in this process."""
    from odoo.modules.registry import Registry
    from odoo.tools import config

    threading.current_thread().testing = True
    threading.current_thread().dbname = suite_db
    loaded = Registry(suite_db)
    config["test_enable"] = True
    yield loaded
    config["test_enable"] = False


@pytest.fixture(scope="session")
def odoo_server(registry):
    """Odoo's web server on a free port of the loopback, for ``HttpCase``."""
    import socket

    from odoo import http
    from odoo.service import server
    from odoo.tools import config

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        config["http_port"] = probe.getsockname()[1]
    config["http_interface"] = "127.0.0.1"
    server.load_server_wide_modules()
    server.server = server.ThreadedServer(http.root)
    server.server.start(stop=False)
    yield server.server
    server.server.stop()
