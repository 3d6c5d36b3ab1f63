"""Where Odoo 19's own sources come from.

In this order: ``ODOO_PATH``, what the prefix already holds, Debian's package
``odoo-19``, a shallow ``git clone``.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from . import process
from .debian import Debian
from .errors import SetupError
from .prefix import write_whole

SERIES = (19, 0)
BRANCH = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
SUITE = "sid"
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-glyphicons-halflings",
    "fonts-ocr-b",
)
# Odoo's pages are written for Font Awesome 4.7; later Debian suites carry 7.
ICON_FONT = "fonts-font-awesome"
ICON_FONT_VERSION = "4.7"
DEBIAN_ROOT = Path("usr/lib/python3/dist-packages")
# The package leaves this library out; a page that asks for it in vain writes an
# error to the console, which fails every tour.
SEGMENTATION = Path(
    "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
)
# What every page needs and other packages provide.
PROVIDED = (
    Path("odoo/addons/web/static/lib/jquery/jquery.js"),
    Path("odoo/addons/web/static/src/libs/fontawesome/fonts/fontawesome-webfont.ttf"),
)
SPACE = {"package": 1_500_000_000, "clone": 2_500_000_000}


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19 that can be run.

    ``root`` is the directory to put on Python's path, ``addons`` the directories
    for ``addons_path``, ``identity`` changes whenever the sources do.
    """

    root: Path
    addons: tuple
    origin: str
    identity: str


def recognise(path, origin):
    """Return the Odoo at ``path``: a checkout, an unpacked package or its root.

    :raises SetupError: it is not an Odoo 19
    """
    path = Path(path).expanduser().absolute()
    roots = [path, path / DEBIAN_ROOT]
    root = next((r for r in roots if (r / "odoo" / "release.py").is_file()), None)
    if root is None:
        raise SetupError(
            f"{path} is not an Odoo.",
            "It has no odoo/release.py."
            if path.is_dir()
            else "There is no such directory.",
        )
    version = _version(root)
    if version[:2] != SERIES:
        raise SetupError(
            f"{path} is not an Odoo {BRANCH}.",
            f"Its odoo/release.py says {'.'.join(map(str, version))}.",
        )
    places = (root / "addons", root / "odoo" / "addons")
    # Debian's package holds every addon in odoo/addons; its addons directory has
    # pieces of them.
    addons = tuple(p for p in places if (p / "web" / "__manifest__.py").is_file())
    if not addons:
        raise SetupError(
            f"{path} has no addons.", "There is no addon called web in it."
        )
    if places[1] in addons:
        addons = (places[1],)
    else:
        addons += (places[1],)
    return Odoo(root, addons, origin, _identity(root, version))


def _version(root):
    text = (root / "odoo" / "release.py").read_text("utf-8")
    found = re.search(r"^version_info\s*=\s*\(\s*(\d+),\s*(\d+)", text, re.MULTILINE)
    return tuple(int(part) for part in found.groups()) if found else (0, 0)


def _identity(root, version):
    """Return a word for this state of the sources: commit, package or date."""
    code, text = process.output_of(["git", "-C", root, "rev-parse", "HEAD"])
    if (root / ".git").exists() and not code:
        return text.strip()
    stamp = root / ".care-identity"
    if stamp.exists():
        return stamp.read_text("utf-8").strip()
    changed = int((root / "odoo" / "release.py").stat().st_mtime)
    return f"{'.'.join(map(str, version))}-{changed}"


