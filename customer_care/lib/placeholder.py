"""Placeholders in the texts people write: found, checked, and filled in.

A placeholder is a word in double braces, ``{{salutation}}``; words after a bar are said
when nothing is known, ``{{last_purchase_day|lately}}``. Filling in is substitution and
nothing else: no expression is ever evaluated, and a value is never looked at again.

>>> template = parse("Chào {{salutation}}, {{ company_name }} cảm ơn {{salutation}}.")
>>> sorted(template.names)
['company_name', 'salutation']
>>> template.fill({"salutation": "chị Mai", "company_name": "Hoa Sen"})
'Chào chị Mai, Hoa Sen cảm ơn chị Mai.'
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree, html
from markupsafe import Markup, escape

_MARK = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
#: Elements whose text is not text of the page.
_NOT_TEXT = ("style", "script", "title", "textarea", "noscript", "template")


@dataclass(frozen=True, slots=True)
class Piece:
    """One placeholder: its name and the words for "unknown", empty for none."""

    name: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text cut at its placeholders, to be filled in many times."""

    parts: tuple[str | Piece, ...]

    @property
    def names(self) -> set[str]:
        """Return the names of the placeholders."""
        return {part.name for part in self.parts if isinstance(part, Piece)}

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with ``values`` in it; what is unknown is left out.

        >>> parse("Lần cuối: {{day|vừa qua}}").fill({"day": ""})
        'Lần cuối: vừa qua'
        >>> parse("{{a}}{{b}}").fill({"a": "{{b}}", "b": "x"})
        '{{b}}x'
        """
        return "".join(
            part if isinstance(part, str) else values.get(part.name) or part.otherwise
            for part in self.parts
        )

    def fill_html(self, values: Mapping[str, str]) -> Markup:
        """Return the HTML with ``values`` in it, escaped unless they are markup.

        The text itself is trusted HTML: it was cleaned when it was saved.

        >>> parse("<p>Chào {{name}}</p>").fill_html({"name": "<b>Mai</b>"})
        Markup('<p>Chào &lt;b&gt;Mai&lt;/b&gt;</p>')
        >>> parse("{{link}}").fill_html({"link": Markup("<a>here</a>")})
        Markup('<a>here</a>')
        """
        return Markup("").join(
            Markup(part)
            if isinstance(part, str)
            # the words after the bar stand in the HTML already
            else escape(values.get(part.name) or Markup(part.otherwise))
            for part in self.parts
        )


def mark(name: str) -> str:
    """Return how ``name`` is written as a placeholder.

    >>> mark("salutation")
    '{{salutation}}'
    """
    return "{{" + name + "}}"


def parse(text: str | None) -> Template:
    """Cut ``text`` at its placeholders.

    What only looks like one stays as it is; :func:`find_problems` tells about it.

    >>> parse("").parts, parse(None).parts
    ((), ())
    >>> parse("a {{ b | c d }} e").parts
    ('a ', Piece(name='b', otherwise='c d'), ' e')
    """
    parts: list[str | Piece] = []
    end = 0
    for match in _MARK.finditer(text or ""):
        name, _bar, otherwise = match[1].partition("|")
        name = _plain_name(name)
        if not _NAME.fullmatch(name):
            continue
        if match.start() > end:
            parts.append(text[end : match.start()])
        parts.append(Piece(name, otherwise.strip()))
        end = match.end()
    if end < len(text or ""):
        parts.append(text[end:])
    return Template(tuple(parts))


def _plain_name(name: str) -> str:
    """Return ``name`` without spaces, the unbreakable ones of editors included."""
    return name.replace("&nbsp;", " ").replace("\u00a0", " ").strip()


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong with a text.

    ``unknown``: names nobody knows, in order; ``is_broken``: braces that belong to no
    placeholder; ``is_hidden``: one stands in a link's address or another attribute.
    """

    unknown: tuple[str, ...] = ()
    is_broken: bool = False
    is_hidden: bool = False

    def __bool__(self) -> bool:
        return bool(self.unknown or self.is_broken or self.is_hidden)


def find_problems(text: str | None, allowed: Collection[str]) -> Problems:
    """Return what keeps a plain text from being filled in.

    >>> find_problems("Chào {{salutation}}", {"salutation"})
    Problems(unknown=(), is_broken=False, is_hidden=False)
    >>> find_problems("{{object.env}} {{x}} {{ name", {"name"})
    Problems(unknown=('object.env', 'x'), is_broken=True, is_hidden=False)
    >>> find_problems("a { b } c", set()).is_broken
    False
    """
    text = text or ""
    unknown: dict[str, None] = {}
    for match in _MARK.finditer(text):
        name = _plain_name(match[1].partition("|")[0])
        if name not in allowed:
            unknown[name] = None
    rest = _MARK.sub("", text)
    return Problems(tuple(unknown), "{{" in rest or "}}" in rest)


def find_html_problems(text: str | None, allowed: Collection[str]) -> Problems:
    """Return what keeps HTML from being filled in.

    Placeholders stand in the text and nowhere else, so that no value of a customer can
    become an address, a style or a program.

    >>> find_html_problems("<p>{{name}}</p>", {"name"})
    Problems(unknown=(), is_broken=False, is_hidden=False)
    >>> find_html_problems('<a href="%7B%7Bname%7D%7D">x</a>', {"name"}).is_hidden
    True
    >>> find_html_problems('<style>{{name}}</style>', {"name"}).is_hidden
    True
    >>> find_html_problems("<p>{{na<b>me</b>}}</p>", {"name"}).is_broken
    True
    """
    unknown: dict[str, None] = {}
    is_broken = is_hidden = False
    for element in _fragment(text).iter():
        is_text = isinstance(element.tag, str) and element.tag not in _NOT_TEXT
        if not is_text:
            is_hidden |= "{{" in (element.text or "")
        else:
            is_hidden |= any("{{" in unquote(v) for v in element.attrib.values())
        # each piece of text by itself: a placeholder that a tag cuts is broken
        for words in (element.text if is_text else "", element.tail):
            found = find_problems(words, allowed)
            unknown |= dict.fromkeys(found.unknown)
            is_broken |= found.is_broken
    return Problems(tuple(unknown), is_broken, is_hidden)


def _fragment(markup: str | None) -> html.HtmlElement:
    """Return ``markup`` as a tree, an empty one for what is no markup at all."""
    try:
        return html.fragment_fromstring(markup or "", create_parent="div")
    except (etree.ParserError, ValueError):
        return html.Element("div")


def as_text(markup: str | None) -> str:
    """Return the words of ``markup``, for a preview of one line.

    >>> as_text("<p>Chào  <b>chị</b></p><p>Mai</p>")
    'Chào chị Mai'
    """
    return " ".join(" ".join(_fragment(markup).itertext()).split())
