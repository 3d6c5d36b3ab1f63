"""What the gate decides, and the customers that it decides on. No database here.

>>> batch = Batch(None, "sms", "promotion", datetime(2026, 3, 2), True)
>>> for ref in (3, 1, 2):
...     batch.add(Recipient(ref, f"+8490000000{ref}"))
>>> batch.skip(1, "complaint")
>>> batch.postpone(2, "cap", datetime(2026, 3, 3))
>>> [(ref, verdict.verdict, verdict.reason) for ref, verdict in batch.close().items()]
[(3, 'go', ''), (1, 'skip', 'complaint'), (2, 'postpone', 'cap')]
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import pytz

GO, POSTPONE, SKIP = "go", "postpone", "skip"
#: Channels that need an address, and what that is.
ADDRESS_KINDS = {"email": "email", "sms": "phone", "call": "phone", "zalo": "phone"}


class Decision(NamedTuple):
    """What becomes of one message.

    ``reason`` is a code of ``care.contact.log.reason``, empty for ``go``; ``until`` naive
    UTC, for ``postpone`` alone; ``address`` in one spelling, empty where there is none.
    """

    verdict: str
    reason: str = ""
    until: datetime | None = None
    address: str = ""


class Limit(NamedTuple):
    """Hours and cap of one channel and purpose in a company.

    ``window`` is a :class:`~.quiet_hours.Window`, None: the whole day; ``cap`` per address
    and day, 0: none; ``patience`` days that a message may wait for a free day.
    """

    window: Any = None
    cap: int = 0
    patience: int = 0


@dataclass(slots=True)
class Recipient:
    """A customer whom a message is for."""

    id: int
    address: str = ""
    #: something was written where the address belongs, valid or not
    has_address: bool = True
    active: bool = True
    commercial_id: int = 0
    zone: Any = pytz.utc
    #: when the message was due for the first time
    due: datetime | None = None


@dataclass(slots=True)
class Batch:
    """Messages of one channel and purpose, on their way through the checks.

    ``waiting`` holds those on whom nothing is decided yet, in the order in which they were
    given. ``subjects`` is what the caller said about each: for checks of other features.
    """

    company: Any
    channel: str
    purpose: str
    now: datetime
    reserve: bool
    subjects: Mapping[int, Any] = field(default_factory=dict)
    limit: Limit = field(default_factory=Limit)
    waiting: dict[int, Recipient] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    decisions: dict[int, Decision] = field(default_factory=dict)

    def add(self, recipient: Recipient) -> None:
        """Take a customer in."""
        self.order.append(recipient.id)
        self.waiting[recipient.id] = recipient

    def skip(self, ref: int, reason: str) -> None:
        """Decide that this customer gets nothing."""
        self._decide(ref, SKIP, reason, None)

    def postpone(self, ref: int, reason: str, until: datetime) -> None:
        """Decide that this customer gets it later."""
        self._decide(ref, POSTPONE, reason, until)

    def skip_addresses(self, addresses, reason: str) -> None:
        """Decide that whoever has one of these addresses gets nothing."""
        for recipient in list(self.waiting.values()):
            if recipient.address in addresses:
                self.skip(recipient.id, reason)

    def addresses(self) -> list[str]:
        """Return the addresses of those who wait, each once, in one order."""
        return sorted({row.address for row in self.waiting.values() if row.address})

    def close(self) -> dict[int, Decision]:
        """Let everybody go who still waits; return all decisions in order."""
        for ref in list(self.waiting):
            self._decide(ref, GO, "", None)
        return {ref: self.decisions[ref] for ref in self.order}

    def _decide(self, ref, verdict, reason, until):
        recipient = self.waiting.pop(ref)
        self.decisions[ref] = Decision(verdict, reason, until, recipient.address)
