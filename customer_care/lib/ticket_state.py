"""What a ticket's events say about it: one fold, used live and to rebuild.

The event log is the only source of time. :func:`apply` takes one event into account in
O(1); :func:`replay` folds a whole history. Stored columns are always the result of this
fold, so a rebuild gives the same values bit by bit.

>>> from datetime import datetime as d
>>> def at(h, m=0): return d(2026, 3, 2, h, m)
>>> state = replay([
...     Event("created", at(9), "customer", "new"),
...     Event("automatic_message", at(9), "system", "new", True, True),
...     Event("note", at(9, 20), "agent", "new"),
...     Event("agent_message", at(10, 30), "agent", "pending", True),
... ])
>>> (state.first_reply_on - state.first_request_on).seconds // 60, state.reply_count
(90, 1)

A customer's message that was read as mere thanks is an event ``thanked``, never
``customer_message``: nobody waits for an answer to it, no clock starts, and the stage
stays. ``not_thanks`` says that a person read it otherwise: the wait runs from the message
on. ``only_thanks`` says that a message which reopened the ticket was thanks after all:
nobody waits any more. Both are followed by the ``stage_changed`` that they cause.

>>> apply(state, Event("stage_changed", at(11), "agent", "solved"))
>>> apply(state, Event("thanked", at(12), "customer", "solved", True))
>>> state.waiting_since, state.last_customer_on.hour, state.thanked_on.hour
(None, 12, 12)
>>> apply(state, Event("not_thanks", at(13), "agent", "solved"))
>>> apply(state, Event("stage_changed", at(13), "agent", "open"))
>>> state.waiting_since.hour, state.thanked_on, state.reopen_count
(12, None, 1)
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

#: Stage categories in which somebody still has work with the ticket.
OPEN_CATEGORIES = ("new", "open", "pending", "hold")
#: Stage categories that count as an answer to the request.
DONE_CATEGORIES = ("solved", "closed")
#: Stage categories in which the next word is the customer's.
QUIET_CATEGORIES = ("pending", "solved")


@dataclass(slots=True)
class Event:
    """The columns of one event that decide anything.

    ``user`` and ``team`` are the ids in force *after* the event, 0 for none.
    """

    kind: str
    date: datetime
    actor: str
    category: str = "new"
    is_public: bool = False
    is_automatic: bool = False
    user: int = 0
    team: int = 0


@dataclass(slots=True)
class State:
    """Everything derived from the events of one ticket.

    Instants are naive UTC; counts are whole numbers; ``category`` is the last stage
    category seen; ``last_user_ref`` and ``last_team_ref`` are the last ones that were not empty.
    ``silent_since``: how long nobody has said anything while the next word is the
    customer's; ``reminded_on``: when he was reminded since; ``thanked_on``: his last
    message that was read as mere thanks, until somebody says otherwise or work goes on.
    """

    category: str = ""
    first_request_on: datetime | None = None
    first_reply_on: datetime | None = None
    waiting_since: datetime | None = None
    last_customer_on: datetime | None = None
    first_solved_on: datetime | None = None
    solved_on: datetime | None = None
    reply_count: int = 0
    reopen_count: int = 0
    handoff_count: int = 0
    transfer_count: int = 0
    last_user_ref: int = 0
    last_team_ref: int = 0
    silent_since: datetime | None = None
    reminded_on: datetime | None = None
    thanked_on: datetime | None = None


STATE_FIELDS = tuple(field.name for field in fields(State))


def is_customer_request(event: Event) -> bool:
    """Whether the event is the customer asking something, by opening or by writing."""
    if event.is_automatic or event.actor != "customer":
        return False
    return event.kind == "created" or (
        event.kind == "customer_message" and event.is_public
    )


def is_agent_reply(event: Event) -> bool:
    """Whether the event is a public answer typed by a person."""
    return event.kind == "agent_message" and event.is_public and not event.is_automatic


def apply(state: State, event: Event) -> None:
    """Take ``event`` into account in ``state``.

    First request: the first customer message, or the hand-over where a bot answered
    first. First reply: the first public, human, non-automatic agent message after it.
    Waiting since: the oldest customer message without an answer; a solved ticket waits
    for nobody. Hand-off (transfer): a change of person (team) after the first.

    :param state: changed in place
    :param event: the next event in the order (date, id)
    """
    if is_customer_request(event):
        state.last_customer_on = event.date
        state.first_request_on = state.first_request_on or event.date
        state.waiting_since = state.waiting_since or event.date
    elif event.kind == "bot_handover" and not state.first_reply_on:
        state.first_request_on = event.date
        state.waiting_since = event.date
    elif is_agent_reply(event):
        state.reply_count += 1
        state.waiting_since = None
        if state.first_request_on and not state.first_reply_on:
            state.first_reply_on = event.date
    _apply_thanks(state, event)
    _apply_category(state, event)
    _apply_silence(state, event)
    _apply_holder(state, event)


def _apply_thanks(state: State, event: Event) -> None:
    if event.kind == "thanked":
        state.last_customer_on = state.thanked_on = event.date
    elif event.kind == "not_thanks" and state.thanked_on:
        state.waiting_since = state.waiting_since or state.thanked_on
        state.thanked_on = None
    elif event.kind == "only_thanks":
        state.waiting_since = None
        state.thanked_on = event.date


def _apply_silence(state: State, event: Event) -> None:
    """Count the customer's silence; whoever writes, or a new stage, begins it anew."""
    if state.category not in QUIET_CATEGORIES:
        state.silent_since = state.reminded_on = None
        if state.category in OPEN_CATEGORIES and event.kind == "stage_changed":
            state.thanked_on = None
    elif event.kind == "reminded":
        state.reminded_on = event.date
    elif (
        state.silent_since is None
        or event.kind in ("created", "stage_changed", "thanked")
        or is_agent_reply(event)
        or is_customer_request(event)
    ):
        state.silent_since = event.date
        state.reminded_on = None


def _apply_category(state: State, event: Event) -> None:
    before, after = state.category, event.category
    if after == before:
        return
    state.category = after
    if after in DONE_CATEGORIES and before not in DONE_CATEGORIES:
        state.first_solved_on = state.first_solved_on or event.date
        state.solved_on = event.date
        state.waiting_since = None
    elif before in DONE_CATEGORIES and after in OPEN_CATEGORIES:
        state.reopen_count += 1
        state.solved_on = None
    elif after == "cancelled":
        state.solved_on = None
        state.waiting_since = None


def _apply_holder(state: State, event: Event) -> None:
    if event.user and event.user != state.last_user_ref:
        state.handoff_count += bool(state.last_user_ref)
        state.last_user_ref = event.user
    if event.team and event.team != state.last_team_ref:
        state.transfer_count += bool(state.last_team_ref)
        state.last_team_ref = event.team


def replay(events: Iterable[Event]) -> State:
    """Fold ``events``, given in the order (date, id), into a fresh state."""
    state = State()
    for event in events:
        apply(state, event)
    return state
