"""The directory that holds everything the set-up makes; nothing lies outside it."""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from pathlib import Path

from .errors import SetupError
from .process import existing_parent

REPOSITORY = Path(__file__).resolve().parent.parent.parent
# A Unix socket's name has at most 107 bytes; "/.s.PGSQL.5432" is added to the path.
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")


def default_home(environ):
    """Return where the prefix is: ``CARE_HOME``, else in the user's cache directory."""
    if environ.get("CARE_HOME"):
        return Path(environ["CARE_HOME"]).expanduser().absolute()
    cache = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser().absolute() / "customer-care"


class Prefix:
    """Names of the places in the prefix, and the ways to write there safely."""

    def __init__(self, home, downloads=None):
        self.home = Path(home)
        self.downloads = Path(downloads) if downloads else self.home / "downloads"
        self.odoo = self.home / "odoo"
        self.venv = self.home / "venv"
        self.python = self.venv / "bin" / "python"
        self.node = self.home / "node"
        self.bin = self.home / "bin"
        self.debian = self.home / "debian"
        self.cluster = self.home / "postgresql"
        self.socket = self.cluster / "run"
        self.data = self.home / "data"
        self.conf = self.home / "odoo.conf"
        self.logs = self.home / "logs"
        self.state = self.home / "state"

    @classmethod
    def from_environ(cls, environ):
        """Return the prefix that the environment variables name."""
        downloads = environ.get("CARE_DOWNLOADS")
        if downloads:
            downloads = Path(downloads).expanduser().absolute()
        return cls(default_home(environ), downloads)

    def create(self):
        """Make the prefix.

        :raises SetupError: the place cannot be written, or its name is too long for
            the database's socket
        """
        if len(os.fsencode(self.socket)) > SOCKET_PATH_LIMIT:
            raise SetupError(
                "The prefix has too long a name for the database's Unix socket.",
                f"{self.socket} has {len(os.fsencode(self.socket))} bytes, "
                f"{SOCKET_PATH_LIMIT} are possible.",
                "Set CARE_HOME to a directory with a shorter name.",
            )
        try:
            for place in (self.home, self.downloads, self.logs, self.state, self.bin):
                place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(
                f"The prefix {self.home} cannot be made.",
                str(error),
                "Set CARE_HOME to a directory that you may write.",
            ) from error

    def log(self, name):
        """Return the log file of a step, emptied."""
        path = self.logs / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        return path

    @contextlib.contextmanager
    def locked(self, command):
        """Hold the prefix for one command.

        :raises SetupError: another command works in this prefix
        """
        path = self.home / "lock"
        with open(path, "a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                raise SetupError(
                    "Another command is working in this prefix.",
                    f"{lock.read().strip() or 'Its name is not known'} holds {path}.",
                    "Wait until it ends, or set CARE_HOME to another directory.",
                ) from error
            lock.truncate(0)
            lock.write(f"{command} (process {os.getpid()})")
            lock.flush()
            try:
                yield
            finally:
                lock.truncate(0)

    @contextlib.contextmanager
    def building(self, target):
        """Yield an empty directory that becomes ``target`` if the block succeeds.

        Whatever stops the block, ``target`` is either as before or complete.
        """
        target = Path(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        for rest in target.parent.glob(f".{target.name}.new-*"):
            shutil.rmtree(rest, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
        fresh.chmod(0o755)
        try:
            yield fresh
            if target.exists():
                shutil.rmtree(target)
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def read_state(self, name):
        """Return the recorded facts called ``name``, an empty dict without any."""
        try:
            return json.loads((self.state / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}

    def write_state(self, name, facts):
        """Record facts, whole or not at all."""
        write_whole(
            self.state / f"{name}.json", json.dumps(facts, indent=1, sort_keys=True)
        )

    def forget_state(self, name):
        """Drop the recorded facts called ``name``."""
        (self.state / f"{name}.json").unlink(missing_ok=True)

    def remove(self):
        """Remove the prefix, downloads kept elsewhere excepted."""
        shutil.rmtree(self.home, ignore_errors=True)

    def free_space(self):
        """Return the free bytes on the disk of the prefix."""
        return shutil.disk_usage(existing_parent(self.home)).free


def write_whole(path, text, mode=0o644):
    """Write a file so that a reader sees the old text or the new one."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(mode)
    fresh.replace(path)
