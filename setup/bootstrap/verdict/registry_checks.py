"""Read by Odoo's shell on its standard input; see registry_lint.py.

Prints one line that starts with ``REGISTRY-LINT`` and holds what was found as JSON.
"""

import json
import logging
import os
import re

from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite

from odoo.addons.test_lint.tests import (
    test_docstring,
    test_index,
    test_naming,
    test_override_signatures,
    test_routes,
)

OURS = tuple(os.environ["CARE_MODULES"].split(","))
CLASSES = (
    test_index.TestIndex,
    test_override_signatures.TestLintOverrideSignatures,
    test_naming.TestNaming,
    test_routes.RoutesLinter,
    test_docstring.TestDocstring,
)
FIELD = re.compile(r"([\w.]+)\.(\w+)(?= \(inverse|\)$)")


class OursOnly(OdooTestResult):
    """Keeps the findings that concern our modules."""

    def __init__(self, registry):
        super().__init__()
        self.registry = registry
        self.found = []

    def logError(self, flavour, test, error):
        check = type(getattr(test, "test_case", test)).__name__
        params = dict(getattr(test, "params", None) or {})
        text = str(error[1]).strip() or repr(error[1])
        if params:
            if self._module_of(params) in OURS:
                self.found.append({"check": check, **params, "text": text})
        elif check == "TestIndex" and issubclass(error[0], AssertionError):
            lines = [line for line in text.splitlines() if self._names_ours(line)]
            self.found += [{"check": check, "text": line} for line in lines]
        else:
            self.found.append({"check": check, "text": text})

    def _module_of(self, params):
        """Return the name of the addon that a subtest is about."""
        if params.get("module"):
            return params["module"]
        method = getattr(self.registry[params["model"]], params["method"], None)
        parts = getattr(method, "__module__", "").split(".")
        is_addon = parts[:2] == ["odoo", "addons"] and len(parts) > 2
        return parts[2] if is_addon else ""

    def _names_ours(self, line):
        """Return whether a line of the index check names a field of ours."""
        for model, field in FIELD.findall(line):
            if model in self.registry:
                modules = self.registry[model]._fields[field]._modules or ()
                if set(modules) & set(OURS):
                    return True
        return False


class Routes(logging.Handler):
    """The check of routes does not fail, it warns."""

    def __init__(self, found):
        super().__init__()
        self.found = found

    def emit(self, record):
        text = record.getMessage()
        if any(f"odoo.addons.{name}." in text for name in OURS):
            self.found.append({"check": "RoutesLinter", "text": text})


def check(registry):
    """Run the checks and return what they found."""
    # The check reports docstrings of the modules in this list alone.
    test_docstring.MODULES_TO_LINT = OURS
    result = OursOnly(registry)
    logging.getLogger(test_routes.__name__).addHandler(Routes(result.found))
    tests = [
        kind(name)
        for kind in CLASSES
        for name in dir(kind)
        if name.startswith("test_") and callable(getattr(kind, name))
    ]
    OdooSuite(tests).run(result)
    return {"checks": len(tests), "skipped": result.skipped, "found": result.found}


print("REGISTRY-LINT " + json.dumps(check(globals()["env"].registry), default=str))
