"""Rows: business time, the job of the clocks, events with clocks, tickets with promises."""

import time
from datetime import datetime, timedelta

import pytz
from rows_ticket import BATCH, _rate, _values

from odoo.tools import SQL

#: Intervals counted; the comparator counts some of them, one call each.
SIZES = (100_000, 1_000_000)
COMPARED = 400
#: Open clocks among which the due ones are found.
OPEN, DUE = (10_000, 1_000_000), 1_000
TICKETS, CHANGES = 300, 200


def run(env, sizes, rounds):
    """Measure and return rows.

    :param env: environment of a user
    :param sizes: numbers of intervals, N and 10 N
    :param int rounds: measured rounds; one more warms up
    """
    env = env(su=True)
    calendar = env.company.resource_calendar_id
    team = env["care.team"].create(
        {"name": "Benchmark", "resource_calendar_id": calendar.id}
    )
    version = env["care.calendar.version"]._get_current_ids(
        [(calendar.id, env.company.id)]
    )[calendar.id, env.company.id]
    env.cr.commit()
    rows = [_count(env, calendar, version, size, rounds) for size in sizes]
    rows += _change(env, team, rounds)
    rows += _create(env, team, rounds)
    rows.append(_work(env, team, version, rounds))
    return rows


def _count(env, calendar, version, size, rounds):
    """Business seconds of many intervals: two joins, beside a call per interval."""
    env.cr.execute("DROP TABLE IF EXISTS care_bench_span")
    env.cr.execute(
        "CREATE UNLOGGED TABLE care_bench_span AS SELECT n AS id, moment,"
        " moment + random() * interval '20 days' AS until FROM (SELECT n,"
        " date_trunc('second', now()::timestamp - random() * interval '500 days')"
        " AS moment FROM generate_series(1, %s) n) spans",
        [size],
    )
    env.cr.execute("UPDATE care_bench_span SET until = date_trunc('second', until)")
    env.cr.execute("ANALYZE care_bench_span")
    days = env["care.calendar.day"]
    query = SQL(
        "SELECT sum(%(until)s - (%(moment)s)) FROM care_bench_span span"
        " JOIN care_calendar_day a ON a.version_id = %(version)s"
        " AND a.day = span.moment::date"
        " JOIN care_calendar_day b ON b.version_id = %(version)s"
        " AND b.day = span.until::date",
        version=version,
        moment=days._position_sql("a", SQL("span.moment")),
        until=days._position_sql("b", SQL("span.until")),
    )
    env.cr.execute(
        "SELECT moment, until FROM care_bench_span ORDER BY id LIMIT %s", [COMPARED]
    )
    some = env.cr.fetchall()
    domain = calendar._care_get_leave_domain(env.company)
    rates = {"joins": [], "get_work_hours_count": []}
    for turn in range(rounds + 1):
        start = time.perf_counter()
        env.cr.execute(query)
        mine = size / (time.perf_counter() - start)
        start = time.perf_counter()
        counted = [
            calendar.get_work_hours_count(
                pytz.utc.localize(moment), pytz.utc.localize(until), domain=domain
            )
            for moment, until in some
        ]
        other = COMPARED / (time.perf_counter() - start)
        if turn:
            rates["joins"].append(mine)
            rates["get_work_hours_count"].append(other)
    hours = env["care.calendar.version"]._get_hours([version])[version]
    worst = max(
        abs(hours.seconds(moment, until) - 3600 * found)
        for (moment, until), found in zip(some, counted, strict=True)
    )
    if worst > 1:
        raise AssertionError(f"counted differently, by {worst} seconds")
    return {
        "name": "business seconds of intervals",
        "size": size,
        "unit": "intervals/s",
        "rates": rates,
        "subject": "joins",
        "bars": {"get_work_hours_count": 200},
    }


def _policy(env, team, active=True):
    return env["care.sla.policy"].create(
        {
            "name": "Benchmark",
            "company_id": env.company.id,
            "team_ids": [(4, team.id)],
            "active": active,
            "target_ids": [
                (0, 0, {"metric": metric, "hours": hours})
                for metric, hours in (
                    ("first_reply", 4),
                    ("next_reply", 8),
                    ("resolution", 24),
                )
            ],
        }
    )


