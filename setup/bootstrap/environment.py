"""Everything a command needs, made to exist in the right order."""

import os

from .addons import Addons
from .browser import Browser
from .console import Console
from .database import Databases
from .node_env import NodeEnv
from .odoo_command import OdooCommand
from .odoo_source import OdooSource
from .postgres import USER, Cluster
from .prefix import REPOSITORY, Prefix
from .python_env import PythonEnv, check_version
from .server import Server


class Environment:
    """A prefix with what is in it; parts come into being when they are asked for."""

    def __init__(self, environ=None, console=None):
        self.environ = dict(os.environ if environ is None else environ)
        self.console = console or Console()
        self.prefix = Prefix.from_environ(self.environ)
        self.addons = Addons()
        self.cluster = Cluster(self.prefix, self.console, self.environ)
        self.command = OdooCommand(self.prefix, self.environ)
        self.server = Server(self.prefix, self.console, self.command)
        self.odoo = None
        self.databases = None
        self.browser = None

    def prepare(self, *, tests=False):
        """Bring Odoo, Python and the cluster into being.

        :param tests: also the test tools, the JavaScript tools and a browser
        :return: whether the cluster was started by this call
        :raises SetupError: a part cannot be had
        """
        check_version()
        self.cluster.programs()
        self.odoo = OdooSource(self.prefix, self.console, self.environ).get()
        python = PythonEnv(self.prefix, self.console, self.environ)
        python.install("test" if tests else "run", self.odoo)
        if tests:
            NodeEnv(self.prefix, self.console, self.environ).install()
            self.browser = Browser(self.prefix, self.console, self.environ).get()
        self.command.configure(self.odoo, USER)
        started = self.cluster.start()
        self.databases = Databases(
            self.prefix,
            self.console,
            self.cluster,
            self.command,
            self.odoo,
            self.addons,
        )
        return started

    def variables(self, **more):
        """Return the variables for programs of the repository that use the prefix.

        They are described in setup/README.md.
        """
        known = {
            **self.command.environ,
            "PATH": os.pathsep.join(
                [self.command.environ["PATH"], str(self.cluster.programs())]
            ),
            "CARE_PREFIX": str(self.prefix.home),
            "CARE_REPOSITORY": str(REPOSITORY),
            "CARE_PYTHON": str(self.prefix.python),
            "CARE_ODOO_BIN": str(self.command.program),
            "CARE_ODOO_CONF": str(self.prefix.conf),
            "CARE_ODOO_ROOT": str(self.odoo.root),
            "CARE_PG_HOST": str(self.prefix.socket),
            "CARE_PG_BIN": str(self.cluster.programs()),
            "CARE_PG_USER": USER,
            "CARE_BROWSER": str(self.browser or ""),
        }
        return {**known, **{name: str(value) for name, value in more.items()}}
