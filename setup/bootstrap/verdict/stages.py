"""The stages of the verdict, one function each."""

import json
import re
import xml.etree.ElementTree as ElementTree

from .. import process, programs
from ..database import LANGUAGES
from ..prefix import REPOSITORY
from ..server import free_port
from . import odoo_log, registry_lint, rows
from .result import Result

VERDICT = re.compile(r"^(\d+) passed, (\d+) failed$")
REGISTRY_ALLOWED = REPOSITORY / "setup" / "registry_allow.txt"
STAGE_LIMIT = 3600  # seconds; a stage that hangs is ended and failed
# Parts of tests/ that setup/test --quick leaves out: each takes minutes.
SLOW_TESTS = (
    "tests/lifecycle",
    "tests/first_hour",
    "tests/wheels",
    "tests/bench",
    "tests/faults",
)
NOT_TESTS = ("tests/bench", "tests/faults")


def lint(environment, step):
    """Run every hook of the house on every file."""
    log = environment.prefix.log("lint")
    variables = environment.variables(
        PRE_COMMIT_HOME=environment.prefix.home / "pre-commit", PRE_COMMIT_COLOR="never"
    )
    command = ["pre-commit", "run", "--all-files", "--show-diff-on-failure"]
    program = environment.prefix.venv / "bin" / command[0]
    code = process.call(
        [program, *command[1:]],
        log=log,
        env=variables,
        cwd=REPOSITORY,
        timeout=STAGE_LIMIT,
    )
    lines = log.read_text("utf-8", errors="replace").splitlines()
    dotted = [line for line in lines if "..." in line]
    passed = sum(line.endswith("Passed") for line in dotted)
    failed = sum(line.endswith("Failed") for line in dotted)
    result = Result("lint", passed, failed, log=str(log))
    if code and not failed:
        result.problems.append(f"pre-commit ended with {code}: {process.tail(log, 3)}")
    step.result = f"{passed} hooks"
    return result


def repository(environment, step, *, quick=False, plain_template=""):
    """Run ``tests/`` under pytest."""
    left_out = SLOW_TESTS if quick else NOT_TESTS
    ignored = [f"--ignore={place}" for place in left_out]
    return pytest(
        environment,
        "repository",
        [*ignored, "tests"],
        step,
        environment.variables(CARE_TEMPLATE_DB=plain_template),
    )


def pytest(environment, name, arguments, step, variables):
    """Run pytest and return its Result."""
    log = environment.prefix.log(name)
    report = environment.prefix.logs / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [environment.prefix.python, "-m", "pytest", "-q", f"--junitxml={report}"]
    command += ["-p", "no:cacheprovider", *arguments]
    code = process.call(
        command, log=log, env=variables, cwd=REPOSITORY, timeout=STAGE_LIMIT
    )
    result = read_junit(name, report)
    result.log = str(log)
    if code not in (0, 1) or (code == 1 and not result.failures):
        result.problems.append(f"pytest ended with {code}: {process.tail(log, 3)}")
    step.result = f"{result.passed} passed"
    return result


def _name(case):
    """Return the name of a test in a JUnit report."""
    return f"{case.get('classname')}.{case.get('name')}"


def read_junit(name, report):
    """Return the Result of a JUnit report; an absent one is a problem."""
    result = Result(name)
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        result.problems.append(f"pytest left no report: {error}")
        return result
    skipped = []
    for case in cases:
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            result.failed += 1
            result.failed_tests.append(_name(case))
        elif "skipped" in kinds:
            skipped.append(_name(case))
        else:
            result.passed += 1
    result.skipped = len(skipped)
    result.refuse_skips(skipped)
    return result


def addon_tests(environment, name, modules, step, *, template):
    """Install modules in a fresh copy of a template and run their tests.

    :return: the Result; the database ``care_verdict_<name>`` is left for later stages
    """
    database = f"care_verdict_{name}"
    environment.databases.copy(database, template)
    options = ["-i", ",".join(modules), *_test_options(modules)]
    log, code = _call(environment, name, database, step, *options)
    result = _of_odoo(name, log, code)
    result.problems += _not_installed(environment, database, modules, False)
    step.result = f"{result.passed} passed"
    return result


def demo_install(environment, name, modules, step, *, template):
    """Install modules with their demo data and in Vietnamese; nothing may complain.

    What the demo data holds is the business of ``tests/test_demo.py``.

    :return: the Result; the database ``care_verdict_<name>`` is left for later stages
    """
    database = f"care_verdict_{name}"
    environment.databases.copy(database, template)
    options = ["-i", ",".join(modules), "--no-http"]
    options += ["--with-demo", f"--load-language={LANGUAGES}"]
    log, code = _call(environment, name, database, step, *options)
    result = _of_odoo(name, log, code, has_tests=False)
    result.problems += _not_installed(environment, database, modules, True)
    if not result.failures:
        result.passed = len(modules)
    return result


