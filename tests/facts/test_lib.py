"""``lib/`` is plain Python: it imports and passes its doctests where no Odoo is."""

import subprocess
import sys

from tests.support import repo

SCRIPT = """
import doctest, importlib, pkgutil, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "odoo":
            raise ImportError(f"lib must not import {name}")

sys.meta_path.insert(0, Blocker())
sys.path.insert(0, sys.argv[1])
import lib

attempted = failed = 0
for info in pkgutil.walk_packages(lib.__path__, "lib."):
    result = doctest.testmod(importlib.import_module(info.name))
    attempted += result.attempted
    failed += result.failed
    if not result.attempted and not info.ispkg:
        sys.exit(f"{info.name} shows nothing by example")
print(attempted)
sys.exit(bool(failed))
"""


def test_doctests():
    """customer_care/lib is public Python; every module of a ``lib`` shows by example."""
    addons = {
        path.parts[0] for path in repo.tracked_files() if "lib" in path.parts[1:2]
    }
    assert "customer_care" in addons
    for addon in sorted(addons):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(repo.ROOT / addon)],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert int(done.stdout.split()[-1]) > 0
