r"""Files that customers send: what may come in, under which name, and how it is served.

Decided by content first and by the end of the name second, never by what the sender's
program claims.

>>> refusal("anh.jpg", b"\xff\xd8\xff\xe0...."), refusal("hoadon.xml", b"<?xml?><HDon/>")
('', '')
>>> refusal("anh.jpg", b"  <!-- x --><svg onload=alert(1)>"), refusal("x.exe", b"")
('page', 'program')
"""

import io
import re
from dataclasses import dataclass, field
from typing import BinaryIO

from .plain_text import clean_line

#: So many bytes decide what a file is.
HEAD_BYTES = 4096
MAX_NAME = 100
#: Ends of names that a computer opens by running them.
PROGRAM_SUFFIXES = frozenset(
    "apk app bat bin cmd com cpl dll dmg exe hta iso jar js jse lnk mjs msc msi msp mst"
    " pif ps1 psm1 py reg scf scr sh sys url vb vbe vbs ws wsc wsf wsh".split()
)
#: Ends of names that a browser opens as a page that may run scripts.
PAGE_SUFFIXES = frozenset(
    "htm html mht mhtml shtml svg svgz swf xht xhtml xsl xslt".split()
)
_PROGRAM_HEADS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_PAGE_START = re.compile(
    r"<(?:!doctype\s+(?:html|svg)|html|head|body|script|svg|iframe|title|meta|link|style"
    r"|object|embed|x:script)(?=[\s/>\[]|$)"
)
_PAGE_INSIDE = re.compile(
    r"<svg[\s>/]|<\w*:?script[\s>/]|www\.w3\.org/1999/xhtml|<\?xml-stylesheet"
    r"|<!doctype\s+(?:html|svg)"
)
_NOISE = re.compile(r"\A(?:\s|\ufeff|<\?.*?\?>|<!--.*?-->)+", re.DOTALL)
_IMAGES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form: its name as sent, its bytes, its size in bytes."""

    name: str
    stream: BinaryIO = field(default_factory=io.BytesIO)

    @property
    def size(self) -> int:
        """Return the size in bytes; the file is not read for it."""
        self.stream.seek(0, io.SEEK_END)
        return self.stream.tell()

    @property
    def head(self) -> bytes:
        """Return the first ``HEAD_BYTES`` bytes."""
        self.stream.seek(0)
        return self.stream.read(HEAD_BYTES)

    def get_content(self) -> bytes:
        """Return everything."""
        self.stream.seek(0)
        return self.stream.read()


def _as_text(head: bytes) -> str:
    """Return ``head`` as a browser might read it: UTF-16 by its mark, else by bytes."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="replace")
    return head.replace(b"\0", b"").decode("utf-8", errors="replace")


def suffix(name: str) -> str:
    """Return the end of ``name`` after the last dot, in lower case.

    >>> suffix("a.PDF"), suffix("a"), suffix("a.tar.gz "), suffix("a.exe.")
    ('pdf', '', 'gz', 'exe')
    """
    head, dot, tail = name.rstrip(" .").rpartition(".")
    return tail.lower() if dot and head else ""


def refusal(name: str, head: bytes) -> str:
    """Return why a file may not come in: ``program``, ``page``, or empty when it may.

    :param name: name as sent
    :param head: its first bytes, at least ``HEAD_BYTES`` of them where there are

    >>> refusal("a.txt", b"\\xff\\xfe" + "<html>".encode("utf-16-le"))
    'page'
    >>> refusal("giá < 100.txt", "giá <100k".encode()), refusal("MZ.txt", b"MZ\\x90")
    ('', 'program')
    """
    end = suffix(name)
    if end in PROGRAM_SUFFIXES or head.startswith(_PROGRAM_HEADS):
        return "program"
    if end in PAGE_SUFFIXES:
        return "page"
    if inline_type(head):
        return ""
    text = _as_text(head).lower()
    start = _NOISE.sub("", text)
    if _PAGE_START.match(start):
        return "page"
    if start.startswith("<") and _PAGE_INSIDE.search(text):
        return "page"
    return ""


def inline_type(head: bytes) -> str:
    """Return the type of a picture that browsers may show in the page, else empty.

    >>> inline_type(b"\\x89PNG\\r\\n\\x1a\\n"), inline_type(b"<svg>"), inline_type(b"%PDF")
    ('image/png', '', '')
    """
    for pattern, mimetype in _IMAGES:
        if pattern.match(head):
            return mimetype
    return ""


def clean_name(name: str | None) -> str:
    """Return a name to store: no folders, no control characters, not too long.

    >>> clean_name("..\\\\..\\\\C:\\\\ảnh 1.jpg"), clean_name("/etc/passwd"), clean_name("")
    ('ảnh 1.jpg', 'passwd', 'file')
    >>> len(clean_name("x" * 300 + ".jpeg")), clean_name("x" * 300 + ".jpeg")[-6:]
    (100, 'x.jpeg')
    """
    bare = clean_line((name or "").replace("\\", "/").rpartition("/")[2])
    bare = bare.lstrip(". ") or "file"
    if len(bare) <= MAX_NAME:
        return bare
    end = suffix(bare)[:10]
    return f"{bare[: MAX_NAME - len(end) - 1]}.{end}" if end else bare[:MAX_NAME]
