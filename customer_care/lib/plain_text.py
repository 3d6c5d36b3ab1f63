r"""What people type into a form: cleaned, checked for scripts, made safe for a page.

>>> clean("  Xin chào\r\nmáy  hỏng\x00\u202e \n\n\n\n ")
'Xin chào\nmáy  hỏng'
>>> as_html("1 < 2\nhai")
Markup('<p>1 &lt; 2<br>hai</p>')
"""

import re
import unicodedata

from markupsafe import Markup, escape

#: Characters that turn the reading direction and so hide what a name really is.
_DIRECTION = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_MANY_LINES = re.compile(r"\n{3,}")
_ACTIVE_TAG = re.compile(
    r"<\s*/?\s*(?:script|iframe|frame|object|embed|applet|svg|math|base|meta|link|style)"
    r"(?=[\s/>]|$)",
    re.IGNORECASE,
)
_ACTIVE_ATTRIBUTE = re.compile(
    r"<\s*[a-z!/?][^<>]*?(?:[\s/\"']on[a-z]+\s*=|(?:javascript|vbscript|data)\s*:)",
    re.IGNORECASE,
)


def _is_printable(character: str) -> bool:
    if character == "\n":
        return True
    return unicodedata.category(character) != "Cc" and character not in _DIRECTION


def clean(text: str | None) -> str:
    r"""Return ``text`` without control characters, with ``\n`` line ends, trimmed.

    At most one empty line in a row is kept.

    >>> clean(None), clean("a\tb")
    ('', 'a b')
    """
    if not text:
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = "".join(filter(_is_printable, unicodedata.normalize("NFC", text)))
    lines = (line.rstrip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str | None) -> str:
    r"""Return ``text`` as one line with single spaces.

    >>> clean_line(" Nguyễn \n Thị  Mai")
    'Nguyễn Thị Mai'
    """
    return " ".join(clean(text).split())


def find_script(text: str | None) -> str:
    """Return the piece of ``text`` that a browser would run, empty when there is none.

    Text is always shown as text, so this protects nobody on our pages; it refuses
    what can only have been sent to do harm somewhere.

    >>> find_script("x <script>alert(1)</script>"), find_script("<img src=x onerror=a()>")
    ('<script', '<img src=x onerror=')
    >>> find_script("a < b, <3, giá <100k>"), find_script("javascript: học ở đâu?")
    ('', '')
    """
    found = _ACTIVE_TAG.search(text or "") or _ACTIVE_ATTRIBUTE.search(text or "")
    return found.group(0) if found else ""


def first_words(text: str, limit: int = 70) -> str:
    """Return the beginning of the first line of ``text``, cut between words.

    :param limit: longest answer, in characters

    >>> first_words("Máy giặt không chạy.\\nMua hôm qua")
    'Máy giặt không chạy.'
    >>> first_words("một hai ba bốn", 9)
    'một hai…'
    """
    line = clean_line(clean(text).partition("\n")[0])
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, _space, _tail = cut.rpartition(" ")
    return f"{head or cut}…"


def as_html(text: str) -> Markup:
    """Return ``text`` as HTML that shows exactly this text, line breaks kept."""
    lines = Markup("<br>").join(escape(line) for line in text.split("\n"))
    return Markup("<p>%s</p>") % lines if text else Markup()
