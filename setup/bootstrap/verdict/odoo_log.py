"""Reading Odoo's log: the tests it ran, and what it complains about."""

import re
from dataclasses import dataclass
from pathlib import Path

ALLOWED = Path(__file__).resolve().parents[2] / "log_allow.txt"
RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ "
    r"(?P<logger>[^:\s]+): (?P<message>.*)$"
)
COMPLAINTS = ("WARNING", "ERROR", "CRITICAL")
TOTAL = re.compile(r"^(\d+) failed, (\d+) error\(s\) of (\d+) tests")
SKIPPED = re.compile(r"^skipped (\S+) : ")
TEST_FAILED = re.compile(r"^(FAIL|ERROR): ")


@dataclass
class Record:
    """One entry of a log, its following lines included."""

    level: str
    logger: str
    message: str

    @property
    def line(self):
        """The entry's first line as the list of allowed complaints sees it."""
        return f"{self.level} {self.logger}: {self.message.splitlines()[0]}"


@dataclass
class OdooLog:
    """What a log says. ``total`` is None when Odoo never came to add up its tests."""

    total: int | None
    failed: int
    skipped: list
    failures: list
    complaints: list


def records(text):
    """Yield the records of a log's text."""
    current = None
    for line in text.splitlines():
        found = RECORD.match(line)
        if found:
            if current:
                yield current
            current = Record(found["level"], found["logger"], found["message"])
        elif current:
            current.message += f"\n{line}"
    if current:
        yield current


def read(path, allowed=None):
    """Return the :class:`OdooLog` of a file.

    :param allowed: compiled patterns of complaints that are accepted; those of
        ``setup/log_allow.txt`` when None
    """
    patterns = allowed_patterns() if allowed is None else allowed
    read_log = OdooLog(None, 0, [], [], [])
    for record in records(Path(path).read_text("utf-8", errors="replace")):
        total = TOTAL.match(record.message)
        if total and record.logger == "odoo.tests.result":
            failures, errors, tests = map(int, total.groups())
            read_log.total = (read_log.total or 0) + tests
            read_log.failed += failures + errors
            continue
        skipped = SKIPPED.match(record.message)
        if skipped:
            read_log.skipped.append(skipped[1])
        elif record.level in COMPLAINTS:
            if TEST_FAILED.match(record.message):
                read_log.failures.append(record.message)
            elif not any(pattern.search(record.line) for pattern in patterns):
                read_log.complaints.append(record)
    return read_log


def allowed_patterns(path=ALLOWED):
    """Return the patterns of the allow list; each one has its reason above it.

    :raises ValueError: a pattern has no reason, or is no regular expression
    """
    patterns, reason = [], ""
    for line in Path(path).read_text("utf-8").splitlines():
        if line.startswith("#"):
            reason += line
        elif not line.strip():
            reason = ""
        elif not reason:
            raise ValueError(f"{path}: {line!r} has no reason above it")
        else:
            try:
                patterns.append(re.compile(line))
            except re.error as error:
                raise ValueError(f"{path}: {line!r}: {error}") from error
    return patterns
