"""Folding of text for searching without accents, and of phone numbers by digits.

>>> fold("Đặng Thị  Hồng Nhung")
'dang thi hong nhung'
>>> phone_needle("+84 912 345 678"), phone_needle("0912.345.678"), phone_needle("5678")
('912345678', '912345678', '5678')
"""

import re
import unicodedata

#: A query is taken for a phone number when it has nothing but these characters.
_PHONE_LIKE = re.compile(r"[\d\s+().\-/]+")
_NOT_DIGIT = re.compile(r"\D+")
#: Fewer digits than this would match almost every number.
PHONE_MIN_DIGITS = 3
#: Whole numbers are compared by their last digits, whatever their prefix.
_SIGNIFICANT_DIGITS = 9


def fold(text: str | None) -> str:
    """Return ``text`` in lower case, without accents, with single spaces.

    Vietnamese ``đ`` has no decomposition in Unicode and is mapped by hand.

    :param text: any text, or None
    :return: the folded text, empty for None
    """
    if not text:
        return ""
    lowered = text.lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", lowered)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.split())


def digits(text: str | None) -> str:
    """Return only the ASCII digits of ``text``.

    >>> digits("(024) 3822-1234")
    '02438221234'
    """
    if not text:
        return ""
    return _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", text))


def phone_needle(query: str | None, country_code: int = 84) -> str:
    """Return what to look for in stored digits, so that 0…, 84… and +84… find one number.

    :param query: what a person typed
    :param country_code: calling code of the company's country, without ``+``
    :return: the digits to search for as a substring, empty when the query is not a
        phone number or has fewer than ``PHONE_MIN_DIGITS`` digits

    >>> phone_needle("chị Mai 0912"), phone_needle("12")
    ('', '')
    >>> phone_needle("0084 912"), phone_needle("84 5"), phone_needle("123")
    ('912', '845', '123')
    >>> phone_needle("+33 6 12 34 56 78")
    '612345678'
    """
    if not query or not _PHONE_LIKE.fullmatch(query.strip()):
        return ""
    found = digits(query)
    if len(found) < PHONE_MIN_DIGITS:
        return ""
    core = found.lstrip("0")
    if query.strip().startswith(("+", "00")):
        core = core.removeprefix(str(country_code)).lstrip("0")
    core = core[-_SIGNIFICANT_DIGITS:]
    return core if len(core) >= PHONE_MIN_DIGITS else found
