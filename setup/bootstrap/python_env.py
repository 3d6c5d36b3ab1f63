"""The Python environment: exact versions and hashes from the lock files."""

import os
import shutil
import sys
from pathlib import Path

from . import process
from .debian import Debian, sha256_of
from .errors import SetupError
from .prefix import write_whole

OLDEST = (3, 10)
NEWEST = (3, 13)
REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
# pip's own settings for mirrors and certificates stay in force; these would make it
# install somewhere else.
MISLEADING = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
    "PIP_REQUIRE_VIRTUALENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
)
SPACE = 900_000_000


def check_version(version=sys.version_info, executable=sys.executable):
    """Refuse a Python that Odoo 19 does not run on.

    :raises SetupError: it is too old or too new
    """
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        oldest, newest = (".".join(map(str, v)) for v in (OLDEST, NEWEST))
        raise SetupError(
            "This Python does not run Odoo 19.",
            f"{executable} is Python {version[0]}.{version[1]}; "
            f"Odoo 19 runs on {oldest} to {newest}.",
            f"Install one of them and set CARE_BASE_PYTHON to it, "
            f"for example CARE_BASE_PYTHON=/usr/bin/python{newest}.",
        )


def _is_same(known, wanted):
    """Tell whether two records of a base name one Python, by whatever link.

    The environment's own Python names its base by another link than a shell does.
    """
    both = [(text or "").rpartition(" ") for text in (known, wanted)]
    (one, _space, version), (other, _space, asked) = both
    return (
        version == asked and bool(one) and Path(one).resolve() == Path(other).resolve()
    )


