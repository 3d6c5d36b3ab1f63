"""``setup/env``: what a shell needs to use the prefix by hand."""

import os
import shlex
import sys

from .console import Console
from .environment import Environment


def main(arguments):
    """Print lines for ``eval "$(setup/env)"``; return 0.

    Progress goes to standard error. The cluster is left running: ``setup/run --stop``
    stops it.
    """
    if arguments:
        print('Usage: eval "$(setup/env)"')
        return 0 if arguments[0] in ("-h", "--help") else 2
    environment = Environment(console=Console(sys.stderr))
    environment.prefix.create()
    with environment.prefix.locked("setup/env"):
        environment.prepare(tests=True)
        template = environment.databases.template()
    variables = environment.variables(CARE_TEMPLATE_DB=template)
    for name, value in sorted(variables.items()):
        if os.environ.get(name) != value:
            print(f"export {name}={shlex.quote(value)}")
    return 0