def _change(env, team, rounds):
    """A stage change: with events and clocks, with events alone, and with neither.

    The last is the same record without its history: what is on top is what the history
    costs. All three are changed with tracking off, which would hide it.
    """
    plain = env["care.team"].create({"name": "Plain"})
    policy = _policy(env, team)
    env.cr.commit()
    stages = env["care.ticket.stage"].search([("template_id", "=", False)])
    there = stages.filtered(lambda stage: stage.category == "open")[:1]
    back = stages.filtered(lambda stage: stage.category == "hold")[:1]
    opener = env["care.ticket"].with_context(care_actor="customer")
    names = ("with_promises", "events", "without_history")
    rates = {name: [] for name in names}
    for turn in range(rounds + 1):
        for name in names:
            owner = team if name == "with_promises" else plain
            records = opener.create(
                [
                    {"name": f"Đổi {index}", "team_id": owner.id}
                    for index in range(CHANGES)
                ]
            ).with_context(care_actor=None, tracking_disable=True)
            env.cr.commit()
            model = type(env["care.ticket"])
            snapshot = model._snapshot_before_write
            if name == "without_history":
                model._snapshot_before_write = lambda self, vals: {}
            try:
                start = time.perf_counter()
                for record in records:
                    record.stage_id = there if turn % 2 else back
                    env.cr.commit()
                rate = CHANGES / (time.perf_counter() - start)
            finally:
                model._snapshot_before_write = snapshot
            if turn:
                rates[name].append(rate)
    policy.active = False
    env.cr.commit()
    return [
        {
            "name": "a stage change and its commit",
            "size": CHANGES,
            "unit": "changes/s",
            "rates": rates,
            "subject": subject,
            "bars": {"without_history": 0.3},
        }
        for subject in ("events", "with_promises")
    ]


def _create(env, team, rounds):
    """Tickets of a customer with three promises, two of which start at once."""
    policy = _policy(env, team)
    category = env["care.ticket.category"].create({"name": "Benchmark"})
    partners = (
        env["res.partner"].create([{"name": f"Khách {i}"} for i in range(200)]).ids
    )
    env.cr.commit()
    subjects = {
        "ticket": env["care.ticket"].with_context(care_actor="customer"),
        "thread": env["care.bench.ticket"],
        "thread_nolog": env["care.bench.ticket"].with_context(mail_create_nolog=True),
    }
    rows = []
    for batch in (1, BATCH):
        rates = {name: [] for name in subjects}
        for turn in range(rounds + 1):
            for name, model in subjects.items():
                values = [
                    _values(env, index, partners, team, category)
                    for index in range(TICKETS)
                ]
                rate = _rate(env, model, values, batch)
                if turn:
                    rates[name].append(rate)
        how = "one by one" if batch == 1 else "in 100s"
        rows.append(
            {
                "name": f"ticket creation with promises, {how}",
                "size": TICKETS,
                "unit": "records/s",
                "rates": rates,
                "subject": "ticket",
                "bars": {"thread": 1.5, "thread_nolog": 0.6},
            }
        )
    policy.active = False
    env.cr.commit()
    return rows


def _work(env, team, version, rounds):
    """The job: 1,000 clocks are due, among few open ones and among a million."""
    ticket = env["care.ticket"].create({"name": "Benchmark", "team_id": team.id})
    names = dict(zip(("few_open", "many_open"), OPEN, strict=True))
    rates = {name: [] for name in names}
    for name, size in names.items():
        env.cr.execute("DELETE FROM care_sla_clock WHERE ticket_id = %s", [ticket.id])
        env.cr.execute(
            "INSERT INTO care_sla_clock (ticket_id, metric, round, state, version_ref,"
            " target_seconds, warn_percent, started_on, since, consumed_seconds,"
            " deadline, warn_on, step, due_on)"
            " SELECT %s, 'update', n, 'running', %s, 3600, 80, now(), now(), 0,"
            " now() + n * interval '1 second', now() + n * interval '1 second', 'none',"
            " now() + interval '1 day' + n * interval '1 second'"
            " FROM generate_series(1, %s) n",
            [ticket.id, version, size],
        )
        env.cr.commit()
        env.cr.execute("ANALYZE care_sla_clock")
        for turn in range(rounds + 1):
            env.cr.execute(
                "UPDATE care_sla_clock SET due_on = %s, step = 'none'"
                " WHERE ticket_id = %s AND round BETWEEN %s AND %s",
                [
                    datetime.now() - timedelta(minutes=1),
                    ticket.id,
                    turn * DUE + 1,
                    (turn + 1) * DUE,
                ],
            )
            env.cr.commit()
            start = time.perf_counter()
            done = 0
            while count := env["care.sla.clock"]._work_due(
                datetime.now().replace(microsecond=0)
            ):
                done += count
                env.cr.commit()
            rate = done / (time.perf_counter() - start)
            if done != DUE:
                raise AssertionError(f"{done} clocks were due instead of {DUE}")
            if turn:
                rates[name].append(rate)
    env.cr.execute("DELETE FROM care_sla_clock WHERE ticket_id = %s", [ticket.id])
    env.cr.commit()
    return {
        "name": "job of the clocks, 1,000 due among 1 M open, beside among 10,000",
        "size": OPEN[1],
        "unit": "clocks/s",
        "rates": rates,
        "subject": "many_open",
        "bars": {"few_open": 0.77},
    }
