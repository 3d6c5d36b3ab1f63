"""What one ticket contributes to the figures: one fold over its events.

The state of a ticket (first request, first reply, last solution, counts) is folded by
Customer Care itself; :func:`observe` sees every event together with that state before and
after it, and keeps what the figures need beside it. :func:`measures` then says what the
ticket counts for now. Both are O(1) for one event, so that facts are kept while the
event is written, and the same two functions rebuild them from the events alone.

Definitions (calendar clock, whole seconds):

first response
    first public answer of a person − first message of the customer; where a bot spoke
    first, − its hand-over. The response *with bot* starts at the customer's first message
    in any case.
next response
    oldest message of the customer without an answer → next answer of a person; the first
    pair is the first response and is left out.
resolution
    last solution − creation; nothing while the ticket is reopened. Equal to the sum of
    the time spent as new, open, pending and on hold, and of the rest the ticket took as
    solved, closed or cancelled before it was reopened.
requester wait
    the part of it in which the customer waited for us: new + open + on hold.
reopened
    a reopening is *effective* once an agent has answered again after it.
void
    spam, merged into another ticket, or left out by hand: every figure is unknown.

>>> from datetime import datetime as d
>>> from types import SimpleNamespace as S
>>> def state(**values):
...     return S(**dict(dict(category="", first_request_on=None, first_reply_on=None,
...         waiting_since=None, first_solved_on=None, solved_on=None, reply_count=0,
...         reopen_count=0, handoff_count=0, transfer_count=0), **values))
>>> nine, ten = d(2026, 3, 2, 9), d(2026, 3, 2, 10)
>>> asked = state(category="new", first_request_on=nine, waiting_since=nine)
>>> solved = state(category="solved", first_request_on=nine, first_solved_on=ten,
...     solved_on=ten)
>>> row = {"kind": "created", "actor": "customer", "date": nine, "team_ref": 7}
>>> tally = Tally()
>>> observe(tally, row, look(state()), asked)
>>> observe(tally, dict(row, kind="stage_changed", date=ten), look(asked), solved)
>>> found = measures(tally, solved)
>>> found["resolution_seconds"], found["first_response_seconds"], found["is_unanswered"]
(3600, None, 1)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timezone
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

#: Stage categories whose time is told apart; every other category is rest.
TIMED_CATEGORIES = ("new", "open", "pending", "hold")
#: In these the customer waits for us; in ``pending`` we wait for the customer.
WAITING_CATEGORIES = ("new", "open", "hold")
DONE_CATEGORIES = ("solved", "closed")
#: Event kinds after which a ticket counts in no figure, and that end it.
VOID_KINDS = {"spam": True, "voided": True, "not_spam": False, "restored": False}
MERGE_KINDS = {"merged": True, "unmerged": False}
#: Known only while the ticket is solved.
SOLVED_MEASURES = (
    "resolution_seconds",
    "requester_wait_seconds",
    "new_seconds",
    "open_seconds",
    "pending_seconds",
    "hold_seconds",
    "rest_seconds",
    "is_reopened",
    "has_two_transfers",
    "is_back_and_forth",
)
#: So many changes of team make a ticket one that was passed around.
MANY_TRANSFERS = 2


@dataclass(slots=True)
class Tally:
    """What is kept of a ticket's events beside the ticket's own state.

    Instants are naive UTC, durations whole seconds. ``channel`` … ``solver_team`` are ids
    of records that may be deleted: they are kept in foreign keys, never in JSON.
    """

    created_on: datetime | None = None
    asked_on: datetime | None = None
    last_on: datetime | None = None
    category_since: datetime | None = None
    new_seconds: int = 0
    open_seconds: int = 0
    pending_seconds: int = 0
    hold_seconds: int = 0
    rest_seconds: int = 0
    next_response_seconds: int = 0
    next_response_count: int = 0
    is_reopen_unanswered: bool = False
    effective_reopen_count: int = 0
    is_left_out: bool = False
    is_merged: bool = False
    team_refs: list[int] = field(default_factory=list)
    is_back_and_forth: bool = False
    # credit
    channel: int | None = None
    first_team: int | None = None
    reply_user: int | None = None
    reply_team: int | None = None
    solver: int | None = None
    solver_team: int | None = None


class Before(NamedTuple):
    """What an event is compared with: of the ticket's state, only what it needs."""

    category: str
    first_reply_on: datetime | None
    reopen_count: int
    reply_count: int
    waiting_since: datetime | None


