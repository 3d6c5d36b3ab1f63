r"""Body and files of a mail, whatever its MIME structure and encodings.

>>> content = read(
...     b"Content-Type: multipart/alternative; boundary=x\r\n\r\n"
...     b"--x\r\nContent-Type: text/plain\r\n\r\nMay hong\r\n"
...     b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<b>M\xc3\xa1y</b>\r\n--x--"
... )
>>> content.html.strip(), content.files
('<b>Máy</b>', ())
"""

import email.parser
import email.policy
import mimetypes
import re
from email.message import Message
from html import escape
from typing import NamedTuple

from . import mail_charset
from .mail_source import decode_words

_PARSER = email.parser.BytesParser(policy=email.policy.compat32)
#: No mail program nests deeper; a mail that does was built to break readers.
MAX_DEPTH = 50
NAME_LIMIT = 120
_SEPARATOR = re.compile(
    r"^\s*(?:-{3,}\s*(?:original message|forwarded message|thư gốc|tin nhắn gốc"
    r"|message d'origine)\s*-{3,}|_{10,})\s*$",
    re.IGNORECASE,
)
#: "On …, somebody wrote:" in the languages of the first markets.
ATTRIBUTION = re.compile(
    r"^\s*(?:(?:on|am|le|el|vào|ngày|lúc|vào lúc)\b.{4,200}?"
    r"(?:wrote|schrieb|a écrit|escribió|đã viết|viết)"
    r"|.{4,200}?(?:đã viết|wrote|a écrit))\s*[:：]\s*$",
    re.IGNORECASE | re.DOTALL,
)


class File(NamedTuple):
    """A file of a mail; ``cid`` names it to the body, empty for a plain attachment."""

    name: str
    data: bytes
    cid: str


class Content(NamedTuple):
    """What a person reads: one HTML body and the files."""

    html: str
    files: tuple[File, ...]


class _Part(NamedTuple):
    blocks: tuple[tuple[str, str], ...]
    files: tuple[File, ...]


def read(raw: bytes) -> Content:
    """Return body and files of a mail.

    Of alternatives the richest one is taken, parts that follow each other are joined.
    A forwarded mail stays a file of its own. The HTML is not sanitised.

    :param raw: source of the mail
    :raises ValueError: its parts are nested too deeply
    """
    part = _read_part(_PARSER.parsebytes(raw), 0)
    html = "".join(
        text if kind == "html" else text_as_html(text) for kind, text in part.blocks
    )
    return Content(html, part.files)


def _read_part(part: Message, depth: int) -> _Part:
    kind = part.get_content_type()
    if depth > MAX_DEPTH:
        raise ValueError("the parts of the mail are nested too deeply")
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        children = [_read_part(child, depth + 1) for child in part.get_payload()]
        files = tuple(file for child in children for file in child.files)
        if kind == "multipart/alternative":
            return _Part(_richest(children), files)
        if kind == "multipart/report":
            return _Part(children[0].blocks if children else (), ())
        return _Part(tuple(b for child in children for b in child.blocks), files)
    if kind == "message/rfc822" and part.is_multipart():
        return _Part((), (_forwarded(part),))
    name = file_name(part)
    is_attached = part.get_content_disposition() == "attachment"
    is_text = kind in ("text/plain", "text/html") and not name and not is_attached
    if is_text or part.get_content_maintype() == "multipart":
        text = mail_charset.decode(_payload(part), part.get_content_charset())
        if text.strip():
            form = "html" if kind == "text/html" else "plain"
            return _Part(((form, text),), ())
        return _Part((), ())
    data = _payload(part)
    if not data:
        return _Part((), ())
    cid = decode_words(str(part.get("Content-ID") or "")).strip("<> ")
    return _Part((), (File(name or _invented_name(part), data, cid),))


def _richest(children: list[_Part]) -> tuple[tuple[str, str], ...]:
    """Return the blocks of the last alternative with HTML, else of the last with text."""
    with_text = [child.blocks for child in children if child.blocks]
    with_html = [b for b in with_text if any(kind == "html" for kind, _text in b)]
    return (with_html or with_text or [()])[-1]


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    if data is None:
        payload = part.get_payload()
        data = payload.encode("utf-8", "replace") if isinstance(payload, str) else b""
    return data


