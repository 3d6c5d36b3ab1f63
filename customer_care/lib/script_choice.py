"""Which wording of a script fits a ticket best, and what became of it when it was sent.

>>> situation = Situation(lang="vi_VN", fallback="en_US", mood="angry", path=(7, 3))
>>> best(
...     [
...         Variant(1, lang="vi_VN"),
...         Variant(2, lang="vi_VN", mood="angry"),
...         Variant(3, lang="en_US", mood="angry", category=7),
...     ],
...     situation,
... )
2
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .text import fold

#: A ticket whose mood nobody noted is answered like a calm one.
CALM = "neutral"
#: A message that keeps less than this share of a script's words is not that script.
KEPT_SHARE = 0.3

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording and its conditions; None: any.

    ``sequence`` decides between equals, then the lower id.
    """

    id: int
    mood: str | None = None
    lang: str | None = None
    category: int | None = None
    segment: int | None = None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a ticket.

    ``lang`` is the customer's language, ``fallback`` the company's; ``path`` is the
    category of the ticket and the ones above it, the nearest first.
    """

    lang: str
    fallback: str
    mood: str | None = None
    path: tuple[int, ...] = ()
    segments: frozenset[int] = frozenset()


def _same_language(one: str, other: str) -> bool:
    return one.partition("_")[0] == other.partition("_")[0]


def _rank_language(variant: Variant, situation: Situation) -> tuple[int, int] | None:
    """Return (readable by the customer, points), None when neither reads it."""
    if variant.lang is None:
        return 1, 0
    if variant.lang == situation.lang:
        return 1, 2
    if _same_language(variant.lang, situation.lang):
        return 1, 1
    if variant.lang == situation.fallback:
        return 0, 2
    if _same_language(variant.lang, situation.fallback):
        return 0, 1
    return None


def rank(variant: Variant, situation: Situation) -> tuple[int, ...] | None:
    """Return how well ``variant`` fits, higher is better; None when it does not.

    A language the customer reads comes before everything; then the number of conditions
    that are met; then the nearer category; then order and age.

    >>> situation = Situation("vi_VN", "en_US", path=(7, 3), segments=frozenset({5}))
    >>> rank(Variant(1, mood="angry"), situation) is None
    True
    >>> rank(Variant(1, mood="neutral"), situation)[:2]
    (1, 2)
    >>> rank(Variant(1, category=7), situation) > rank(Variant(1, category=3), situation)
    True
    >>> rank(Variant(1, lang="fr_FR"), situation) is None
    True
    """
    language = _rank_language(variant, situation)
    if language is None:
        return None
    readable, points = language
    if variant.mood is not None:
        if variant.mood != (situation.mood or CALM):
            return None
        points += 2
    if variant.segment is not None:
        if variant.segment not in situation.segments:
            return None
        points += 2
    nearness = 0
    if variant.category is not None:
        if variant.category not in situation.path:
            return None
        points += 2
        nearness = -situation.path.index(variant.category)
    return readable, points, nearness, -variant.sequence, -variant.id


def best(variants: Iterable[Variant], situation: Situation) -> int | None:
    """Return the id of the variant that fits best, None when none does.

    >>> best([Variant(2, sequence=1), Variant(1, sequence=2)], Situation("a", "b"))
    2
    >>> best([Variant(1, lang="en_US")], Situation("vi_VN", "en_US"))
    1
    >>> best([], Situation("a", "b")) is None
    True
    """
    ranked = [(rank(variant, situation), variant.id) for variant in variants]
    fitting = [pair for pair in ranked if pair[0] is not None]
    return max(fitting)[1] if fitting else None


def words(text: str | None) -> list[str]:
    """Return the words of ``text`` without accents and signs.

    >>> words("Dạ,  chào chị Mai!")
    ['da', 'chao', 'chi', 'mai']
    """
    return _WORD.findall(fold(text))


def is_kept(script: str, sent: str) -> bool:
    """Whether enough of ``script`` stands in what was ``sent`` to call it used.

    >>> is_kept("Em xin lỗi chị vì chậm trễ", "Em xin lỗi chị Mai vì đã chậm trễ nhé")
    True
    >>> is_kept("Em xin lỗi chị vì chậm trễ", "Máy sửa xong rồi ạ"), is_kept("", "a")
    (False, False)
    """
    wanted = Counter(words(script))
    if not wanted:
        return False
    kept = wanted & Counter(words(sent))
    return kept.total() >= KEPT_SHARE * wanted.total()


def is_edited(scripts: Iterable[str], sent: str) -> bool:
    """Whether ``sent`` differs in a word from ``scripts``, one after the other.

    Accents and signs count as well, spaces and line breaks do not.

    >>> is_edited(["Chào chị.", "Cảm ơn chị!"], "Chào chị.\\n\\nCảm ơn  chị!")
    False
    >>> is_edited(["Chào chị."], "Chào anh.")
    True
    """
    return " ".join(" ".join(scripts).split()) != " ".join(sent.split())
