"""Layout: a reader must be able to guess the file from the feature."""

import ast
import re

import pytest

from tests.support import repo

FOLDERS = {"docs", "tests", "setup", ".ci", *repo.ADDONS}
FILES = {
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".oca_hooks.cfg",
    ".pre-commit-config.yaml",
    ".prettierignore",
    ".prettierrc.mjs",
    ".pylintrc",
    "LICENSE",
    "README.md",
    "eslint.config.mjs",
    "pyproject.toml",
}
ADDON_FOLDERS = {
    "controllers",
    "data",
    "demo",
    "i18n",
    "lib",
    "migrations",
    "models",
    "readme",
    "report",
    "security",
    "static",
    "tests",
    "views",
    "wizards",
}
ADDON_FILES = {
    "README.rst",
    "__init__.py",
    "__manifest__.py",
    "fields.py",
    "hooks.py",
    "pyproject.toml",
}

#: House rule: about 500 lines a file, about 50 a method. The margin is for the file that
#: reads better whole; beyond it the feature asks to be split by meaning.
MAX_FILE = 600
MAX_METHOD = 60


@pytest.fixture(params=repo.ADDONS)
def addon(request):
    return request.param


def test_top_level():
    folders = {path.parts[0] for path in repo.tracked_files() if len(path.parts) > 1}
    files = {path.name for path in repo.tracked_files() if len(path.parts) == 1}
    assert folders <= FOLDERS, folders - FOLDERS
    assert files <= FILES, files - FILES


def test_addon_level(addon):
    paths = [path.relative_to(addon) for path in repo.addon_files(addon)]
    folders = {path.parts[0] for path in paths if len(path.parts) > 1}
    files = {path.name for path in paths if len(path.parts) == 1}
    assert folders <= ADDON_FOLDERS, folders - ADDON_FOLDERS
    assert files <= ADDON_FILES, files - ADDON_FILES


def test_addon_has_what_every_addon_has(addon):
    for name in ("README.rst", "pyproject.toml", "static/description/icon.png"):
        assert (repo.ROOT / addon / name).is_file(), name


def test_files_are_short():
    """Code of any kind; texts, generated tables and mail corpora are not code."""
    long = {}
    for path in repo.tracked_files():
        if path.suffix in (".py", ".js", ".xml", ".scss", ".sh", ".sql", ""):
            text = repo.read(path) if path.name != "LICENSE" else None
            lines = (text or "").count("\n")
            if lines > MAX_FILE:
                long[str(path)] = lines
    assert long == {}


def test_methods_are_short():
    long = {}
    for path in repo.tracked_files():
        if path.suffix != ".py":
            continue
        for node in ast.walk(repo.syntax(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if ast.get_docstring(node):
                    doc = node.body[0]
                    length -= doc.end_lineno - doc.lineno + 1
                if length > MAX_METHOD:
                    long[f"{path}:{node.name}"] = length
    assert long == {}


def _models(path):
    """(class name, own name or None, inherited names) of each model class of a file."""
    for node in repo.syntax(path).body:
        if not isinstance(node, ast.ClassDef):
            continue
        values = {
            target.id: ast.literal_eval(statement.value)
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
        }
        if values:
            inherited = values.get("_inherit") or []
            inherited = [inherited] if isinstance(inherited, str) else inherited
            yield node.name, values.get("_name"), inherited


def test_one_model_in_a_file(addon):
    """models/<area>/<model>.py and wizards/<model>.py hold the model of their name.

    A large model goes on in <model>_<capability>.py. A file without a model (shared
    words, an order of records) is free in its name.
    """
    wrong = []
    for path in repo.addon_files(addon, "models", "wizards", "report", suffix=".py"):
        names = {own or inherited[0] for _, own, inherited in _models(path)}
        if not names:
            continue
        words = [name.replace(".", "_") for name in names]
        if len(names) > 1 or not f"{path.stem}_".startswith(f"{words[0]}_"):
            wrong.append(f"{path}: {sorted(names)}")
    assert wrong == []


def _imported_names(init):
    """Modules that an ``__init__.py`` imports by name, as dotted paths below it."""
    for node in repo.syntax(init).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            prefix = f"{node.module}." if node.module else ""
            yield from (prefix + alias.name for alias in node.names)


def test_every_test_module_is_imported(addon):
    """Odoo runs only what is a member of the tests package: a module that
    tests/__init__.py does not import by name never runs, and nobody is told."""
    init = next(
        (
            path
            for path in repo.addon_files(addon, "tests", suffix="__init__.py")
            if len(path.parts) == 3
        ),
        None,
    )
    modules = {
        ".".join(path.relative_to(f"{addon}/tests").with_suffix("").parts)
        for path in repo.addon_files(addon, "tests", suffix=".py")
        if path.name.startswith("test_")
    }
    assert modules, "an addon without tests"
    assert init, f"{addon}/tests/__init__.py is missing"
    assert modules - set(_imported_names(init)) == set()


def _imports_of(path):
    """Paths, without suffix, of what an addon's file imports from the addons."""
    for node in ast.walk(repo.syntax(path)):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = path.parents[node.level - 1].joinpath(
                *(node.module or "").split(".")
            )
        elif (node.module or "").startswith("odoo.addons."):
            base = repo.Path(*node.module.split(".")[2:])
        else:
            continue
        yield base
        yield from (base / alias.name for alias in node.names)


def test_every_module_is_imported(addon):
    """A Python file of the addon that no code imports is dead."""
    imported = {
        target
        for name in repo.ADDONS
        for path in repo.addon_files(name, suffix=".py")
        if path.parts[1] != "tests"
        for target in _imports_of(path)
    }
    files = {
        path.parent if path.name == "__init__.py" else path.with_suffix(""): path
        for path in repo.addon_files(addon, suffix=".py")
        if path.parts[1] not in ("tests", "migrations")
    }
    ends = {repo.Path(addon), repo.Path(addon, "__manifest__")}
    assert set(files) - imported - ends == set()


def test_tests_come_with_shared_identities():
    """tests/common.py of the first addon: one user per role and a tiny world."""
    assert (repo.ROOT / "customer_care/tests/common.py").is_file()


def test_tests_are_never_skipped():
    """A skipped test is a silent one; expected values never come from a clock."""
    marks = re.compile(r"skipTest|@skip|pytest\.skip|pytest\.mark\.skip|mark\.xfail")
    found = [
        f"{path}:{number}"
        for path in repo.tracked_files()
        if path.suffix == ".py" and path.name != "test_layout.py"
        for number, line in enumerate(repo.read(path).splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []
