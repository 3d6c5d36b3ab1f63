r"""Delivery reports: which of our mails did not arrive, where, and why.

>>> report = read(
...     b"From: MAILER-DAEMON@mx.vn\r\nContent-Type: text/plain\r\n\r\n"
...     b"<mai@x.vn>: 550 5.1.1 User unknown\r\n\r\nMessage-Id: <1@care.vn>\r\n"
... )
>>> report.action, report.recipient, report.message_ids
('failed', 'mai@x.vn', ('<1@care.vn>',))
"""

import email.parser
import email.policy
import re
from typing import NamedTuple

from . import mail_charset
from .mail_source import decode_words, normalize, split_addresses

_PARSER = email.parser.BytesParser(policy=email.policy.compat32)
_MESSAGE_ID = re.compile(
    rb"(?im)^[ \t>]*(?:X-Microsoft-Original-)?Message-ID:\s*(<[^<>]+>)"
)
_STATUS_LINE = re.compile(
    r"(?im)^\s*<?([^\s<>@]+@[^\s<>]+?)>?\s*:?\s+(.*\b[45]\d\d\b.*)$"
)
#: Words of RFC 3464 that say the mail is not lost (yet).
HARMLESS_ACTIONS = ("delayed", "delivered", "relayed", "expanded")


class Report(NamedTuple):
    """What a delivery report says about one of our mails."""

    action: str
    recipient: str
    status: str
    diagnostic: str
    message_ids: tuple[str, ...]


def read(raw: bytes) -> Report:
    """Read a delivery report, in the standard form or in that of old mail servers.

    :param raw: source of the mail
    :return: ``action`` is ``failed`` unless the report says otherwise; the other fields
        are empty when the report does not tell
    """
    message = _PARSER.parsebytes(raw)
    fields = _status_fields(message)
    recipient = fields.get("final-recipient") or fields.get("original-recipient") or ""
    recipient = recipient.rpartition(";")[2]
    diagnostic = fields.get("diagnostic-code", "").partition(";")[2]
    status = fields.get("status", "")
    if not fields:
        text = mail_charset.decode(raw, None)
        found = _STATUS_LINE.search(text)
        if found:
            recipient, diagnostic = found.groups()
    addresses = split_addresses(recipient)
    failed = message.get_all("X-Failed-Recipients") or []
    if not addresses and failed:
        addresses = split_addresses(str(failed[0]))
    return Report(
        action=fields.get("action", "failed").strip().lower(),
        recipient=normalize(addresses[0].email) if addresses else "",
        status=status.strip(),
        diagnostic=" ".join(diagnostic.split())[:500],
        message_ids=_original_ids(message, raw),
    )


def _status_fields(message) -> dict[str, str]:
    """Return the fields of the first recipient that failed, else of the first one."""
    groups = []
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, str):
                continue
            for block in blocks:
                fields = {
                    name.lower(): decode_words(str(value))
                    for name, value in block.raw_items()
                }
                if "action" in fields or "final-recipient" in fields:
                    groups.append(fields)
    failed = (f for f in groups if f.get("action", "").strip().lower() == "failed")
    return next(failed, groups[0] if groups else {})


def _original_ids(message, raw: bytes) -> tuple[str, ...]:
    """Return Message-Ids of the mail that came back, not that of the report itself."""
    own = {decode_words(str(value)) for value in message.get_all("Message-Id") or []}
    body = raw[re.search(rb"\r?\n\r?\n|$", raw).end() :]
    chunks = [body]
    for part in message.walk():
        if part.get_content_maintype() == "text" and part["Content-Transfer-Encoding"]:
            chunks.append(part.get_payload(decode=True) or b"")
    found = {}
    for chunk in chunks:
        for match in _MESSAGE_ID.finditer(chunk):
            name = re.sub(r"\s+", "", mail_charset.decode(match.group(1), None))
            found[name] = True
    return tuple(name for name in found if name not in own)
