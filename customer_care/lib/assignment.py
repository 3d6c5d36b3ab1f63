"""Who gets the next ticket: a choice among people who are there.

>>> people = [
...     Candidate(1, load=3, capacity=10, last_on=datetime(2026, 3, 2, 9)),
...     Candidate(2, load=8, capacity=10, last_on=datetime(2026, 3, 2, 8)),
...     Candidate(3, load=5, capacity=5),
... ]
>>> share(2, people, "round_robin")  # who has waited longest; who is full gets nothing
[2, 1]
>>> share(2, people, "least_loaded")
[1, 1]
>>> share(4, [Candidate(7, load=9, capacity=10)], "round_robin")
[7, None, None, None]
>>> share(2, people, "round_robin", [{2}, set()])  # each ticket has its own bar
[1, 2]
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ROUND_ROBIN, LEAST_LOADED = "round_robin", "least_loaded"
_NEVER = datetime(1970, 1, 1)


@dataclass
class Candidate:
    """Somebody who is there.

    ``load`` counts the tickets that weigh on him, ``capacity`` those that he can look
    after; ``last_on`` is when he was given one last, None for never.
    """

    id: int
    load: int
    capacity: int
    last_on: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Whether he can take no more."""
        return self.load >= self.capacity


def share(
    count: int,
    candidates: Iterable[Candidate],
    rule: str,
    barred: Sequence[Collection[int]] = (),
) -> list[int | None]:
    """Share ``count`` tickets out, one after the other.

    Round robin: the longest wait since the last one goes first. Least loaded: the lowest
    share of the capacity in use goes first. Ties go to the longer wait, then to the lower
    id. Nobody gets more than he can look after.

    :param candidates: who is there; they are not changed
    :param rule: ``round_robin`` or ``least_loaded``
    :param barred: per ticket the ids of those who shall not get it; empty: nobody
    :return: one id per ticket, None where nobody can take it
    """
    people = [replace(candidate) for candidate in candidates]
    turn = max((person.last_on or _NEVER for person in people), default=_NEVER)
    picked: list[int | None] = []
    for index in range(count):
        bar = barred[index] if barred else ()
        free = [one for one in people if not one.is_full and one.id not in bar]
        if not free:
            picked.append(None)
            continue
        chosen = min(free, key=lambda person: _rank(person, rule))
        turn += timedelta(microseconds=1)
        chosen.load += 1
        chosen.last_on = turn
        picked.append(chosen.id)
    return picked


def _rank(person, rule):
    waited = (person.last_on or _NEVER, person.id)
    if rule == LEAST_LOADED:
        return (person.load / person.capacity, *waited)
    return waited


def find_ping_pong(holders: list[int], limit: int) -> str:
    """Return how a ticket went to and fro: ``back``, ``many``, or nothing.

    :param holders: ids of the people who had it, one after the other
    :param limit: so many hand-offs are many

    >>> find_ping_pong([1, 2, 1], 4), find_ping_pong([1, 2, 3, 4, 5], 4)
    ('back', 'many')
    >>> find_ping_pong([1, 1, 2], 4)
    ''
    """
    changes = [ref for i, ref in enumerate(holders) if i == 0 or holders[i - 1] != ref]
    if any(one == other for one, other in zip(changes, changes[2:], strict=False)):
        return "back"
    return "many" if len(changes) - 1 >= limit else ""
