"""Reading a pasted list of consents: plain lines in, rows and problems out.

The first line names the columns, in English or Vietnamese, in any order; lines are
separated as spreadsheets do it. Words are compared without accents and capitals.

>>> found, problems = read("Phone;Channel;Date\\n0912345678;SMS;2/3/2026\\n;SMS;x")
>>> found[0].values["phone"], found[0].values["channel"], found[0].values["date"]
('0912345678', 'sms', datetime.datetime(2026, 3, 2, 0, 0))
>>> [(line, code) for line, code, _text in problems]
[(3, 'no_address')]
"""

import csv
import io
from datetime import datetime
from typing import Any, NamedTuple

from .text import fold

#: More than this is a file for the import of customers.
MAX_CHARACTERS = 5_000_000
MAX_LINES = 50_000
MAX_CELL = 2_000

COLUMNS = {
    "email": ("email", "e-mail", "thu dien tu", "dia chi email"),
    "phone": ("phone", "mobile", "so dien thoai", "dien thoai", "sdt"),
    "channel": ("channel", "kenh"),
    "purpose": ("purpose", "muc dich"),
    "state": ("answer", "consent", "tra loi", "dong y"),
    "date": ("date", "when", "ngay", "luc"),
    "evidence": ("evidence", "bang chung", "can cu"),
}
WORDS = {
    "channel": {
        "email": ("email", "e-mail", "thu dien tu"),
        "sms": ("sms", "tin nhan"),
        "call": ("call", "phone", "cuoc goi", "goi dien", "dien thoai"),
        "zalo": ("zalo",),
    },
    "purpose": {
        "transactional": ("transactional", "transaction", "giao dich"),
        "care": ("care", "cham soc"),
        "promotion": ("promotion", "advertising", "quang cao", "khuyen mai"),
    },
    "state": {
        "granted": ("granted", "yes", "agreed", "1", "true", "co", "dong y", "x"),
        "withdrawn": ("withdrawn", "no", "refused", "0", "false", "khong", "tu choi"),
    },
}
DATES = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d-%m-%Y",
    "%d.%m.%Y",
)


class Line(NamedTuple):
    """One line that could be read: its number in the file, and values by column."""

    number: int
    values: dict[str, Any]


class NoHeaderError(ValueError):
    """The first line names neither an e-mail nor a phone column."""


class TooLongError(ValueError):
    """The list is larger than what is read at once."""


def read(text: str) -> tuple[list[Line], list[tuple[int, str, str]]]:
    """Read a list.

    Columns that are missing, and empty cells, are missing in the values of a line.

    :return: lines, and problems as (number of the line, code, what stood there); codes
        are ``too_long``, ``no_address``, ``channel``, ``purpose``, ``state``, ``date``
    :raises NoHeaderError: the columns cannot be told
    :raises TooLongError: more than ``MAX_LINES`` or ``MAX_CHARACTERS``

    >>> read("E-mail,Kênh\\nmai@customer.test,pigeon")
    ([], [(2, 'channel', 'pigeon')])
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLongError
    text = text.lstrip("\ufeff").strip()
    head = text.partition("\n")[0]
    delimiter = max("\t;,", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:  # a cell beyond the limit of the module
        raise TooLongError from error
    if len(rows) > MAX_LINES:
        raise TooLongError
    names = [_column(cell) for cell in rows[0]] if rows else []
    if not {"email", "phone"} & set(names):
        raise NoHeaderError(head[:200])
    lines, problems = [], []
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            name: cell.strip()
            for name, cell in zip(names, row, strict=False)
            if name and cell.strip()
        }
        if not cells:
            continue
        values, problem = _read_cells(cells)
        if problem:
            problems.append((number, *problem))
        else:
            lines.append(Line(number, values))
    return lines, problems


def read_date(text: str) -> datetime | None:
    """Return a day or moment as it is written in Vietnam or by programs, else None.

    >>> read_date("29/02/2024"), read_date("2026-03-02 14:30"), read_date("29/02/2025")
    (datetime.datetime(2024, 2, 29, 0, 0), datetime.datetime(2026, 3, 2, 14, 30), None)
    """
    for form in DATES:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _column(cell):
    word = fold(cell)
    return next((name for name, words in COLUMNS.items() if word in words), None)


def _read_cells(cells):
    """Return the values of a line, or what is wrong with it."""
    values = dict(cells)
    longest = max(cells.values(), key=len)
    if len(longest) > MAX_CELL:
        return None, ("too_long", longest[:40])
    if not cells.keys() & {"email", "phone"}:
        return None, ("no_address", "")
    for name, codes in WORDS.items():
        if name in cells:
            word = fold(cells[name])
            code = next((code for code, words in codes.items() if word in words), None)
            if code is None:
                return None, (name, cells[name][:80])
            values[name] = code
    if "date" in cells:
        values["date"] = read_date(cells["date"])
        if values["date"] is None:
            return None, ("date", cells["date"][:80])
    return values, None
