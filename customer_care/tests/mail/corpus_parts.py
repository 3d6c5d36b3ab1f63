"""Pieces of which ``make_corpus`` builds mails; plain text, no mail library."""

import base64
import textwrap
import unicodedata

SUPPORT = "support-test@care.example"
CUSTOMER = "Trần Văn Hùng <hung@customer.test>"
#: Message-Id of the agent's answer on the ticket that the tests prepare.
AGENT_ID = "<agent-answer@care.example>"
GIF = base64.b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
#: TCVN3 codes of the letters used here, from the table of the standard (TCVN 5712:1993).
_TCVN3 = {
    "í": 0xDD, "ử": 0xF6, "ủ": 0xF1, "à": 0xB5, "ạ": 0xB9, "ô": 0xAB, "ị": 0xDE,
    "ỏ": 0xE1, "ả": 0xB6, "ơ": 0xAC,
}  # fmt: skip


def cp1258(text):
    """``text`` in windows-1258: letters composed, tone marks behind them."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        base = "".join(c for c in parts if c not in _TONES)
        tone = "".join(c for c in parts if c in _TONES)
        out += (unicodedata.normalize("NFC", base) + tone).encode("cp1258")
    return out


def tcvn3(text):
    """``text`` in TCVN3, for the letters of these tests."""
    return bytes(_TCVN3[c] if c in _TCVN3 else ord(c) for c in text)


def b64(data):
    """``data`` as base64 lines."""
    return base64.encodebytes(data).decode()


def head(
    name,
    subject=None,
    sender=None,
    to=SUPPORT,
    cc=None,
    message_id=None,
    date="Mon, 02 Mar 2026 09:30:00 +0700",
    content_type=None,
    reply_to=None,
    extra="",
    reply=False,
):
    """Header lines of a mail; every mail has a sender of its own unless told."""
    lines = []
    if sender is not False:
        lines.append(
            f"From: {sender or (CUSTOMER if reply else f'Khách {name} <{name}@stranger.test>')}"
        )
    lines.append(f"To: {to}")
    if cc:
        lines.append(f"Cc: {cc}")
    if reply_to:
        lines.append(f"Reply-To: {reply_to}")
    if subject is not False:
        default = "Re: Máy giặt" if reply else f"Yêu cầu {name}"
        lines.append(f"Subject: {default if subject is None else subject}")
    if message_id is not False:
        lines.append(f"Message-ID: {message_id or f'<{name}@corpus.test>'}")
    if reply:
        lines += [f"In-Reply-To: {AGENT_ID}", f"References: <first@x.test> {AGENT_ID}"]
    lines += [f"Date: {date}", "MIME-Version: 1.0"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    return "\n".join(lines) + "\n" + extra


def reply_head(name, **fields):
    """Header lines of the customer's answer to the agent."""
    return head(name, reply=True, **fields)


def part(kind, body, encoding=None, disposition=None, cid=None):
    """One part of a multipart mail."""
    lines = [f"Content-Type: {kind}"]
    if encoding:
        lines.append(f"Content-Transfer-Encoding: {encoding}")
    if disposition:
        lines.append(f"Content-Disposition: {disposition}")
    if cid:
        lines.append(f"Content-ID: <{cid}>")
    return "\n".join(lines) + "\n\n" + body


def multipart(boundary, *parts):
    """Body of a multipart mail."""
    return "".join(f"--{boundary}\n{p}\n" for p in parts) + f"--{boundary}--\n"


def alternative(boundary, plain, html):
    """Body of a mail in plain text and HTML."""
    return multipart(
        boundary,
        part("text/plain; charset=utf-8", plain, "8bit"),
        part("text/html; charset=utf-8", html, "8bit"),
    )


def dsn(name, action, message_id, to="bounce@care.example", original="message/rfc822"):
    """A delivery report as RFC 3464 wants it."""
    inner = f"From: {SUPPORT}\nTo: hung@customer.test\nSubject: x\nMessage-ID: {message_id}\n"
    if original == "message/rfc822":
        inner += "\nBody\n"
    status = textwrap.dedent(
        f"""\
        Reporting-MTA: dns; mx.customer.test

        Final-Recipient: rfc822; hung@customer.test
        Action: {action}
        Status: {"5.1.1" if action == "failed" else "4.4.1"}
        Diagnostic-Code: smtp; 550 5.1.1 <hung@customer.test>: User unknown
        """
    )
    return (
        "Return-Path: <>\n"
        + head(
            name,
            sender="Mail Delivery System <MAILER-DAEMON@mx.customer.test>",
            to=to,
            subject="Undelivered Mail Returned to Sender",
            content_type="multipart/report; report-type=delivery-status; boundary=r1",
            extra="Auto-Submitted: auto-replied\n",
        )
        + "\n"
        + multipart(
            "r1",
            part("text/plain; charset=us-ascii", "I could not deliver your mail.\n"),
            part("message/delivery-status", status),
            part(original, inner),
        )
    )


#: Name → source of every mail that was added.
MAILS = {}


def mail(name, *pieces):
    """Add a mail made of text (UTF-8) and bytes; line ends become CRLF."""
    raw = b"".join(p.encode() if isinstance(p, str) else p for p in pieces)
    MAILS[name] = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def simple(name, body, subject=None, charset="utf-8", **fields):
    """Add a mail with one text part, 8 bit."""
    kind = f"text/plain; charset={charset}" if charset else None
    mail(
        name,
        head(name, subject=subject, content_type=kind, **fields),
        "Content-Transfer-Encoding: 8bit\n\n" if charset else "\n",
        body,
    )
