"""Row: creating tickets, beside a plain thread model with the same columns."""

import time

BODY = (
    "<p>Chào shop,</p><p>Máy giặt tôi mua <b>tuần trước</b> không vắt được nữa."
    "</p><ul><li>Đã rút điện</li><li>Đã thử lại hai lần</li></ul><p>Cảm ơn!</p>"
)
BATCH = 100


def _values(env, index, partners, team, category):
    return {
        "name": f"Máy giặt không vắt {index}",
        "partner_id": partners[index % len(partners)],
        "team_id": team.id,
        "category_id": category.id,
        "description": BODY,
    }


def _rate(env, model, values, batch):
    """Create ``values`` in batches with a commit each; return records per second."""
    start = time.perf_counter()
    for first in range(0, len(values), batch):
        model.create(values[first : first + batch])
        env.cr.commit()
        env.invalidate_all()
    return len(values) / (time.perf_counter() - start)


def run(env, sizes, rounds):
    """Measure and return rows.

    :param env: environment of a user, on a database with ``care_bench`` installed
    :param sizes: numbers of tickets per round, N and 10 N
    :param int rounds: measured rounds; one more warms up
    :return: list of dicts with name, size, rates (records/s, one per round) and bars
    """
    team = env["care.team"].create({"name": "Benchmark"})
    category = env["care.ticket.category"].create({"name": "Benchmark"})
    partners = (
        env["res.partner"]
        .create([{"name": f"Khách {i}", "phone": f"09{i:08d}"} for i in range(500)])
        .ids
    )
    env.cr.commit()
    subjects = {
        "ticket": env["care.ticket"],
        "thread": env["care.bench.ticket"],
        "thread_nolog": env["care.bench.ticket"].with_context(mail_create_nolog=True),
    }
    rows = []
    for batch in (1, BATCH):
        for size in sizes:
            rates = {name: [] for name in subjects}
            for turn in range(rounds + 1):
                for name, model in subjects.items():
                    values = [
                        _values(env, index, partners, team, category)
                        for index in range(size)
                    ]
                    rate = _rate(env, model, values, batch)
                    if turn:
                        rates[name].append(rate)
            rows.append(
                {
                    "name": f"ticket creation, {'one by one' if batch == 1 else 'in 100s'}",
                    "size": size,
                    "unit": "records/s",
                    "rates": rates,
                    "subject": "ticket",
                    "bars": {"thread": 1.5, "thread_nolog": 0.6},
                }
            )
    return rows
