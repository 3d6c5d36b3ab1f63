"""Signed words for links and forms: nobody can make or change one without the secret.

A conversation link carries the record, the version of its links and the moment it ends;
nothing has to be stored for it, and raising the version takes back every link that is
out. A form stamp carries a number used once and the moment the form was drawn.

>>> from datetime import datetime
>>> end = datetime(2026, 4, 1, 12, 0)
>>> token = make_link("secret", Link(42, 1, end, is_delivered=True))
>>> read_link("secret", token) == Link(42, 1, end, is_delivered=True)
True
>>> read_link("another secret", token), read_link("secret", token[:-1] + "!")
(None, None)
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

#: 128 bits: out of reach of guessing, and short enough for a text message.
MAC_BYTES = 16
NONCE_BYTES = 12
_LINK = struct.Struct(">QII?")
_STAMP = struct.Struct(f">{NONCE_BYTES}sQ")
#: 80 bits: every guess is a request that is counted, and a text message stays short.
CHOICE_MAC_BYTES = 10
_CHOICE = struct.Struct(">BIIH")
_FIRST_DAY = date(2020, 1, 1)
_COUNTER = struct.Struct(">II")
_SURVEY = struct.Struct(">IHH")


@dataclass(frozen=True, slots=True)
class Link:
    """What a conversation link says.

    ``version``: number of the ticket's links, older ones stop to work; ``expires``:
    naive UTC, in whole seconds; ``is_delivered``: it went to the customer's own address
    and not only onto the screen of who sent a form.
    """

    record_id: int
    version: int
    expires: datetime
    is_delivered: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form stamp says. ``issued`` is naive UTC, ``nonce`` is used once."""

    nonce: str
    issued: datetime


