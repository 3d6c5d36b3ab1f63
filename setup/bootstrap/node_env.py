"""The JavaScript tools of the lint stage, from ``setup/npm/package-lock.json``."""

import shutil
from pathlib import Path

from . import process
from .debian import sha256_of
from .python_env import environment_of

NPM = Path(__file__).resolve().parent.parent / "npm"


class NodeEnv:
    """``node_modules`` of a prefix; node and npm come with the Python environment."""

    def __init__(self, prefix, console, environ):
        self.prefix = prefix
        self.console = console
        self.environ = environment_of(prefix, environ)
        self.environ["npm_config_cache"] = str(prefix.downloads / "npm")

    def install(self):
        """Make ``node_modules`` hold what the lock file says.

        :raises SetupError: the packages cannot be had
        """
        lock = NPM / "package-lock.json"
        digest = sha256_of(lock)
        if self.prefix.read_state("node").get("lock") == digest:
            return
        self.prefix.forget_state("node")
        log = self.prefix.log("npm")
        with (
            self.console.step("JavaScript tools (package-lock.json)"),
            self.prefix.building(self.prefix.node) as fresh,
        ):
            for name in ("package.json", "package-lock.json"):
                shutil.copy(NPM / name, fresh / name)
            process.run(
                [
                    self.prefix.venv / "bin" / "npm",
                    "ci",
                    "--ignore-scripts",
                    "--prefer-offline",
                    "--no-audit",
                    "--no-fund",
                ],
                log=log,
                env=self.environ,
                cwd=fresh,
                what="The JavaScript tools cannot be installed.",
                way_out="Check the network and npm's configuration (npm config list).",
            )
        self.prefix.write_state("node", {"lock": digest})
