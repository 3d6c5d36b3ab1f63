"""Calling Odoo's own command line in the prefix."""

import contextlib
import re
import threading
from pathlib import Path

from . import process
from .prefix import REPOSITORY, write_whole
from .python_env import environment_of

CONFIGURATION = """[options]
addons_path = {addons}
db_host = {socket}
db_user = {user}
data_dir = {data}
http_interface = 127.0.0.1
list_db = False
max_cron_threads = 1
# A developer's machine may be busy with the second test run.
limit_time_real = 1200
limit_time_cpu = 1200
"""
LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
STARTING = re.compile(r": Starting (\S+) \.\.\.")


class OdooCommand:
    """Odoo's command line with the prefix's configuration."""

    def __init__(self, prefix, environ):
        self.prefix = prefix
        self.program = prefix.bin / "odoo"
        self.environ = environment_of(prefix, environ)

    def configure(self, odoo, user):
        """Write the configuration file for an :class:`~.odoo_source.Odoo`."""
        addons = ",".join(map(str, (*odoo.addons, REPOSITORY)))
        write_whole(
            self.prefix.conf,
            CONFIGURATION.format(
                addons=addons,
                socket=self.prefix.socket,
                user=user,
                data=self.prefix.data,
            ),
        )

    def arguments(self, database, *options):
        """Return the whole command for a database."""
        return [self.program, "-c", self.prefix.conf, "-d", database, *options]

    def call(self, database, *options, log, step=None, timeout=None, environ=None):
        """Run Odoo until it stops by itself and return its exit code.

        :param step: a console step that shows what Odoo is doing
        """
        command = self.arguments(database, *options, "--stop-after-init")
        with watched(log, step):
            return process.call(
                command,
                log=log,
                env={**self.environ, **(environ or {})},
                timeout=timeout,
            )


@contextlib.contextmanager
def watched(log, step, interval=1.0):
    """Show in ``step`` what the end of an Odoo log says, while the block runs."""
    if step is None:
        yield
        return
    ended = threading.Event()

    def follow():
        tests = 0
        place = Path(log)
        position = place.stat().st_size if place.exists() else 0
        while not ended.wait(interval):
            with open(place, "rb") as file:
                file.seek(position)
                text = file.read().decode(errors="replace")
                position = file.tell()
            tests += len(STARTING.findall(text))
            loading = LOADING.findall(text)
            if tests:
                step.detail = f"{tests} tests"
            elif loading:
                name, number, total = loading[-1]
                step.detail = f"{number}/{total} {name}"

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