#: What a choice link names: a contact, or one message to a contact.
CHOICE_KINDS = ("customer", "message")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a link to the choices of a customer says.

    ``record_id``: of what ``kind`` names; ``expires``: last day it works, UTC.
    """

    kind: str
    record_id: int
    company_id: int
    expires: date


def _mac(secret: str, purpose: str, payload: bytes) -> bytes:
    """Return the signature of ``payload``; each purpose has a key of its own."""
    key = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, payload, hashlib.sha256).digest()[:MAC_BYTES]


def _pack(secret: str, purpose: str, payload: bytes, mac: int = MAC_BYTES) -> str:
    signed = payload + _mac(secret, purpose, payload)[:mac]
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def _unpack(
    secret: str, purpose: str, word: str, size: int, mac_bytes: int = MAC_BYTES
) -> bytes | None:
    """Return the payload of ``word``, None unless we signed exactly this word."""
    if not isinstance(word, str) or not word.isascii():
        return None
    try:
        signed = base64.b64decode(
            word.encode() + b"=" * (-len(word) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return None
    payload, mac = signed[:size], signed[size:]
    if len(payload) != size or len(mac) != mac_bytes:
        return None
    # one spelling only: spare bits of the last character could be anything
    if base64.urlsafe_b64encode(signed).rstrip(b"=").decode() != word:
        return None
    right = _mac(secret, purpose, payload)[:mac_bytes]
    return payload if hmac.compare_digest(mac, right) else None


def _seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=timezone.utc).timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def make_link(secret: str, link: Link) -> str:
    """Return the word that stands for ``link`` in an address.

    >>> len(make_link("secret", Link(2**40, 7, datetime(2026, 1, 1))))
    44
    """
    payload = _LINK.pack(
        link.record_id, link.version, _seconds(link.expires), link.is_delivered
    )
    return _pack(secret, "conversation link", payload)


def read_link(secret: str, word: str) -> Link | None:
    """Return what ``word`` says, None when it was not made by :func:`make_link`.

    The caller compares version and expiry.

    >>> read_link("secret", ""), read_link("secret", "x" * 43), read_link("s", "đ")
    (None, None, None)
    """
    payload = _unpack(secret, "conversation link", word, _LINK.size)
    if payload is None:
        return None
    record_id, version, expires, is_delivered = _LINK.unpack(payload)
    return Link(record_id, version, _moment(expires), is_delivered)


def make_choice(secret: str, choice: Choice) -> str:
    """Return the word that opens what a customer has chosen to receive.

    >>> word = make_choice("secret", Choice("message", 7, 1, date(2026, 4, 1)))
    >>> len(word), read_choice("secret", word).record_id
    (28, 7)
    """
    days = (choice.expires - _FIRST_DAY).days
    kind = CHOICE_KINDS.index(choice.kind)
    payload = _CHOICE.pack(kind, choice.record_id, choice.company_id, days)
    return _pack(secret, "choice", payload, CHOICE_MAC_BYTES)


def read_choice(secret: str, word: str) -> Choice | None:
    """Return what ``word`` says, None when it was not made by :func:`make_choice`.

    >>> word = make_choice("secret", Choice("customer", 7, 1, date(2026, 4, 1)))
    >>> read_choice("another", word), read_choice("secret", word.swapcase())
    (None, None)
    """
    payload = _unpack(secret, "choice", word, _CHOICE.size, CHOICE_MAC_BYTES)
    if payload is None:
        return None
    kind, record_id, company_id, days = _CHOICE.unpack(payload)
    if kind >= len(CHOICE_KINDS):
        return None
    expires = _FIRST_DAY + timedelta(days=days)
    return Choice(CHOICE_KINDS[kind], record_id, company_id, expires)


def make_counter(secret: str, company_id: int, version: int) -> str:
    """Return the word behind the QR code at the counters of a company.

    :param version: raising it takes back every code that hangs somewhere

    >>> word = make_counter("secret", 1, 3)
    >>> len(word), read_counter("secret", word)
    (24, (1, 3))
    """
    payload = _COUNTER.pack(company_id, version)
    return _pack(secret, "counter", payload, CHOICE_MAC_BYTES)


def read_counter(secret: str, word: str) -> tuple[int, int] | None:
    """Return (company_id, version), None when we did not make ``word``.

    >>> read_counter("another", make_counter("secret", 1, 3)), read_counter("s", "")
    (None, None)
    """
    payload = _unpack(secret, "counter", word, _COUNTER.size, CHOICE_MAC_BYTES)
    return payload and _COUNTER.unpack(payload)


def make_survey(secret: str, record_id: int, version: int, expires: date) -> str:
    """Return the word that opens one survey of one customer; short, for text messages.

    :param version: raising it takes back the link that is out
    :param expires: last day it opens more than a kind word, UTC

    >>> word = make_survey("secret", 7, 1, date(2026, 4, 1))
    >>> len(word), read_survey("secret", word)
    (24, (7, 1, datetime.date(2026, 4, 1)))
    """
    days = (expires - _FIRST_DAY).days
    payload = _SURVEY.pack(record_id, version, days)
    return _pack(secret, "survey", payload, CHOICE_MAC_BYTES)


def read_survey(secret: str, word: str) -> tuple[int, int, date] | None:
    """Return (record_id, version, expires), None when we did not make ``word``.

    >>> word = make_survey("secret", 7, 1, date(2026, 4, 1))
    >>> read_survey("another", word), read_survey("secret", word.swapcase())
    (None, None)
    >>> read_counter("secret", word) is None
    True
    """
    payload = _unpack(secret, "survey", word, _SURVEY.size, CHOICE_MAC_BYTES)
    if payload is None:
        return None
    record_id, version, days = _SURVEY.unpack(payload)
    return record_id, version, _FIRST_DAY + timedelta(days=days)


def make_stamp(secret: str, form: str, issued: datetime) -> str:
    """Return a stamp for one drawing of ``form``, with a fresh nonce.

    :param form: name of the form; a stamp of one form is worthless in another
    :param issued: naive UTC
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    payload = _STAMP.pack(nonce, _seconds(issued))
    return _pack(secret, f"form stamp {form}", payload)


def read_stamp(secret: str, form: str, word: str) -> Stamp | None:
    """Return what ``word`` says, None when it is not a stamp of ``form``.

    >>> stamp = make_stamp("secret", "contact", datetime(2026, 4, 1, 12))
    >>> read_stamp("secret", "contact", stamp).issued
    datetime.datetime(2026, 4, 1, 12, 0)
    >>> read_stamp("secret", "reply", stamp) is None
    True
    """
    payload = _unpack(secret, f"form stamp {form}", word, _STAMP.size)
    if payload is None:
        return None
    nonce, issued = _STAMP.unpack(payload)
    return Stamp(nonce.hex(), _moment(issued))


def fingerprint(secret: str, *words: str) -> str:
    """Return a word that stands for ``words`` without telling them (hexadecimal).

    >>> fingerprint("s", "ip", "192.0.2.7") == fingerprint("s", "ip", "192.0.2.7")
    True
    >>> "192" in fingerprint("s", "ip", "192.0.2.7")
    False
    """
    return _mac(secret, "fingerprint", "\0".join(words).encode()).hex()
