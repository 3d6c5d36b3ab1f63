"""Scores of CSAT, CES and NPS: what counts as good, and how sure a figure is.

>>> csat = summarise("csat", [5, 5, 4, 3, 1])
>>> csat.count, round(csat.value, 1), round(csat.low, 1), round(csat.high, 1)
(5, 60.0, 23.1, 88.2)
>>> ces = summarise("ces", [7, 7, 6, 5, 4, 3, 6, 2])
>>> ces.count, round(ces.value, 1), round(ces.low, 1), round(ces.high, 1)
(8, 62.5, 30.6, 86.3)
>>> nps = summarise("nps", [10, 9, 9, 10, 9, 8, 7, 7, 6, 3])
>>> nps.count, round(nps.value, 1)
(10, 30.0)
>>> round((nps.low + nps.high) / 2, 1), round((nps.high - nps.low) / 2, 1)
(23.1, 42.1)
"""

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

#: Kind → first and last number of the scale.
SCALES = {"csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}
#: Kind → the least number that counts as good.
GOOD_FROM = {"csat": 4, "ces": 5, "nps": 9}
#: Kind → the highest number that calls for a follow-up, unless a survey says otherwise.
LOW_UP_TO = {"csat": 2, "ces": 3, "nps": 6}
#: Of NPS: up to here somebody speaks against us.
DETRACTOR_UP_TO = 6
#: Fewer answers than this are told as a count alone.
FEW = 5
#: Two-sided 95 % of the normal distribution.
Z = 1.959963984540054


class Summary(NamedTuple):
    """A figure with its interval of 95 %, in percent (NPS: points, −100 to 100).

    ``value``, ``low`` and ``high`` are None where nobody answered.
    """

    count: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def choices(kind: str) -> list[int]:
    """Return the numbers of a scale, in order.

    >>> choices("csat"), len(choices("nps"))
    ([1, 2, 3, 4, 5], 11)
    """
    first, last = SCALES[kind]
    return list(range(first, last + 1))


def read_score(kind: str, word: object) -> int | None:
    """Return the number that ``word`` says on the scale of ``kind``, else None.

    >>> read_score("csat", "5"), read_score("csat", "0"), read_score("nps", "0")
    (5, None, 0)
    >>> [read_score("nps", word) for word in ("11", "", None, "5.0", "٣", "-1", " 5")]
    [None, None, None, None, None, None, None]
    """
    if not isinstance(word, str) or not word.isascii() or not word.isdecimal():
        return None
    if len(word) > 2:
        return None
    number = int(word)
    first, last = SCALES[kind]
    return number if first <= number <= last else None


def is_good(kind: str, score: float) -> bool:
    """Whether a score counts as good: satisfied, easy, promoter.

    >>> is_good("csat", 4), is_good("ces", 4), is_good("nps", 8)
    (True, False, False)
    """
    return score >= GOOD_FROM[kind]


def wilson(good: int, count: int, z: float = Z) -> tuple[float, float]:
    """Return the score interval of a share, between 0 and 1.

    Wilson, E. B. (1927), Journal of the American Statistical Association 22.

    >>> [round(100 * end, 1) for end in wilson(0, 10)]
    [0.0, 27.8]
    """
    share = good / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count)
    half *= sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, centre - half), min(1.0, centre + half)


def adjusted_wald(promoters: int, detractors: int, count: int) -> tuple[float, float]:
    """Return centre and half width of the interval of NPS, as shares.

    Adjusted Wald (Sauro and Lewis): three answers more, three quarters of one more
    promoter and one more detractor each.

    >>> [round(100 * part, 1) for part in adjusted_wald(5, 2, 10)]
    [23.1, 42.1]
    """
    size = count + 3
    above, below = (promoters + 0.75) / size, (detractors + 0.75) / size
    centre = above - below
    return centre, Z * sqrt((above + below - centre * centre) / size)


def summarise(kind: str, scores: Iterable[float | None]) -> Summary:
    """Return the figure of ``scores``; who did not answer (None) does not count.

    CSAT: share of 4 and 5; CES: share of 5 to 7; NPS: share of 9 and 10 less that of 0
    to 6.

    >>> summarise("csat", [])
    Summary(count=0, value=None, low=None, high=None)
    >>> summarise("nps", [0, None]).value, summarise("csat", [None, 5]).count
    (-100.0, 1)
    """
    known = [score for score in scores if score is not None]
    count = len(known)
    if not count:
        return Summary(0)
    good = sum(is_good(kind, score) for score in known)
    if kind != "nps":
        low, high = wilson(good, count)
        return Summary(count, 100 * good / count, 100 * low, 100 * high)
    bad = sum(score <= DETRACTOR_UP_TO for score in known)
    centre, half = adjusted_wald(good, bad, count)
    return Summary(
        count,
        100 * (good - bad) / count,
        100 * max(-1.0, centre - half),
        100 * min(1.0, centre + half),
    )
