"""``setup/run``: from nothing to a logged-in demo."""

import argparse
import os

from . import logins
from .environment import Environment

DEFAULT_PORT = 8069


def parser():
    """Return the parser of the command's options."""
    made = argparse.ArgumentParser(
        prog="setup/run",
        description="Start Odoo 19 with the customer care addons and demo data on "
        "127.0.0.1; everything it needs is fetched into the user's cache directory.",
    )
    made.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="wanted port (default: 8069)"
    )
    made.add_argument(
        "--empty",
        action="store_true",
        help="without demo data, as on the first day of a company (database care_empty)",
    )
    made.add_argument(
        "--fresh",
        action="store_true",
        help="make the database anew; its content is lost",
    )
    made.add_argument(
        "--no-server",
        action="store_true",
        help="prepare the database and stop there",
    )
    made.add_argument(
        "--stop", action="store_true", help="stop the server and its database cluster"
    )
    return made


def main(arguments):
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    environment = Environment()
    environment.prefix.create()
    with environment.prefix.locked("setup/run"):
        if options.stop:
            return _stop(environment)
        environment.prepare()
        name = "care_empty" if options.empty else "care_demo"
        changed = _ensure_database(environment, name, options)
        if options.no_server:
            environment.console.note(f"\nThe database {name} is ready.")
            return 0
        return _serve(environment, name, options, changed)


def _stop(environment):
    was_running = environment.server.stop()
    environment.cluster.stop()
    environment.console.note(
        "The server is stopped." if was_running else "No server was running."
    )
    return 0


def _ensure_database(environment, name, options):
    """Make or update the database; return whether a running server must restart."""
    prefix, databases = environment.prefix, environment.databases
    now = {
        "odoo": environment.odoo.identity,
        "addons": environment.addons.fingerprints(),
    }
    before = prefix.read_state(name)
    exists = environment.cluster.has(name)
    if exists and before and not options.fresh:
        changed = _changed(before, now)
        if changed:
            environment.server.stop()
            databases.update(name, changed)
            prefix.write_state(name, now)
        return bool(changed)
    environment.server.stop()
    demo = not options.empty
    template = databases.template(demo=demo)
    databases.install(
        name,
        template,
        environment.addons.names,
        options=["--with-demo"] if demo else [],
        title="Installing customer care" + (" with demo data" if demo else ""),
    )
    prefix.write_state(name, now)
    return True


def _changed(before, now):
    """Return the modules to update for the sources to match the database."""
    if before["odoo"] != now["odoo"]:
        return ["base"]
    old = before["addons"]
    return [name for name, digest in now["addons"].items() if old.get(name) != digest]


def _serve(environment, name, options, changed):
    server = environment.server
    running = server.running()
    if running and (changed or running["database"] != name):
        server.stop()
        running = None
    port = running["port"] if running else server.start(name, options.port)
    people = logins.ADMINISTRATOR if options.empty else logins.DEMO
    note = environment.console.note
    logins.checked(people, port, name)
    note()
    note(f"Odoo with customer care: http://127.0.0.1:{port}")
    note()
    note("Log in as (user / password):")
    for line in logins.table(people):
        note(line)
    note()
    note(f"Log:  {os.fspath(environment.prefix.logs / 'server.log')}")
    note("Stop: setup/run --stop")
    return 0
