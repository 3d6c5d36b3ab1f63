r"""The words of a script as plain text for the reply box, and what was sent as words.

>>> as_plain_text("<p>Chào chị</p><p>Máy <b>đã</b> xong<br>hôm nay</p>")
'Chào chị\n\nMáy đã xong\nhôm nay'
"""

import re

from lxml import etree, html

_PARAGRAPHS = frozenset(
    {"p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "pre"}
)
_LINES = frozenset({"li", "tr"})
_MANY_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]*\n[ \t\r\f\v\u00a0]*")
#: Marks what a composer adds below a reply, such as the signature.
_ADDED = "data-o-mail-quote"


def _tree(markup: str | None) -> html.HtmlElement:
    try:
        return html.fragment_fromstring(markup or "", create_parent="div")
    except (etree.ParserError, ValueError):
        return html.Element("div")


def as_plain_text(markup: str | None) -> str:
    """Return ``markup`` as people would type it: empty lines between paragraphs.

    A link keeps its address in brackets, an entry of a list gets a dash.

    >>> as_plain_text("<ul><li>ảnh tem máy</li><li>ảnh hóa đơn</li></ul>")
    '- ảnh tem máy\\n- ảnh hóa đơn'
    >>> as_plain_text('<p>Xem <a href="https://a.vn/x">ở đây</a></p>')
    'Xem ở đây (https://a.vn/x)'
    >>> as_plain_text("a &lt;b&gt; c"), as_plain_text(None)
    ('a <b> c', '')
    """
    parts: list[str] = []
    _collect(_tree(markup), parts)
    text = _SPACES.sub("\n", "".join(parts).replace("\u00a0", " "))
    return _MANY_LINES.sub("\n\n", text).strip()


def _collect(element: html.HtmlElement, parts: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _PARAGRAPHS:
        parts.append("\n\n")
    elif tag in _LINES:
        parts.append("\n- " if tag == "li" else "\n")
    elif tag == "br":
        parts.append("\n")
    if tag:
        parts.append(" ".join(re.split(r"[ \t\r\n]+", element.text or "")))
    for child in element:
        _collect(child, parts)
        parts.append(" ".join(re.split(r"[ \t\r\n]+", child.tail or "")))
    address = element.get("href", "") if tag == "a" else ""
    if address.startswith(("http://", "https://")) and address not in parts[-1]:
        parts.append(f" ({address})")
    if tag in _PARAGRAPHS:
        parts.append("\n\n")


def sent_words(markup: str | None) -> str:
    """Return what a person wrote in a message, in one line, without the signature.

    >>> sent_words('<p>Chào<br>chị</p><div data-o-mail-quote="1">-- Lan</div>')
    'Chào chị'
    """
    tree = _tree(markup)
    for added in tree.xpath(f".//*[@{_ADDED}]"):
        added.drop_tree()
    return " ".join(as_plain_text(html.tostring(tree, encoding="unicode")).split())
