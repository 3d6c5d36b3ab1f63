"""500 random histories, on which three ways of counting agree.

Live: the clocks turn with every event. Replay: they are made from the events alone. And a
third opinion, which shares no code with them: it walks through the minutes one by one and
knows the hours from a rule of thumb.
"""

import random
from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import PromiseCommon, local

#: All happens in these weeks, which have no holiday; times are whole minutes.
FIRST = datetime(2026, 3, 2, 6)
HISTORIES, EVENTS = 500, 8
#: Metric → minutes promised, by priority; None: all others.
NUMBERS = {
    "first_reply": {"urgent": 60, None: 240},
    "next_reply": {None: 120},
    "update": {None: 480},
    "resolution": {"urgent": 240, None: 960},
}
PAUSES = {
    "first_reply": (),
    "next_reply": (),
    "update": ("pending",),
    "resolution": ("pending", "hold"),
}
OPEN = ("new", "open", "pending", "hold")


def is_worked(minute, with_saturday):
    """Whether a minute of Ho Chi Minh City is a working one."""
    if minute.weekday() == 6 or (minute.weekday() == 5 and not with_saturday):
        return False
    return 8 <= minute.hour < 12 or 13 <= minute.hour < 17


class Opinion:
    """The clocks of one ticket, minute by minute."""

    def __init__(self):
        self.clocks = []
        self.running = {}
        self.facts = {"category": None, "priority": "normal", "saturday": False}
        self.waiting = self.replied = False

    def start(self, metric, at):
        if metric in self.running:
            return
        clock = {"metric": metric, "start": at, "used": 0, "state": "running"}
        clock["round"] = 1 + sum(c["metric"] == metric for c in self.clocks)
        self.clocks.append(clock)
        self.running[metric] = clock

    def end(self, metric, state):
        clock = self.running.pop(metric, None)
        if clock and clock["state"] == "running":
            late = state == "met" and clock["used"] > self.promise(metric)
            clock["state"] = "breached" if late else state

    def promise(self, metric):
        numbers = NUMBERS[metric]
        return numbers.get(self.facts["priority"], numbers[None])

    def walk(self, start, end):
        """Let the minutes from ``start`` to ``end`` pass."""
        minute = start
        while minute < end:
            worked = is_worked(minute, self.facts["saturday"])
            for metric, clock in self.running.items():
                if self.facts["category"] in PAUSES[metric]:
                    continue
                if clock["used"] >= self.promise(metric):
                    # it ended before lunch, and lunch is later
                    clock["state"] = "breached"
                clock["used"] += worked
            minute += timedelta(minutes=1)

    def happen(self, what, value, at):
        """Take up one event of the history."""
        if what in ("priority", "saturday"):
            # a promise made shorter than what is used up is broken from here on
            self.facts[what] = value
        else:
            getattr(self, what)(value, at)

    def created(self, _value, at):
        self.facts["category"], self.waiting = "new", True
        for metric in ("first_reply", "update", "resolution"):
            self.start(metric, at)

    def customer(self, _value, at):
        if not self.waiting:
            self.waiting = True
            self.start("next_reply" if self.replied else "first_reply", at)
        if self.facts["category"] in ("pending", "solved"):
            self.stage("open", at)

    def agent(self, _value, at):
        if self.waiting:
            self.end("next_reply" if self.replied else "first_reply", "met")
            self.waiting = False
        self.replied = True  # also where it comes after all was settled
        if self.facts["category"] in OPEN:
            self.end("update", "met")
            self.start("update", at)
        if self.facts["category"] == "new":
            self.stage("open", at)

    def stage(self, value, at):
        before, self.facts["category"] = self.facts["category"], value
        if value == "solved":
            self.end("resolution", "met")
            self.end("update", "met")
            if before != "solved":
                self.end("next_reply" if self.replied else "first_reply", "void")
                self.waiting = False
        elif before == "solved":
            self.start("resolution", at)
            self.start("update", at)


