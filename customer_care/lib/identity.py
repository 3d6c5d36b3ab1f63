"""What two contacts must share to be taken for one person, and fingerprints of it.

>>> phone_key("+84 905 111 222") == phone_key("0905.111.222") == "905111222"
True
>>> phone_key("1234567"), phone_key(None), phone_key("(024) 3822-1234")
('', '', '438221234')
"""

import hashlib
import hmac

from .text import digits

#: Shorter numbers are house numbers, extensions and typing errors.
MIN_DIGITS = 8
#: Numbers are compared by so many last digits, whatever their prefix.
SIGNIFICANT_DIGITS = 9


def phone_key(phone: str | None) -> str:
    """Return by what a phone number is compared, empty when it is too short.

    The same as ``RIGHT(LTRIM(digits, '0'), 9)`` of at least eight digits in SQL.

    :param phone: any way of writing it
    """
    found = digits(phone).lstrip("0")
    return found[-SIGNIFICANT_DIGITS:] if len(found) >= MIN_DIGITS else ""


def fingerprint(salt: str, kind: str, key: str) -> str:
    """Return what is kept of an address that must not be kept.

    Without the salt nobody can try out addresses or numbers, of which there are few.

    :param salt: secret of the database
    :param kind: ``"email"`` or ``"phone"``
    :param key: normalised address, or :func:`phone_key`

    >>> fingerprint("s", "email", "a@b.vn") == fingerprint("s", "phone", "a@b.vn")
    False
    >>> len(fingerprint("s", "email", "a@b.vn"))
    64
    """
    message = f"{kind}\x1f{key}".encode()
    return hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()
