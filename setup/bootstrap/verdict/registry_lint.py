"""test_lint's checks of the registry, on our modules.

They look at every model of a database and would report Odoo's own along with ours, and
the one for docstrings is limited to a list of Odoo's modules. They are therefore run in
Odoo's shell by ``registry_checks.py``, which keeps what concerns our modules.
"""

import json
from pathlib import Path

from .. import process

CHECKS = Path(__file__).with_name("registry_checks.py")
MARK = "REGISTRY-LINT "


def run(environment, database, modules, log):
    """Return ``(findings, number of checks run)`` for a database.

    :param log: file that receives what Odoo's shell says
    :return: findings as dicts with ``check`` and ``text``; no checks at all when the
        shell fails or a check was skipped
    """
    command = [environment.command.program, "shell", "-c", environment.prefix.conf]
    command += ["-d", database, "--no-http"]
    variables = environment.variables(CARE_MODULES=",".join(modules))
    with open(CHECKS, "rb") as script:
        process.call(command, log=log, env=variables, timeout=1800, stdin=script)
    for line in log.read_text("utf-8", errors="replace").splitlines():
        if line.startswith(MARK):
            said = json.loads(line[len(MARK) :])
            return said["found"], 0 if said["skipped"] else said["checks"]
    return [], 0
