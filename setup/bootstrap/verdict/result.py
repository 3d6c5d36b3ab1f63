"""What a stage found."""

from dataclasses import dataclass, field


@dataclass
class Result:
    """Counts of one stage, and every reason it is not green.

    ``failed`` counts tests, ``failed_tests`` names them; ``problems`` are reasons beside
    failed tests (a skip, a complaint in a log, too few tests), each of which counts as
    one failure.
    """

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failed_tests: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    log: str = ""
    seconds: float = 0.0

    @property
    def failures(self):
        """Failed tests and other problems together."""
        return self.failed + len(self.problems)

    @property
    def is_green(self):
        """Whether nothing is wrong and something was checked."""
        return not self.failures and self.passed > 0

    def refuse_skips(self, names=()):
        """Make each skipped test a problem."""
        listed = ", ".join(names) or "see the log"
        self.problems += [f"skipped test ({listed})"] * self.skipped