class PythonEnv:
    """The virtual environment of a prefix."""

    def __init__(self, prefix, console, environ):
        self.prefix = prefix
        self.console = console
        self.environ = {k: v for k, v in environ.items() if k not in MISLEADING}
        self.environ["PIP_CACHE_DIR"] = str(prefix.downloads / "pip")
        self.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        self.environ["PIP_NO_INPUT"] = "1"
        self.wheels = prefix.downloads / "wheels"

    def install(self, name, odoo):
        """Make the environment hold the lock file ``name`` and know ``odoo``.

        :param name: ``run`` or ``test``; the second contains the first
        :param odoo: the :class:`~.odoo_source.Odoo` to make importable
        :raises SetupError: Python is unfit, or packages cannot be had
        """
        check_version()
        self._create()
        lock = REQUIREMENTS / f"{name}.lock"
        digest = sha256_of(lock)
        state = self.prefix.read_state("python")
        if state.get(name) != digest:
            if self.prefix.free_space() < SPACE:
                raise process.no_space(
                    "The Python packages do not fit on the disk.",
                    self.prefix.home,
                    SPACE,
                )
            with self.console.step(f"Python packages ({name}.lock)"):
                self._install(lock)
            self.prefix.write_state("python", {**state, name: digest})
        self._know(odoo)

    def _create(self):
        """Make the virtual environment unless a whole one is there."""
        base = str(Path(getattr(sys, "_base_executable", "") or sys.executable))
        wanted = f"{base} {'.'.join(map(str, sys.version_info[:3]))}"
        state = self.prefix.read_state("python")
        if _is_same(state.get("base"), wanted) and self.prefix.python.exists():
            return
        self.prefix.forget_state("python")
        shutil.rmtree(self.prefix.venv, ignore_errors=True)
        log = self.prefix.log("venv")
        with self.console.step("Python environment"):
            code, _text = process.output_of([base, "-c", "import ensurepip, venv"])
            without = ["--without-pip"] if code else []
            process.run(
                [base, "-m", "venv", *without, self.prefix.venv],
                log=log,
                env=self.environ,
                what="The Python environment cannot be made.",
                way_out="Install the package python3-venv.",
            )
            if without:
                self._bring_pip(log)
        self.prefix.write_state("python", {"base": wanted})

    def _bring_pip(self, log):
        """Install pip where Python came without it, as on a bare Debian."""
        debian = Debian(self.prefix)
        way_out = "Install the package python3-venv."
        if debian.missing_tools():
            raise SetupError("This Python has no pip.", "", way_out)
        files = debian.collect("pip", log, wanted=["python3-pip-whl"])
        with self.prefix.building(self.prefix.debian / "pip") as fresh:
            debian.unpack(files, fresh, log)
        places = self.prefix.debian / "pip" / "usr/share/python-wheels"
        wheel = next(places.glob("pip-*.whl"), None)
        if wheel is None:
            raise SetupError("This Python has no pip.", "", way_out)
        process.run(
            [self.prefix.python, wheel / "pip", "install", "--no-index", wheel],
            log=log,
            env=self.environ,
            what="pip cannot be installed.",
            way_out=way_out,
        )

    def _install(self, lock):
        """Install a lock file, from kept files alone if they suffice."""
        log = self.prefix.log(f"pip-{lock.stem}")
        self.wheels.mkdir(parents=True, exist_ok=True)
        pip = [self.prefix.python, "-m", "pip"]
        common = ["--require-hashes", "--no-deps", "-r", lock]
        kept = ["--no-index", "--find-links", self.wheels]
        build = self._build_tools(lock)
        if self._quietly([*pip, "install", *kept, "-r", build], log) and self._quietly(
            [*pip, "install", "--no-build-isolation", *kept, *common], log
        ):
            return
        fetch = [*pip, "download", "--progress-bar", "off", "-d", self.wheels]
        reach = (
            "Check the network and pip's configuration (pip config list), "
            "then run the command again."
        )
        for command in (
            [*fetch, "--no-deps", "-r", build],
            [*pip, "install", *kept, "-r", build],
            [*fetch, "--no-build-isolation", *common],
            [*pip, "install", "--no-build-isolation", *kept, *common],
        ):
            process.run(
                command,
                log=log,
                env=self.environ,
                what="The Python packages cannot be installed.",
                way_out=reach,
            )

    def _quietly(self, command, log):
        return process.call(command, log=log, env=self.environ) == 0

    def _build_tools(self, lock):
        """Write the part of a lock file that building other packages takes."""
        blocks = []
        for block in lock.read_text("utf-8").split("\n"):
            if block[:1].strip() and not block.startswith("#"):
                blocks.append([block])
            elif blocks and block.startswith("    --hash"):
                blocks[-1].append(block)
        wanted = ("pip==", "setuptools==", "wheel==", "packaging==")
        text = "\n".join("\n".join(b) for b in blocks if b[0].startswith(wanted))
        path = self.prefix.state / f"build-{lock.stem}.txt"
        write_whole(path, text.replace(" \\\n#", "\n#").rstrip("\\ \n") + "\n")
        return path

    def _know(self, odoo):
        """Put Odoo on the environment's path, also as a package that pip sees."""
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        code, text = process.output_of([self.prefix.python, "-c", where])
        if code:
            raise SetupError("The Python environment does not work.", text)
        packages = Path(text.strip())
        write_whole(packages / "care_odoo.pth", f"{odoo.root}\n")
        if not list(odoo.root.glob("odoo-*.egg-info")):
            write_whole(
                packages / "odoo-19.0.dist-info" / "METADATA",
                "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n",
            )
            write_whole(packages / "odoo-19.0.dist-info" / "INSTALLER", "setup\n")
        write_whole(
            self.prefix.bin / "odoo",
            f'#!/bin/sh\nexec "{self.prefix.python}" -m odoo "$@"\n',
            mode=0o755,
        )


def environment_of(prefix, environ):
    """Return the variables for a program that runs in the environment."""
    path = [prefix.bin, prefix.venv / "bin", prefix.node / "node_modules" / ".bin"]
    known = {k: v for k, v in environ.items() if k not in MISLEADING}
    known["PATH"] = os.pathsep.join([*map(str, path), environ.get("PATH", os.defpath)])
    known["VIRTUAL_ENV"] = str(prefix.venv)
    known["PYTHONDONTWRITEBYTECODE"] = "1"
    return known
