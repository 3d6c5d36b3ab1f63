"""What no file of the repository says, and what each must say."""

import re

from tests.support import repo

#: Hosts of package registries and mirrors, and paths of a machine. Which registry
#: is used is the reader's own configuration; written as fragments, so that this file
#: does not say them either.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb.deb" + "ian.org",
    "deb" + "ian.org/deb",
    "archive.ubu" + "ntu.com",
    "nightly.od" + "oo.com",
    "yarn" + "pkg.com",
]
MACHINE_PATHS = re.compile(
    r"(?<![\w.$}/-])/(?:" + "|".join(["ro" + "ot", "wo" + "rk", "ho" + "me"]) + r")/\w"
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b"
)


def _lines():
    for path in repo.tracked_files():
        text = repo.read(path)
        for number, line in enumerate((text or "").splitlines(), 1):
            yield path, number, line


def test_no_registry_host():
    found = [
        f"{path}:{number}: {host}"
        for path, number, line in _lines()
        for host in REGISTRIES
        if host in line
    ]
    assert found == []


def test_no_path_of_a_machine():
    found = [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, number, line in _lines()
        if MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_nothing_unfinished_is_marked():
    found = [
        f"{path}:{number}"
        for path, number, line in _lines()
        if path.name != "LICENSE" and UNFINISHED.search(line)
    ]
    assert found == []


def test_no_secret():
    found = [
        f"{path}:{number}" for path, number, line in _lines() if SECRETS.search(line)
    ]
    assert found == []


def test_templates_escape():
    """``t-out`` everywhere; no raw output and no eval of JavaScript in a template."""
    raw = re.compile(r"\bt-raw=|\bt-esc=|javascript:")
    found = [
        f"{path}:{number}"
        for path, number, line in _lines()
        if path.suffix == ".xml" and raw.search(line)
    ]
    assert found == []


def test_nothing_is_loaded_from_elsewhere():
    """No CDN: scripts, styles and fonts come with the addon."""
    foreign = re.compile(
        r"(?:src|href)=[\"'](?:https?:)?//[^\"']+\.(?:js|css|woff2?)\b"
    )
    found = [
        f"{path}:{number}"
        for path, number, line in _lines()
        if path.suffix in (".xml", ".js", ".scss", ".html") and foreign.search(line)
    ]
    assert found == []