def _forwarded(part: Message) -> File:
    inner = part.get_payload(0)
    subject = decode_words(str(inner.get("Subject") or "")) or "message"
    try:
        data = inner.as_bytes()
    except (UnicodeError, LookupError, ValueError):
        data = str(inner.get_payload()).encode("utf-8", "replace")
    return File(clean_name(f"{subject}.eml"), data, "")


def file_name(part: Message) -> str:
    """Return the clean file name of a part, empty when it has none."""
    try:
        name = part.get_filename("")
    except (UnicodeError, LookupError, ValueError, TypeError):
        name = ""
    return clean_name(decode_words(name)) if name else ""


def clean_name(name: str) -> str:
    """Return a file name without folders and control characters, not too long.

    >>> clean_name("../../etc/hóa đơn.pdf"), clean_name("C:\\\\a\\\\b.txt")
    ('hóa đơn.pdf', 'b.txt')
    >>> len(clean_name("x" * 500 + ".pdf")), clean_name("x" * 500 + ".pdf")[-4:]
    (120, '.pdf')
    """
    name = re.split(r"[/\\]", name)[-1].strip()
    name = "".join(letter for letter in name if letter.isprintable())
    if len(name) > NAME_LIMIT:
        stem, dot, suffix = name.rpartition(".")
        if dot and len(suffix) <= 10:
            name = f"{stem[: NAME_LIMIT - len(suffix) - 1]}.{suffix}"
        name = name[:NAME_LIMIT]
    return name


def _invented_name(part: Message) -> str:
    kind = part.get_content_type()
    if kind == "text/calendar":
        return "invite.ics"
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return "smime.p7m"
    if kind == "application/ms-tnef":
        return "winmail.dat"
    suffix = mimetypes.guess_extension(kind) or ".bin"
    return f"{part.get_content_maintype() or 'file'}{suffix}"


# ---------------------------------------------------------------------- plain text


def text_as_html(text: str) -> str:
    r"""Return plain text as HTML; what was quoted stands in quote blocks.

    >>> text_as_html("Hỏng & kêu\n\nVào Th 2 Shop đã viết:\n> Xin chào\n")
    '<p>Hỏng &amp; kêu</p><blockquote type="cite">Vào Th 2 Shop đã viết:<br>Xin chào</blockquote>'
    >>> text_as_html("ok\n-----Original Message-----\nFrom: Shop")
    '<p>ok</p><blockquote type="cite">-----Original Message-----<br>From: Shop</blockquote>'
    """
    html, own, quoted = [], [], []

    def close_own():
        for paragraph in re.split(r"\n\s*\n", "\n".join(own).strip("\n")):
            if paragraph.strip():
                html.append(f"<p>{_lines(paragraph)}</p>")
        own.clear()

    def close_quote():
        if quoted:
            inner = _lines("\n".join(quoted).strip("\n"))
            html.append(f'<blockquote type="cite">{inner}</blockquote>')
        quoted.clear()

    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if _SEPARATOR.match(line) and any(w.strip() for w in lines[number + 1 :]):
            close_quote()
            close_own()
            quoted.extend(lines[number:])
            break
        if line.startswith(">"):
            if not quoted:
                quoted.extend(_take_attribution(own))
                close_own()
            quoted.append(re.sub(r"^(?:> ?)+", "", line))
        else:
            if line.strip():
                close_quote()
            own.append(line)
    close_quote()
    close_own()
    return "".join(html)


def _take_attribution(own: list[str]) -> list[str]:
    """Cut "On … wrote:" off the end of the lines before a quote and return it."""
    while own and not own[-1].strip():
        own.pop()
    for count in (1, 2, 3):
        if len(own) >= count and ATTRIBUTION.match("\n".join(own[-count:])):
            taken = own[-count:]
            del own[-count:]
            return taken
    return []


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