@tagged("post_install", "-at_install")
class TestHistories(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._promise(
            *(
                {
                    "metric": metric,
                    "priority": priority,
                    "hours": minutes / 60,
                    "is_paused_pending": "pending" in PAUSES[metric],
                    "is_paused_hold": "hold" in PAUSES[metric],
                }
                for metric, numbers in NUMBERS.items()
                for priority, minutes in numbers.items()
            )
        )
        cls.saturdays = cls._create_calendar("Cả thứ bảy", range(6))
        cls.late_team = cls.env["care.team"].create(
            {
                "name": "Thứ bảy",
                "member_ids": [(6, 0, cls.user_team.ids)],
                "resource_calendar_id": cls.saturdays.id,
            }
        )
        cls.stages = {
            "open": cls.stage_open,
            "pending": cls.stage_pending,
            "hold": cls.env.ref("customer_care.stage_hold"),
            "solved": cls.stage_solved,
        }
        # no letters to customers: only the clocks are looked at
        cls.env["care.ticket.stage"].search([]).template_id = False

    def _draw(self, pick):
        """Return the events of one history: (minute, what, value)."""
        at, events = FIRST + timedelta(minutes=pick.randint(0, 3000)), []
        events.append((at, "created", None))
        for _index in range(pick.randint(1, EVENTS)):
            at += timedelta(minutes=pick.choice((0, 1, 7, 45, 60, 240, 700, 1500)))
            what = pick.choice(
                ("customer", "agent", "agent", "stage", "stage", "priority", "saturday")
            )
            value = {
                "stage": pick.choice(tuple(self.stages)),
                "priority": pick.choice(("normal", "urgent")),
                "saturday": pick.choice((True, False)),
            }.get(what)
            events.append((at, what, value))
        return events

    def _play(self, events):
        """Let one history happen, through the same records as in life."""
        ticket = self.env["care.ticket"]
        for at, what, value in events:
            with self._at(str(at - timedelta(hours=7))):
                if what == "created":
                    ticket = (
                        ticket.with_context(care_actor="customer")
                        .create(
                            {
                                "name": "Lịch sử",
                                "partner_id": self.customer.id,
                                "team_id": self.team.id,
                            }
                        )
                        .with_context(care_actor=None)
                    )
                elif what in ("customer", "agent"):
                    kind = f"{what}_message"
                    actor = {"actor": what, "is_public": True}
                    ticket._record_events([ticket._prepare_event_values(kind, **actor)])
                    ticket._react_to_message(kind)
                elif what == "stage":
                    ticket.stage_id = self.stages[value]
                elif what == "priority":
                    ticket.priority = value
                elif what == "saturday":
                    ticket.team_id = self.late_team if value else self.team
        return ticket

    def _think(self, events, end):
        opinion = Opinion()
        last = events[0][0]
        for at, what, value in events:
            opinion.walk(last, at)
            opinion.happen(what, value, at)
            last = at
        opinion.walk(last, end)
        return opinion

    def test_live_replay_and_minutes_agree(self):
        pick = random.Random(19)
        end = FIRST + timedelta(days=20)
        tickets, thoughts = self.env["care.ticket"], {}
        for _index in range(HISTORIES):
            events = self._draw(pick)
            ticket = self._play(events)
            tickets |= ticket
            thoughts[ticket.id] = self._think(events, end)
        self._assert_same(tickets, end - timedelta(hours=7))
        replayed = tickets._replay_clocks(end - timedelta(hours=7))
        hours = self.env["care.calendar.version"]
        compared = 0
        for ticket_id, opinion in thoughts.items():
            found = {(c.metric, c.round): c for c in replayed[ticket_id]}
            self.assertEqual(
                set(found), {(c["metric"], c["round"]) for c in opinion.clocks}
            )
            for clock in opinion.clocks:
                mine = found[clock["metric"], clock["round"]]
                used = mine.consumed
                if mine.since:
                    version = hours._get_hours([mine.terms.version])[mine.terms.version]
                    used += version.seconds(mine.since, end - timedelta(hours=7))
                state = "running" if mine.state == "paused" else mine.state
                self.assertEqual(
                    (clock["metric"], state, used),
                    (clock["metric"], clock["state"], clock["used"] * 60),
                    f"{clock} {mine}",
                )
                compared += 1
        self.assertGreater(compared, 1500)
        # all that can become of a promise did become of some
        states = {clock.state for group in replayed.values() for clock in group}
        self.assertEqual(states, {"paused", "met", "breached", "void"})

    def test_rebuild_gives_the_same_rows(self):
        pick = random.Random(7)
        tickets = self.env["care.ticket"]
        for _index in range(20):
            tickets |= self._play(self._draw(pick))
        self.env.flush_all()
        names = [
            name
            for name, field in self.env["care.sla.clock"]._fields.items()
            if field.store
        ]
        with self._at(str(FIRST + timedelta(days=20))):
            self.env["care.sla.clock"]._work_due(FIRST + timedelta(days=20))
            before = tickets.clock_ids.sorted("id").read(names)
            due = tickets.read(["sla_deadline", "sla_metric", "terms_ref"])
            ids = [row["id"] for row in before]
            self.env.cr.execute(
                "UPDATE care_sla_clock SET consumed_seconds = 1, state = 'void',"
                " deadline = NULL, started_on = now() WHERE id IN %s",
                [tuple(ids)],
            )
            self.env.invalidate_all()
            self.assertTrue(tickets._find_clock_differences())
            tickets._rebuild_clocks()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(tickets.clock_ids.sorted("id").read(names), before)
            self.assertEqual(
                tickets.read(["sla_deadline", "sla_metric", "terms_ref"]), due
            )

    def test_order_of_insertion_does_not_matter(self):
        """Two events of a second count in the order of their ids."""
        ticket = self._play(
            [
                (FIRST.replace(hour=9), "created", None),
                (FIRST.replace(hour=9), "agent", None),
            ]
        )
        self._assert_same(ticket)
        self.assertEqual(
            self._clock(ticket, "first_reply").started_on, local("2026-03-02 09:00")
        )
