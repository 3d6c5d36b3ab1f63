"""Small stand-ins for large things: an Odoo, a Debian mirror, a prefix's Odoo command."""

import subprocess

RELEASE = "version_info = ({}, 0, 0, 'final', 0, '')\n"


def odoo_tree(root, major=19):
    """Make the few files by which a directory is recognised as Odoo; return it."""
    files = {
        "odoo/release.py": RELEASE.format(major),
        "odoo/addons/base/__manifest__.py": "{'name': 'Base'}\n",
        "addons/web/__manifest__.py": "{'name': 'Web'}\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def bare_repository(place, branch="19.0", major=19):
    """Make a bare git repository with one branch that holds an Odoo; return its URL."""
    work = odoo_tree(place / "work", major)
    bare = place / "odoo.git"
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    for command in (
        ["git", "init", "-q", "-b", branch, work],
        ["git", "-C", work, "add", "."],
        ["git", "-C", work, *identity, "commit", "-q", "-m", "Odoo"],
        ["git", "clone", "-q", "--bare", work, bare],
    ):
        subprocess.run(command, check=True)
    return f"file://{bare}"


def deb(place, package, version, files):
    """Build a package file with the given content and return its path."""
    tree = place / f"tree-{package}"
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir(parents=True, exist_ok=True)
    control.write_text(
        f"Package: {package}\nVersion: {version}\nArchitecture: all\n"
        "Maintainer: Somebody <somebody@example.com>\nDescription: nothing\n"
    )
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = place / f"{package}_{version}_all.deb"
    subprocess.run(["dpkg-deb", "-b", tree, path], check=True, capture_output=True)
    return path


# A mirror for the machine's apt: what it has lies in the directory {mirror}, what it was
# asked is written to {asked}.
APT_GET = """
echo "$*" >> {asked}
case "$*" in
indextargets*) echo "http://mirror.example/debian bookworm" ;;
*" update") [ ! -e {mirror}/down ] || {{ echo "Could not resolve host"; exit 100; }} ;;
*"--print-uris install"*)
    for file in {mirror}/*.deb; do
        echo "'http://mirror.example/$(basename $file)' $(basename $file) 1 SHA256:0"
    done ;;
*"--print-uris download"*)
    while [ "$1" != download ]; do shift; done; shift
    for name in "$@"; do
        file=$(ls {mirror}/${{name}}_*.deb) || exit 100
        hash=$(sha256sum $file | cut -d' ' -f1)
        echo "'http://mirror.example/$(basename $file)' $(basename $file) 1 SHA256:$hash"
    done ;;
*" download "*)
    while [ "$1" != download ]; do shift; done; shift
    for name in "$@"; do cp {mirror}/${{name}}_*.deb . || exit 100; done ;;
esac
"""
