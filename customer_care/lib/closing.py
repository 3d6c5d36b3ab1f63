"""When silence ends a conversation: plain arithmetic on instants, naive UTC.

>>> from datetime import datetime as d
>>> ends_on(d(2026, 3, 2, 9), 5)
datetime.datetime(2026, 3, 7, 9, 0)
>>> ends_on(d(2026, 3, 2, 9), 0) is None, ends_on(None, 5) is None
(True, True)
"""

from datetime import datetime, timedelta


def ends_on(silent_since: datetime | None, days: int) -> datetime | None:
    """Return when ``days`` of silence are over, None when they never are.

    :param silent_since: since when nobody has said anything
    :param days: 0 for never
    """
    if not silent_since or days <= 0:
        return None
    return silent_since + timedelta(days=days)


def is_silent(silent_since: datetime | None, watched_since: datetime | None) -> bool:
    """Whether a ticket was silent already when the team began to watch for silence.

    Its customer was told nothing of it, so nothing is sent either: a team that turns
    the setting on would otherwise write to everybody of years past.

    >>> from datetime import datetime as d
    >>> is_silent(d(2026, 1, 1), d(2026, 3, 1)), is_silent(d(2026, 3, 2), d(2026, 3, 1))
    (True, False)
    """
    return not watched_since or (not silent_since or silent_since < watched_since)


def pending_ends_on(
    silent_since: datetime | None,
    reminded_on: datetime | None,
    watched_since: datetime | None,
    remind_days: int,
    solve_days: int,
) -> datetime | None:
    """Return when a ticket that waits for the customer is solved by itself.

    So many days after the reminder; without reminders, of silence. One that was silent
    before the team began to watch gets both spans from that moment on.

    >>> from datetime import datetime as d
    >>> pending_ends_on(d(2026, 3, 2), None, d(2026, 3, 1), 2, 3)
    datetime.datetime(2026, 3, 7, 0, 0)
    >>> pending_ends_on(d(2026, 3, 2), d(2026, 3, 5), d(2026, 3, 1), 2, 3)
    datetime.datetime(2026, 3, 8, 0, 0)
    >>> pending_ends_on(d(2026, 2, 2), None, d(2026, 3, 1), 2, 3)
    datetime.datetime(2026, 3, 6, 0, 0)
    >>> pending_ends_on(d(2026, 3, 2), None, d(2026, 3, 1), 2, 0) is None
    True
    """
    if not silent_since or solve_days <= 0:
        return None
    if reminded_on and remind_days > 0:
        return ends_on(reminded_on, solve_days)
    start = silent_since
    if is_silent(silent_since, watched_since):
        start = watched_since or silent_since
    return ends_on(start, remind_days + solve_days)