_read_before = attrgetter(*Before._fields)
#: Names of instants end so, here and in the state of a ticket.
_INSTANT_ENDS = ("_on", "_since")


def seconds(since: datetime, until: datetime) -> int:
    """Return the whole seconds between two instants.

    >>> seconds(datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 3))
    18000
    """
    return int((until - since).total_seconds())


def look(state: Any) -> Before:
    """Return what the next event has to be compared with."""
    return Before._make(_read_before(state))


def observe(tally: Tally, row: Mapping[str, Any], before: Before, after: Any) -> None:
    """Take one event into account.

    :param tally: changed in place
    :param row: columns of the event
    :param before: of :func:`look`, before the event
    :param after: state of the ticket after it
    """
    now = row["date"]
    tally.last_on = now
    if tally.created_on is None:
        tally.created_on = tally.category_since = now
        tally.channel = row.get("channel_id") or None
        tally.first_team = row.get("team_id") or None
    tally.asked_on = tally.asked_on or after.first_request_on
    if row["kind"] in VOID_KINDS:
        tally.is_left_out = VOID_KINDS[row["kind"]]
    if row["kind"] in MERGE_KINDS:
        tally.is_merged = MERGE_KINDS[row["kind"]]
    _observe_reply(tally, row, before, after)
    _observe_category(tally, row, before, after)
    _observe_team(tally, row)


def _observe_reply(
    tally: Tally, row: Mapping[str, Any], before: Before, after: Any
) -> None:
    if after.reply_count == before.reply_count:
        return
    if after.first_reply_on and not before.first_reply_on:
        tally.reply_user = row.get("actor_id") or None
        tally.reply_team = row.get("team_id") or None
    elif before.waiting_since:
        tally.next_response_seconds += seconds(before.waiting_since, row["date"])
        tally.next_response_count += 1
    if tally.is_reopen_unanswered:
        tally.is_reopen_unanswered = False
        tally.effective_reopen_count += 1


def _observe_category(
    tally: Tally, row: Mapping[str, Any], before: Before, after: Any
) -> None:
    if after.category == before.category:
        return
    if before.category in DONE_CATEGORIES and after.category in DONE_CATEGORIES:
        return
    if before.category:
        name = before.category if before.category in TIMED_CATEGORIES else "rest"
        spent = seconds(tally.category_since, row["date"])
        setattr(tally, f"{name}_seconds", getattr(tally, f"{name}_seconds") + spent)
    tally.category_since = row["date"]
    if after.reopen_count > before.reopen_count:
        tally.is_reopen_unanswered = True
    if after.solved_on is None:
        tally.solver = tally.solver_team = None
    else:
        by_agent = row["actor"] == "agent"
        tally.solver = row.get("actor_id" if by_agent else "user_id") or None
        tally.solver_team = row.get("team_id") or None


def _observe_team(tally: Tally, row: Mapping[str, Any]) -> None:
    team = row.get("team_ref")
    if not team or (tally.team_refs and tally.team_refs[-1] == team):
        return
    if team in tally.team_refs:
        tally.is_back_and_forth = True
        tally.team_refs.remove(team)
    tally.team_refs.append(team)


def is_void(tally: Tally) -> bool:
    """Return whether the ticket counts in no figure.

    >>> is_void(Tally(is_merged=True)), is_void(Tally())
    (True, False)
    """
    return tally.is_left_out or tally.is_merged


