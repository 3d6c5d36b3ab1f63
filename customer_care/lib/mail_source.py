r"""The raw source of a mail, read so that nothing in it can stop us.

Python's own header parser raises on some broken mails. Whether a mail is for us, and
under which name it is stored, must be known even then; so headers are read here as the
bytes they are.

>>> mail = Mail(b"From: =?utf-8?B?TWFp?= <Mai@Shop.VN>\r\nTo: cskh@a.vn, Kho <kho@a.vn>\r\n"
...             b"Subject: M=?utf-8?Q?=C3=A1y?=\r\nReferences: <a@x>\r\n <b@x>\r\n\r\nChao")
>>> mail.sender, mail.subject
(Address(name='Mai', email='mai@shop.vn'), 'Máy')
>>> mail.recipients, mail.references
(('cskh@a.vn', 'kho@a.vn'), ('<b@x>', '<a@x>'))
>>> mail.message_id == Mail(b"Received: by mx2\r\n" + mail.raw).message_id
True
"""

import email.errors
import email.header
import email.parser
import email.policy
import email.utils
import hashlib
import re
from functools import cached_property
from typing import NamedTuple

from . import mail_charset

#: Longer Message-Ids are stored as a hash: an index entry has an upper limit.
MESSAGE_ID_LIMIT = 250
#: How many references are looked at, the newest ones.
REFERENCE_LIMIT = 32
#: Headers that name receivers, in the order in which they decide.
WRITTEN_RECIPIENTS = ("To", "Cc", "Resent-To", "Resent-Cc")
#: Headers that mail servers add; they count when the written ones name none of us.
DELIVERED_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To")
_MESSAGE_ID = re.compile(r"<[^<>]+>")
_ADDRESS = re.compile(r"[^\s<>\"'(),:;@\[\]\\]+@[^\s<>\"'(),:;@\[\]\\]+")
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]+\S")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_SPACE = re.compile(r"\s+")


class Address(NamedTuple):
    """A name and a normalised address; both may be empty."""

    name: str
    email: str


