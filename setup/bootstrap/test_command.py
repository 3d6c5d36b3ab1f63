"""``setup/test``: from nothing to a verdict, and the inner loop."""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

from . import process, programs
from .environment import Environment
from .errors import SetupError
from .prefix import REPOSITORY, Prefix
from .verdict import floor, stages
from .verdict.plan import Plan, report

LOOP = "care_loop"


def parser():
    """Return the parser of the command's options."""
    made = argparse.ArgumentParser(
        prog="setup/test",
        description="Check the whole suite. The last line is 'N passed, N failed'; the "
        "exit code is 0 when nothing failed, 1 when something did, 2 when the tests "
        "could not be run.",
    )
    made.add_argument(
        "what",
        nargs="?",
        help="an addon, or a test file or directory: run only its tests, under pytest, "
        f"on a database that is kept ({LOOP})",
    )
    made.add_argument("-k", metavar="EXPR", help="with an addon or file: pytest's -k")
    made.add_argument(
        "--quick", action="store_true", help="the tests that take at most 5 minutes"
    )
    made.add_argument(
        "--fresh",
        action="store_true",
        help="in a new prefix that is removed afterwards (downloads are kept); with an "
        "addon or file: make the kept database anew",
    )
    made.add_argument(
        "--record-floor",
        action="store_true",
        help="write the number of tests of each green stage to setup/floor.json",
    )
    return made


def main(arguments):
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    if options.k and not options.what:
        parser().error("-k needs an addon or a file")
    if options.fresh and not options.what:
        return _in_fresh_prefix(options)
    return _in_prefix(Environment(), options)


def _in_fresh_prefix(options):
    """Run the verdict in a prefix of its own inside the prefix, then remove it."""
    outer = Prefix.from_environ(os.environ)
    outer.create()
    _remove_left_over(outer)
    home = tempfile.mkdtemp(prefix="fresh-", dir=outer.home)
    os.chmod(home, 0o755)
    environment = Environment(
        {**os.environ, "CARE_HOME": home, "CARE_DOWNLOADS": str(outer.downloads)}
    )
    try:
        return _in_prefix(environment, options)
    finally:
        environment.cluster.stop()
        environment.prefix.remove()


def _remove_left_over(outer):
    """Remove fresh prefixes whose run was killed."""
    for home in outer.home.glob("fresh-*"):
        environment = Environment({**os.environ, "CARE_HOME": str(home)})
        try:
            environment.prefix.create()
            with environment.prefix.locked("removal"):
                environment.cluster.stop()
                environment.prefix.remove()
        except SetupError:
            continue


def _in_prefix(environment, options):
    environment.prefix.create()
    with environment.prefix.locked("setup/test"):
        started = environment.prepare(tests=True)
        try:
            if options.what:
                return _loop(environment, options)
            return _verdict(environment, options)
        finally:
            process.end_all()
            if started and not environment.server.running():
                environment.cluster.stop()


# -- the inner loop -----------------------------------------------------------


def _loop(environment, options):
    """Run the tests of an addon or file on the kept database."""
    place = _place(environment, options.what)
    extra = ["-k", options.k] if options.k else []
    if place.parts[0] == "tests":
        variables = environment.variables(
            CARE_TEMPLATE_DB=environment.databases.template()
        )
        return _pytest_here(environment, [str(place), *extra], variables)
    _ensure_loop_database(environment, options.fresh)
    arguments = [f"--odoo-database={LOOP}", f"--odoo-config={environment.prefix.conf}"]
    arguments += ["--odoo-http", "--odoo-log-level=warn", str(place), *extra]
    return _pytest_here(environment, arguments, environment.variables())


def _place(environment, what):
    """Return the path in the repository that a person names."""
    if what in environment.addons.names:
        return Path(what) / "tests"
    path = Path(what).absolute()
    if not path.exists():
        path = REPOSITORY / what
    try:
        relative = path.resolve().relative_to(REPOSITORY)
    except ValueError:
        relative = None
    if relative is None or not path.exists() or not relative.parts:
        raise SetupError(
            f"There is nothing to test called {what}.",
            "It is neither one of the addons "
            f"({', '.join(environment.addons.names)}) nor a file of this repository.",
        )
    return relative


def _ensure_loop_database(environment, fresh):
    """Make the kept database, or bring it up to date with the sources."""
    databases, prefix = environment.databases, environment.prefix
    template = databases.template()
    now = {"template": template, "addons": environment.addons.fingerprints()}
    before = prefix.read_state(LOOP)
    kept = environment.cluster.has(LOOP) and before.get("template") == template
    if fresh or not kept:
        databases.install(LOOP, template, environment.addons.names)
    else:
        changed = [
            name
            for name, digest in now["addons"].items()
            if before["addons"].get(name) != digest
        ]
        if changed:
            databases.update(LOOP, changed)
    prefix.write_state(LOOP, now)


