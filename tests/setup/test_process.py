"""Programs are logged, ended with us, and their failures explained."""

import errno
import os
import signal
import threading
import time

import pytest
from bootstrap import process
from bootstrap.errors import SetupError


def run(script, log, **options):
    process.run(["sh", "-c", script], log=log, what="It cannot be done.", **options)


def test_output_is_in_the_log(tmp_path):
    log = tmp_path / "logs" / "x.log"
    run("echo out; echo err >&2", log)
    assert log.read_text().splitlines()[1:] == ["out", "err"]


def test_failure_says_what_why_and_where(tmp_path):
    log = tmp_path / "x.log"
    with pytest.raises(SetupError) as caught:
        run("echo the reason; exit 3", log, way_out="Do this.")
    assert caught.value.what == "It cannot be done."
    assert "ended with 3" in caught.value.why
    assert "the reason" in caught.value.why
    assert caught.value.way_out == f"Do this.\nThe whole log: {log}"


@pytest.mark.parametrize(
    "said",
    [
        "curl: (6) Could not resolve host: example.invalid",
        "E: Temporary failure resolving 'example.invalid'",
        "npm error code EAI_AGAIN",
        "pip: Failed to establish a new connection: [Errno 101] Network is unreachable",
    ],
)
def test_no_network_is_told_as_such(tmp_path, said):
    with pytest.raises(SetupError) as caught:
        run(f"echo {said!r}; exit 1", tmp_path / "x.log")
    assert "network did not answer" in caught.value.why
    assert "CARE_DOWNLOADS" in caught.value.way_out


def test_full_disk_of_a_program_is_told_as_such(tmp_path):
    with pytest.raises(SetupError) as caught:
        run("echo 'tar: write: No space left on device'; exit 1", tmp_path / "x.log")
    assert "There is no room" in caught.value.why
    assert "CARE_HOME" in caught.value.way_out


@pytest.mark.parametrize(
    ("number", "why"),
    [(errno.ENOSPC, "There is no room"), (errno.EACCES, "denied")],
)
def test_errors_of_the_system_have_a_way_out(tmp_path, number, why):
    error = process.of_system(OSError(number, os.strerror(number), str(tmp_path)))
    assert why in error.why
    assert "CARE_HOME" in error.way_out


def test_absent_program_is_named(tmp_path):
    with pytest.raises(SetupError, match="no-such-program"):
        process.run(["no-such-program"], log=tmp_path / "x.log", what="?")
    assert process.output_of(["no-such-program"])[0] == 127


def test_there_is_no_standard_input(tmp_path):
    log = tmp_path / "x.log"
    run('read answer || echo "nothing to read"', log)
    assert "nothing to read" in log.read_text()


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path):
    log, pid = tmp_path / "x.log", tmp_path / "pid"
    code = process.call(
        ["sh", "-c", f"sleep 600 & echo $! > {pid}; wait"], log=log, timeout=0.5
    )
    assert code == -signal.SIGKILL
    assert "no result after 0.5 seconds" in log.read_text()
    assert is_gone(int(pid.read_text()))


def test_end_all_ends_what_still_runs(tmp_path):
    codes = []
    thread = threading.Thread(
        target=lambda: codes.append(
            process.call(["sleep", "600"], log=tmp_path / "x.log")
        )
    )
    thread.start()
    while not process._children:
        time.sleep(0.01)
    process.end_all()
    thread.join(10)
    assert codes == [-signal.SIGTERM]


def is_gone(pid):
    """Whether a process is gone, or a zombie that nobody collects here."""
    for _attempt in range(100):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False
