"""A Chromium for tours and screenshots."""

import shlex
from pathlib import Path

from . import process
from .debian import Debian
from .errors import SetupError
from .prefix import write_whole

# The names under which Odoo looks for one, in its order.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu-core")
# Used where the machine has no font configuration of its own.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir>{root}/var/cache/fontconfig</cachedir>
</fontconfig>
"""
SPACE = 900_000_000
WAY_OUT = (
    "Install the package chromium (Debian) or chromium-browser (Ubuntu), or put "
    "another Chrome on PATH under one of the names " + ", ".join(NAMES) + "."
)


class Browser:
    """Finds Chromium on the machine or unpacks one into the prefix."""

    def __init__(self, prefix, console, environ):
        self.prefix = prefix
        self.console = console
        self.environ = environ

    def get(self):
        """Return the name of a browser that starts.

        :raises SetupError: there is none and none can be unpacked
        """
        for name in NAMES:
            found = process.which(name, self.environ.get("PATH"))
            if found and self._starts(found):
                return found
        wrapper = self.prefix.bin / "chromium"
        if wrapper.exists() and self._starts(wrapper):
            return str(wrapper)
        self._unpack(wrapper)
        return str(wrapper)

    def _starts(self, program):
        code, text = process.output_of(
            [program, "--version"], env={**self.environ, "HOME": str(self.prefix.home)}
        )
        return code == 0 and "hrom" in text

    def _unpack(self, wrapper):
        debian = Debian(self.prefix)
        lack = debian.missing_tools()
        if lack:
            raise SetupError("There is no browser for the tours.", lack, WAY_OUT)
        if self.prefix.free_space() < SPACE:
            raise process.no_space(
                "The browser does not fit on the disk.", self.prefix.home, SPACE
            )
        log = self.prefix.log("browser")
        target = self.prefix.debian / "browser"
        try:
            with self.console.step("Browser: fetching Debian's chromium (100 MB)"):
                files = debian.collect(
                    "browser", log, wanted=PACKAGES, closed_over=True
                )
        except SetupError as error:
            raise SetupError(
                "There is no browser for the tours, and none can be fetched.",
                str(error),
                WAY_OUT,
            ) from error
        with (
            self.console.step("Browser: unpacking"),
            self.prefix.building(target) as fresh,
        ):
            debian.unpack(files, fresh, log)
            (fresh / "fonts.conf").write_text(FONTS.format(root=target))
        write_whole(wrapper, wrapper_text(target), mode=0o755)
        if not self._starts(wrapper):
            _code, text = process.output_of([wrapper, "--version"])
            raise SetupError(
                "The browser does not start.", text.strip()[-600:], WAY_OUT
            )


def library_path(root):
    """Return the directories of shared libraries in an unpacked tree."""
    places = {
        library.parent
        for top in ("usr/lib", "lib")
        for depth in ("", "*/", "*/*/")
        for name in ("*.so", "*.so.*")
        for library in (Path(root) / top).glob(depth + name)
    }
    return ":".join(sorted(map(str, places)))


def wrapper_text(root):
    """Return the script that starts the unpacked browser with its libraries."""
    lines = ["#!/bin/sh"]
    libraries = library_path(root)
    lines.append(
        f"export LD_LIBRARY_PATH={shlex.quote(libraries)}"
        '${LD_LIBRARY_PATH:+":$LD_LIBRARY_PATH"}'
    )
    fonts = Path(root) / "fonts.conf"
    lines.append(
        f"[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE={shlex.quote(str(fonts))}"
    )
    program = Path(root) / "usr" / "lib" / "chromium" / "chromium"
    lines.append(f'exec {shlex.quote(str(program))} "$@"')
    return "\n".join(lines) + "\n"
