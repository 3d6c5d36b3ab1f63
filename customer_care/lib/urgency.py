"""How urgent a ticket is: rules that give points, each with a reason.

Of several rules of one kind that fit, the one with the most points counts and no other:
two lists of words, or "VIP" and "loyal", are one reason and not two. The points of the
kinds are added; the sum is never below 0.

>>> rules = [
...     Rule(1, "words", 30, {"phrases": {"luat su": "luật sư"}}),
...     Rule(2, "words", 10, {"phrases": {"gap": "gấp"}}),
...     Rule(3, "kind", 20, {"kind": "complaint"}),
... ]
>>> facts = Facts(kind="complaint", texts=(plain("Em cần GẤP luật sư"),))
>>> [(hit.rule, hit.points, hit.detail) for hit in score(rules, facts)]
[(1, 30, 'luật sư'), (3, 20, 'complaint')]
>>> total(score(rules, facts))
50
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .text import fold

#: Words of a customer that are looked through, in characters: mails can be long.
TEXT_LIMIT = 20_000
#: Shorter words would be found everywhere.
MIN_LETTERS = 2

_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table; ``given`` holds what its kind asks for."""

    id: int
    kind: str
    points: int
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a ticket at one moment.

    ``texts``: subject, request and last messages of the customer, folded by
    :func:`plain`; ``minutes_left``: to the deadline, None without one, negative when it
    is over; ``earlier``: how long before this ticket the customer's others were opened;
    ``more``: for kinds that other addons add.
    """

    stage: int | None = None
    kind: str | None = None
    priority: str | None = None
    mood: str | None = None
    reopened: int = 0
    minutes_left: float | None = None
    texts: Sequence[str] = ()
    earlier: Sequence[timedelta] = ()
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that counts, and what made it fit."""

    rule: int
    kind: str
    points: int
    detail: object = None


#: Says what made a rule fit, None when it does not.
Matcher = Callable[[Rule, Facts], object]


def plain(text: str | None) -> str:
    """Return ``text`` as words between single spaces, ready to be searched.

    >>> plain("Tôi RẤT bực-mình!!")
    ' toi rat buc minh '
    >>> plain(None)
    ' '
    """
    return f" {_NOT_WORD.sub(' ', fold((text or '')[:TEXT_LIMIT])).strip()} ".replace(
        "  ", " "
    )


def phrases(text: str | None) -> dict[str, str]:
    """Return the words and phrases of a list, one per line or between commas.

    :return: how it is looked for → how it was written

    >>> phrases("Luật sư, kiện\\n\\n  BỰC  mình;bực mình, a")
    {'luat su': 'Luật sư', 'kien': 'kiện', 'buc minh': 'BỰC mình'}
    """
    found: dict[str, str] = {}
    for part in re.split(r"[\n,;]+", text or ""):
        wanted = plain(part).strip()
        if len(wanted) >= MIN_LETTERS:
            found.setdefault(wanted, " ".join(part.split()))
    return found


def find_phrase(wanted: Iterable[str], texts: Iterable[str]) -> str | None:
    """Return the first phrase that stands in a text, as whole words.

    >>> find_phrase(("kien",), (plain("Tôi sẽ kiện!"),))
    'kien'
    >>> find_phrase(("kien",), (plain("kiên nhẫn, sự kiện, linhkien"),))
    'kien'
    >>> find_phrase(("kien",), (plain("linhkien"),)) is None
    True
    """
    haystacks = [f" {text.strip()} " for text in texts]
    for phrase in wanted:
        if any(f" {phrase} " in haystack for haystack in haystacks):
            return phrase
    return None


def _match_words(rule: Rule, facts: Facts) -> object:
    found = find_phrase(rule.given["phrases"], facts.texts)
    return found and rule.given["phrases"][found]


def _match_stage(rule: Rule, facts: Facts) -> object:
    return facts.stage if facts.stage in rule.given["stages"] else None


def _match_kind(rule: Rule, facts: Facts) -> object:
    return facts.kind if facts.kind and facts.kind == rule.given["kind"] else None


def _match_priority(rule: Rule, facts: Facts) -> object:
    given = rule.given["priority"]
    return facts.priority if facts.priority and facts.priority == given else None


def _match_mood(rule: Rule, facts: Facts) -> object:
    return facts.mood if facts.mood and facts.mood == rule.given["mood"] else None


def _match_reopened(_rule: Rule, facts: Facts) -> object:
    return facts.reopened or None


def _match_deadline(rule: Rule, facts: Facts) -> object:
    if facts.minutes_left is None or facts.minutes_left > rule.given["minutes"]:
        return None
    return rule.given["minutes"]


def _match_again(rule: Rule, facts: Facts) -> object:
    within = timedelta(days=rule.given["days"])
    return sum(1 for gap in facts.earlier if timedelta() <= gap <= within) or None


#: Kind of a rule → how it is asked.
MATCHERS: Mapping[str, Matcher] = {
    "words": _match_words,
    "stage": _match_stage,
    "kind": _match_kind,
    "priority": _match_priority,
    "mood": _match_mood,
    "reopened": _match_reopened,
    "deadline": _match_deadline,
    "again": _match_again,
}


def score(
    rules: Iterable[Rule],
    facts: Facts,
    matchers: Mapping[str, Matcher] | None = None,
) -> list[Hit]:
    """Return what makes a ticket urgent: per kind the rule with the most points.

    The most points first; between equals the rule that stands first.

    >>> rules = [Rule(1, "mood", 40, {"mood": "angry"}), Rule(2, "reopened", 15)]
    >>> [hit.rule for hit in score(rules, Facts(mood="angry", reopened=2))]
    [1, 2]
    >>> score(rules, Facts())
    []
    """
    best: dict[str, Hit] = {}
    for rule in rules:
        matcher = (matchers or MATCHERS).get(rule.kind)
        detail = matcher(rule, facts) if matcher else None
        if detail is None:
            continue
        known = best.get(rule.kind)
        if known is None or rule.points > known.points:
            best[rule.kind] = Hit(rule.id, rule.kind, rule.points, detail)
    return sorted(best.values(), key=lambda hit: -hit.points)


def total(hits: Iterable[Hit]) -> int:
    """Return the points together, never below 0.

    >>> total([Hit(1, "mood", -10)]), total([])
    (0, 0)
    """
    return max(0, sum(hit.points for hit in hits))


def next_change(
    rules: Iterable[Rule], now: datetime, deadline: datetime | None
) -> datetime | None:
    """Return when time alone will change the points, None for never.

    >>> rules = [
    ...     Rule(1, "deadline", 20, {"minutes": 60}),
    ...     Rule(2, "deadline", 40, {"minutes": 0}),
    ... ]
    >>> at = datetime(2026, 3, 2, 15)
    >>> next_change(rules, datetime(2026, 3, 2, 12), at).hour
    14
    >>> next_change(rules, datetime(2026, 3, 2, 14, 30), at).hour
    15
    >>> next_change(rules, datetime(2026, 3, 2, 16), at) is None
    True
    """
    if deadline is None:
        return None
    moments = (
        deadline - timedelta(minutes=rule.given["minutes"])
        for rule in rules
        if rule.kind == "deadline"
    )
    return min((moment for moment in moments if moment > now), default=None)
