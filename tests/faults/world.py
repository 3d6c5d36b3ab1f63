"""A database, processes of Odoo on it, and ways to stop them half-way."""

import contextlib
import json
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.support import database, odoo
from tests.support.repo import ROOT
from tests.support.settings import settings

#: First and last port that may be listened on, as ``8300-8349``; unset: any free one.
PORTS = os.environ.get("CARE_PORTS", "")


#: Ports that were given out; they may not be listened on yet.
_given = set()


def free_port():
    """Return a free port of the loopback, another one each time."""
    first, last = map(int, PORTS.split("-")) if PORTS else (0, 200)
    for port in range(first, last + 1):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port if PORTS else 0))
            port = probe.getsockname()[1]
            if port not in _given:
                _given.add(port)
                return port
    raise OSError(f"no free port in {PORTS or 'the system'}")


class World:
    """The database of the suite, copied for every scenario, and a folder."""

    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.folder = Path(tempfile.mkdtemp(prefix="care-faults-"))
        self.template = None

    def __enter__(self):
        self.template = odoo.suite()
        return self

    def __exit__(self, *error):
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def copy(self, label):
        """Yield the name of a fresh copy of the template."""
        with database.temporary(label, self.template) as name:
            yield name

    # ------------------------------------------------------------------ programs

    def run(self, name, worker, **parameters):
        """Call ``main(env, **parameters)`` of a module beside this one in an Odoo shell.

        :param str name: database
        :param str worker: the module
        :return: what it returns, a dict of plain values
        """
        script = (
            "import importlib, json, os, sys\n"
            f"sys.path.insert(0, {str(ROOT)!r})\n"
            f"worker = importlib.import_module('tests.faults.{worker}')\n"
            f"report = worker.main(env, **json.loads({json.dumps(parameters)!r}))\n"
            "print(json.dumps(report), flush=True)\n"
            # a worker may have closed the shell's own connection
            "os._exit(0)\n"
        )
        words = [
            *settings().odoo_bin,
            "shell",
            "-c",
            str(settings().conf),
            "-d",
            name,
            "--no-http",
            "--log-level=critical",
        ]
        done = subprocess.run(
            words, input=script, capture_output=True, text=True, check=False, cwd="/"
        )
        lines = done.stdout.strip().splitlines()
        if done.returncode or not lines or not lines[-1].startswith("{"):
            raise RuntimeError(f"{worker} ended with {done.returncode}:\n{done.stderr}")
        return json.loads(lines[-1])

    @contextlib.contextmanager
    def server(self, name, port):
        """Run Odoo's web server with its scheduled jobs on ``name``."""
        log = self.folder / f"{name}.log"
        words = [
            *settings().odoo_bin,
            "-c",
            str(settings().conf),
            "-d",
            name,
            f"--http-port={port}",
            "--http-interface=127.0.0.1",
            "--workers=0",
            "--max-cron-threads=1",
            "--log-level=warn",
        ]
        with log.open("w") as output:
            process = subprocess.Popen(words, stdout=output, stderr=output, cwd="/")
        try:
            self._wait_for(process, port, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait_for(self, process, port, log):
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(OSError):
                url = f"http://127.0.0.1:{port}/web/health"
                with urllib.request.urlopen(url, timeout=2) as answer:
                    if answer.status == 200:
                        return
            time.sleep(0.2)
        raise RuntimeError(f"Odoo did not start:\n{log.read_text()[-3000:]}")