def tests_in_place(environment, name, modules, step, *, database):
    """Run the tests of installed modules in their database, and look what they leave.

    A test undoes what it writes: a table with more or fewer rows afterwards is a problem.
    """
    before = rows.count(environment.cluster, database)
    log, code = _call(environment, name, database, step, *_test_options(modules))
    result = _of_odoo(name, log, code)
    after = rows.count(environment.cluster, database)
    result.problems += rows.differences(before, after)
    step.result = f"{result.passed} passed"
    return result


def update(environment, name, modules, step, *, database):
    """Update modules that are up to date: nothing may be complained about."""
    options = ["-u", ",".join(modules), "--no-http"]
    log, code = _call(environment, name, database, step, *options)
    result = _of_odoo(name, log, code, has_tests=False)
    if not result.failures:
        result.passed = len(modules)
    return result


def registry(environment, name, modules, step, *, database):
    """Run test_lint's checks of the registry on our modules."""
    log = environment.prefix.log(name)
    found, checks = registry_lint.run(environment, database, modules, log)
    allowed = odoo_log.allowed_patterns(REGISTRY_ALLOWED)
    findings = [
        finding
        for finding in found
        if not any(pattern.search(finding["text"]) for pattern in allowed)
    ]
    result = Result(name, log=str(log))
    result.failed = len(findings)
    result.passed = max(checks - len({finding["check"] for finding in findings}), 0)
    with open(log, "a", encoding="utf-8") as output:
        for finding in findings:
            output.write(json.dumps(finding, ensure_ascii=False) + "\n")
    if not checks:
        result.problems.append(f"the checks did not run: {process.tail(log, 3)}")
    step.result = f"{checks} checks, {len(findings)} findings"
    return result


def faults(environment, step, plain_template):
    """Run the short profile of ``tests/faults``, which prints its counts last."""
    log = environment.prefix.log("faults")
    code = process.call(
        [environment.prefix.python, *programs.arguments_for("faults"), "--short"],
        log=log,
        env=environment.variables(CARE_TEMPLATE_DB=plain_template),
        cwd=REPOSITORY,
        timeout=STAGE_LIMIT,
    )
    result = Result("faults", log=str(log))
    last = VERDICT.match(process.tail(log, 1))
    if last:
        result.passed, result.failed = map(int, last.groups())
    if not last or (code and not result.failed):
        result.problems.append(f"it ended with {code}: {process.tail(log, 3)}")
    step.result = f"{result.passed} passed"
    return result


def _test_options(modules):
    """Return the options that make Odoo run the tests of modules."""
    tags = ",".join(f"/{module}" for module in modules)
    return [f"--http-port={free_port()}", "--test-tags", tags]


def _call(environment, name, database, step, *options):
    """Run Odoo on a database until it stops; return its log and its exit code."""
    log = environment.prefix.log(name)
    code = environment.command.call(
        database,
        *options,
        log=log,
        step=step,
        timeout=STAGE_LIMIT,
        environ=environment.variables(),
    )
    return log, code


def _of_odoo(name, log, code, has_tests=True):
    """Return the Result of a run of Odoo's own test runner."""
    said = odoo_log.read(log)
    result = Result(name, log=str(log), failed=said.failed, skipped=len(said.skipped))
    result.failed_tests = [text.splitlines()[0] for text in said.failures]
    result.refuse_skips(said.skipped)
    if has_tests and said.total is None:
        result.problems.append(f"Odoo ran no tests to their end (exit code {code})")
    elif code and not said.failed:
        result.problems.append(f"Odoo ended with {code}: {process.tail(log, 3)}")
    result.passed = max((said.total or 0) - said.failed - result.skipped, 0)
    result.problems += [record.line for record in said.complaints]
    return result


def _not_installed(environment, database, modules, demo):
    """Return a problem for each module that is not there, or lacks its demo data."""
    rows = environment.cluster.ask(
        "SELECT name, state, COALESCE(demo, false) FROM ir_module_module", database
    )
    found = {name: (state, has_demo) for name, state, has_demo in rows}
    problems = []
    for module in modules:
        state, has_demo = found.get(module, ("unknown", "f"))
        if state != "installed":
            problems.append(f"{module} is {state} after its installation")
        elif demo and has_demo != "t":
            problems.append(f"{module} was installed without its demo data")
    return problems
