"""What one cell of a table says: a phone number, an e-mail, a day, an amount.

A cell that can be read in two ways is not read: ``Unread`` says why, and the line is
left out. How a column writes days and amounts is found by looking at all of it
(``date_evidence``, ``amount_evidence``), and then holds for each of its cells.

>>> read_date("03/04/2024", "dmy"), read_date("2024-03-05 10:30", "mdy")
(datetime.date(2024, 4, 3), datetime.date(2024, 3, 5))
>>> read_amount("1.234.567 đ"), read_amount("1,234.50", "comma")
((Decimal('1234567'), 'VND'), (Decimal('1234.50'), ''))
"""

import re
from datetime import date, timedelta
from decimal import Decimal

from .table_file import Cell
from .text import digits, fold

#: Orders of day and month; ``mixed``: the column shows both.
DATE_ORDERS = ("dmy", "mdy", "mixed")
#: What separates thousands; empty: nothing in the column shows it.
AMOUNT_STYLES = ("", "dot", "comma", "mixed")

_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets
_SERIALS = range(7306, 73051)  # 1920 to 2099
_PHONE = re.compile(r"[\d\s+().\-\u2010-\u2015]+")
_EMAIL = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(?:\.[^\s@<>,;:.]+)+"
)
_SEVERAL = re.compile(r"[/;,|\n]| (?:hoặc|và|or|and) ")
_DATE = re.compile(
    r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})(?:[ T,].*)?|(\d{8})|(\d{5}(?:\.\d+)?)"
)
_TIME_FIRST = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?,?\s+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNITS = {
    "k": 3,
    "nghin": 3,
    "ngan": 3,
    "tr": 6,
    "trieu": 6,
    "ty": 9,
}
_CURRENCIES = {
    "d": "VND",
    "vnd": "VND",
    "dong": "VND",
    "₫": "VND",
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "€": "EUR",
    "eur": "EUR",
}
_TOO_MUCH = Decimal(10) ** 15


