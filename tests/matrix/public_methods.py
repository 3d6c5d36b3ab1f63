"""Methods of our classes that anybody with an account may call from outside."""

import csv
from pathlib import Path

from tests.support import repo

FILE = Path(__file__).with_name("public_methods.csv")
HEADER = ("model", "method", "why it is public")


def find(env):
    """``{(model, method)}`` that Odoo's remote calls let through.

    A method counts where one of our classes defines it; Odoo itself is asked whether it
    is public, so that an override of a private method is none.
    """
    from odoo.exceptions import AccessError
    from odoo.service.model import get_public_method

    prefixes = tuple(f"odoo.addons.{addon}." for addon in repo.ADDONS)
    found = set()
    for name, model in env.registry.items():
        for definition in model.mro():
            if not definition.__module__.startswith(prefixes):
                continue
            for method, value in vars(definition).items():
                if not callable(value) or method.startswith("_"):
                    continue
                try:
                    get_public_method(env[name], method)
                except (AccessError, AttributeError):
                    continue
                found.add((definition._name or name, method))
    return found


def read_file():
    """The allowed methods with their reasons: ``{(model, method): why}``."""
    if not FILE.is_file():
        return {}
    with FILE.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        return {(row[0], row[1]): row[2] for row in rows}
