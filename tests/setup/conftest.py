"""A prefix of its own for every test of the set-up, and programs that pretend."""

import io
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

from bootstrap.console import Console
from bootstrap.prefix import Prefix


@pytest.fixture
def prefix(tmp_path):
    """An empty prefix."""
    made = Prefix(tmp_path / "home")
    made.create()
    return made


@pytest.fixture
def console():
    """A console that writes to memory: ``console.stream.getvalue()``."""
    return Console(io.StringIO())


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Put pretended programs before the real ones on PATH.

    Call it with a name and the lines of a shell script.
    """
    place = tmp_path / "programs"
    place.mkdir()
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")

    def pretend(name, script):
        path = place / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return pretend
