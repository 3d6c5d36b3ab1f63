"""The recorded number of tests: a verdict with fewer of them is no verdict."""

import json
from pathlib import Path

from ..prefix import write_whole

FLOOR = Path(__file__).resolve().parents[2] / "floor.json"


def recorded(path=FLOOR):
    """Return the recorded number of passed tests by stage."""
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except FileNotFoundError:
        return {}


def refuse_fewer(results, floor):
    """Add a problem to each result with fewer tests than recorded, skips aside."""
    for result in results:
        least = floor.get(result.name, 0)
        ran = result.passed + result.failed + result.skipped
        if ran < least:
            result.problems.append(f"{ran} tests ran; the recorded floor is {least}")


def record(results, path=FLOOR):
    """Write the number of tests of green results, keeping other stages' numbers."""
    numbers = recorded(path)
    numbers.update({r.name: r.passed for r in results if r.is_green})
    write_whole(path, json.dumps(numbers, indent=2, sort_keys=True) + "\n")
