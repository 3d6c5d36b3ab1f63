"""Odoo comes from ODOO_PATH, the prefix, the Debian package or git, in this order."""

import os
import subprocess

import pytest
from bootstrap import odoo_source
from bootstrap.errors import SetupError
from bootstrap.odoo_source import OdooSource, recognise

from . import fakes

NO_APT = 'echo "no sources" >&2; exit 100'


@pytest.fixture
def source(prefix, console):
    """Return an OdooSource for some environment variables."""

    def make(**environ):
        return OdooSource(prefix, console, {**os.environ, "ODOO_PATH": "", **environ})

    return make


def test_checkout_is_recognised(tmp_path):
    odoo = recognise(fakes.odoo_tree(tmp_path / "odoo"), "ODOO_PATH")
    assert odoo.root == tmp_path / "odoo"
    assert odoo.addons == (tmp_path / "odoo/addons", tmp_path / "odoo/odoo/addons")


def test_unpacked_package_is_recognised(tmp_path):
    root = tmp_path / "usr/lib/python3/dist-packages"
    fakes.odoo_tree(root)
    web = root / "odoo/addons/web"
    web.mkdir()
    (web / "__manifest__.py").write_text("{}")
    odoo = recognise(tmp_path, "prefix")
    assert odoo.root == root
    assert odoo.addons == (root / "odoo/addons",)


def test_identity_follows_the_commit(tmp_path):
    fakes.bare_repository(tmp_path)
    work = tmp_path / "work"
    before = recognise(work, "x").identity
    subprocess.run(
        [
            "git",
            "-C",
            work,
            "-c",
            "user.name=S",
            "-c",
            "user.email=s@example.com",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "more",
        ],
        check=True,
    )
    assert recognise(work, "x").identity != before


def test_first_odoo_path(source, tmp_path, prefix):
    fakes.odoo_tree(prefix.odoo)
    mine = fakes.odoo_tree(tmp_path / "mine")
    assert source(ODOO_PATH=str(mine)).get().root == mine


@pytest.mark.parametrize(
    ("major", "why"), [(None, "no such directory"), (18, "says 18.0")]
)
def test_wrong_odoo_path_is_refused_and_nothing_else_tried(
    source, tmp_path, prefix, major, why
):
    if major:
        fakes.odoo_tree(tmp_path / "mine", major)
    with pytest.raises(SetupError) as caught:
        source(ODOO_PATH=str(tmp_path / "mine")).get()
    assert why in caught.value.why
    assert "unset it" in caught.value.way_out
    assert not prefix.odoo.exists()


def test_directory_without_odoo_is_refused(tmp_path):
    with pytest.raises(SetupError, match="is not an Odoo"):
        recognise(tmp_path, "x")


def test_second_the_prefix(source, prefix, programs):
    programs("apt-get", "exit 1")
    programs("git", "exit 1")
    fakes.odoo_tree(prefix.odoo)
    assert source().get().root == prefix.odoo


def test_third_the_debian_package(source, prefix, programs, tmp_path, monkeypatch):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    top = "usr/lib/python3/dist-packages"
    content = {
        f"{top}/odoo/release.py": fakes.RELEASE.format(19),
        f"{top}/odoo/addons/base/__manifest__.py": "{}",
        f"{top}/odoo/addons/web/__manifest__.py": "{}",
    }
    content |= {f"{top}/{path}": "" for path in odoo_source.PROVIDED}
    fakes.deb(mirror, "odoo-19", "19.0.0-1", content)
    for package in odoo_source.PACKAGES[1:]:
        fakes.deb(mirror, package, "1", {})
    fakes.deb(mirror, odoo_source.ICON_FONT, "5.0.10+really4.7.0-1", {})
    asked = tmp_path / "asked"
    programs("apt-get", fakes.APT_GET.format(mirror=mirror, asked=asked))
    on_debian(monkeypatch, tmp_path)
    odoo = source().get()
    assert odoo.identity == "debian-19.0.0-1"
    assert odoo.addons == (prefix.odoo / top / "odoo/addons",)
    assert (prefix.odoo / top / odoo_source.SEGMENTATION).exists()
    sources = next(prefix.downloads.glob("apt/sid/sources.list")).read_text()
    assert sources.split()[-3:] == ["http://mirror.example/debian", "sid", "main"]


def test_package_without_jquery_is_refused(
    source, prefix, programs, tmp_path, monkeypatch
):
    """Without it every page of Odoo is an error 500."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    for package in odoo_source.PACKAGES:
        fakes.deb(mirror, package, "1", {})
    fakes.deb(mirror, odoo_source.ICON_FONT, "4.7.0", {})
    programs("apt-get", fakes.APT_GET.format(mirror=mirror, asked=tmp_path / "asked"))
    on_debian(monkeypatch, tmp_path)
    with pytest.raises(SetupError) as caught:
        source(CARE_ODOO_REPOSITORY=f"file://{tmp_path}/none").get()
    assert "jquery.js leads to nothing" in caught.value.why
    assert not prefix.odoo.exists()


def on_debian(monkeypatch, tmp_path):
    """Let the machine be a Debian 12."""
    release = tmp_path / "os-release"
    release.write_text('ID=debian\nVERSION_CODENAME=bookworm\nNAME="Debian"\n')
    monkeypatch.setattr(
        odoo_source.Debian.__init__, "__defaults__", (release,), raising=True
    )


def test_fourth_git_clone(source, prefix, programs, tmp_path):
    programs("apt-get", NO_APT)
    odoo = source(CARE_ODOO_REPOSITORY=fakes.bare_repository(tmp_path)).get()
    assert odoo.root == prefix.odoo
    assert odoo.origin == "git"
    count = subprocess.run(
        ["git", "-C", prefix.odoo, "rev-list", "--count", "HEAD"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert count.stdout.strip() == "1"
    assert source().get().origin == "prefix"


@pytest.mark.parametrize(
    ("branch", "major"), [("18.0", 18), ("19.0", 18)], ids=["no branch", "not 19"]
)
def test_wrong_repository_leaves_nothing(
    source, prefix, programs, tmp_path, branch, major
):
    programs("apt-get", NO_APT)
    address = fakes.bare_repository(tmp_path, branch, major)
    with pytest.raises(SetupError):
        source(CARE_ODOO_REPOSITORY=address).get()
    assert [path.name for path in prefix.home.glob("*odoo*")] == []


def test_no_way_names_all_four(source, programs, tmp_path, prefix):
    programs("apt-get", NO_APT)
    with pytest.raises(SetupError) as caught:
        source(CARE_ODOO_REPOSITORY=f"file://{tmp_path}/none").get()
    for way in ("ODOO_PATH:", "prefix:", "Debian package:", "git:"):
        assert way in caught.value.why
    for way in ("ODOO_PATH", "mirror", "git repository", "downloads"):
        assert way in caught.value.way_out
    assert not prefix.odoo.exists()


def test_no_room_is_told_before_anything_is_fetched(
    source, prefix, programs, tmp_path, monkeypatch
):
    asked = tmp_path / "asked"
    programs("apt-get", f"echo $* >> {asked}; exit 1")
    programs("git", f"echo $* >> {asked}; exit 1")
    monkeypatch.setattr(type(prefix), "free_space", lambda self: 1_000_000)
    with pytest.raises(SetupError) as caught:
        source().get()
    assert caught.value.why.count("There is no room") == 2
    assert not asked.exists()
