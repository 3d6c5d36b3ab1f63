"""The clocks of a ticket's promises, as one fold over its events.

A promise is a number of seconds, counted in the hours of a calendar, in which something
happens: the first reply, the next reply, an update, the solution. :class:`ClockBook` takes
the events of one ticket in order, each with the :class:`Terms` in force after it, and keeps
a :class:`Clock` per promise. It is used live, one event at a time, and to rebuild: both give
the same, to the second.

What was decided stays decided: a clock that met or broke its promise never changes that
again, whatever happens to stages, priorities, policies and calendars. A clock that runs keeps
what it has consumed when its terms change, and goes on under the new ones from that moment.

>>> from datetime import timedelta
>>> at = datetime(2026, 3, 2, 9)
>>> terms = {"first_reply": Terms(seconds=3600)}
>>> book = ClockBook({0: AlwaysOpen()})
>>> state = State()
>>> book.turn(state, Event("created", at, "customer", "new"), terms)
>>> book.clocks[0].deadline
datetime.datetime(2026, 3, 2, 10, 0)
>>> reply = Event("agent_message", at + timedelta(minutes=59), "agent", "new", True)
>>> book.turn(state, reply, terms)
>>> book.clocks[0].state
'met'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from .business_time import AlwaysOpen, BusinessTime, HorizonError
from .ticket_state import (
    DONE_CATEGORIES,
    OPEN_CATEGORIES,
    Event,
    State,
    apply,
    is_agent_reply,
)

FIRST_REPLY, NEXT_REPLY = "first_reply", "next_reply"
UPDATE, RESOLUTION = "update", "resolution"
METRICS = (FIRST_REPLY, NEXT_REPLY, UPDATE, RESOLUTION)
REPLY_METRICS = (FIRST_REPLY, NEXT_REPLY)
#: Events after which a ticket that counted in no figure counts again.
BACK_KINDS = frozenset({"not_spam", "restored", "unmerged"})

Hours = BusinessTime | AlwaysOpen


class Terms(NamedTuple):
    """What was promised for one metric.

    ``seconds`` is the promise; ``version`` the version of the calendar they are counted
    in, 0 for round the clock; ``pauses`` the stage categories in which the clock stands
    still; ``warn`` the share of the promise, in percent, after which it is warned.
    """

    seconds: int
    version: int = 0
    pauses: tuple[str, ...] = ()
    warn: int = 80
    policy: int = 0


@dataclass(slots=True)
class Clock:
    """One measurement of one promise.

    ``round`` counts the clocks of a metric from 1. ``consumed`` seconds were used up to
    ``since``, from where it runs on; ``since`` is None while it is paused and once it
    has stopped. ``state`` is running, paused, met, breached, or void: it ended before
    anything was decided. A breached clock runs on until ``stopped_on``.
    """

    metric: str
    round: int
    started_on: datetime
    terms: Terms
    since: datetime | None
    state: str = "running"
    consumed: int = 0
    paused_on: datetime | None = None
    paused_seconds: int = 0
    deadline: datetime | None = None
    warn_on: datetime | None = None
    breached_on: datetime | None = None
    stopped_on: datetime | None = None
    id: int = 0
    is_changed: bool = field(default=True, compare=False)

    @property
    def is_live(self) -> bool:
        """Whether something can still happen to it."""
        return self.stopped_on is None


class ClockBook:
    """The clocks of one ticket.

    :param hours: version of a calendar → its hours; 0 is round the clock
    :param clocks: the last clock of each metric, or all of them
    """

    def __init__(self, hours: Mapping[int, Hours], clocks: Iterable[Clock] = ()):
        self.hours = hours
        self.clocks = list(clocks)
        self._last = {clock.metric: clock for clock in self.clocks}

    # ------------------------------------------------------------------ events

    def turn(self, state: State, event: Event, terms: Mapping[str, Terms]) -> None:
        """Take one event into account, in ``state`` and in the clocks.

        :param state: what the events before it say; :func:`ticket_state.apply` is done
        :param event: the next event in the order (date, id)
        :param terms: metric → terms in force after the event; none for a ticket that
            counts in no figure
        """
        category, waiting = state.category, state.waiting_since
        replied = state.first_reply_on
        apply(state, event)
        now = event.date
        self.advance(now)
        self._turn_replies(waiting, replied, state, event, terms)
        self._turn_update(event, terms)
        self._turn_resolution(category, event, terms)
        self._apply_terms(now, event.category, terms)

    def advance(self, now: datetime) -> None:
        """Let time pass up to ``now``: clocks whose deadline lies before it break.

        What happens exactly at the deadline is still in time.
        """
        for clock in self._live():
            if clock.state == "running" and clock.deadline and clock.deadline < now:
                clock.state = "breached"
                clock.breached_on = clock.deadline
                clock.is_changed = True

    def _turn_replies(self, waiting, replied, state, event, terms):
        """Reply clocks run exactly while the customer waits for an answer."""
        is_handover = event.kind == "bot_handover" and not replied
        is_back = event.kind in BACK_KINDS
        if state.waiting_since == waiting and not (is_handover or is_back):
            return
        if waiting is not None and not is_back:
            if is_agent_reply(event):
                self._stop(REPLY_METRICS, event.date)
            else:  # solved or given up without an answer, or passed on by a bot
                self._drop(REPLY_METRICS, event.date)
        if state.waiting_since is not None:
            metric = NEXT_REPLY if replied else FIRST_REPLY
            start = event.date if is_back else state.waiting_since
            self._start(metric, start, event.category, terms)

    def _turn_update(self, event, terms):
        """The customer hears from us at least so often while we work on his request."""
        if event.category not in OPEN_CATEGORIES:
            done = event.category in DONE_CATEGORIES
            (self._stop if done else self._drop)((UPDATE,), event.date)
            return
        if is_agent_reply(event):
            self._stop((UPDATE,), event.date)
        last = self._last.get(UPDATE)
        if last is None or not last.is_live:
            self._start(UPDATE, event.date, event.category, terms)

    def _turn_resolution(self, before, event, terms):
        after = event.category
        if after in OPEN_CATEGORIES:
            if before not in OPEN_CATEGORIES or event.kind in BACK_KINDS:
                self._start(RESOLUTION, event.date, after, terms)
        elif after in DONE_CATEGORIES:
            self._stop((RESOLUTION,), event.date)
        else:
            self._drop(METRICS, event.date)

    # ------------------------------------------------------------------ clocks

    def _live(self):
        return [clock for clock in self._last.values() if clock.is_live]

    def _start(self, metric, now, category, terms):
        last = self._last.get(metric)
        if metric not in terms or (last is not None and last.is_live):
            return
        paused = category in terms[metric].pauses
        clock = Clock(
            metric=metric,
            round=last.round + 1 if last else 1,
            started_on=now,
            terms=terms[metric],
            since=None if paused else now,
            paused_on=now if paused else None,
            state="paused" if paused else "running",
        )
        self.clocks.append(clock)
        self._last[metric] = clock
        self._plan(clock)

    def _stop(self, metrics, now):
        """What was promised has happened at ``now``."""
        for clock in self._live():
            if clock.metric in metrics:
                self._end(clock, now, "met")

    def _drop(self, metrics, now):
        """Nothing is decided any more; what is broken stays broken."""
        for clock in self._live():
            if clock.metric in metrics:
                self._end(clock, now, "void")

    def _end(self, clock, now, state):
        self._settle(clock, now)
        if clock.state != "breached":
            # a promise made shorter while the clock stood still
            late = state == "met" and clock.consumed > clock.terms.seconds
            clock.state = "breached" if late else state
            clock.breached_on = now if late else None
        clock.stopped_on = now
        clock.since = clock.paused_on = None
        clock.warn_on = None
        if clock.state == "void":
            clock.deadline = None

    def _settle(self, clock, now):
        """Add what was used, or stood still, up to ``now``."""
        clock.is_changed = True
        if clock.since is not None:
            hours = self.hours[clock.terms.version]
            clock.consumed += max(_seconds(hours, clock.since, now), 0)
            clock.since = now
        elif clock.paused_on is not None:
            clock.paused_seconds += int((now - clock.paused_on).total_seconds())
            clock.paused_on = now

    def _apply_terms(self, now, category, terms):
        """Pause, resume, and go on under terms that changed."""
        for clock in self._live():
            wanted = terms.get(clock.metric)
            if wanted is None:
                self._end(clock, now, "void")
                continue
            paused = category in wanted.pauses
            if wanted == clock.terms and paused == (clock.since is None):
                continue
            self._settle(clock, now)
            clock.terms = wanted
            clock.since, clock.paused_on = (None, now) if paused else (now, None)
            if clock.state != "breached":
                clock.state = "paused" if paused else "running"
                self._plan(clock)

    def _plan(self, clock):
        """Set deadline and warning of a clock from where it stands."""
        clock.deadline = clock.warn_on = None
        if clock.since is None:
            return
        terms, hours = clock.terms, self.hours[clock.terms.version]
        warn = terms.seconds * terms.warn // 100
        try:
            clock.deadline = hours.deadline(clock.since, terms.seconds - clock.consumed)
            clock.warn_on = hours.deadline(clock.since, warn - clock.consumed)
        except HorizonError:
            # hours that never come: nothing to break, and the ticket says so
            clock.deadline = clock.warn_on = None


def _seconds(hours, start, end):
    """Seconds worked between two instants; 0 where no hours are laid out."""
    try:
        return hours.seconds(start, end)
    except HorizonError:
        return 0


def replay(
    events: Iterable[tuple[Event, Mapping[str, Terms]]],
    hours: Mapping[int, Hours],
    now: datetime,
) -> ClockBook:
    """Fold a whole history into the clocks as they stand at ``now``.

    :param events: pairs of an event and the terms in force after it, in order
    """
    book, state = ClockBook(hours), State()
    for event, terms in events:
        book.turn(state, event, terms)
    book.advance(now)
    return book
