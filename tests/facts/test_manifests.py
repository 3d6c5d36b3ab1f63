"""Manifests: versions, licences, dependencies, and the files they name."""

import ast
import importlib.metadata
import re
import sys

import pytest

from tests.support import repo
from tests.support.settings import settings

VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
LOADED_FOLDERS = ("data", "demo", "report", "security", "views", "wizards")

#: Distributions that addons import beside Odoo and the standard library. All of them
#: are requirements of Odoo itself, or tools of the addons' own tests.
DISTRIBUTIONS = {
    "aiosmtpd": "aiosmtpd",
    "babel": "Babel",
    "dateutil": "python-dateutil",
    "freezegun": "freezegun",
    "hypothesis": "hypothesis",
    "lxml": "lxml",
    "openpyxl": "openpyxl",
    "markupsafe": "MarkupSafe",
    "PIL": "pillow",
    "psycopg2": "psycopg2-binary",
    "pytz": "pytz",
    "reportlab": "reportlab",
    "requests": "requests",
    "werkzeug": "Werkzeug",
}


@pytest.fixture(params=repo.ADDONS)
def addon(request):
    return request.param


def test_no_addon_is_missing_here():
    """A fourth addon has to be added to the list that every other test reads."""
    found = {
        path.parts[0]
        for path in repo.tracked_files()
        if path.name == "__manifest__.py" and len(path.parts) == 2
    }
    assert found == set(repo.ADDONS)


def test_identity(addon):
    manifest = repo.manifest(addon)
    assert VERSION.fullmatch(manifest["version"]), manifest["version"]
    assert manifest["license"] == "LGPL-3"
    assert manifest.get("installable", True) is True
    assert manifest["summary"].strip() and "\n" not in manifest["summary"]
    assert manifest.get("application", False) is (addon == "customer_care")
    assert "auto_install" not in manifest


def test_same_release(addon):
    """The three addons are released together and say so."""
    version = repo.manifest("customer_care")["version"].split(".")[:4]
    assert repo.manifest(addon)["version"].split(".")[:4] == version


def test_dependencies_are_the_designed_ones(addon):
    assert repo.manifest(addon)["depends"] == repo.DEPENDS[addon]


def test_named_files_exist(addon):
    manifest = repo.manifest(addon)
    named = manifest.get("data", []) + manifest.get("demo", [])
    assert len(named) == len(set(named)), "a file is named twice"
    missing = [name for name in named if not (repo.ROOT / addon / name).is_file()]
    assert not missing


def test_existing_files_are_named(addon):
    manifest = repo.manifest(addon)
    named = set(manifest.get("data", []) + manifest.get("demo", []))
    found = {
        path.relative_to(addon).as_posix()
        for path in repo.addon_files(addon, *LOADED_FOLDERS)
        if path.suffix in (".xml", ".csv")
    }
    assert found <= named, f"never loaded: {sorted(found - named)}"


def test_demo_stays_demo(addon):
    manifest = repo.manifest(addon)
    assert not [name for name in manifest.get("data", []) if name.startswith("demo/")]
    assert all(name.startswith("demo/") for name in manifest.get("demo", []))


def test_assets_name_something(addon):
    """Every pattern of an asset bundle finds a file of this addon or names another's."""
    for bundle, patterns in repo.manifest(addon).get("assets", {}).items():
        for pattern in patterns:
            name = pattern if isinstance(pattern, str) else pattern[-1]
            if name.split("/")[0] == addon:
                assert list(repo.ROOT.glob(name)), f"{bundle}: {name} finds nothing"


def test_wheel_is_described(addon):
    """The package is built by whool and says nothing that the manifest says already."""
    project = (repo.ROOT / addon / "pyproject.toml").read_text()
    assert 'build-backend = "whool.buildapi"' in project
    assert "[project]" not in project


def _licence(name):
    folder = settings().find_addon(name)
    manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
    return manifest.get("license", "LGPL-3"), manifest.get("depends", [])


def test_no_agpl_addon_is_depended_on(addon):
    """Everything below us, to the end, is under a licence that ours may stand on."""
    seen, waiting = {}, list(repo.manifest(addon)["depends"])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen[name], below = _licence(name)
            waiting.extend(below)
    assert "mail" in seen
    assert {name: found for name, found in seen.items() if found != "LGPL-3"} == {}


def _imports(addon):
    for path in repo.addon_files(addon, suffix=".py"):
        for node in ast.walk(repo.syntax(path)):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield path, node.module


def test_no_agpl_package_is_imported(addon):
    """Addons import the standard library, Odoo, and packages named above; none is AGPL."""
    known = {"odoo", *sys.stdlib_module_names}
    unknown = [
        (str(path), name)
        for path, name in _imports(addon)
        if name.split(".")[0] not in known | set(DISTRIBUTIONS)
        # a script of the addon and the files beside it
        and not (repo.ROOT / path).with_name(f"{name}.py").exists()
    ]
    assert unknown == []
    for name in {name.split(".")[0] for _, name in _imports(addon)} & set(
        DISTRIBUTIONS
    ):
        metadata = importlib.metadata.metadata(DISTRIBUTIONS[name])
        licence = " ".join(
            [
                metadata.get("License") or "",
                metadata.get("License-Expression") or "",
                *metadata.get_all("Classifier", []),
            ]
        )
        assert not re.search(r"AGPL|Affero", licence), (name, licence)


def test_external_dependencies_are_odoo_s_own(addon):
    """Installing an addon never asks for a package that Odoo does not bring."""
    assert "external_dependencies" not in repo.manifest(addon)


def test_siblings_meet_at_models_only(addon):
    """No addon imports a sibling's internals: public are ``fields`` and ``lib``."""
    allowed = re.compile(r"odoo\.addons\.customer_care\.(fields|lib)(\.|$)")
    inside = re.compile(rf"odoo\.addons\.{addon}(\.|$)")
    crossing = [
        (str(path), name)
        for path, name in _imports(addon)
        if name.startswith("odoo.addons.customer_care")
        and not inside.match(name)
        and not allowed.match(name)
        and path.parts[1] != "tests"
    ]
    assert crossing == []
