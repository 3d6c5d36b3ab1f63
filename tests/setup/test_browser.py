"""The browser: the machine's own if it starts, else unpacked, else a way out."""

import os
import subprocess

import pytest
from bootstrap import browser as browser_module
from bootstrap.browser import Browser
from bootstrap.errors import SetupError

from . import fakes

STARTS = 'echo "Chromium 1.2.3"'


@pytest.fixture
def machine(monkeypatch, tmp_path, programs):
    """A machine with the usual tools and without a browser."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for top in ("/usr/bin", "/bin"):
        for name in ("sh", "cut", "ls", "cp", "basename", "sha256sum", "cat"):
            if os.path.exists(f"{top}/{name}") and not (tools / name).exists():
                (tools / name).symlink_to(f"{top}/{name}")
    for name in ("dpkg-deb", "dpkg-query", "apt-cache", "tar", "xz", "rm"):
        (tools / name).symlink_to(f"/usr/bin/{name}")
    place = programs("apt-get", "exit 100").parent
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{tools}")
    return programs


def find(prefix, console):
    return Browser(prefix, console, dict(os.environ)).get()


def test_the_machines_own(machine, prefix, console):
    found = machine("chromium-browser", STARTS)
    assert find(prefix, console) == str(found)


def test_one_that_does_not_start_does_not_count(machine, prefix, console):
    """Ubuntu's chromium-browser is a script that asks for a snap."""
    machine("chromium-browser", 'echo "requires the chromium snap"; exit 10')
    with pytest.raises(SetupError) as caught:
        find(prefix, console)
    assert "none can be fetched" in caught.value.what
    assert "Install the package chromium" in caught.value.way_out


def test_unpacked_into_the_prefix(machine, prefix, console, tmp_path):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    program = "usr/lib/chromium/chromium"
    tree = mirror / "tree-chromium" / program
    tree.parent.mkdir(parents=True)
    tree.write_text('#!/bin/sh\necho "Chromium with $LD_LIBRARY_PATH"\n')
    tree.chmod(0o755)
    fakes.deb(mirror, "chromium", "1", {})
    fakes.deb(mirror, "fonts-dejavu-core", "1", {})
    fakes.deb(mirror, "libneeded", "1", {"usr/lib/x86_64-linux-gnu/libn.so.1": ""})
    machine("apt-get", fakes.APT_GET.format(mirror=mirror, asked=tmp_path / "asked"))
    found = find(prefix, console)
    assert found == str(prefix.bin / "chromium")
    done = subprocess.run([found], capture_output=True, text=True, check=True)
    libraries = prefix.debian / "browser/usr/lib/x86_64-linux-gnu"
    assert str(libraries) in done.stdout
    machine("apt-get", "exit 100")
    assert find(prefix, console) == found


def test_no_room_for_a_browser(machine, prefix, console, monkeypatch):
    monkeypatch.setattr(type(prefix), "free_space", lambda self: 1_000_000)
    with pytest.raises(SetupError, match="does not fit on the disk"):
        find(prefix, console)


def test_odoo_looks_for_the_same_names(odoo_root):
    """A browser found here under a name Odoo does not know would skip the tours."""
    text = (odoo_root / "odoo/tests/common.py").read_text()
    names = ", ".join(f"'{name}'" for name in browser_module.NAMES)
    assert f"for bin_ in [{names}]:" in text


@pytest.fixture
def odoo_root():
    """Where Odoo's own sources are."""
    from pathlib import Path

    return Path(os.environ["CARE_ODOO_ROOT"])


@pytest.mark.parametrize(
    "library",
    [
        "usr/lib/libone.so",
        "usr/lib/x86_64-linux-gnu/libtwo.so.2",
        "usr/lib/x86_64-linux-gnu/pulseaudio/libthree-16.1.so",
        "lib/x86_64-linux-gnu/deep/libfour.so.4",
    ],
)
def test_libraries_are_found_at_any_depth(tmp_path, library):
    """Debian keeps some libraries one directory below the others."""
    place = tmp_path / library
    place.parent.mkdir(parents=True)
    place.touch()
    assert browser_module.library_path(tmp_path) == str(place.parent)
