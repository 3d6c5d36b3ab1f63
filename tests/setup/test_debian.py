"""Debian packages are looked up once, kept, and reused by their hashes."""

import os

import pytest
from bootstrap import debian as debian_module
from bootstrap.debian import Debian
from bootstrap.errors import SetupError

from . import fakes


@pytest.fixture
def mirror(tmp_path, programs):
    """A mirror with two packages; ``asked()`` returns what apt-get was asked."""
    place = tmp_path / "mirror"
    place.mkdir()
    fakes.deb(place, "one", "1.0", {"usr/share/one": "1"})
    fakes.deb(place, "two", "2.0", {"usr/share/two": "2"})
    asked = tmp_path / "asked"
    asked.write_text("")
    programs("apt-get", fakes.APT_GET.format(mirror=place, asked=asked))
    place.joinpath("asked").symlink_to(asked)
    return place


@pytest.fixture
def debian(prefix, tmp_path):
    """Packages for a machine that is a Debian 12."""
    release = tmp_path / "os-release"
    release.write_text('ID=debian\nVERSION_CODENAME="bookworm"\n')
    return Debian(prefix, release)


def collect(debian, prefix, *wanted, **options):
    return debian.collect("set", prefix.log("x"), wanted=wanted, **options)


def test_packages_are_fetched_and_unpacked(debian, prefix, mirror):
    files = collect(debian, prefix, "one", "two")
    assert [(f["package"], f["version"]) for f in files] == [
        ("one", "1.0"),
        ("two", "2.0"),
    ]
    debian.unpack(files, prefix.home / "tree", prefix.log("x"))
    assert (prefix.home / "tree/usr/share/two").read_text() == "2"


def test_a_kept_set_asks_nobody(debian, prefix, mirror):
    first = collect(debian, prefix, "one", "two")
    (mirror / "asked").write_text("")
    assert collect(debian, prefix, "one", "two") == first
    assert (mirror / "asked").read_text() == ""


def test_a_damaged_file_is_fetched_again_alone(debian, prefix, mirror):
    files = collect(debian, prefix, "one", "two")
    damaged = debian.debs / files[0]["file"]
    good = damaged.read_bytes()
    damaged.write_bytes(b"rubbish")
    (mirror / "asked").write_text("")
    assert collect(debian, prefix, "one", "two") == files
    assert damaged.read_bytes() == good
    downloads = [
        line.split(" download ")[1]
        for line in (mirror / "asked").read_text().splitlines()
        if " download " in line and "--print-uris" not in line
    ]
    assert downloads == ["one"]


def test_an_old_set_is_looked_up_again(debian, prefix, mirror):
    collect(debian, prefix, "one")
    record = debian.debs / "set.json"
    old = record.stat().st_mtime - debian_module.FRESH_FOR - 1
    os.utime(record, (old, old))
    (mirror / "asked").write_text("")
    collect(debian, prefix, "one")
    assert " update" in (mirror / "asked").read_text()


def test_without_a_network_an_old_set_will_do(debian, prefix, mirror):
    files = collect(debian, prefix, "one")
    os.utime(debian.debs / "set.json", (1, 1))
    (mirror / "down").write_text("")
    assert collect(debian, prefix, "one") == files


def test_without_a_network_and_a_set_it_is_told(debian, prefix, mirror):
    (mirror / "down").write_text("")
    with pytest.raises(SetupError, match="list of Debian packages") as caught:
        collect(debian, prefix, "one")
    assert "network did not answer" in caught.value.why


def test_unknown_package_is_named(debian, prefix, mirror):
    with pytest.raises(SetupError, match="three are not available"):
        collect(debian, prefix, "three")


def test_what_is_installed_is_left_out_but_not_what_was_asked_for(
    debian, prefix, mirror, programs
):
    fakes.deb(mirror, "one-common", "1.0", {})
    fakes.deb(mirror, "libneeded", "1.0", {})
    programs("dpkg-query", r'printf "installed %s\n" one one-common two')
    files = collect(debian, prefix, "one", closed_over=True)
    assert {f["package"] for f in files} == {"one", "one-common", "libneeded"}


def test_the_machines_hooks_do_not_run(debian, prefix, mirror):
    collect(debian, prefix, "one")
    text = (prefix.downloads / "apt/own/apt.conf").read_text()
    assert "#clear APT::Update::Post-Invoke-Success;" in text
    assert f'Dir::State::Lists "{prefix.downloads}/apt/own/lists"' in text


@pytest.mark.parametrize("release", ["ID=ubuntu\nVERSION_CODENAME=noble\n", ""])
def test_another_system_has_no_debian_mirror(prefix, mirror, tmp_path, release):
    (tmp_path / "os-release").write_text(release)
    debian = Debian(prefix, tmp_path / "os-release")
    assert debian.mirror() is None
    with pytest.raises(SetupError, match="no Debian mirror"):
        collect(debian, prefix, "one", suite="sid")


def test_system_without_apt(prefix, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Debian(prefix).missing_tools().startswith("apt-get, ")
