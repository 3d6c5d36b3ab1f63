"""Row: decisions of the gate in batches of 500, beside one question after the other."""

import time

BATCH = 500
#: Decisions a second that the gate has to reach.
BAR = 5000


def _build(env, company, size):
    """Make customers with addresses, answers, refusals, complaints, by SQL.

    One in five never answered, one in ten refused, one in twenty is on the blacklist, one
    in fifty has an open complaint.
    """
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, email, email_normalized, phone,
                                 phone_sanitized, active, type, tz, autopost_bills)
        SELECT 'Gate ' || n, 'Gate ' || n, 'gate' || n || '@bench.test',
               'gate' || n || '@bench.test', '+849' || lpad(n::text, 8, '0'),
               '+849' || lpad(n::text, 8, '0'), TRUE, 'contact',
               (ARRAY['Asia/Ho_Chi_Minh', NULL, 'Europe/Paris', 'America/New_York'])
                   [1 + n %% 4], 'ask'
          FROM generate_series(1, %s) n
        RETURNING id
        """,
        [size],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids]
    )
    env.cr.execute(
        """
        INSERT INTO care_consent (partner_id, company_id, channel, purpose, state,
                                  source, evidence, address, "on")
        SELECT id, %(company)s, 'sms', 'promotion',
               CASE WHEN id %% 10 = 1 THEN 'withdrawn' ELSE 'granted' END, 'import',
               'Benchmark', phone_sanitized, now() - (n || ' hours')::interval
          FROM res_partner, generate_series(1, 3) n
         WHERE id = ANY(%(ids)s) AND id %% 5 <> 0
        """,
        {"company": company.id, "ids": ids},
    )
    env.cr.execute(
        """
        INSERT INTO phone_blacklist (number, active)
        SELECT phone_sanitized, TRUE FROM res_partner
         WHERE id = ANY(%s) AND id %% 20 = 3
            ON CONFLICT DO NOTHING
        """,
        [ids],
    )
    tickets = [
        {"name": "Benchmark", "partner_id": ref, "kind": "complaint"}
        for ref in ids[7:5000:50]
    ]
    env["care.ticket"].with_context(tracking_disable=True).create(tickets)
    env.cr.execute(
        "ANALYZE res_partner; ANALYZE care_consent; ANALYZE phone_blacklist;"
        "ANALYZE care_ticket"
    )
    env.cr.commit()
    env.invalidate_all()
    return ids


def _rate(env, company, ids, batch):
    """Decide on ``ids`` in batches with a commit each; return decisions per second."""
    gate, people = env["care.gate"], env["res.partner"]
    start = time.perf_counter()
    for first in range(0, len(ids), batch):
        chosen = people.browse(ids[first : first + batch])
        gate._decide(company, "sms", "promotion", chosen)
        env.cr.commit()
        env.invalidate_all()
    return len(ids) / (time.perf_counter() - start)


def _open_gate(env, company):
    """Hours that are open now, and a cap that is not reached by the rounds."""
    company._care_ship_limits()
    limit = env["care.limit"].search([("company_id", "=", company.id)])
    limit.line_ids = [
        (5, 0, 0),
        (
            0,
            0,
            {
                "channel": "sms",
                "purpose": "promotion",
                "hour_from": 0,
                "hour_to": 23.99,
                "day_cap": 100,
            },
        ),
    ]
    env.cr.commit()


def run(env, sizes, rounds):
    """Measure and return rows.

    :param env: environment of a user
    :param sizes: numbers of customers, N and 10 N
    :param int rounds: measured rounds; one more warms up
    :return: list of dicts with name, size, rates (decisions/s, one per round) and bars
    """
    company = env.company
    _open_gate(env, company)
    ids, rows = [], []
    for size in sizes:
        ids += _build(env, company, size - len(ids))
        rates = {"in 500s": [], "one by one": [], "required": [BAR]}
        for turn in range(rounds + 1):
            found = {
                "in 500s": _rate(env, company, ids, BATCH),
                "one by one": _rate(env, company, ids[:BATCH], 1),
            }
            if turn:
                for name, rate in found.items():
                    rates[name].append(rate)
        rows.append(
            {
                "name": "decisions of the gate",
                "size": size,
                "unit": "decisions/s",
                "rates": rates,
                "subject": "in 500s",
                "bars": {"one by one": 5, "required": 1},
            }
        )
    return rows
