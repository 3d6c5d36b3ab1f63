"""A PostgreSQL cluster of the prefix's own, on a Unix socket and nothing else."""

import os
import pwd
import re
import shlex
import shutil
from pathlib import Path

from . import process
from .browser import library_path
from .debian import Debian
from .errors import SetupError
from .prefix import write_whole

OLDEST = 13  # the oldest PostgreSQL that Odoo 19 accepts
USER = "odoo"
# Programs that tests call by name.
CLIENTS = ("psql", "createdb", "dropdb", "pg_dump", "pg_restore")
PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/pgsql")
WAY_OUT = (
    "Install the package postgresql (it need not run: the set-up starts a cluster "
    "of its own), or set CARE_PG_BIN to the directory that holds initdb and pg_ctl."
)
# A cluster that can be made again: speed over the survival of a power cut. Killed
# processes lose nothing.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0777
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_min_messages = warning
"""
READ_ANY_DIRECTORY = (("dac_read_search", 1 << 2), ("dac_override", 1 << 1))


class Cluster:
    """The cluster of a prefix: made, started, asked and stopped."""

    def __init__(self, prefix, console, environ):
        self.prefix = prefix
        self.console = console
        self.environ = environ
        self.data = prefix.cluster / "data"
        self.server_log = prefix.cluster / "server.log"
        self._bin = None

    # -- programs -----------------------------------------------------------

    def programs(self):
        """Return the directory of PostgreSQL's programs.

        :raises SetupError: there are none, or only old ones, and none can be fetched
        """
        if self._bin is None:
            self._bin = self._present() or self._unpacked() or self._unpack()
        return self._bin

    def _present(self):
        """Return the newest PostgreSQL installed on this machine, or None."""
        named = self.environ.get("CARE_PG_BIN")
        if named:
            if not (Path(named) / "initdb").exists():
                raise SetupError(
                    "CARE_PG_BIN does not lead to PostgreSQL.",
                    f"{named} has no initdb.",
                    WAY_OUT,
                )
            return Path(named)
        found = [p.parent for top in PLACES for p in Path(top).glob("*/bin/initdb")]
        on_path = process.which("initdb", self.environ.get("PATH"))
        if on_path:
            found.append(Path(on_path).resolve().parent)
        fit = [(self._major(p), p) for p in found if (p / "pg_ctl").exists()]
        if self._data_version():
            fit = [pair for pair in fit if pair[0] == self._data_version()]
        fit = [pair for pair in fit if pair[0] >= OLDEST]
        return max(fit)[1] if fit else None

    def _unpacked(self):
        top = self.prefix.debian / "postgresql" / "usr/lib/postgresql"
        return next((p.parent for p in sorted(top.glob("*/bin/initdb"))), None)

    def _unpack(self):
        debian = Debian(self.prefix)
        lack = debian.missing_tools()
        if lack:
            raise SetupError("There is no PostgreSQL on this machine.", lack, WAY_OUT)
        log = self.prefix.log("postgresql-package")
        target = self.prefix.debian / "postgresql"
        try:
            with self.console.step("PostgreSQL: fetching the Debian package"):
                files = debian.collect(
                    "postgresql", log, wanted=["postgresql"], closed_over=True
                )
        except SetupError as error:
            raise SetupError(
                "There is no PostgreSQL on this machine, and none can be fetched.",
                str(error),
                WAY_OUT,
            ) from error
        with (
            self.console.step("PostgreSQL: unpacking"),
            self.prefix.building(target) as fresh,
        ):
            debian.unpack(files, fresh, log)
        found = self._unpacked()
        if not found:
            raise SetupError(
                "Debian's PostgreSQL package has no initdb.", str(target), WAY_OUT
            )
        for name in CLIENTS:
            text = (
                "#!/bin/sh\n"
                f"export LD_LIBRARY_PATH={shlex.quote(library_path(target))}\n"
                f'exec {shlex.quote(str(found / name))} "$@"\n'
            )
            write_whole(self.prefix.bin / name, text, mode=0o755)
        return found

    def _major(self, place):
        _code, text = process.output_of(
            [place / "postgres", "--version"], env=self._environment(place)
        )
        found = re.search(r"\b(\d+)(?:\.|devel|beta|rc|\s|$)", text)
        return int(found.group(1)) if found else 0

    def _data_version(self):
        try:
            return int((self.data / "PG_VERSION").read_text("utf-8"))
        except (OSError, ValueError):
            return 0

    # -- whose it is --------------------------------------------------------

    def owner(self):
        """Return the account that runs the cluster, None for the caller's own.

        PostgreSQL refuses to run as root; root lends it to another account.
        """
        if os.geteuid() != 0:
            return None
        if self.data.exists():
            return pwd.getpwuid(self.data.stat().st_uid)
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise SetupError(
            "PostgreSQL does not run as root, and there is no other account.",
            "Neither postgres nor nobody exists on this machine.",
            "Run the command as an ordinary user.",
        )

    def _as_owner(self, command):
        """Return the command, run by the cluster's owner."""
        owner = self.owner()
        if owner is None:
            return command
        if not process.which("setpriv"):
            raise SetupError(
                "root cannot lend PostgreSQL to another account.",
                "setpriv (package util-linux) is not installed.",
                "Install util-linux, or run the command as an ordinary user.",
            )
        become = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}"]
        become += ["--clear-groups", "--no-new-privs"]
        return [*become, *self._way_in(become), *command]

    def _way_in(self, become):
        """Return options that let the owner pass directories closed to it.

        root's cache directory lies in /root, which no one else may enter. The one
        capability for entering directories is lent then; every other right stays
        that of the account.
        """
        needed = [self.prefix.cluster, self.programs()]
        if all(process.output_of([*become, "test", "-x", p])[0] == 0 for p in needed):
            return []
        status = Path("/proc/self/status").read_text("utf-8")
        bounds = int(re.search(r"^CapBnd:\s*(\w+)", status, re.MULTILINE).group(1), 16)
        for name, bit in READ_ANY_DIRECTORY:
            if bounds & bit:
                # The last bit lets access(2) see the capability: initdb asks it.
                return [
                    f"--inh-caps=+{name}",
                    f"--ambient-caps=+{name}",
                    "--securebits=+no_setuid_fixup",
                ]
        raise SetupError(
            f"The account {self.owner().pw_name} cannot enter the prefix.",
            f"A directory above {self.prefix.cluster} is closed to it.",
            "Set CARE_HOME to a directory that everyone may enter, "
            "for example /var/cache/customer-care.",
        )

    def _environment(self, place=None):
        """Return the variables for PostgreSQL's programs."""
        environ = {
            k: v for k, v in self.environ.items() if not k.startswith(("PG", "LC_"))
        }
        environ["LC_ALL"] = "C.UTF-8"
        environ["HOME"] = str(self.prefix.cluster)
        if str(place or self.programs()).startswith(str(self.prefix.debian)):
            environ["LD_LIBRARY_PATH"] = library_path(self.prefix.debian / "postgresql")
        return environ

    # -- life ---------------------------------------------------------------

    def start(self):
        """Make the cluster if there is none, and start it.

        ``CARE_PG_DURABLE=1`` makes it write to disk as a production server does.

        :return: True if it was started by this call
        :raises SetupError: PostgreSQL is absent or does not start
        """
        self.programs()
        self._initialise()
        if self.is_running():
            return False
        settings = SETTINGS.format(
            socket=self.prefix.socket,
            durable="on" if self.environ.get("CARE_PG_DURABLE") == "1" else "off",
        )
        self._write_owned(self.data / "care.conf", settings)
        log = self.prefix.log("postgresql")
        with self.console.step("PostgreSQL: starting"):
            command = [self.programs() / "pg_ctl", "-D", self.data, "-w", "-t", "60"]
            command += ["-l", self.server_log, "start"]
            try:
                process.run(
                    self._as_owner(command),
                    log=log,
                    env=self._environment(),
                    cwd="/",
                    what="PostgreSQL does not start.",
                )
            except SetupError as error:
                raise process.explained(
                    "PostgreSQL does not start.",
                    self.server_log,
                    "If the cluster is damaged: run the command again with --fresh.",
                ) from error
        return True

    def _initialise(self):
        if (self.data / "PG_VERSION").exists():
            programs = self._major(self.programs())
            if self._data_version() != programs:
                raise SetupError(
                    "The prefix's databases belong to another PostgreSQL.",
                    f"They were made by version {self._data_version()}, "
                    f"version {programs} is installed.",
                    "Run the command again with --fresh to make them anew.",
                )
            return
        log = self.prefix.log("initdb")
        shutil.rmtree(self.prefix.cluster, ignore_errors=True)
        for place in (self.prefix.cluster, self.prefix.socket):
            place.mkdir(parents=True, mode=0o700)
        owner = self.owner()
        if owner:
            for place in (self.prefix.cluster, self.prefix.socket):
                os.chown(place, owner.pw_uid, owner.pw_gid)
        # Made under another name: an interrupted initdb leaves no half cluster.
        fresh = self.prefix.cluster / "data.new"
        command = [self.programs() / "initdb", "-D", fresh, "-U", USER]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        with self.console.step("PostgreSQL: making a cluster"):
            process.run(
                self._as_owner(command),
                log=log,
                env=self._environment(),
                cwd="/",
                what="The database cluster cannot be made.",
                way_out=WAY_OUT,
            )
            with open(fresh / "postgresql.conf", "a", encoding="utf-8") as conf:
                conf.write("\ninclude 'care.conf'\n")
            fresh.rename(self.data)

    def _write_owned(self, path, text):
        path.write_text(text, encoding="utf-8")
        owner = self.owner()
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def is_running(self):
        """Return whether the cluster answers."""
        return self._psql("postgres", "SELECT 1")[0] == 0

    def stop(self):
        """Stop the cluster if it runs; sessions are ended."""
        if not (self.data / "postmaster.pid").exists():
            return
        command = [self.programs() / "pg_ctl", "-D", self.data, "-m", "fast", "stop"]
        process.call(
            self._as_owner(command),
            log=self.prefix.logs / "postgresql.log",
            env=self._environment(),
            cwd="/",
        )

    # -- questions ----------------------------------------------------------

    def _psql(self, database, statement):
        command = [self.programs() / "psql", "-XqtA", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", self.prefix.socket, "-U", USER, "-d", database]
        return process.output_of(
            [*command, "-c", statement], env=self._environment(), cwd="/"
        )

    def ask(self, statement, database="postgres"):
        """Run one SQL statement and return its rows, a list of strings each.

        :raises SetupError: the database refuses it
        """
        code, text = self._psql(database, statement)
        if code:
            raise SetupError(
                f"The database {database} refuses a statement.",
                f"{statement}\n{text.strip()[-600:]}",
            )
        return [line.split("|") for line in text.splitlines() if line]

    def databases(self):
        """Return the names of the databases."""
        return {name for (name,) in self.ask("SELECT datname FROM pg_database")}

    def has(self, database):
        """Return whether there is such a database."""
        return database in self.databases()

    def create(self, database, template="template0"):
        """Create a database as a copy of another one."""
        self.ask(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def drop(self, database):
        """Drop a database if it exists, ending its sessions."""
        self.ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def rename(self, database, name):
        """Rename a database, ending its sessions."""
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        )
        self.ask(f'ALTER DATABASE "{database}" RENAME TO "{name}"')
