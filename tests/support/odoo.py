"""Odoo as a program: install, upgrade, shell, and a reading of its log."""

import re
import subprocess
from dataclasses import dataclass

from . import database, repo
from .settings import settings

_LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<rest>.*)$")

#: Warnings that say nothing about the addons. One entry, one reason.
ACCEPTED = [
    # The private server has no superuser password and listens on a socket only.
    r"odoo\.tools\.config: .*(admin_passwd|http_interface)",
]


@dataclass
class Run:
    """What one call of Odoo said."""

    command: list
    returncode: int
    log: str

    @property
    def complaints(self):
        """Lines of level WARNING and above, less the accepted ones, with their text."""
        found, take = [], False
        for line in self.log.splitlines():
            match = _LINE.match(line)
            if match:
                take = match["level"] in ("WARNING", "ERROR", "CRITICAL") and not any(
                    re.search(pattern, match["rest"]) for pattern in ACCEPTED
                )
            if take:
                found.append(line)
        return found

    def check(self):
        """Raise unless the call ended well and complained about nothing."""
        if self.returncode or self.complaints:
            tail = "\n".join(self.complaints or self.log.splitlines()[-40:])
            raise AssertionError(
                f"{' '.join(map(str, self.command))} ended with {self.returncode}:\n{tail}"
            )
        return self


def run(name, *arguments, stdin=None, command=(), odoo_bin=None, conf=None, env=None):
    """Call Odoo on database ``name``; never opens a port."""
    words = [
        *(odoo_bin or settings().odoo_bin),
        *command,
        "-c",
        str(conf or settings().conf),
        "-d",
        name,
        "--no-http",
        *arguments,
    ]
    done = subprocess.run(
        words,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env=env,
    )
    return Run(words, done.returncode, done.stdout)


def install(name, *addons, demo=False, language=None):
    """Install ``addons`` in ``name``; ``language`` is loaded and translated with them."""
    options = ["--with-demo" if demo else "--without-demo=True"]
    if language:
        options.append(f"--load-language={language}")
    return run(name, "-i", ",".join(addons), *options, "--stop-after-init").check()


def upgrade(name, *addons):
    """``-u`` of ``addons``."""
    return run(name, "-u", ",".join(addons), "--stop-after-init").check()


def uninstall(name, *addons):
    """Uninstall ``addons`` through the same button that people press."""
    script = (
        f"env['ir.module.module'].search([('name', 'in', {list(addons)!r})])"
        ".button_immediate_uninstall()\n"
    )
    return run(name, command=("shell",), stdin=script).check()


def suite():
    """Name of the database with the three addons; made from the template if absent.

    Databases of earlier sources are dropped, so that one is left behind at most.
    """
    name = database.suite_name()
    if name not in database.names():
        for old in database.names():
            if re.fullmatch(rf"{database.PREFIX}_[0-9a-f]{{8}}", old):
                database.drop(old)
        building = f"{database.PREFIX}_building"
        database.copy(settings().template_db, building)
        install(building, *repo.ADDONS)
        database.copy(building, name)
        database.drop(building)
    return name
