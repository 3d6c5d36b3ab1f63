#!/usr/bin/env python3
"""README.rst of each addon, from the fragments in ``<addon>/readme/*.md``.

``build.py`` writes the files, ``build.py --check`` says which are out of date. People
write Markdown; package indexes and Odoo's list of apps read reStructuredText. The
fragments use a small part of Markdown, and anything beyond it is refused:

headings, paragraphs, bullet and numbered lists, fenced code, pictures on a line of their
own, and in a text ``code``, **strong**, *emphasis* and links.
"""

import ast
import re
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Fragments in the order of the page; a missing one is left out.
SECTIONS = {
    "DESCRIPTION": None,
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known limits",
    "HISTORY": "Changes",
}
UNDERLINES = "=-~^"
NOTICE = ".. Written by tests/readme/build.py from readme/*.md: change those.\n"


class NotUnderstood(Exception):
    """A construction that this converter has no reStructuredText for."""


def heading(text, level):
    """A title with a line under it as wide as the text.

    >>> print(heading("Xin chào", 1))
    Xin chào
    --------
    """
    width = sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)
    return f"{text}\n{UNDERLINES[level] * width}"


def inline(text):
    """Marks inside a line.

    >>> inline("Read `setup/run`, **then** go on.")
    'Read ``setup/run``, **then** go on.'
    >>> inline("Open _Reporting › Analysis_ of a snake_case name.")
    'Open *Reporting › Analysis* of a snake_case name.'
    >>> inline("See [the tour](https://example.com/tour).")
    'See `the tour <https://example.com/tour>`__.'
    >>> inline("![x](y.png)")
    Traceback (most recent call last):
    ...
    build.NotUnderstood: a picture inside a text: ![x](y.png)
    """
    if "![" in text:
        raise NotUnderstood(f"a picture inside a text: {text}")
    if re.search(r"<[a-zA-Z/]", re.sub(r"`[^`]*`", "", text)):
        raise NotUnderstood(f"HTML: {text}")
    pieces = re.split(r"(`[^`]+`)", text)
    for position, piece in enumerate(pieces):
        if piece.startswith("`"):
            pieces[position] = f"`{piece}`"
        else:
            piece = piece.replace("\\", "\\\\")
            piece = re.sub(r"(?<!\w)_([^_]+)_(?!\w)", r"*\1*", piece)
            pieces[position] = re.sub(
                r"\[([^\]]+)\]\(([^)\s]+)\)", r"`\1 <\2>`__", piece
            )
    return "".join(pieces)


def _take(lines, start, wanted):
    """Index after the run of lines from ``start`` for which ``wanted`` holds."""
    end = start
    while end < len(lines) and wanted(lines[end]):
        end += 1
    return end


def convert(markdown, level=1):
    """The reStructuredText of one fragment; its top headings get ``level``.

    >>> print(convert("# How\\n\\n- one\\n- two\\n  lines\\n\\n![Form](form.png)"))
    How
    ---
    <BLANKLINE>
    - one
    - two
      lines
    <BLANKLINE>
    .. image:: form.png
       :alt: Form
    >>> print(convert("```bash\\nsetup/run\\n```"))
    .. code-block:: bash
    <BLANKLINE>
       setup/run
    >>> convert("| a | b |")
    Traceback (most recent call last):
    ...
    build.NotUnderstood: a table: | a | b |
    """
    lines, blocks, position = markdown.strip().split("\n"), [], 0
    while position < len(lines):
        line = lines[position]
        title = re.fullmatch(r"(#+) (.+)", line)
        picture = re.fullmatch(r"!\[(.+)\]\((\S+)\)", line)
        if not line.strip():
            position += 1
        elif line.startswith("```"):
            end = _take(lines, position + 1, lambda text: not text.startswith("```"))
            code = [f"   {text}".rstrip() for text in lines[position + 1 : end]]
            blocks.append(
                "\n".join([f".. code-block:: {line[3:] or 'text'}", "", *code])
            )
            position = end + 1
        elif title:
            blocks.append(heading(title[2], level + len(title[1]) - 1))
            position += 1
        elif picture:
            blocks.append(f".. image:: {picture[2]}\n   :alt: {picture[1]}")
            position += 1
        elif line.startswith("|"):
            raise NotUnderstood(f"a table: {line}")
        else:
            end = _take(lines, position, lambda text: text.strip() != "")
            blocks.append("\n".join(map(inline, lines[position:end])))
            position = end
    return "\n\n".join(blocks)


def build(addon):
    """The whole README.rst of ``addon``."""
    manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
    blocks = [NOTICE, heading(manifest["name"], 0)]
    for fragment, title in SECTIONS.items():
        path = ROOT / addon / "readme" / f"{fragment}.md"
        if path.is_file():
            text = convert(path.read_text(encoding="utf-8"), level=2 if title else 1)
            blocks.extend([heading(title, 1), text] if title else [text])
    blocks.append(heading("Licence", 1))
    blocks.append(f"{manifest['license']}. Written by {manifest['author']}.")
    return "\n\n".join(blocks) + "\n"


def main(arguments):
    """Write or check every README.rst; the exit code is 1 when a check fails."""
    check = "--check" in arguments
    stale = []
    for manifest in sorted(ROOT.glob("*/__manifest__.py")):
        path = manifest.with_name("README.rst")
        text = build(manifest.parent.name)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.relative_to(ROOT).as_posix())
            if not check:
                path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name}: {'out of date' if check else 'written'}")
    return bool(check and stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
