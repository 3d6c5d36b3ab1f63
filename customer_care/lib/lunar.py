"""The Vietnamese lunar calendar: which day of the sun is a day of the moon.

The rules are those of the astronomical calendar that Vietnam keeps at UTC+7 (before 1968
at other hours): a month begins on the day of the new moon; the winter solstice lies in
month 11; where thirteen months lie between two months 11, the first of them without one
of the twelve major terms of the sun is the leap month.

The moment of a new moon and the longitude of the sun follow Jean Meeus, *Astronomical
Algorithms*, 2nd edition (1998), chapters 49 and 25; the difference between dynamical and
universal time follows Espenak and Meeus, *Five Millennium Canon of Solar Eclipses* (2006),
for 1986 to 2150. Good for years near ours, to about a minute; days, not minutes, are asked.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import floor, radians, sin

#: Hours that Vietnam is ahead of universal time.
ZONE = 7
#: Julian day number of a day (at noon) minus its ordinal.
JULIAN = 1721425
#: Mean length of a month of the moon, in days.
MONTH = 29.530588861
MINUTES = 60 * 24

#: Sine coefficients of the true new moon (Meeus, table 49.a), in days: coefficient,
#: power of the eccentricity, multiples of M, M', F and Ω.
NEW_MOON = (
    (-0.40720, 0, 0, 1, 0, 0),
    (0.17241, 1, 1, 0, 0, 0),
    (0.01608, 0, 0, 2, 0, 0),
    (0.01039, 0, 0, 0, 2, 0),
    (0.00739, 1, -1, 1, 0, 0),
    (-0.00514, 1, 1, 1, 0, 0),
    (0.00208, 2, 2, 0, 0, 0),
    (-0.00111, 0, 0, 1, -2, 0),
    (-0.00057, 0, 0, 1, 2, 0),
    (0.00056, 1, 1, 2, 0, 0),
    (-0.00042, 0, 0, 3, 0, 0),
    (0.00042, 1, 1, 0, 2, 0),
    (0.00038, 1, 1, 0, -2, 0),
    (-0.00024, 1, -1, 2, 0, 0),
    (-0.00017, 0, 0, 0, 0, 1),
)


def _delta_days(year: float) -> float:
    """Return dynamical less universal time, in days."""
    t = year - 2000
    if year < 2005:
        seconds = 63.86 + 0.3345 * t - 0.060374 * t**2 + 0.0017275 * t**3
    elif year < 2050:
        seconds = 62.92 + 0.32217 * t + 0.005589 * t**2
    else:
        seconds = -20 + 32 * ((year - 1820) / 100) ** 2 - 0.5628 * (2150 - year)
    return seconds / 86400


def _new_moon(k: int) -> float:
    """Return the Julian day (universal time) of the new moon ``k`` after 6 January 2000."""
    t = k / 1236.85
    mean = 2451550.09766 + MONTH * k + 0.00015437 * t**2 - 0.000000150 * t**3
    eccentricity = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = radians(2.5534 + 29.10535670 * k - 0.0000014 * t**2)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2)
    latitude = radians(160.7108 + 390.67050284 * k - 0.0016118 * t**2)
    node = radians(124.7746 - 1.56375588 * k + 0.0020672 * t**2)
    true = sum(
        factor * eccentricity**power * sin(a * sun + b * moon + c * latitude + d * node)
        for factor, power, a, b, c, d in NEW_MOON
    )
    return mean + true - _delta_days(2000 + k / 12.3685)


def _sun_longitude(julian: float) -> float:
    """Return the apparent longitude of the sun in degrees, at a Julian day (UT)."""
    t = (julian + _delta_days(2000 + (julian - 2451545) / 365.25) - 2451545) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    center = (
        (1.914602 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = radians(125.04 - 1934.136 * t)
    return (mean + center - 0.00569 - 0.00478 * sin(node)) % 360


def _day_of(julian: float) -> date:
    """Return the day in Vietnam of a moment given as Julian day (UT)."""
    return date.fromordinal(floor(julian + 0.5 + ZONE / 24) - JULIAN)


def _term_at(day: date) -> int:
    """Return the major term (0 to 11) that the sun stands in as ``day`` begins."""
    midnight = day.toordinal() + JULIAN - 0.5 - ZONE / 24
    return floor(_sun_longitude(midnight) / 30)


def _first_day(k: int) -> date:
    """Return the first day of the month of the moon ``k``."""
    return _day_of(_new_moon(k))


@lru_cache(maxsize=64)
def _month_eleven(year: int) -> int:
    """Return ``k`` of the month that the winter solstice of ``year`` lies in."""
    k = floor((date(year, 12, 31) - date(2000, 1, 6)).days / MONTH) + 1
    # the last new moon of the year whose month begins before the sun reaches 270°
    while _first_day(k).year > year or _term_at(_first_day(k)) >= 9:
        k -= 1
    return k


@lru_cache(maxsize=64)
def _months(year: int) -> tuple[tuple[int, bool, date], ...]:
    """Return (month, is leap, first day) of the months of a lunar year."""
    months = []
    for winter in (year, year + 1):
        start, end = _month_eleven(winter - 1), _month_eleven(winter)
        leap = _leap(start, end) if end - start == 13 else None
        number = 10
        for k in range(start, end):
            is_leap = k == leap
            number += not is_leap
            wrapped = (number - 1) % 12 + 1
            own_year = winter - 1 if number <= 12 else winter
            if own_year == year:
                months.append((wrapped, is_leap, _first_day(k)))
    return tuple(months)


def _leap(start: int, end: int) -> int:
    """Return the first month after ``start`` that the sun enters no term in."""
    return next(
        k
        for k in range(start + 1, end)
        if _term_at(_first_day(k)) == _term_at(_first_day(k + 1))
    )


def to_solar(year: int, month: int, day: int, *, is_leap: bool = False) -> date:
    """Return the day of the sun of a day of the moon.

    :raises ValueError: there is no such month or day

    Tết as published; in 2030 it is a day before the Chinese new year, in 1985 it was a
    month before it:

    >>> [to_solar(year, 1, 1).isoformat() for year in range(2020, 2026)]
    ['2020-01-25', '2021-02-12', '2022-02-01', '2023-01-22', '2024-02-10', '2025-01-29']
    >>> [to_solar(year, 1, 1).isoformat() for year in range(2026, 2031)]
    ['2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13', '2030-02-02']
    >>> [to_solar(year, 1, 1).isoformat() for year in range(2031, 2036)]
    ['2031-01-23', '2032-02-11', '2033-01-31', '2034-02-19', '2035-02-08']
    >>> to_solar(1985, 1, 1).isoformat(), to_solar(2007, 1, 1).isoformat()
    ('1985-01-21', '2007-02-17')

    The day of the Hùng kings, the tenth of the third month:

    >>> [to_solar(year, 3, 10).isoformat() for year in range(2020, 2026)]
    ['2020-04-02', '2021-04-21', '2022-04-10', '2023-04-29', '2024-04-18', '2025-04-07']

    The leap months of these years: 4 in 2020, 2 in 2023, 6 in 2025, 5 in 2028:

    >>> to_solar(2025, 6, 1, is_leap=True).isoformat()
    '2025-07-25'
    >>> to_solar(2024, 6, 1, is_leap=True)
    Traceback (most recent call last):
    ValueError: lunar year 2024 has no such month: 6
    """
    for number, leap, first in _months(year):
        if (number, leap) == (month, is_leap):
            found = first + timedelta(days=day - 1)
            if day < 1 or from_solar(found)[1:3] != (month, day):
                raise ValueError(f"month {month} of lunar year {year} has no day {day}")
            return found
    raise ValueError(f"lunar year {year} has no such month: {month}")


def from_solar(day: date) -> tuple[int, int, int, bool]:
    """Return (year, month, day, is leap) of the moon.

    >>> from_solar(date(2025, 1, 28)), from_solar(date(2024, 2, 9))
    ((2024, 12, 29, False), (2023, 12, 30, False))
    >>> from_solar(date(2023, 3, 22))
    (2023, 2, 1, True)
    """
    for year in (day.year, day.year - 1):
        months = [entry for entry in _months(year) if entry[2] <= day]
        if months:
            number, leap, first = months[-1]
            return year, number, (day - first).days + 1, leap
    raise ValueError(f"no lunar year holds {day}")


def leap_month(year: int) -> int | None:
    """Return the month that is doubled in a lunar year, if any.

    >>> [(year, leap_month(year)) for year in range(2020, 2029) if leap_month(year)]
    [(2020, 4), (2023, 2), (2025, 6), (2028, 5)]
    """
    return next((number for number, leap, _first in _months(year) if leap), None)
