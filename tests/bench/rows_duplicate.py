"""Rows: looking for duplicate contacts, beside a hand-written GROUP BY of the same keys.

N contacts made by set-based SQL; each hundredth shares the number of another one.
"""

import time

WORLD = """
    INSERT INTO res_partner (name, complete_name, active, email, email_normalized, phone,
           care_phone_digits, type, is_company, partner_share, company_id, autopost_bills,
           create_uid, create_date)
    SELECT 'Khách ' || n, 'Khách ' || n, TRUE, 'trung' || n || '@customer.test',
           'trung' || n || '@customer.test', digits.phone, digits.phone, 'contact',
           FALSE, TRUE, %(company)s, 'ask', 1, now()
      FROM generate_series(1, %(size)s) n,
           LATERAL (SELECT '08' || lpad((n - (n %% 100 = 0)::int)::text, 8, '0')
                    AS phone) digits;
    UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;
    ANALYZE res_partner;
"""
#: What somebody would write by hand: which numbers and addresses several contacts have.
BY_HAND = """
    SELECT RIGHT(LTRIM(care_phone_digits, '0'), 9), array_agg(id) FROM res_partner
     WHERE active AND LENGTH(LTRIM(care_phone_digits, '0')) >= 8
     GROUP BY 1 HAVING COUNT(*) > 1;
    SELECT email_normalized, array_agg(id) FROM res_partner
     WHERE active AND email_normalized IS NOT NULL GROUP BY 1 HAVING COUNT(*) > 1;
"""
TOUCHED = 1000


def _time(env, act):
    start = time.perf_counter()
    act()
    env.flush_all()
    env.cr.commit()
    return time.perf_counter() - start


def run(env, sizes, rounds):
    """Measure and return rows; see rows_ticket.run."""
    env = env(su=True, context=dict(env.context, tracking_disable=True))
    pairs, rows = env["care.duplicate"], []
    for size in sizes:
        company = env["res.company"].create({"name": f"Duplicates {size}"})
        names = {"company": company.id, "size": size}
        env.flush_all()
        env.cr.execute(WORLD, names)
        env.cr.commit()
        env.invalidate_all()
        pairs._refresh()
        env.cr.commit()
        some = env["res.partner"].search(
            [("company_id", "=", company.id)], limit=TOUCHED
        )
        acts = {
            "ours": (pairs._refresh, size),
            "by_hand": (lambda: env.cr.execute(BY_HAND), size),
            "touched": (lambda some=some: pairs._refresh(some), len(some)),
        }
        rates = {name: [] for name in acts}
        for turn in range(rounds + 1):
            for name, (act, count) in acts.items():
                seconds = _time(env, act)
                if turn:
                    rates[name].append(count / seconds)
        rows.append(
            {
                "name": "duplicates, nightly and touched",
                "size": size,
                "unit": "customers/s",
                "rates": rates,
                "subject": "ours",
                "bars": {"by_hand": 0.25},
            }
        )
    return rows
