"""A cluster of the prefix's own: made, reached by its socket alone, stopped."""

import os
import socket
import stat

import pytest
from bootstrap import postgres
from bootstrap.errors import SetupError
from bootstrap.postgres import Cluster


@pytest.fixture
def cluster(prefix, console):
    """A running cluster, made for the test."""
    made = Cluster(prefix, console, dict(os.environ))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def bare_machine(monkeypatch, programs, tmp_path):
    """A machine without PostgreSQL whose packages cannot be reached."""
    monkeypatch.setattr(postgres, "PLACES", ())
    monkeypatch.setenv("PATH", f"{programs('apt-get', 'exit 100').parent}:/usr/bin")
    monkeypatch.delenv("CARE_PG_BIN", raising=False)
    programs("initdb", "exit 1").unlink()
    monkeypatch.setattr(
        postgres.process,
        "which",
        lambda name, path=None: None if name == "initdb" else f"/usr/bin/{name}",
    )


def test_life_of_a_cluster(cluster, prefix, console):
    assert cluster.is_running()
    assert cluster.start() is False
    cluster.create("one")
    cluster.ask("CREATE TABLE t AS SELECT 'Việt' AS word", "one")
    cluster.create("two", "one")
    assert cluster.ask("SELECT word FROM t", "two") == [["Việt"]]
    cluster.rename("two", "three")
    cluster.drop("one")
    cluster.drop("one")
    assert {"three"} == cluster.databases() - {"postgres", "template0", "template1"}
    cluster.stop()
    assert not cluster.is_running()
    cluster.stop()
    again = Cluster(prefix, console, dict(os.environ))
    assert again.start() is True
    assert again.has("three")
    again.stop()


def test_reached_by_a_socket_that_others_cannot_enter(cluster, prefix):
    assert cluster.ask("SHOW listen_addresses") == []
    directories = cluster.ask("SHOW unix_socket_directories")
    assert directories == [[str(prefix.socket)]]
    assert stat.S_IMODE(prefix.socket.stat().st_mode) == 0o700
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(prefix.socket / ".s.PGSQL.5432"))


def test_root_lends_it_to_another_account(cluster, prefix, monkeypatch):
    assert (prefix.cluster / "data").stat().st_uid != 0
    if os.geteuid() != 0:
        assert cluster.owner() is None
    else:
        assert cluster.owner().pw_uid == (prefix.cluster / "data").stat().st_uid
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 1000)
    assert cluster.owner() is None


def test_root_without_another_account(prefix, console, monkeypatch):
    def nobody(name):
        raise KeyError(name)

    monkeypatch.setattr(postgres.os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres.pwd, "getpwnam", nobody)
    with pytest.raises(SetupError) as caught:
        Cluster(prefix, console, {}).owner()
    assert "ordinary user" in caught.value.way_out


def test_an_interrupted_initdb_leaves_no_half_cluster(prefix, console):
    broken = Cluster(prefix, console, dict(os.environ))
    real = broken.programs()
    broken._bin = prefix.home / "no-programs"
    broken._major = lambda place: 15
    with pytest.raises(SetupError):
        broken.start()
    assert not broken.data.exists()
    whole = Cluster(prefix, console, dict(os.environ))
    whole._bin = real
    whole.start()
    assert whole.is_running()
    whole.stop()


def test_statement_that_is_refused_is_shown(cluster):
    with pytest.raises(SetupError) as caught:
        cluster.ask("SELECT nonsense")
    assert "SELECT nonsense" in caught.value.why
    assert 'column "nonsense" does not exist' in caught.value.why


def test_no_postgresql(bare_machine, prefix, console):
    with pytest.raises(SetupError) as caught:
        Cluster(prefix, console, dict(os.environ)).start()
    assert "There is no PostgreSQL on this machine" in caught.value.what
    assert "Install the package postgresql" in caught.value.way_out
    assert not prefix.cluster.exists()
    assert not list(prefix.debian.glob("*"))


def test_no_postgresql_and_no_packages(bare_machine, prefix, console, monkeypatch):
    monkeypatch.setattr(postgres.process, "which", lambda name, path=None: None)
    with pytest.raises(SetupError) as caught:
        Cluster(prefix, console, dict(os.environ)).start()
    assert "apt-get" in caught.value.why
    assert "CARE_PG_BIN" in caught.value.way_out


def test_wrong_directory_of_programs(prefix, console, tmp_path):
    with pytest.raises(SetupError, match="CARE_PG_BIN"):
        Cluster(prefix, console, {"CARE_PG_BIN": str(tmp_path)}).programs()


def test_old_postgresql_does_not_count(bare_machine, prefix, console, tmp_path):
    place = tmp_path / "postgresql" / "12" / "bin"
    place.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (place / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 12.22'\n")
        (place / name).chmod(0o755)
    cluster = Cluster(prefix, console, dict(os.environ))
    assert cluster._major(place) == 12
    postgres.PLACES = (str(tmp_path / "postgresql"),)
    assert cluster._present() is None


def test_databases_of_another_version(cluster, prefix):
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(SetupError) as caught:
        cluster.start()
    assert "version 9" in caught.value.why
    assert "--fresh" in caught.value.way_out
    (cluster.data / "PG_VERSION").write_text(f"{cluster._major(cluster.programs())}\n")
