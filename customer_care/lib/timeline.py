"""Where a page of a timeline ends: the key from which the next one goes on.

Lines are sorted by moment, source and id, newest first; pages go on from the last line
seen, so that lines which arrive meanwhile neither repeat nor hide another.

>>> Cursor.parse("2026-03-02 02:00:00.000005|order|12")
Cursor(moment=datetime.datetime(2026, 3, 2, 2, 0, 0, 5), code='order', id=12)
"""

import re
from datetime import datetime
from typing import NamedTuple, Self

_CODE = re.compile(r"[a-z_]{1,64}")
#: Ids are int4 columns.
_MAX_ID = 2**31 - 1


class Cursor(NamedTuple):
    """The last line of a page.

    ``moment`` is naive UTC.
    """

    moment: datetime
    code: str
    id: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what :meth:`__str__` wrote.

        :raises ValueError: it was something else

        >>> Cursor.parse("2026-03-02|order")
        Traceback (most recent call last):
        ValueError: no place on a timeline: '2026-03-02|order'
        >>> Cursor.parse("2026-03-02 02:00:00|or'der|1")
        Traceback (most recent call last):
        ValueError: no place on a timeline: "2026-03-02 02:00:00|or'der|1"
        """
        if isinstance(text, str) and text.count("|") == 2:
            moment, code, number = text.split("|")
            if _CODE.fullmatch(code) and number.isascii() and number.isdecimal():
                return cls(_read_moment(moment), code, min(int(number[:20]), _MAX_ID))
        raise ValueError(f"no place on a timeline: {text!r}")

    def __str__(self) -> str:
        """
        >>> str(Cursor(datetime(2026, 3, 2, 2), "order", 12))
        '2026-03-02 02:00:00|order|12'
        """
        return f"{self.moment.isoformat(sep=' ')}|{self.code}|{self.id}"


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo:
        raise ValueError(f"no moment of a timeline: {text!r}")
    return moment
