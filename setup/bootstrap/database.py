"""Databases: a template with the dependencies, and quick copies of it."""

import hashlib
import os
import re
import shutil

from . import process
from .debian import sha256_of
from .errors import SetupError
from .python_env import REQUIREMENTS

# Raise it when templates are made in another way.
RECIPE = 2
CHART = "l10n_vn"
# The first is everybody's; English is there only where it is named as well.
LANGUAGES = "vi_VN,en_US"
SPACE = 2_000_000_000
TROUBLE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (ERROR|CRITICAL) .*$", re.MULTILINE)


class Databases:
    """Makes, copies, updates and drops the databases of a prefix.

    A database is made under another name and gets its own when it is complete.
    """

    def __init__(self, prefix, console, cluster, command, odoo, addons):
        self.prefix = prefix
        self.console = console
        self.cluster = cluster
        self.command = command
        self.odoo = odoo
        self.addons = addons

    # -- templates ----------------------------------------------------------

    def key(self):
        """Return a word that changes when a template would come out differently."""
        parts = [
            str(RECIPE),
            self.odoo.identity,
            sha256_of(REQUIREMENTS / "run.lock"),
            *self.addons.dependencies(),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]

    def template(self, demo=False):
        """Return the name of the database of the dependencies, made if absent.

        :param demo: with Odoo's demo data, the Vietnamese chart of accounts where
            this Odoo has it, and Vietnamese beside English
        :raises SetupError: the dependencies do not install
        """
        flavour = "demo" if demo else "plain"
        name = f"care_{flavour}_template_{self.key()}"
        if self.cluster.has(name):
            return name
        self._check_space()
        modules = self.addons.dependencies()
        options = []
        if demo:
            options = ["--with-demo", f"--load-language={LANGUAGES}"]
            if any((place / CHART).is_dir() for place in self.odoo.addons):
                modules = [*modules, CHART]
        for old in self.cluster.databases():
            if old.startswith(f"care_{flavour}_template_"):
                self.drop(old)
        title = f"Database of the dependencies ({flavour})"
        with self.console.step(title) as step:
            self._make(name, None, modules, options, f"template-{flavour}", step)
        return name

    # -- databases ----------------------------------------------------------

    def install(self, name, template, modules, *, options=(), title=""):
        """Make a database from a template with more modules installed.

        An existing database of that name is replaced.

        :raises SetupError: a module does not install
        """
        self._check_space()
        with self.console.step(title or f"Database {name}") as step:
            self._make(name, template, modules, list(options), f"install-{name}", step)

    def update(self, name, modules, *, title=""):
        """Update modules of a database.

        :raises SetupError: the update fails; the database keeps its former state as
            far as Odoo had committed it
        """
        log = self.prefix.log(f"update-{name}")
        with self.console.step(title or f"Updating {', '.join(modules)}") as step:
            code = self.command.call(
                name, "-u", ",".join(modules), "--no-http", log=log, step=step
            )
            self._refuse_trouble(code, log, f"{', '.join(modules)} cannot be updated.")

    def copy(self, name, template):
        """Make a database as a copy of another one, files included."""
        self.drop(name)
        self.cluster.create(name, template)
        source = self._files(template)
        if source.exists():
            # Files of the store are named by their content and never rewritten.
            shutil.copytree(source, self._files(name), copy_function=os.link)

    def drop(self, name):
        """Drop a database and its files, if they exist."""
        self.cluster.drop(name)
        shutil.rmtree(self._files(name), ignore_errors=True)

    def _make(self, name, template, modules, options, log_name, step):
        building = f"{name}_building"
        if template:
            self.copy(building, template)
        else:
            self.drop(building)
            self.cluster.create(building)
        log = self.prefix.log(log_name)
        what = f"{', '.join(modules)} cannot be installed."
        code = self.command.call(
            building,
            "-i",
            ",".join(modules),
            "--no-http",
            *options,
            log=log,
            step=step,
        )
        self._refuse_trouble(code, log, what)
        self._check_installed(building, modules, "--with-demo" in options, log)
        self.drop(name)
        self.cluster.rename(building, name)
        if self._files(building).exists():
            self._files(building).rename(self._files(name))
        step.detail = ""

    def _check_installed(self, name, modules, demo, log):
        """Refuse a database in which a module or its demo data is missing."""
        found = {
            row[0]: row[1:]
            for row in self.cluster.ask(
                "SELECT name, state, COALESCE(demo, false) FROM ir_module_module", name
            )
        }
        for module in modules:
            state, has_demo = found.get(module, ("unknown to Odoo", "f"))
            if state != "installed":
                raise SetupError(
                    f"The module {module} did not install.",
                    f"Its state is: {state}.\n{process.tail(log, 5)}",
                    f"The whole log: {log}",
                )
            if demo and has_demo != "t":
                raise process.explained(f"The demo data of {module} did not load.", log)

    def _refuse_trouble(self, code, log, what):
        trouble = TROUBLE.findall(log.read_text("utf-8", errors="replace"))
        if code or trouble:
            reason = f"Odoo ended with {code}" if code else "Odoo's log has errors"
            raise process.explained(what, log, "", reason)

    def _files(self, name):
        return self.prefix.data / "filestore" / name

    def _check_space(self):
        if self.prefix.free_space() < SPACE:
            raise process.no_space(
                "A database does not fit on the disk.", self.prefix.home, SPACE
            )
