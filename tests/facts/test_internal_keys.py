"""Keys by which our code speaks to itself count by identity, never by truth."""

import re

from tests.support import repo

KEYS = ("care_silent", "care_stage_moved", "care_rule_kept")
#: A key that is asked for, or set, by a value that a request could send as well.
LOOSE = re.compile(
    rf"""context\.get\(\s*["']({"|".join(KEYS)})|\b({"|".join(KEYS)})=(True|1|"|')"""
)


def test_no_key_is_open_to_requests():
    loose = [
        f"{path}: {match.group(0)}"
        for path in repo.tracked_files()
        if path.suffix == ".py" and "tests" not in path.parts
        for match in LOOSE.finditer((repo.ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not loose, loose


def test_the_pattern_finds_what_it_looks_for():
    assert LOOSE.search('self.env.context.get("care_silent")')
    assert LOOSE.search("records.with_context(care_stage_moved=True)")
    assert not LOOSE.search("records.with_context(care_stage_moved=INTERNAL)")
