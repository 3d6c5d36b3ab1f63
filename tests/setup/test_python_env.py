"""Python and its packages: the right version, and exactly what the lock files say."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bootstrap import python_env
from bootstrap.errors import SetupError
from bootstrap.odoo_source import recognise
from bootstrap.python_env import PythonEnv, check_version, environment_of

from . import fakes

SETUP = Path(__file__).resolve().parents[2] / "setup"
LOCKS = sorted((SETUP / "requirements").glob("*.lock"))


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 14, 0), (2, 7, 18)])
def test_unfit_python(version):
    with pytest.raises(SetupError) as caught:
        check_version(version, "/usr/bin/python")
    assert f"/usr/bin/python is Python {version[0]}.{version[1]}" in caught.value.why
    assert "CARE_BASE_PYTHON" in caught.value.way_out


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 2), (3, 13, 9)])
def test_fit_python(version):
    check_version(version)


@pytest.mark.parametrize("command", ["run", "test", "env"])
def test_commands_refuse_an_unfit_python(command):
    done = subprocess.run(
        [SETUP / command],
        env={**os.environ, "CARE_BASE_PYTHON": "/bin/false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Why: none of these is Python 3.10 to 3.13: /bin/false" in done.stderr
    assert "Way out:" in done.stderr


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_has_exact_versions_hashes_and_no_host(lock):
    text = lock.read_text()
    assert "://" not in text
    pins = re.findall(r"^(\S+?)==(\S+).*\\$", text, re.MULTILINE)
    heads = re.findall(r"^[A-Za-z0-9].*$", text, re.MULTILINE)
    assert len(pins) == len(heads) > 40
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


def test_test_lock_contains_the_run_lock():
    def pins(name):
        text = (SETUP / "requirements" / name).read_text()
        return set(re.findall(r"^\S+==\S+", text, re.MULTILINE))

    assert pins("run.lock") <= pins("test.lock")


def test_what_people_ask_for_is_locked():
    for name in ("run", "test"):
        wanted = (SETUP / "requirements" / f"{name}.in").read_text()
        names = re.findall(r"^[a-z0-9-]+$", wanted, re.MULTILINE)
        locked = (SETUP / "requirements" / f"{name}.lock").read_text()
        assert [n for n in names if f"\n{n}==" not in locked] == []


def test_npm_lock_has_hashes_and_no_host():
    import json

    lock = json.loads((SETUP / "npm" / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert len(packages) > 20
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    assert not [facts for facts in packages.values() if "resolved" in facts]


@pytest.fixture
def small_lock(tmp_path, prefix, monkeypatch):
    """A lock file with one small package, whose file is among the downloads."""
    place = tmp_path / "requirements"
    place.mkdir()
    monkeypatch.setattr(python_env, "REQUIREMENTS", place)
    wheels = prefix.downloads / "wheels"
    wheels.mkdir(parents=True)
    wheel = wheels / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "VALUE = 1\n")
        meta = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        archive.writestr("tiny-1.0.dist-info/METADATA", meta)
        kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("tiny-1.0.dist-info/WHEEL", kind)
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = place / "run.lock"
    lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")
    return lock


@pytest.fixture
def python(prefix, console):
    """The Python environment of an empty prefix, with no index to ask."""
    environ = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}
    environ |= {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    return PythonEnv(prefix, console, environ)


def test_installed_from_kept_files_without_a_network(
    python, prefix, small_lock, tmp_path
):
    odoo = recognise(fakes.odoo_tree(tmp_path / "odoo"), "x")
    python.install("run", odoo)
    code = (
        "import tiny, importlib.metadata as m, odoo.release as r\n"
        "print(tiny.VALUE, m.version('odoo'), r.version_info[0])"
    )
    done = subprocess.run(
        [prefix.python, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "19.0", "19"]
    assert os.access(prefix.bin / "odoo", os.X_OK)
    log = prefix.logs / "pip-run.log"
    log.unlink()
    python.install("run", odoo)
    assert not log.exists()


def test_a_file_with_another_hash_is_refused(python, prefix, small_lock, tmp_path):
    small_lock.write_text("tiny==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(SetupError) as caught:
        python.install("run", recognise(fakes.odoo_tree(tmp_path / "odoo"), "x"))
    assert "Python packages cannot be installed" in caught.value.what
    assert prefix.read_state("python").get("run") is None


def test_an_interrupted_environment_is_made_anew(
    python, prefix, small_lock, tmp_path, monkeypatch
):
    odoo = recognise(fakes.odoo_tree(tmp_path / "odoo"), "x")
    with monkeypatch.context() as patch:
        patch.setattr(python_env.process, "run", interrupt)
        with pytest.raises(KeyboardInterrupt):
            python.install("run", odoo)
    (prefix.venv / "bin").mkdir(parents=True, exist_ok=True)
    (prefix.venv / "bin" / "rest").write_text("half made")
    python.install("run", odoo)
    assert not (prefix.venv / "bin" / "rest").exists()


def interrupt(*_arguments, **_options):
    raise KeyboardInterrupt


def test_no_room_for_packages(python, prefix, small_lock, tmp_path, monkeypatch):
    monkeypatch.setattr(type(prefix), "free_space", lambda self: 1_000_000)
    with pytest.raises(SetupError, match="do not fit on the disk"):
        python.install("run", recognise(fakes.odoo_tree(tmp_path / "odoo"), "x"))


def test_python_without_pip_gets_it_from_debian(
    prefix, console, programs, tmp_path, monkeypatch
):
    """Debian's python3 has no ensurepip unless python3-venv is installed."""
    import ensurepip

    bundled = next((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    mirror = tmp_path / "mirror"
    tree = mirror / "tree-python3-pip-whl" / "usr/share/python-wheels"
    tree.mkdir(parents=True)
    (tree / bundled.name).write_bytes(bundled.read_bytes())
    fakes.deb(mirror, "python3-pip-whl", "1", {})
    programs("apt-get", fakes.APT_GET.format(mirror=mirror, asked=tmp_path / "asked"))
    base = programs(
        "python-of-debian",
        f'case "$*" in *ensurepip*) exit 1;; *) exec {sys.executable} "$@";; esac',
    )
    monkeypatch.setattr(sys, "_base_executable", str(base))
    python = PythonEnv(prefix, console, dict(os.environ))
    python._create()
    done = subprocess.run(
        [prefix.python, "-m", "pip", "--version"], capture_output=True, check=False
    )
    assert done.returncode == 0


def test_a_base_by_another_link_is_the_same(prefix, console, tmp_path, monkeypatch):
    """What ``setup/env`` put on PATH runs the set-up as well; nothing is made anew."""
    base = Path(sys._base_executable).resolve()
    link = tmp_path / "python-by-link"
    link.symlink_to(base)
    python = PythonEnv(prefix, console, dict(os.environ))
    monkeypatch.setattr(sys, "_base_executable", str(link))
    python._create()
    mark = prefix.venv / "still-here"
    mark.touch()
    monkeypatch.setattr(sys, "_base_executable", str(base))
    python._create()
    assert mark.exists()
    other = tmp_path / "another-python"
    other.write_text(f'#!/bin/sh\nexec {base} "$@"\n')
    other.chmod(0o755)
    monkeypatch.setattr(sys, "_base_executable", str(other))
    python._create()
    assert not mark.exists()


def test_misleading_variables_do_not_pass(prefix):
    environ = {
        "PATH": "/bin",
        "PYTHONPATH": "/elsewhere",
        "PIP_USER": "1",
        "HOME": "/h",
    }
    known = environment_of(prefix, environ)
    assert known["HOME"] == "/h"
    assert not {"PYTHONPATH", "PIP_USER"} & known.keys()
    first = known["PATH"].split(os.pathsep)[:3]
    assert first == [
        str(prefix.bin),
        str(prefix.venv / "bin"),
        str(prefix.node / "node_modules" / ".bin"),
    ]
