"""``setup/bench``, ``setup/faults``, ``setup/screenshots``: prepare, then run a program.

The programs belong to the repository's tests and docs; they get the prefix by the
variables that setup/README.md describes, and every argument of the command.
"""

import subprocess

from . import process, programs
from .environment import Environment
from .errors import SetupError
from .prefix import REPOSITORY


def main(arguments):
    """Run the program of a command (the first argument); return its exit code."""
    command, *rest = arguments
    how = programs.arguments_for(command)
    if how is None:
        raise SetupError(
            f"setup/{command} has nothing to run.",
            f"This copy of the repository has no program in {programs.PLACES[command]}.",
        )
    environment = Environment()
    environment.prefix.create()
    with environment.prefix.locked(f"setup/{command}"):
        started = environment.prepare(tests=True)
        variables = environment.variables(
            CARE_TEMPLATE_DB=environment.databases.template(),
            CARE_DEMO_TEMPLATE_DB=environment.databases.template(demo=True),
        )
        child = subprocess.Popen(
            [str(environment.prefix.python), *how, *rest],
            env=variables,
            cwd=REPOSITORY,
            start_new_session=True,
        )
        try:
            return child.wait()
        finally:
            process.end(child)
            if started and not environment.server.running():
                environment.cluster.stop()
