"""The repository as files: what git tracks, and the addons in it."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("customer_care", "customer_care_kpi", "customer_care_loyalty")

#: What each addon stands on. The design fixes this list; a new dependency is a
#: decision, so it is made here and in the manifest together.
DEPENDS = {
    "customer_care": [
        "mail",
        "portal",
        "sms",
        "phone_validation",
        "resource",
        "utm",
        "base_automation",
        "privacy_lookup",
        "crm",
        "sale",
    ],
    "customer_care_kpi": ["customer_care", "spreadsheet_dashboard", "digest"],
    "customer_care_loyalty": ["customer_care", "sale_loyalty"],
}

TEXT_SUFFIXES = {
    "",
    ".cfg",
    ".conf",
    ".css",
    ".csv",
    ".in",
    ".ini",
    ".js",
    ".json",
    ".lock",
    ".md",
    ".mjs",
    ".po",
    ".pot",
    ".py",
    ".rst",
    ".scss",
    ".sh",
    ".sql",
    ".svg",
    ".toml",
    ".txt",
    ".xml",
    ".yaml",
    ".yml",
}


@functools.cache
def tracked_files():
    """Paths that git tracks or would track, relative to the root, sorted.

    New files that are not ignored count too, so that a fact is told before the commit.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = {Path(name) for name in listed.split("\0") if name}
    return sorted(path for path in paths if (ROOT / path).is_file())


@functools.cache
def read(path):
    """Text of a tracked file, or ``None`` for one that is not text."""
    if path.suffix not in TEXT_SUFFIXES:
        return None
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def addon_files(addon, *folders, suffix=""):
    """Tracked files of ``addon``, in one of ``folders`` and ending in ``suffix``."""
    return [
        path
        for path in tracked_files()
        if path.parts[0] == addon
        and (not folders or path.parts[1] in folders)
        and path.name.endswith(suffix)
    ]


@functools.cache
def manifest(addon):
    """The manifest of ``addon`` as a dictionary (``dict`` literal, never executed)."""
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())


@functools.cache
def syntax(path):
    """Parsed Python of a tracked file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))
