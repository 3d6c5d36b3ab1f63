"""Public holidays of Vietnam: which days a company is closed, and instead of which.

Article 112 of the Labour Code (45/2019/QH14): New Year 1 day, Tết 5 days, the Hùng kings
1 day, 30 April, 1 May, National Day 2 days (2 September and a day beside it). Article
111.3: where a holiday falls on a weekly day off, the next working day is off. Which five
days are Tết, and which day stands beside 2 September, is decided every year: both are
parameters here. Vietnam Culture Day (24 November) was announced in January 2026 by
Resolution 80-NQ/TW; it is no part of the list unless asked for.
"""

from datetime import date, timedelta
from typing import NamedTuple

from .lunar import to_solar

#: Weekdays without work unless told otherwise: Saturday and Sunday.
WEEKEND = frozenset({5, 6})
TET_DAYS = 5


class Holiday(NamedTuple):
    """A day off: which holiday, which day, and the day off that it stands for."""

    code: str
    day: date
    instead_of: date | None = None

    @property
    def key(self) -> str:
        """What tells this day off from all others, whatever its date is.

        >>> Holiday("tet", date(2027, 2, 6)).key
        'tet:2027-02-06'
        """
        return f"{self.code}:{self.day.isoformat()}"


def holidays(
    year: int,
    *,
    tet_before: int = 1,
    tet_days: int = TET_DAYS,
    national_after: bool = False,
    culture: bool = False,
    weekly_off: frozenset[int] = WEEKEND,
) -> list[Holiday]:
    """Return the days off of a year, in their order.

    :param tet_before: days off before the first day of the lunar year
    :param tet_days: days off of Tết altogether
    :param national_after: the second day of National Day is 3 September, not 1
    :param culture: whether 24 November is off
    :param weekly_off: weekdays (Monday is 0) without work
    :raises ValueError: more days before Tết than days of Tết, or none at all

    >>> [str(h.day) for h in holidays(2027) if h.code == "tet" and not h.instead_of]
    ['2027-02-05', '2027-02-06', '2027-02-07', '2027-02-08', '2027-02-09']

    What fell on a weekend is off afterwards; in 2023 as it was published: 29 April to
    3 May, and 2 January:

    >>> [str(h.day) for h in holidays(2023) if date(2023, 4, 28) < h.day < date(2023, 5, 9)]
    ['2023-04-29', '2023-04-30', '2023-05-01', '2023-05-02', '2023-05-03']
    >>> [(h.code, str(h.day), str(h.instead_of)) for h in holidays(2023)][1]
    ('new_year', '2023-01-02', '2023-01-01')
    """
    if not 1 <= tet_days <= 20 or not 0 <= tet_before < tet_days:
        raise ValueError("Tết needs 1 to 20 days, some of them from New Year on")
    first = to_solar(year, 1, 1)
    days = [
        ("new_year", date(year, 1, 1)),
        *(("tet", first + timedelta(days=n - tet_before)) for n in range(tet_days)),
        ("hung_kings", to_solar(year, 3, 10)),
        ("reunification", date(year, 4, 30)),
        ("labour", date(year, 5, 1)),
        ("national", date(year, 9, 2)),
        ("national", date(year, 9, 3 if national_after else 1)),
    ]
    if culture:
        days.append(("culture", date(year, 11, 24)))
    return _with_instead(days, weekly_off)


def _with_instead(
    days: list[tuple[str, date]], weekly_off: frozenset[int]
) -> list[Holiday]:
    """Add a working day off for each holiday on a weekly day off."""
    off = [Holiday(code, day) for code, day in sorted(days, key=lambda pair: pair[1])]
    taken = {holiday.day for holiday in off}
    for code, day in sorted(days, key=lambda pair: pair[1]):
        if day.weekday() not in weekly_off or len(weekly_off) == 7:
            continue
        free = day
        while free in taken or free.weekday() in weekly_off:
            free += timedelta(days=1)
        taken.add(free)
        off.append(Holiday(code, free, day))
    return sorted(off, key=lambda holiday: holiday.day)