class Mail:
    """One mail as it came; every property is a plain, clean value and never raises."""

    def __init__(self, raw: bytes):
        self.raw = raw

    # ------------------------------------------------------------------ headers

    @cached_property
    def _headers(self) -> list[tuple[str, str]]:
        parser = email.parser.BytesParser(policy=email.policy.compat32)
        head = parser.parsebytes(self._clean_head, headersonly=True)
        return [(name.lower(), value) for name, value in head.raw_items()]

    @cached_property
    def _head(self) -> bytes:
        end = re.search(rb"\r?\n\r?\n", self.raw)
        return self.raw[: end.end()] if end else self.raw

    @cached_property
    def _clean_head(self) -> bytes:
        """The headers without lines that are none; Python would stop at the first."""
        lines = self._head.splitlines(keepends=True)
        kept = [line for line in lines if _HEADER_LINE.match(line)]
        return b"".join(kept) + b"\r\n"

    @property
    def body(self) -> bytes:
        """Everything after the headers."""
        return self.raw[len(self._head) :]

    @property
    def readable(self) -> bytes:
        """The source with readable headers, for Python's parser."""
        return self._clean_head + self.body

    def _raw_values(self, name: str) -> list[str]:
        wanted = name.lower()
        return [_FOLD.sub("", value) for key, value in self._headers if key == wanted]

    def headers(self, name: str) -> list[str]:
        """Return the decoded values of a header, in the order of the mail."""
        return [decode_words(value) for value in self._raw_values(name)]

    def header(self, name: str) -> str:
        """Return the first value of a header, empty when there is none."""
        return next(iter(self.headers(name)), "")

    @cached_property
    def subject(self) -> str:
        """The subject in one line."""
        return self.header("Subject")

    # ------------------------------------------------------------------ people

    def addresses(self, *names: str) -> list[Address]:
        """Return the addresses in the headers ``names``, in order, without repeats."""
        found = {}
        for name in names:
            for value in self._raw_values(name):
                for address in split_addresses(value):
                    found.setdefault(address.email, address)
        return list(found.values())

    @cached_property
    def sender(self) -> Address:
        """Who the mail says it is from: the first address of From, else of Sender."""
        found = self.addresses("From", "Sender")
        return found[0] if found else Address("", "")

    @cached_property
    def reply_to(self) -> Address:
        """Where the sender wants answers, empty when not asked for."""
        found = self.addresses("Reply-To")
        return found[0] if found else Address("", "")

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Addresses the sender wrote the mail to, in his order."""
        return tuple(a.email for a in self.addresses(*WRITTEN_RECIPIENTS))

    @cached_property
    def delivered_to(self) -> tuple[str, ...]:
        """Addresses the mail servers delivered this copy to."""
        return tuple(a.email for a in self.addresses(*DELIVERED_RECIPIENTS))

    # ------------------------------------------------------------------ identity

    @cached_property
    def message_id(self) -> str:
        """The Message-Id, or one derived from what no mail server changes."""
        value = self.header("Message-Id")
        found = _MESSAGE_ID.search(value)
        name = _SPACE.sub("", found.group() if found else value)
        if not name:
            return f"<{self._digest_of_all()}@no-message-id>"
        if len(name) > MESSAGE_ID_LIMIT:
            digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
            return f"<{digest}@long-message-id>"
        return name

    def _digest_of_all(self) -> str:
        digest = hashlib.sha256()
        for name in ("From", "To", "Cc", "Subject", "Date"):
            digest.update("\n".join(self.headers(name)).encode("utf-8", "replace"))
            digest.update(b"\0")
        text = self.body if self._headers else self.raw
        digest.update(text.replace(b"\r\n", b"\n").strip())
        return digest.hexdigest()[:40]

    @cached_property
    def fingerprint(self) -> str:
        """Tells apart two mails that carry one Message-Id.

        Some devices and shops use a constant one. Copies of one mail have the same
        Date; a list may have changed the rest.
        """
        date = _SPACE.sub(" ", self.header("Date")).strip()
        if not date:
            return self._digest_of_all()[:16]
        return hashlib.sha256(date.encode("utf-8", "replace")).hexdigest()[:16]

    @cached_property
    def references(self) -> tuple[str, ...]:
        """Message-Ids of earlier mails of the conversation, newest first."""
        ids = _ids(self._raw_values("In-Reply-To"))[::-1]
        ids += _ids(self._raw_values("References"))[::-1]
        return tuple(dict.fromkeys(ids))[:REFERENCE_LIMIT]


def _ids(values: list[str]) -> list[str]:
    text = " ".join(decode_words(value) for value in values)
    return [_SPACE.sub("", found) for found in _MESSAGE_ID.findall(text)]


def decode_words(value: str) -> str:
    """Return a raw header value as clean text in one line.

    Encoded words may be broken, in an unknown charset, or missing where they should be.

    >>> decode_words("=?x-none?Q?Tr=E1=BA=A3_h=C3=A0ng?="), decode_words("=?utf-8?B?x?=")
    ('Trả hàng', '=?utf-8?B?x?=')
    >>> decode_words("=?utf-8?Q?Xin_ch=C3?= =?utf-8?Q?=A0o?=")
    'Xin chào'
    """
    try:
        chunks = email.header.decode_header(value)
    except (email.errors.MessageError, ValueError):
        chunks = [(value, None)]
    text = ""
    for chunk, charset in chunks:
        if isinstance(chunk, str):
            text += mail_charset.clean(chunk)
        elif charset is None:
            # plain text between encoded words; Python wrote its 8-bit bytes this way
            text += mail_charset.decode(_unescape(chunk), None)
        else:
            text += mail_charset.decode(chunk, charset)
    text = "".join(c for c in text if c.isprintable() or c in "\t\r\n ")
    return " ".join(text.split())


def _unescape(chunk: bytes) -> bytes:
    """Undo ``raw-unicode-escape`` of half surrogates, which stand for 8-bit bytes."""
    return re.sub(
        rb"\\udc([0-9a-f]{2})", lambda m: bytes.fromhex(m.group(1).decode()), chunk
    )


def split_addresses(value: str) -> list[Address]:
    """Return the addresses in a raw header value.

    >>> split_addresses('"Hùng, Trần" <Hung@x.vn>, undisclosed-recipients:;')
    [Address(name='Hùng, Trần', email='hung@x.vn')]
    >>> split_addresses("Mai <mai@x.vn>; kho@x.vn")
    [Address(name='Mai', email='mai@x.vn'), Address(name='', email='kho@x.vn')]
    """
    if ";" in value and ":" not in value:
        value = value.replace(";", ",")  # as Outlook users type them
    found = []
    for name, address in email.utils.getaddresses([value]):
        match = _ADDRESS.fullmatch(address.strip())
        if match:
            found.append(Address(decode_words(name), normalize(match.group())))
    if not found:
        found = [Address("", normalize(a)) for a in _ADDRESS.findall(value)]
    return found


def normalize(address: str) -> str:
    """Return an address in the form in which it is compared.

    >>> normalize(" Mai@Shop.VN ")
    'mai@shop.vn'
    """
    return mail_charset.clean(address).strip().strip(".").lower()
