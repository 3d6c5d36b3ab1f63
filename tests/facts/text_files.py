#!/usr/bin/env python3
"""Small facts of every text file, as a pre-commit hook: ``text_files.py FILE...``.

A file ends in exactly one line end, has Unix line ends, no space before a line end (two
at the end of a Markdown line mean a break and are refused too: nobody sees them), no tab
in front of code, and no mark of an unfinished merge.
"""

import sys
from pathlib import Path

MERGE_MARKS = (b"<" * 7 + b" ", b">" * 7 + b" ", b"|" * 7 + b" ")
TABS_ALLOWED = {".tsv", ".csv"}


def findings(path):
    """Sentences about ``path``, one per fact that does not hold."""
    content = path.read_bytes()
    if not content:
        return
    if b"\r\n" in content:
        yield "has Windows line ends"
    if not content.endswith(b"\n"):
        yield "does not end in a line end"
    elif content.endswith(b"\n\n"):
        yield "ends in empty lines"
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.endswith((b" ", b"\t")):
            yield f"line {number} ends in a space"
        if line.startswith(b"\t") and path.suffix not in TABS_ALLOWED:
            yield f"line {number} starts with a tab"
        if line.startswith(MERGE_MARKS):
            yield f"line {number} is left from a merge"


def main(names):
    """Print every finding; the exit code is their presence."""
    found = [f"{name}: {text}" for name in names for text in findings(Path(name))]
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
