"""Progress is shown in a log file as on a terminal, and failures are not called ok."""

import io

import pytest
from bootstrap import console as console_module
from bootstrap.console import Console, seconds
from bootstrap.errors import SetupError


def test_a_step_shows_that_it_lasts(monkeypatch, console):
    monkeypatch.setattr(console_module, "HEARTBEAT", 0.02)
    with console.step("Fetching") as step:
        step.detail = "3 of 5"
        while console.stream.getvalue().count("\n") < 3:
            pass
        step.result = "5 files"
    first, second, *_rest, last = console.stream.getvalue().splitlines()
    assert first == "...  Fetching"
    assert second == "...  Fetching (0 s): 3 of 5"
    assert last.startswith("ok   Fetching - 5 files (")


@pytest.mark.parametrize(
    ("error", "word"), [(ValueError, "FAIL"), (KeyboardInterrupt, "stop")]
)
def test_a_step_that_breaks_is_not_ok(console, error, word):
    with pytest.raises(error), console.step("Fetching"):
        raise error
    assert console.stream.getvalue().splitlines()[-1].startswith(word)


def test_a_step_with_a_bad_result_is_not_ok(console):
    with console.step("Testing") as step:
        step.has_failed = True
    assert console.stream.getvalue().splitlines()[-1].startswith("FAIL Testing")


def test_a_terminal_shows_seconds_in_place(monkeypatch):
    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setattr(console_module, "TICK", 0.01)
    console = Console(stream)
    with console.step("Fetching"):
        while "\r" not in stream.getvalue():
            pass
    assert stream.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    ("duration", "text"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (60, "1 min 00 s"), (605, "10 min 05 s")],
)
def test_durations_read_well(duration, text):
    assert seconds(duration) == text


def test_an_error_reads_as_what_why_and_way_out():
    error = SetupError("It fails.", "one\ntwo", "do this")
    assert str(error).splitlines() == [
        "It fails.",
        "  Why: one",
        "    two",
        "  Way out: do this",
    ]
    assert str(SetupError("It fails.")) == "It fails."