class OdooSource:
    """Finds or fetches Odoo 19 for one prefix."""

    def __init__(self, prefix, console, environ):
        self.prefix = prefix
        self.console = console
        self.environ = environ

    def get(self):
        """Return an :class:`Odoo`, fetched if it must be.

        :raises SetupError: none of the four ways leads to one
        """
        path = self.environ.get("ODOO_PATH")
        if path:
            try:
                return recognise(path, "ODOO_PATH")
            except SetupError as error:
                raise SetupError(
                    f"ODOO_PATH does not lead to an Odoo {BRANCH}.",
                    str(error),
                    "Point ODOO_PATH at a checkout of the branch "
                    f"{BRANCH}, or unset it: the set-up then fetches Odoo itself.",
                ) from error
        if self.prefix.odoo.is_dir():
            return recognise(self.prefix.odoo, "prefix")
        refused = []
        for way, fetch in (("Debian package", self._package), ("git", self._clone)):
            try:
                fetch()
                return recognise(self.prefix.odoo, way)
            except SetupError as error:
                refused.append(f"{way}: {error}")
        raise SetupError(
            f"Odoo {BRANCH} cannot be had on this machine.",
            "ODOO_PATH: not set\n"
            f"prefix: {self.prefix.odoo} does not exist\n" + "\n".join(refused),
            "One of: set ODOO_PATH to a checkout of Odoo "
            f"{BRANCH}; make the Debian mirror or the git repository reachable; "
            "copy the prefix or the downloads directory of another machine.",
        )

    def _package(self):
        debian = Debian(self.prefix)
        lack = debian.missing_tools()
        if lack:
            raise SetupError("Debian packages cannot be used.", lack)
        self._check_space("package")
        log = self.prefix.log("odoo-package")
        with self.console.step("Odoo 19: fetching the Debian package (120 MB)"):
            files = debian.collect("odoo", log, wanted=PACKAGES, suite=SUITE)
            files += self._icon_font(debian, log)
        with (
            self.console.step("Odoo 19: unpacking") as step,
            self.prefix.building(self.prefix.odoo) as fresh,
        ):
            debian.unpack(files, fresh, log)
            package = next(f for f in files if f["package"] == PACKAGES[0])
            root = fresh / DEBIAN_ROOT
            write_whole(root / ".care-identity", f"debian-{package['version']}\n")
            self._complete(root)
            step.result = package["version"]

    def _icon_font(self, debian, log):
        files = debian.collect("icon-font", log, wanted=[ICON_FONT])
        if ICON_FONT_VERSION not in files[0]["version"]:
            raise SetupError(
                f"Font Awesome {ICON_FONT_VERSION} is not available.",
                f"The machine's package is {files[0]['version']}.",
            )
        return files

    def _complete(self, root):
        """Add what the package lacks and refuse it when pages could not be shown."""
        library = root / SEGMENTATION
        if not library.exists():
            library.parent.mkdir(parents=True, exist_ok=True)
            library.write_text(
                "// Background blur in calls is not part of this set-up.\n"
            )
        for path in PROVIDED:
            if not (root / path).exists():
                target = root / path
                leads = os.readlink(target) if target.is_symlink() else "nothing"
                raise SetupError(
                    "Odoo's Debian package is incomplete.",
                    f"{path} leads to {leads}, which no package provides.",
                )

    def _clone(self):
        if not process.which("git"):
            raise SetupError("git is not installed.", "", "Install the package git.")
        self._check_space("clone")
        address = self.environ.get("CARE_ODOO_REPOSITORY") or REPOSITORY
        log = self.prefix.log("odoo-git")
        with (
            self.console.step("Odoo 19: git clone (about 300 MB)"),
            self.prefix.building(self.prefix.odoo) as fresh,
        ):
            process.run(
                ["git", "clone", "--depth", "1", "--branch", BRANCH, address, fresh],
                log=log,
                env={**self.environ, "GIT_TERMINAL_PROMPT": "0"},
                what=f"The repository {address} cannot be cloned.",
                way_out="Set CARE_ODOO_REPOSITORY to one that can be reached.",
            )
            recognise(fresh, "git")

    def _check_space(self, way):
        if self.prefix.free_space() < SPACE[way]:
            raise process.no_space(
                "Odoo's sources do not fit on the disk.", self.prefix.home, SPACE[way]
            )
