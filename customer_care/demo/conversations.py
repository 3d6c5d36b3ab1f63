"""Reads the conversations of the demo company from ``conversations/*.txt``.

A file holds conversations between lines of ``----``; lines that start with ``#`` are
remarks. A conversation starts with ``key: value`` lines:

============ ======================================================================
id           unique word
lang         ``vi`` (left out) or ``en``: who can have this conversation
category     end of an XML id ``demo_category_…``, may be empty
kind         a ticket kind, left out where the category says it
priority     a ticket priority, left out where the category says it
channels     channel codes to choose from
tags         ends of XML ids ``demo_tag_…``
products     starts of the XML ids ``demo_product_…`` it can be about
weight       how often it is told, compared with others
special      ``spam``, ``automatic`` or ``unknown``: told a fixed number of times
subject      the subject of the ticket
============ ======================================================================

After them comes one step per line, ``C`` the customer, ``A`` the person who answers,
``N`` an internal note, ``B`` an automatic answer of the customer's mail box, ``*`` an
action. An indented line is a further paragraph. ``+2d`` after the letter, or at the end
of an action, says how long after the step before (minutes, hours, days); without it the
time follows from who acts. Words in braces are filled in for the customer.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from odoo.tools.misc import file_open

FILES = ("before_sale", "delivery", "warranty", "comments", "english", "odd")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SPOKEN = re.compile(r"(?P<who>[CANB])(?: \+(?P<delay>\d+[mhd]))?: (?P<text>.+)")
_ACTION = re.compile(r"\* (?P<text>[\w ]+?)(?: \+(?P<delay>\d+[mhd]))?")


@dataclass
class Step:
    """One thing that happens: ``who`` says ``text``, or the action ``text`` (``*``)."""

    who: str
    text: str
    delay: timedelta | None = None


@dataclass
class Conversation:
    """One conversation as written, before it is told about a customer."""

    id: str
    subject: str
    channels: list[str]
    lang: str = "vi"
    category: str = ""
    kind: str = ""
    priority: str = ""
    tags: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    weight: int = 1
    special: str = ""
    steps: list[Step] = field(default_factory=list)

    def mentions(self, word):
        """Whether ``{word}`` is filled in anywhere."""
        texts = [self.subject, *(step.text for step in self.steps)]
        return any(f"{{{word}}}" in text for text in texts)


def load():
    """Return the conversations of all files by id, in their order.

    :raises ValueError: a line is none of a step, an action and a paragraph
    """
    found = {}
    for name in FILES:
        path = f"customer_care/demo/conversations/{name}.txt"
        with file_open(path, "r", filter_ext=(".txt",)) as source:
            for conversation in parse(source.read()):
                found[conversation.id] = conversation
    return found


def parse(content):
    """Return the conversations of one file, see the module for the format."""
    text = re.sub(r"^#.*\n", "", content, flags=re.MULTILINE)
    return [
        _parse_one(part.strip("\n")) for part in re.split(r"^----$", text, flags=re.M)
    ]


def _parse_one(text):
    values, steps = {}, []
    for line in text.splitlines():
        if line.startswith("   ") and steps:
            steps[-1].text += "\n" + line.strip()
        elif spoken := _SPOKEN.fullmatch(line):
            steps.append(_step(spoken["who"], spoken))
        elif action := _ACTION.fullmatch(line):
            steps.append(_step("*", action))
        elif ": " in line or line.endswith(":"):
            key, _colon, value = line.partition(":")
            values[key] = value.strip()
        elif line.strip():
            raise ValueError(f"{values.get('id')}: what is {line!r}?")
    for key in ("channels", "tags", "products"):
        values[key] = values.get(key, "").split()
    values["weight"] = int(values["weight"])
    return Conversation(**values, steps=steps)


def _step(who, match):
    delay = match["delay"]
    if delay:
        delay = timedelta(**{_UNITS[delay[-1]]: int(delay[:-1])})
    return Step(who, match["text"], delay or None)
