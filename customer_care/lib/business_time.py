"""Business time: seconds that count between two instants, and the end of a promise.

A working calendar is laid out once, day by day of UTC, as seconds from midnight; every
:class:`Day` knows how many seconds were worked before it. Two look-ups then give what lies
between any two instants, however far apart. Instants are naive UTC, so that a change of
the clock on the wall neither adds nor loses a second.

>>> monday = datetime(2026, 3, 2)
>>> hours = BusinessTime(lay_out(monday.date(), monday.date(), [
...     (monday.replace(hour=1), monday.replace(hour=5)),
...     (monday.replace(hour=6), monday.replace(hour=10)),
... ]))
>>> hours.seconds(monday.replace(hour=4, minute=30), monday.replace(hour=6, minute=15))
2700
>>> hours.deadline(monday.replace(hour=1), 4 * 3600)  # ends before lunch, not after it
datetime.datetime(2026, 3, 2, 5, 0)
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

DAY_SECONDS = 86_400
#: Stretches of work that a day of UTC can hold in the table of the days.
MAX_SLOTS = 6
_EPOCH = datetime(1970, 1, 1)


class HorizonError(ValueError):
    """An instant lies outside of the days that were laid out."""


class TooManySlots(ValueError):
    """A day has more stretches of work than the table holds."""


class Day(NamedTuple):
    """A day of UTC: what was worked before it, and from when to when it is worked.

    ``before`` counts seconds from the first day laid out; ``slots`` are pairs of seconds
    from midnight, in order, that neither touch nor overlap.
    """

    day: date
    before: int
    slots: tuple[tuple[int, int], ...]

    @property
    def worked(self) -> int:
        """Seconds worked on this day."""
        return sum(end - start for start, end in self.slots)


def lay_out(
    first: date, last: date, intervals: Iterable[tuple[datetime, datetime]]
) -> list[Day]:
    """Lay out working ``intervals`` over the days from ``first`` to ``last``.

    :param intervals: pairs of instants, naive UTC, in any order; they may touch, overlap
        and reach over midnight. What lies outside of the days is left out.
    :return: one :class:`Day` per day, without gaps
    :raises TooManySlots: a day has more than ``MAX_SLOTS`` stretches

    >>> night = (datetime(2026, 3, 2, 22), datetime(2026, 3, 3, 2))
    >>> [(day.before, day.slots) for day in lay_out(date(2026, 3, 2), date(2026, 3, 3), [night])]
    [(0, ((79200, 86400),)), (7200, ((0, 7200),))]
    """
    by_day: dict[date, list[tuple[int, int]]] = {}
    for start, end in _merge(intervals):
        for day, slot in _cut(start, end):
            if first <= day <= last:
                by_day.setdefault(day, []).append(slot)
    days, before = [], 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        slots = tuple(by_day.get(day, ()))
        if len(slots) > MAX_SLOTS:
            raise TooManySlots(f"{day}: {len(slots)} stretches of work")
        days.append(Day(day, before, slots))
        before += days[-1].worked
    return days


def _merge(intervals):
    """Return the intervals in order and whole seconds, those that touch as one.

    Rounded: the last moment of a day, as Odoo has it, is midnight.
    """
    merged: list[list[datetime]] = []
    for start, end in sorted((_round(start), _round(end)) for start, end in intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def _cut(start, end):
    """Cut an interval at midnight."""
    while start < end:
        midnight = datetime.combine(start.date(), time())
        stop = min(end, midnight + timedelta(days=1))
        yield (
            start.date(),
            (
                int((start - midnight).total_seconds()),
                int((stop - midnight).total_seconds()),
            ),
        )
        start = stop


def _round(moment):
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


class BusinessTime:
    """Look-ups in the days of one version of a calendar.

    :param days: as :func:`lay_out` makes them, in order and without gaps
    """

    def __init__(self, days: Sequence[Day]) -> None:
        if not days:
            raise ValueError("a calendar needs at least one day")
        self.days = days
        self.first = days[0].day
        self._before = [day.before for day in days]

    @property
    def total(self) -> int:
        """Seconds worked on all the days."""
        return self.days[-1].before + self.days[-1].worked

    def position(self, instant: datetime) -> int:
        """Return the seconds worked from the first day to ``instant``.

        :raises HorizonError: the instant lies outside of the days
        """
        index = (instant.date() - self.first).days
        if not 0 <= index < len(self.days):
            raise HorizonError(f"{instant} is not among the days laid out")
        day = self.days[index]
        second = instant.hour * 3600 + instant.minute * 60 + instant.second
        return day.before + sum(
            min(second, end) - start for start, end in day.slots if start < second
        )

    def seconds(self, start: datetime, end: datetime) -> int:
        """Return the business seconds from ``start`` to ``end``, negative backwards.

        :raises HorizonError: one of them lies outside of the days
        """
        return self.position(end) - self.position(start)

    def deadline(self, start: datetime, seconds: int) -> datetime:
        """Return the first instant at which ``seconds`` were worked since ``start``.

        A promise that ends exactly with the morning ends before lunch. No seconds at
        all end at ``start``.

        :raises HorizonError: ``start`` lies outside of the days, or so few hours are
            worked that the end does
        """
        wanted = self.position(start) + seconds
        if seconds <= 0:
            return start
        if wanted > self.total:
            raise HorizonError(f"{seconds} seconds after {start} are not laid out")
        day = self.days[bisect_left(self._before, wanted) - 1]
        left = wanted - day.before
        for opening, closing in day.slots:
            if left <= closing - opening:
                midnight = datetime.combine(day.day, time())
                return midnight + timedelta(seconds=opening + left)
            left -= closing - opening
        raise AssertionError("the days do not add up")


class AlwaysOpen:
    """Round the clock, every day: what counts where no calendar is set.

    >>> night = datetime(2026, 3, 28, 22)  # Paris sets its clocks forward
    >>> AlwaysOpen().deadline(night, 5 * 3600)
    datetime.datetime(2026, 3, 29, 3, 0)
    """

    def position(self, instant: datetime) -> int:
        """Return the seconds since 1970."""
        return int((instant - _EPOCH).total_seconds())

    def seconds(self, start: datetime, end: datetime) -> int:
        """Return the seconds from ``start`` to ``end``."""
        return self.position(end) - self.position(start)

    def deadline(self, start: datetime, seconds: int) -> datetime:
        """Return ``seconds`` after ``start``."""
        return start + timedelta(seconds=max(seconds, 0))
