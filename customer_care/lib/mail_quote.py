r"""The new text of a mail, told apart from the earlier mails it quotes.

>>> html = '<div>Vẫn hỏng</div><div class="gmail_quote">Vào Th 2 Shop đã viết: cũ</div>'
>>> new_text(html)
'Vẫn hỏng'
>>> mark(html)
'<div>Vẫn hỏng</div><div class="gmail_quote" data-o-mail-quote="1">Vào Th 2 Shop đã viết: cũ</div>'
"""

import re

from lxml import etree, html as lxml_html

from .mail_content import ATTRIBUTION

#: What Odoo's conversation view folds away.
QUOTE = "data-o-mail-quote"
#: Classes of boxes that mail programs put around what they quote.
_QUOTE_CLASSES = (
    "gmail_quote",
    "gmail_extra",
    "yahoo_quoted",
    "protonmail_quote",
    "zmail_extra",
    "moz-cite-prefix",
    "OutlookMessageHeader",
)
#: Ids of boxes after which everything is quoted (Outlook on the web, phone, desktop).
_QUOTE_STARTS = (
    "appendonsend",
    "divRplyFwdMsg",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "OLK_SRC_BODY_SECTION",
)
#: First words of Outlook's header block above a quoted mail, in en, vi and fr.
_OUTLOOK_HEADER = re.compile(
    r"^\s*(?:from|từ|de)\s*[:：].*?(?:sent|date|đã gửi|ngày|gửi|envoyé|date)\s*[:：].*?"
    r"(?:to|đến|tới|à)\s*[:：]",
    re.IGNORECASE | re.DOTALL,
)
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "pre"})


def mark(html: str) -> str:
    """Return ``html`` with every quoted part marked, so that it is shown folded.

    A mail that says nothing of its own (a forward) keeps everything in view.

    :param html: body of a mail, not necessarily well-formed
    """
    root = _parse(html)
    if root is None:
        return html
    if not _mark_tree(root):
        return html
    return _serialize(root)


def new_text(html: str) -> str:
    """Return what the sender wrote himself, as plain text.

    The whole text when nothing, or everything, is quoted.
    """
    root = _parse(html)
    if root is None:
        return ""
    _mark_tree(root)
    return _text(root, with_quotes=False)


def _parse(html: str):
    if not html or not html.strip():
        return None
    try:
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
        return lxml_html.fragment_fromstring(_inner(text), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _inner(html: str) -> str:
    """Cut the body out of a whole page; a fragment stays as it is."""
    html = re.sub(r"(?is)<(head|style|script|title)\b.*?</\1\s*>", "", html)
    html = re.sub(r"(?is)<!doctype[^>]*>", "", html)
    return re.sub(r"(?i)</?(?:html|head|body)\b[^>]*>", "", html)


def _serialize(root) -> str:
    inner = root.text or ""
    return inner.replace("&", "&amp;").replace("<", "&lt;") + "".join(
        lxml_html.tostring(child, encoding="unicode") for child in root
    )


def _mark_tree(root) -> bool:
    quotes = [element for element in root.iter(etree.Element) if _is_quote(element)]
    for element in quotes:
        element.set(QUOTE, "1")
    for start in [e for e in root.iter(etree.Element) if _starts_quote(e)]:
        _mark_rest(start)
    for element in quotes:
        _mark_attribution(element)
    if root.find(f".//*[@{QUOTE}]") is None:
        return False
    if not _text(root, with_quotes=False):
        for element in root.iter(etree.Element):
            element.attrib.pop(QUOTE, None)
        return False
    return True


def _is_quote(element) -> bool:
    classes = (element.get("class") or "").split()
    if any(name in classes for name in _QUOTE_CLASSES):
        return True
    return element.tag == "blockquote" and (
        element.get("type") == "cite" or bool(element.get("cite"))
    )


def _starts_quote(element) -> bool:
    identity = element.get("id") or ""
    if any(identity.endswith(name) for name in _QUOTE_STARTS):
        return True
    if element.tag not in ("div", "p", "td"):
        return False
    style = (element.get("style") or "").replace(" ", "").lower()
    has_line = "border-top:solid" in style or element.getprevious() is not None
    return has_line and bool(_OUTLOOK_HEADER.match(_first_text(element)))


def _first_text(element, limit: int = 400) -> str:
    """Return about the first ``limit`` characters of the text in ``element``."""
    text = ""
    for piece in element.itertext():
        text += " " + piece.strip()
        if len(text) >= limit:
            break
    return text.strip()


def _mark_rest(start) -> None:
    """Mark ``start`` and all that follows it in the document."""
    before = start.getprevious()
    if before is not None and before.tag == "hr":
        before.set(QUOTE, "1")
    start.set(QUOTE, "1")
    element = start
    while element is not None and element.getparent() is not None:
        for sibling in element.itersiblings():
            if isinstance(sibling.tag, str):
                sibling.set(QUOTE, "1")
        element = element.getparent()


def _mark_attribution(element) -> None:
    """Mark the "On … wrote:" line right before a quote."""
    before = element.getprevious()
    while before is not None and before.tag == "br":
        before = before.getprevious()
    if before is None or not isinstance(before.tag, str) or before.get(QUOTE):
        return
    if not (before.tail or "").strip() and ATTRIBUTION.match(_text(before)):
        before.set(QUOTE, "1")


def _text(root, with_quotes: bool = True) -> str:
    pieces = []

    def walk(element):
        if isinstance(element.tag, str):
            if not with_quotes and element.get(QUOTE):
                pieces.append("\n")
                return
            if element.tag in _BLOCKS:
                pieces.append("\n")
            pieces.append(re.sub(r"\s+", " ", element.text or ""))
            for child in element:
                walk(child)
                pieces.append(re.sub(r"\s+", " ", child.tail or ""))
            if element.tag in _BLOCKS and element.tag != "br":
                pieces.append("\n")

    walk(root)
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line).replace("\xa0", " ").strip()
