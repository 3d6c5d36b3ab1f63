"""The Odoo server of ``setup/run``: started, found again, stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import process
from .errors import SetupError

HOST = "127.0.0.1"
PATIENCE = 120  # seconds until the server must answer
TRIES = 50  # ports looked at after the wanted one


class Server:
    """One background server per prefix."""

    def __init__(self, prefix, console, command):
        self.prefix = prefix
        self.console = console
        self.command = command

    def running(self):
        """Return the facts of the running server (pid, port, database), or None."""
        facts = self.prefix.read_state("server")
        if facts and _birth(facts["pid"]) == facts["birth"]:
            return facts
        return None

    def start(self, database, wanted_port):
        """Start the server on the wanted port or the next free one; return its port.

        :raises SetupError: it does not answer
        """
        port = self.choose_port(wanted_port)
        log = self.prefix.log("server")
        command = self.command.arguments(
            database, f"--http-port={port}", f"--db-filter=^{re.escape(database)}$"
        )
        with self.console.step("Odoo: starting the server"), open(log, "ab") as output:
            child = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.command.environ,
                cwd=self.prefix.home,
                start_new_session=True,
            )
            try:
                self._wait(child, port, log)
            except BaseException:
                process.end(child)
                raise
            self.prefix.write_state(
                "server",
                {
                    "pid": child.pid,
                    "birth": _birth(child.pid),
                    "port": port,
                    "database": database,
                },
            )
        return port

    def stop(self):
        """Stop the server if it runs; return whether it did."""
        facts = self.running()
        self.prefix.forget_state("server")
        if not facts:
            return False
        os.kill(facts["pid"], signal.SIGTERM)
        deadline = time.monotonic() + 15
        while _birth(facts["pid"]) == facts["birth"]:
            if time.monotonic() > deadline:
                os.killpg(facts["pid"], signal.SIGKILL)
                break
            time.sleep(0.1)
        return True

    def choose_port(self, wanted):
        """Return the wanted port or the next free one, saying who has it."""
        for port in range(wanted, min(wanted + TRIES, 65536)):
            if is_free(port):
                return port
            self.console.note(
                f"     Port {port} is taken by {holder_of(port)}; trying {port + 1}."
            )
        raise SetupError(
            "There is no free port for the server.",
            f"The ports {wanted} to {wanted + TRIES - 1} are all taken.",
            "Choose another one with --port.",
        )

    def _wait(self, child, port, log):
        """Wait until the login page is there."""
        deadline = time.monotonic() + PATIENCE
        address = f"http://{HOST}:{port}/web/login"
        answer = "no answer"
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise process.explained(
                    "The server stopped by itself.",
                    log,
                    "",
                    f"Odoo ended with {child.returncode}",
                )
            try:
                with urllib.request.urlopen(address, timeout=PATIENCE):
                    return
            except urllib.error.HTTPError as error:
                raise process.explained(
                    "The server does not show its login page.",
                    log,
                    "",
                    f"It answers with {error.code}",
                ) from error
            except OSError as error:
                answer = str(error)
                time.sleep(0.2)
        raise SetupError(
            "The server does not answer.",
            f"{answer} after {PATIENCE} s at {address}",
            f"Its log: {log}",
        )


def may_log_in(port, database, login, password):
    """Return whether the server lets this user in."""
    payload = {
        "jsonrpc": "2.0",
        "method": "call",
        "params": {"db": database, "login": login, "password": password},
    }
    request = urllib.request.Request(
        f"http://{HOST}:{port}/web/session/authenticate",
        json.dumps(payload).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
    except (OSError, ValueError):
        return False
    return bool((answer.get("result") or {}).get("uid"))


def is_free(port):
    """Return whether a server may listen on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port():
    """Return a port of the loopback interface that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def holder_of(port):
    """Return which program listens on a port, as well as this user may know."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if int(fields[1].rpartition(":")[2], 16) == port and fields[3] == "0A":
                inodes.add(fields[9])
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process_dir in Path("/proc").glob("[0-9]*"):
        try:
            names = {os.readlink(fd) for fd in (process_dir / "fd").iterdir()}
            if names & wanted:
                words = (process_dir / "cmdline").read_bytes().split(b"\0")
                text = b" ".join(words).decode(errors="replace").strip()
                return f"process {process_dir.name} ({text[:60]})"
        except OSError:
            continue
    return "a process of another user"


def _birth(pid):
    """Return when a process started, in the kernel's ticks; None if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])
