"""The prefix: where it is, who holds it, and that nothing in it is half made."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from bootstrap import process
from bootstrap.errors import SetupError
from bootstrap.prefix import Prefix, default_home, write_whole


@pytest.mark.parametrize(
    ("environ", "home"),
    [
        ({"CARE_HOME": "/data/care"}, "/data/care"),
        ({"CARE_HOME": "/data/care", "XDG_CACHE_HOME": "/c"}, "/data/care"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/customer-care"),
        ({"CARE_HOME": ""}, os.path.expanduser("~/.cache/customer-care")),
    ],
)
def test_home(environ, home):
    assert default_home(environ) == Path(home)


def test_downloads_may_lie_elsewhere(tmp_path):
    environ = {"CARE_HOME": str(tmp_path / "a"), "CARE_DOWNLOADS": str(tmp_path / "b")}
    prefix = Prefix.from_environ(environ)
    prefix.create()
    prefix.remove()
    assert (tmp_path / "b").is_dir()
    assert not (tmp_path / "a").exists()


def test_everything_else_lies_inside(prefix):
    places = [value for value in vars(prefix).values() if isinstance(value, Path)]
    assert len(places) > 10
    assert all(place.is_relative_to(prefix.home) for place in places)


def test_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError) as caught:
        Prefix(tmp_path / "file" / "home").create()
    assert "CARE_HOME" in caught.value.way_out


def test_name_too_long_for_the_socket(tmp_path):
    with pytest.raises(SetupError) as caught:
        Prefix(tmp_path / ("long" * 30)).create()
    assert "socket" in caught.value.what
    assert "CARE_HOME" in caught.value.way_out
    assert not list(tmp_path.iterdir())


def test_one_command_at_a_time(prefix):
    with prefix.locked("setup/run"):
        with pytest.raises(SetupError) as caught:
            with Prefix(prefix.home).locked("setup/test"):
                pass
        assert f"setup/run (process {os.getpid()})" in caught.value.why
    with prefix.locked("setup/test"):
        pass


def test_a_killed_command_holds_nothing(prefix):
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from bootstrap.prefix import Prefix\n"
        "with Prefix(sys.argv[2]).locked('setup/run'): os.kill(os.getpid(), 9)"
    )
    setup = Path(__file__).parents[2] / "setup"
    subprocess.run(
        [sys.executable, "-B", "-c", script, setup, prefix.home], check=False
    )
    with prefix.locked("setup/test"):
        pass


def test_a_directory_is_whole_or_as_before(prefix):
    target = prefix.home / "thing"
    with pytest.raises(KeyboardInterrupt), prefix.building(target) as fresh:
        (fresh / "half").write_text("half")
        raise KeyboardInterrupt
    assert not target.exists()
    with prefix.building(target) as fresh:
        (fresh / "file").write_text("first")
    with pytest.raises(ValueError), prefix.building(target) as fresh:
        (fresh / "file").write_text("second")
        raise ValueError
    assert (target / "file").read_text() == "first"
    assert [path.name for path in prefix.home.glob(".thing*")] == []


def test_rest_of_a_killed_run_is_removed(prefix):
    rest = prefix.home / ".thing.new-killed"
    rest.mkdir()
    with prefix.building(prefix.home / "thing"):
        pass
    assert not rest.exists()


def test_state_survives_and_damage_counts_as_nothing(prefix):
    prefix.write_state("x", {"a": 1})
    assert Prefix(prefix.home).read_state("x") == {"a": 1}
    (prefix.state / "x.json").write_text('{"a": ')
    assert prefix.read_state("x") == {}
    prefix.forget_state("x")
    prefix.forget_state("x")
    assert prefix.read_state("x") == {}


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "deep" / "file"
    write_whole(path, "a", mode=0o755)
    write_whole(path, "b")
    assert path.read_text() == "b"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_size_of_the_disk_is_told(tmp_path, monkeypatch):
    usage = SimpleNamespace(free=300_000_000)
    monkeypatch.setattr(process.shutil, "disk_usage", lambda place: usage)
    error = process.no_space("No.", tmp_path / "not" / "there", 2_000_000_000)
    assert "0.3 GB are free" in error.why
    assert "2.0 GB are needed" in error.why
