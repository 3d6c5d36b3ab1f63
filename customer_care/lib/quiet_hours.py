"""Hours in which a customer may be written to or called, by the clock on his wall.

A :class:`Window` is two minutes of the day, the end not included; an end before the start
lies on the next day. Moments are naive UTC. The wall clock decides, also where it is set
back or forward: what is closed at 01:30 is closed at both 01:30s of a night in autumn, and
an opening at 02:30 that a night in spring leaves out takes place when the clock jumps.

>>> hanoi = zone_of("Asia/Ho_Chi_Minh")
>>> day = make_window(7, 22)
>>> next_open(day, hanoi, datetime(2026, 3, 2, 3, 0))  # ten in the morning there
datetime.datetime(2026, 3, 2, 3, 0)
>>> next_open(day, hanoi, datetime(2026, 3, 2, 15, 0))  # ten in the evening there
datetime.datetime(2026, 3, 3, 0, 0)
>>> night = make_window(20, 6)
>>> night.is_open(23 * 60), night.is_open(6 * 60)
(True, False)
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

import pytz

DAY_MINUTES = 24 * 60
#: No window is closed longer: a day, and a day that a country left out when it moved to
#: the other side of the date line, and an hour of a clock set back.
HORIZON = timedelta(hours=49)
_SECOND = timedelta(seconds=1)


class Window(NamedTuple):
    """From ``start`` to before ``end``, in minutes of the day."""

    start: int
    end: int

    def is_open(self, minute: int) -> bool:
        """Tell whether a minute of the day lies inside."""
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def make_window(hour_from: float, hour_to: float) -> Window | None:
    """Return the window between two hours of the day; None: the whole day.

    :raises ValueError: hours outside of the day, or a window of no length

    >>> make_window(7, 22), make_window(0, 24), make_window(20.5, 6)
    (Window(start=420, end=1320), None, Window(start=1230, end=360))
    >>> make_window(8, 8)
    Traceback (most recent call last):
    ValueError: hours of no length: 8 to 8
    """
    start, end = round(hour_from * 60), round(hour_to * 60)
    if not (0 <= start < DAY_MINUTES and 0 <= end <= DAY_MINUTES):
        raise ValueError(f"hours outside of the day: {hour_from} to {hour_to}")
    if start == end:
        raise ValueError(f"hours of no length: {hour_from} to {hour_to}")
    if (start, end) == (0, DAY_MINUTES):
        return None
    return Window(start, end % DAY_MINUTES)


@lru_cache(maxsize=1024)
def zone_of(*names: str | None):
    """Return the first of these time zones that exists, else UTC.

    >>> zone_of(None, "Asia/Nowhere", "Asia/Bangkok"), zone_of("", None)
    (<DstTzInfo 'Asia/Bangkok' LMT+6:42:00 STD>, <UTC>)
    """
    for name in names:
        if name:
            try:
                return pytz.timezone(name)
            except pytz.UnknownTimeZoneError:
                continue
    return pytz.utc


def local_time(zone, moment: datetime) -> datetime:
    """Return what the wall clock shows at ``moment``, without a zone."""
    return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)


def local_day(zone, moment: datetime) -> date:
    """Return the day that the calendar on the wall shows at ``moment``."""
    return local_time(zone, moment).date()


def utc_time(zone, day: date, clock: time = time.min) -> datetime:
    """Return the naive UTC moment at which the wall clock shows ``clock`` on ``day``.

    >>> utc_time(zone_of("Asia/Bangkok"), date(2026, 3, 2))
    datetime.datetime(2026, 3, 1, 17, 0)
    """
    local = zone.localize(datetime.combine(day, clock))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


def next_open(window: Window | None, zone, moment: datetime) -> datetime:
    """Return the first moment from ``moment`` on at which ``window`` is open.

    A window opens at its start, or where the clock jumps into it; nowhere else.
    """
    if window is None or _is_open(window, zone, moment):
        return moment
    day = local_day(zone, moment)
    starts = [
        datetime.combine(day + timedelta(days=ahead), time()) + _minutes(window.start)
        for ahead in range(4)
    ]
    return min(
        found
        for found in _moments(zone, moment, starts)
        if found > moment and _is_open(window, zone, found)
    )


def next_day(zone, moment: datetime) -> datetime:
    """Return the first moment after ``moment`` that lies on a later day.

    >>> next_day(zone_of("Asia/Ho_Chi_Minh"), datetime(2026, 3, 2, 15, 0))
    datetime.datetime(2026, 3, 2, 17, 0)
    """
    day = local_day(zone, moment)
    midnights = [
        datetime.combine(day + timedelta(days=ahead), time()) for ahead in (1, 2)
    ]
    return min(
        found
        for found in _moments(zone, moment, midnights)
        if found > moment and local_day(zone, found) > day
    )


def _minutes(count):
    return timedelta(minutes=count)


def _is_open(window, zone, moment):
    wall = local_time(zone, moment)
    return window.is_open(wall.hour * 60 + wall.minute)


def _offset(zone, moment):
    return local_time(zone, moment) - moment


def _moments(zone, moment, walls):
    """Yield the moments at which the clock shows one of ``walls``, or jumps."""
    before, after = _offset(zone, moment), _offset(zone, moment + HORIZON)
    for offset in {before, after}:
        for wall in walls:
            if local_time(zone, wall - offset) == wall:
                yield wall - offset
    if before != after:
        yield _jump(zone, moment, before)


def _jump(zone, moment, before):
    """Return the moment, by the second, at which the offset is ``before`` no longer."""
    low, high = moment, moment + HORIZON
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = max(middle.replace(microsecond=0), low + _SECOND)
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