def measures(tally: Tally, state: Any) -> dict[str, Any]:
    """Return the measured columns of a ticket: durations, counts and flags.

    A duration is None until its second event; a flag is None where the ticket is not
    eligible, else 0 or 1, so that its mean is the exact rate; of a void ticket every
    value is None.

    :param tally: of :func:`observe`
    :param state: the ticket's state after the same events
    """
    found = {
        **_response_measures(tally, state),
        **_resolution_measures(tally, state),
        "reply_count": state.reply_count,
        "handoff_count": state.handoff_count,
        "transfer_count": state.transfer_count,
        "reopen_count": state.reopen_count,
        "effective_reopen_count": tally.effective_reopen_count,
    }
    return dict.fromkeys(found) if is_void(tally) else found


def _response_measures(tally: Tally, state: Any) -> dict[str, Any]:
    request, reply = state.first_request_on, state.first_reply_on
    pairs = tally.next_response_count
    solved = state.solved_on is not None
    is_mature = reply is not None or solved
    return {
        "first_response_seconds": seconds(request, reply) if reply else None,
        "bot_response_seconds": seconds(tally.asked_on, reply) if reply else None,
        "next_response_seconds": tally.next_response_seconds if pairs else None,
        "next_response_count": pairs or None,
        "is_answered": int(reply is not None) if request and is_mature else None,
        "is_unanswered": int(reply is None) if request and solved else None,
    }


def _resolution_measures(tally: Tally, state: Any) -> dict[str, Any]:
    first = state.first_solved_on
    found = dict.fromkeys(SOLVED_MEASURES)
    if state.solved_on is not None:
        for name in (*TIMED_CATEGORIES, "rest"):
            found[f"{name}_seconds"] = getattr(tally, f"{name}_seconds")
        found["requester_wait_seconds"] = sum(
            found[f"{name}_seconds"] for name in WAITING_CATEGORIES
        )
        found["resolution_seconds"] = seconds(tally.created_on, state.solved_on)
        found["is_reopened"] = int(tally.effective_reopen_count > 0)
        found["has_two_transfers"] = int(state.transfer_count >= MANY_TRANSFERS)
        found["is_back_and_forth"] = int(tally.is_back_and_forth)
    found["first_resolution_seconds"] = (
        seconds(tally.created_on, first) if first else None
    )
    return found


def day(moment: datetime | None, zone: str) -> date | None:
    """Return the calendar day of an instant in a company's time zone.

    :param moment: naive UTC, or None
    :param zone: IANA name

    >>> day(datetime(2026, 3, 2, 17, 30), "Asia/Ho_Chi_Minh")
    datetime.date(2026, 3, 3)
    >>> day(None, "UTC") is None
    True
    """
    if moment is None:
        return None
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).date()


@cache
def _packed_names(kind: type, skip: frozenset[str]) -> tuple[str, ...]:
    return tuple(spec.name for spec in fields(kind) if spec.name not in skip)


def pack(record: Any, skip: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what differs from the defaults of a dataclass, fit for JSON.

    :param record: dataclass whose instants have names that end in ``_on`` or ``_since``
    :param skip: attributes that are kept elsewhere

    >>> tally = Tally(created_on=datetime(2026, 3, 2, 9), solver=3, open_seconds=60)
    >>> pack(tally, frozenset({"solver"}))
    {'created_on': '2026-03-02T09:00:00', 'open_seconds': 60}
    """
    packed = {}
    for name in _packed_names(type(record), skip):
        value = getattr(record, name)
        if value:
            packed[name] = value.isoformat() if isinstance(value, datetime) else value
    return packed


def unpack(kind: type, packed: Mapping[str, Any]) -> Any:
    """Return the dataclass that :func:`pack` took apart.

    >>> unpack(Tally, {"created_on": "2026-03-02T09:00:00", "asked_on": None}).created_on
    datetime.datetime(2026, 3, 2, 9, 0)
    """
    values = {
        name: (
            datetime.fromisoformat(value)
            if value and name.endswith(_INSTANT_ENDS)
            else value
        )
        for name, value in packed.items()
    }
    return kind(**values)
