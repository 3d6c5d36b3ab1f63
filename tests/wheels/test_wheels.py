"""Each addon as a package: built, unpacked into a clean environment, installed from it."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.support import database, odoo as program, repo, settings


def _call(*words, **options):
    done = subprocess.run(
        [str(word) for word in words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """``{addon: path of its wheel}``, built from the files that git tracks."""
    sources = tmp_path_factory.mktemp("sources")
    target = tmp_path_factory.mktemp("wheels")
    for addon in repo.ADDONS:
        for path in repo.addon_files(addon):
            (sources / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repo.ROOT / path, sources / path)
        _call(
            *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
            *("--outdir", target, sources / addon),
        )
    return {
        addon: next(target.glob(f"odoo_addon_{addon}-*.whl")) for addon in repo.ADDONS
    }


@pytest.fixture(scope="session")
def installed(wheels, tmp_path_factory):
    """Folder of the addons in a new virtual environment with the three wheels."""
    home = tmp_path_factory.mktemp("venv")
    _call(sys.executable, "-m", "venv", "--without-pip", home)
    python = home / "bin" / "python"
    _call(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps"),
        *("--no-index", "--disable-pip-version-check", *wheels.values()),
    )
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return repo.Path(_call(python, "-c", code).strip()) / "odoo" / "addons"


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_wheel_has_every_file(wheels, addon):
    """What Odoo reads at run time is all in the wheel, and nothing from elsewhere."""
    with zipfile.ZipFile(wheels[addon]) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    tracked = {
        f"odoo/addons/{path}"
        for path in repo.addon_files(addon)
        if path.name not in ("pyproject.toml", ".gitignore")
    }
    assert tracked - inside == set()
    assert inside - tracked == set()


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_wheel_needs_what_the_manifest_says(wheels, addon):
    """Odoo 19, and the addons of the suite that it stands on."""
    with zipfile.ZipFile(wheels[addon]) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
        lines = wheel.read(name).decode().splitlines()
    version = repo.manifest(addon)["version"]
    assert any(line.startswith(f"Version: {version}") for line in lines)
    needed = {
        line.removeprefix("Requires-Dist: ")
        .replace("_", "-")
        .split("=")[0]
        .split("<")[0]
        for line in lines
        if line.startswith("Requires-Dist: ")
    }
    suite = {
        f"odoo-addon-{other}".replace("_", "-")
        for other in repo.DEPENDS[addon]
        if other in repo.ADDONS
    }
    assert {name for name in needed if name.startswith("odoo-addon-")} == suite
    assert any(name.startswith("odoo") and name not in suite for name in needed)


def test_installs_from_the_wheels(installed, tmp_path):
    """All three, in a fresh database, with the repository out of Odoo's sight."""
    conf = tmp_path / "odoo.conf"
    options = dict(settings.settings().options)
    paths = [
        path
        for path in options["addons_path"].split(",")
        if os.path.realpath(path.strip()) != str(repo.ROOT)
    ]
    options["addons_path"] = ",".join([*paths, str(installed)])
    lines = [f"{name} = {value}" for name, value in options.items()]
    conf.write_text("\n".join(["[options]", *lines, ""]))
    with database.temporary("wheels") as name:
        asked = ["-i", ",".join(repo.ADDONS), "--without-demo=True"]
        program.run(name, *asked, "--stop-after-init", conf=conf).check()
        states = database.query(
            name,
            "SELECT name, state FROM ir_module_module WHERE name = ANY(%s) ORDER BY name",
            [list(repo.ADDONS)],
        )
    assert states == [(addon, "installed") for addon in sorted(repo.ADDONS)]
