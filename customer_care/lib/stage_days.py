"""The days in the shipped rules of care stages: found, and set, nothing else touched."""

import ast
import re

#: Care stage → its shipped rule, with ``%d`` for the days.
RULES = {
    "new": "[('purchase_count', '=', 1), ('first_purchase_on', '>=', 'today -%dd')]",
    "dormant": "[('last_purchase_on', '<', 'today -%dd')]",
    "former": "[('last_purchase_on', '<', 'today -%dd')]",
}
#: Days as shipped, and how far they can be set.
DAYS = {"new": 60, "dormant": 180, "former": 365}
LIMITS = {"new": (7, 365), "dormant": (30, 1095), "former": (60, 1825)}
RELATIVE = re.compile(r"'today -(\d+)d'")


def find_days(code: str, rule: str | None) -> int | None:
    """Return the days of a rule that is as shipped but for its days, else None.

    >>> find_days("dormant", "[('last_purchase_on', '<', 'today -90d')]")
    90
    >>> find_days("dormant", '[("last_purchase_on","<","today -90d")]')
    90
    >>> find_days("dormant", "[('last_purchase_on', '<=', 'today -90d')]")
    >>> find_days("vip", "[('value_percent', '<=', 5)]")
    >>> find_days("new", "no list")
    >>> find_days("new", None)
    """
    if code not in RULES or not rule:
        return None
    try:
        found = repr(ast.literal_eval(rule.strip()))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    days = RELATIVE.search(found)
    if not days or found != repr(ast.literal_eval(make_rule(code, int(days[1])))):
        return None
    return int(days[1])


def make_rule(code: str, days: int) -> str:
    """Return the shipped rule with other days.

    >>> make_rule("former", 365)
    "[('last_purchase_on', '<', 'today -365d')]"
    """
    return RULES[code] % days


def check_days(days: dict[str, int]) -> str | None:
    """Return what is wrong with these days: "range:<code>", "order", or None.

    A customer is dormant before he is former.

    >>> check_days(DAYS)
    >>> check_days({"new": 60, "dormant": 400, "former": 365})
    'order'
    >>> check_days({"new": 0})
    'range:new'
    """
    for code, number in days.items():
        lowest, highest = LIMITS[code]
        if not lowest <= number <= highest:
            return f"range:{code}"
    if "dormant" in days and "former" in days and days["dormant"] >= days["former"]:
        return "order"
    return None