def _pytest_here(environment, arguments, variables):
    """Run pytest on this terminal; its last line is followed by ours."""
    report_file = environment.prefix.logs / "loop.xml"
    report_file.unlink(missing_ok=True)
    command = [environment.prefix.python, "-m", "pytest", "-p", "no:cacheprovider"]
    command += [f"--junitxml={report_file}", *arguments]
    child = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        env=variables,
        cwd=REPOSITORY,
    )
    try:
        child.wait()
    finally:
        process.end(child)
    result = stages.read_junit("loop", report_file)
    environment.console.note(f"{result.passed} passed, {result.failures} failed")
    return 0 if result.is_green else 1


# -- the verdict --------------------------------------------------------------


def _verdict(environment, options):
    started = time.monotonic()
    databases = environment.databases
    before = set(environment.cluster.databases())
    try:
        plain = databases.template()
        if options.quick:
            results = _quick_plan(environment, plain).run()
        else:
            demo = databases.template(demo=True)
            results = _full_plan(environment, plain, demo).run()
    finally:
        process.end_all()
        for name in environment.cluster.databases() - before:
            if name.startswith("care_verdict_"):
                databases.drop(name)
    if not options.quick:
        if options.record_floor:
            floor.record(results)
        floor.refuse_fewer(results, floor.recorded())
    green = report(environment.console, results, time.monotonic() - started)
    return 0 if green else 1


def _quick_plan(environment, plain):
    plan = Plan(environment.console)
    plan.add(_together(environment, plain))
    plan.add(_lint(environment), _repository(environment, plain, quick=True))
    return plan


def _together(environment, plain):
    names = environment.addons.names

    def test(step):
        return stages.addon_tests(environment, "together", names, step, template=plain)

    return "together", "Tests of all addons in one database", test


def _full_plan(environment, plain, demo):
    plan = Plan(environment.console)
    names = environment.addons.names
    plan.add(*_demo_chain(environment, demo))
    chain = [_repository(environment, plain)]
    if programs.arguments_for("faults"):
        # after the tests of the repository, whose database it uses as well
        chain.append(
            (
                "faults",
                "Faults, short profile",
                lambda step: stages.faults(environment, step, plain),
            )
        )
    plan.add(*chain)
    plan.add(_together(environment, plain))
    for name in names:
        plan.add(_alone(environment, name, plain))
    plan.add(_lint(environment))
    return plan


def _demo_chain(environment, demo):
    """Return the stages on databases with demo data and Vietnamese.

    Each addon alone with its dependencies; then all of them in one database, their tests
    there, and what has to hold after the tests as before.
    """
    names = environment.addons.names
    database = "care_verdict_demo"

    def alone(name, template):
        label = f"demo_{name}"
        return (
            label,
            f"{name} alone, with demo data, in Vietnamese",
            lambda step: stages.demo_install(
                environment, label, [name], step, template=template
            ),
        )

    def install(step):
        base = f"care_verdict_demo_{names[0]}"
        return stages.demo_install(environment, "demo", names, step, template=base)

    def test(step):
        return stages.tests_in_place(
            environment, "demo_tests", names, step, database=database
        )

    def lint(step):
        return stages.registry(environment, "registry", names, step, database=database)

    def update(step):
        return stages.update(environment, "update", names, step, database=database)

    return (
        *(alone(name, template) for name, template in _bases(environment, demo)),
        ("demo", "All addons with demo data, in Vietnamese", install),
        ("demo_tests", "Tests of all addons with demo data, in Vietnamese", test),
        ("registry", "Checks of the registry (test_lint)", lint),
        ("update", "Updating all addons to themselves", update),
    )


def _bases(environment, demo):
    """Yield each addon with the database it is installed in: its dependencies alone."""
    for name in environment.addons.names:
        needed = environment.addons.manifests[name]["depends"]
        ours = [other for other in environment.addons.names if other in needed]
        yield name, f"care_verdict_demo_{ours[-1]}" if ours else demo


def _alone(environment, name, plain):
    def test(step):
        return stages.addon_tests(environment, name, [name], step, template=plain)

    return name, f"Tests of {name}, alone with its dependencies", test


def _lint(environment):
    return "lint", "Lint", lambda step: stages.lint(environment, step)


def _repository(environment, plain, quick=False):
    def test(step):
        return stages.repository(environment, step, quick=quick, plain_template=plain)

    return "repository", "Tests of the repository (tests/)", test
