"""A verdict is green only where everything ran, and nothing was complained about."""

import io

import pytest
from bootstrap.console import Console
from bootstrap.errors import SetupError
from bootstrap.verdict import floor, odoo_log, rows, stages
from bootstrap.verdict.plan import Plan, report
from bootstrap.verdict.result import Result

WHEN = "2026-03-02 01:00:00,000 77"
GREEN = f"""\
{WHEN} INFO db odoo.modules.loading: loading care
{WHEN} INFO db odoo.addons.care.tests.test_a: Starting TestA.test_one ...
{WHEN} INFO db odoo.tests.result: 0 failed, 0 error(s) of 3 tests when loading 'db'
"""
SKIP = f"{WHEN} INFO db odoo.addons.care.tests.test_a: skipped test_tour : no browser\n"
WARNING = f"{WHEN} WARNING db odoo.fields: Field without a label\n  on two lines\n"
FAILED = f"""\
{WHEN} ERROR db odoo.addons.care.tests.test_a: FAIL: TestA.test_one
Traceback (most recent call last):
AssertionError: 1 != 2
{WHEN} ERROR db odoo.tests.result: 1 failed, 1 error(s) of 3 tests when loading 'db'
"""


@pytest.fixture
def verdict_on(tmp_path):
    """Return the Result of a run of Odoo's tests that said ``text``."""

    def judge(text, code=0):
        log = tmp_path / "odoo.log"
        log.write_text(text)
        return stages._of_odoo("care", log, code)

    return judge


def test_a_green_run(verdict_on):
    result = verdict_on(GREEN)
    assert (result.passed, result.failures, result.is_green) == (3, 0, True)


def test_a_skipped_test_is_a_failure(verdict_on):
    result = verdict_on(SKIP + GREEN)
    assert (result.passed, result.skipped, result.failures) == (2, 1, 1)
    assert "test_tour" in result.problems[0]


def test_a_warning_is_a_failure_with_its_first_line(verdict_on):
    result = verdict_on(WARNING + GREEN)
    assert result.problems == ["WARNING odoo.fields: Field without a label"]
    assert not result.is_green


def test_failed_tests_are_counted_once(verdict_on):
    result = verdict_on(FAILED, code=1)
    assert (result.passed, result.failed, result.problems) == (1, 2, [])
    assert result.failed_tests == ["FAIL: TestA.test_one"]


def test_a_run_that_never_came_to_its_end_is_not_green(verdict_on):
    result = verdict_on(GREEN.splitlines(keepends=True)[0])
    assert not result.is_green
    assert "no tests" in result.problems[0]


def test_a_bad_exit_code_is_a_failure(verdict_on):
    assert "ended with 3" in verdict_on(GREEN, code=3).problems[0]


def test_no_test_at_all_is_not_green(verdict_on):
    result = verdict_on(GREEN.replace("3 tests", "0 tests"))
    assert not result.is_green


def test_an_allowed_complaint_needs_its_reason(tmp_path):
    allowed = tmp_path / "allow.txt"
    allowed.write_text("# Why it is accepted.\nodoo\\.fields: Field\n")
    [pattern] = odoo_log.allowed_patterns(allowed)
    log = tmp_path / "odoo.log"
    log.write_text(WARNING)
    assert odoo_log.read(log, [pattern]).complaints == []
    assert len(odoo_log.read(log, []).complaints) == 1
    allowed.write_text("# A reason.\n\nodoo\\.fields: Field\n")
    with pytest.raises(ValueError, match="no reason"):
        odoo_log.allowed_patterns(allowed)


# -- what tests leave ---------------------------------------------------------


class _Cluster:
    """Answers the question for the number of rows."""

    def __init__(self, answer):
        self.answer = answer

    def ask(self, _statement, _database):
        return [[table, str(number)] for table, number in self.answer.items()]


def test_rows_left_behind_are_named():
    before = rows.count(_Cluster({"care_ticket": 300, "res_users": 9, "old": 2}), "db")
    after = rows.count(_Cluster({"care_ticket": 301, "res_users": 9, "new": 1}), "db")
    assert rows.differences(before, before) == []
    assert rows.differences(before, after) == [
        "care_ticket has 301 rows; before the tests it had 300",
        "new has 1 rows; before the tests it had 0",
        "old has 0 rows; before the tests it had 2",
    ]


# -- plan, floor and report ---------------------------------------------------


def test_fewer_tests_than_recorded_are_a_failure(tmp_path):
    path = tmp_path / "floor.json"
    floor.record([Result("care", passed=3), Result("red", passed=9, failed=1)], path)
    assert floor.recorded(path) == {"care": 3}
    enough, fewer = Result("care", passed=2, skipped=1), Result("care", passed=2)
    floor.refuse_fewer([enough, fewer], floor.recorded(path))
    assert enough.problems == []
    assert fewer.problems == ["2 tests ran; the recorded floor is 3"]


def test_a_stage_that_breaks_is_red_and_its_chain_goes_on(console):
    def breaks(_step):
        raise SetupError("The disk is full.")

    plan = Plan(console)
    plan.add(
        ("one", "One", breaks),
        ("two", "Two", lambda _step: Result("two", passed=1)),
    )
    one, two = plan.run()
    assert (one.name, one.is_green, two.is_green) == ("one", False, True)
    assert "The disk is full." in one.problems[0]


@pytest.mark.parametrize(
    ("result", "last", "green"),
    [
        (Result("care", passed=3), "3 passed, 0 failed", True),
        (Result("care", passed=3, failed=1), "3 passed, 1 failed", False),
        (Result("care", passed=3, problems=["x"]), "3 passed, 1 failed", False),
        (Result("care"), "0 passed, 1 failed", False),
    ],
)
def test_the_last_line_counts(result, last, green):
    console = Console(io.StringIO())
    assert report(console, [result], 60) is green
    assert console.stream.getvalue().splitlines()[-1] == last


def test_the_names_of_failed_tests_are_printed():
    console = Console(io.StringIO())
    report(
        console, [Result("care", failed=1, failed_tests=["FAIL: TestA.test_one"])], 60
    )
    assert "  - FAIL: TestA.test_one" in console.stream.getvalue()