class Unread(ValueError):
    """A cell that cannot be read for sure; its ``code`` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


# ---------------------------------------------------------------------- phone
def read_phone(cell: Cell, country_code: int = 84) -> tuple[str, str]:
    """Return a number as it is written down, and the key that all its forms share.

    Of several numbers in one cell the first is taken. A sheet that took the number for
    a figure lost its zero, which is put back.

    :param country_code: calling code of the company's country
    :raises Unread: ``phone``

    >>> read_phone("+84 912 345 678"), read_phone(912345678)
    (('+84 912 345 678', '912345678'), ('0912345678', '912345678'))
    >>> read_phone("0912.345.678 / 0913 000 111"), read_phone("0033 6 12 34 56 78")
    (('0912.345.678', '912345678'), ('0033 6 12 34 56 78', '+33612345678'))
    """
    text = str(cell).strip()
    if not _PHONE.fullmatch(text):
        parts = (part.strip() for part in _SEVERAL.split(text))
        text = next((part for part in parts if _PHONE.fullmatch(part)), "")
    found = digits(text)
    code = str(country_code)
    if text.startswith(("+", "00")):
        found = found.lstrip("0")
        own = found.startswith(code)
        core = found.removeprefix(code).lstrip("0") if own else found
        key = core if own else f"+{core}"
    elif text.startswith(("0", "(0")):
        key = core = found.lstrip("0")
    elif found.startswith(code) and len(found) - len(code) in (9, 10):
        key = core = found.removeprefix(code).lstrip("0")
    else:
        key = core = found
        if len(found) in (9, 10):
            text = f"0{text}"
    if not 8 <= len(core) <= 15 or len(set(core)) == 1:
        raise Unread("phone")
    return text, key


def phone_variants(key: str, country_code: int = 84) -> list[str]:
    """Return the digits under which a number may be stored.

    >>> phone_variants("912345678")
    ['912345678', '0912345678', '84912345678', '0084912345678', '840912345678']
    >>> phone_variants("+33612345678")
    ['33612345678', '0033612345678']
    """
    if key.startswith("+"):
        return [key[1:], f"00{key[1:]}"]
    code = country_code
    return [key, f"0{key}", f"{code}{key}", f"00{code}{key}", f"{code}0{key}"]


def is_phone(cell: Cell) -> bool:
    """Tell whether a cell looks like a phone number and like nothing else.

    >>> is_phone("0912 345 678"), is_phone(912345678), is_phone("1.250.000")
    (True, True, False)
    >>> is_phone("05/03/2024"), is_phone(450000000)
    (False, False)
    """
    text = str(cell).strip()
    if isinstance(cell, int):
        return len(text) == 9 and text[0] in "35789" and not text.endswith("000")
    if not text.startswith(("0", "+", "84", "(0")) or date_evidence(cell):
        return False
    try:
        return bool(read_phone(cell))
    except Unread:
        return False


# --------------------------------------------------------------------- e-mail
def read_email(cell: Cell) -> str:
    """Return an address in small letters, the first of several.

    :raises Unread: ``email``

    >>> read_email("Mai <MAI@shop.vn>; x@y.vn")
    'mai@shop.vn'
    """
    found = _EMAIL.search(str(cell))
    if not found or len(found.group()) > 254:
        raise Unread("email")
    return found.group().lower().rstrip(".")


# ----------------------------------------------------------------------- days
def _date_parts(cell: Cell) -> tuple[int, ...] | date | None:
    """Return a day that is certain, three numbers whose order is not, or None."""
    if isinstance(cell, int | float):
        return _from_figure(str(int(cell)))
    text = _TIME_FIRST.sub("", cell.strip())
    found = _DATE.fullmatch(text)
    if not found:
        return None
    if found[5] or found[6]:
        return _from_figure(found[5] or found[6].partition(".")[0])
    first, middle, last = found[1], found[3], found[4]
    try:
        if len(first) == 4 and len(last) <= 2:
            return date(int(first), int(middle), int(last))
    except ValueError:
        return None
    if len(first) > 2 or len(last) not in (2, 4):
        return None
    year = int(last)
    if len(last) == 2:
        year += 2000 if year < 70 else 1900
    return int(first), int(middle), year


def _from_figure(figure: str) -> date | None:
    """Return the day of a figure: ``20240305`` or the serial number of a sheet."""
    try:
        if len(figure) == 8 and figure[:2] in ("19", "20"):
            return date(int(figure[:4]), int(figure[4:6]), int(figure[6:]))
    except ValueError:
        return None
    if len(figure) <= 5 and int(figure or 0) in _SERIALS:
        return _EPOCH + timedelta(days=int(figure))
    return None


def date_evidence(cell: Cell) -> str:
    """Return what a cell shows of the order of its column.

    :return: ``dmy`` or ``mdy`` where only that can be; ``either``; ``sure`` for a day
        that needs no order; empty for no day at all

    >>> date_evidence("25/3/2024"), date_evidence("3-25-24"), date_evidence("3.4.2024")
    ('dmy', 'mdy', 'either')
    >>> date_evidence(45356), date_evidence("2024-03-05"), date_evidence("31/31/2024")
    ('sure', 'sure', '')
    """
    parts = _date_parts(cell)
    if not isinstance(parts, tuple):
        return "sure" if parts else ""
    first, second, year = parts
    fits = [
        order
        for order, day, month in (("dmy", first, second), ("mdy", second, first))
        if _is_day(year, month, day)
    ]
    if len(fits) == 2:
        return "sure" if first == second else "either"
    return fits[0] if fits else ""


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def read_date(cell: Cell, order: str = "dmy") -> date:
    """Return the day that a cell of a column of this order says.

    A day is never turned round to make it fit: 03/25/2024 in a column of day and month
    is not read. In a mixed column only what can be read in one way is.

    :param order: one of ``DATE_ORDERS``
    :raises Unread: ``date``, ``date_order`` or ``date_mixed``

    >>> read_date(45356), read_date("25/03/2024", "mixed")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 25))
    >>> read_date("03/25/2024", "dmy")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    Unread: date_order
    """
    parts = _date_parts(cell)
    if isinstance(parts, date):
        return parts
    evidence = date_evidence(cell)
    if not parts or not evidence:
        raise Unread("date")
    if order == "mixed":
        if evidence == "either":
            raise Unread("date_mixed")
        order = "dmy" if evidence == "sure" else evidence
    if evidence in ("dmy", "mdy") and evidence != order:
        raise Unread("date_order")
    first, second, year = parts
    day, month = (first, second) if order == "dmy" else (second, first)
    return date(year, month, day)


# -------------------------------------------------------------------- amounts
def _amount_parts(cell: str) -> tuple[str, int, str, int]:
    """Return (bare number, sign, currency, power of ten of its unit).

    :raises Unread: ``amount``
    """
    text = re.sub(r"[\s\u00a0\u202f_']", "", cell)
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    found = _NUMBER.search(text)
    if not found:
        raise Unread("amount")
    before, after = text[: found.start()], fold(text[found.end() :]).replace(" ", "")
    if before[:1] in ("-", "\u2212", "+"):
        sign, before = (sign if before[0] == "+" else -sign), before[1:]
    power = 0
    for unit in sorted(_UNITS, key=len, reverse=True):
        if after.startswith(unit):
            power, after = _UNITS[unit], after.removeprefix(unit)
            break
    marks = [mark for mark in (fold(before).rstrip("-"), after) if mark]
    if before.endswith("-"):
        sign = -sign
    if len(marks) > 1 or any(mark not in _CURRENCIES for mark in marks):
        code = marks[0].upper() if len(marks) == 1 else ""
        if len(code) != 3 or not code.isalpha():
            raise Unread("amount")
        return found.group(), sign, code, power
    return found.group(), sign, _CURRENCIES[marks[0]] if marks else "", power


def _shape(number: str) -> str:
    """Return how a number is written: plain, dot, comma, either, or empty for none."""
    marks = [character for character in number if character in ".,"]
    if not marks:
        return "plain"
    groups = re.split(r"[.,]", number)
    whole = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:-1])
    if len(set(marks)) == 2:
        thousands, decimals = marks[0], marks[-1]
        fits = whole and marks.count(decimals) == 1
        return {".": "dot", ",": "comma"}[thousands] if fits else ""
    if len(marks) > 1:
        fits = whole and len(groups[-1]) == 3
        return {".": "dot", ",": "comma"}[marks[0]] if fits else ""
    if len(groups[1]) == 3 and 1 <= len(groups[0]) <= 3 and groups[0] != "0":
        return "either"
    return {".": "comma", ",": "dot"}[marks[0]]


def amount_evidence(cell: Cell) -> str:
    """Return what a cell shows of how its column writes amounts.

    :return: ``dot`` or ``comma`` (what separates thousands), ``either``, ``plain``,
        empty for no amount

    >>> [amount_evidence(x) for x in ("1.234.567", "1,234.5", "12,5", "1.234", "99đ")]
    ['dot', 'comma', 'dot', 'either', 'plain']
    >>> amount_evidence("1.23.456"), amount_evidence("0912x"), amount_evidence(5.25)
    ('', '', 'plain')
    """
    if isinstance(cell, int | float):
        return "plain"
    try:
        number, _sign, _currency, power = _amount_parts(cell)
    except Unread:
        return ""
    return "plain" if power else _shape(number)


def read_amount(cell: Cell, style: str = "") -> tuple[Decimal, str]:
    """Return an amount and the code of its currency, empty where none is named.

    One separator before three digits separates thousands, unless the column shows that
    it does not. ``k``, ``tr`` and ``tỷ`` multiply what is written with at most one
    comma: 1,5tr. Anything else is not guessed.

    :param style: one of ``AMOUNT_STYLES``
    :raises Unread: ``amount``, ``amount_style``, ``amount_mixed`` or ``amount_huge``

    >>> read_amount("(250.000)"), read_amount("$ 1,200.50"), read_amount("1,5tr")
    ((Decimal('-250000'), ''), (Decimal('1200.50'), 'USD'), (Decimal('1500000.0'), ''))
    >>> read_amount("1.500", "mixed")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    Unread: amount_mixed
    """
    if isinstance(cell, int | float):
        amount = Decimal(str(cell))
        if not amount.is_finite() or abs(amount) >= _TOO_MUCH:
            raise Unread("amount_huge")
        return amount, ""
    number, sign, currency, power = _amount_parts(cell)
    shape = _shape(number)
    if not shape or (power and shape == "either"):
        raise Unread("amount")
    if power:
        thousands = "." if "," in number else ","
        if number.count(".") + number.count(",") > 1:
            raise Unread("amount")
    else:
        thousands = _thousands(number, shape, style)
    bare = number.replace(thousands, "").replace(",", ".")
    amount = sign * Decimal(bare) * 10**power
    if abs(amount) >= _TOO_MUCH:
        raise Unread("amount_huge")
    return amount, currency


def _thousands(number: str, shape: str, style: str) -> str:
    """Return the separator of thousands of one number of a column of this style."""
    if shape in ("dot", "comma"):
        if style in ("dot", "comma") and style != shape:
            raise Unread("amount_style")
        return "." if shape == "dot" else ","
    if shape == "either":
        separator = "." if "." in number else ","
        if style == "mixed":
            raise Unread("amount_mixed")
        if style and separator != {"dot": ".", "comma": ","}[style]:
            raise Unread("amount_style")
        return separator
    return ","


def read_count(cell: Cell) -> int:
    """Return how many purchases a cell stands for.

    :raises Unread: ``count``

    >>> read_count("12"), read_count(3)
    (12, 3)
    """
    try:
        amount, currency = read_amount(cell)
    except Unread as error:
        raise Unread("count") from error
    if currency or amount != int(amount) or not 1 <= amount <= 1_000_000:
        raise Unread("count")
    return int(amount)
