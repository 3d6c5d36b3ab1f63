"""Rows: profiles, care stages and segments, beside hand-written SQL.

The world is made by set-based SQL: N customers, 2.5 N orders with two lines each,
a tenth of the customers in one city.
"""

import time

CITY = "Huế"
WORLD = """
    INSERT INTO res_partner (name, complete_name, active, city, email, phone, type,
           is_company, partner_share, company_id, autopost_bills, create_uid,
           create_date)
    SELECT 'Khách ' || n, 'Khách ' || n, TRUE,
           CASE WHEN n %% 10 = 0 THEN %(city)s ELSE 'Vinh' END,
           'khach' || n || '@customer.test', '09' || lpad(n::text, 8, '0'), 'contact',
           FALSE, TRUE, %(company)s, 'ask', 1, now() - interval '400 days'
      FROM generate_series(1, %(size)s) n;
    UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;
    INSERT INTO sale_order (name, partner_id, partner_invoice_id, partner_shipping_id,
           company_id, currency_id, currency_rate, date_order, state, amount_untaxed,
           amount_total, create_date)
    SELECT 'B' || n, p.id, p.id, p.id, %(company)s, %(currency)s, 1,
           now() - ((n * 7919) %% 800) * interval '1 day', 'sale',
           1 + (n * 104729) %% 1000, 1 + (n * 104729) %% 1000, now()
      FROM generate_series(1::bigint, (%(size)s * 5) / 2) n
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place
              FROM res_partner
             WHERE email LIKE 'khach%%@customer.test' AND company_id = %(company)s) p
        ON p.place = 1 + (n * 31337) %% %(size)s;
    INSERT INTO sale_order_line (order_id, name, product_uom_qty, price_unit,
           price_subtotal, company_id, customer_lead)
    SELECT o.id, 'x', 1, 1, 1, %(company)s, 0
      FROM sale_order o, generate_series(1, 2) WHERE o.company_id = %(company)s;
    ANALYZE res_partner; ANALYZE sale_order;
"""
#: What somebody would write by hand: the figures, and the stage on the contact. It keeps
#: no figures, no scores and no history, which ours writes as well.
AGGREGATE = """
    SET LOCAL work_mem = '64MB';
    CREATE TEMP TABLE by_hand ON COMMIT DROP AS
    WITH bought AS (
        SELECT p.commercial_partner_id AS partner_id,
               (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
               o.amount_untaxed AS amount
          FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
         WHERE o.company_id = %(company)s AND o.state = 'sale'
    ), figures AS (
        SELECT partner_id, MIN(day) AS first_on, MAX(day) AS last_on,
               COUNT(*) AS purchases, SUM(amount) AS revenue,
               COUNT(*) FILTER (WHERE day > %(today)s - 365) AS purchases_365,
               COALESCE(SUM(amount) FILTER (WHERE day > %(today)s - 365), 0) AS year
          FROM bought GROUP BY partner_id
    ), gaps AS (
        SELECT partner_id, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap) AS gap
          FROM (SELECT partner_id, day - LAG(day) OVER (
                           PARTITION BY partner_id ORDER BY day) AS gap
                  FROM (SELECT DISTINCT partner_id, day FROM bought) days) g
         WHERE gap IS NOT NULL GROUP BY partner_id
    )
    SELECT figures.*, gaps.gap FROM figures LEFT JOIN gaps USING (partner_id);
    CREATE UNIQUE INDEX ON by_hand (partner_id);
    CREATE TEMP TABLE by_hand_stage ON COMMIT DROP AS
    SELECT partner_id, CASE
               WHEN CUME_DIST() OVER (ORDER BY year DESC) <= 0.05 THEN 'vip'
               WHEN last_on < %(today)s - 365 THEN 'former'
               WHEN last_on < %(today)s - 180 THEN 'dormant'
               WHEN last_on + (2 * gap)::int < %(today)s THEN 'at_risk'
               WHEN purchases_365 >= 3 THEN 'loyal'
               WHEN purchases = 1 AND first_on >= %(today)s - 60 THEN 'new'
               ELSE 'existing' END AS stage
      FROM by_hand;
    UPDATE res_partner p SET care_stage_id = jsonb_build_object(%(key)s, stage.id)
      FROM by_hand_stage s JOIN care_stage stage ON stage.code = s.stage
     WHERE s.partner_id = p.id;
"""
MEMBERS = """
    INSERT INTO care_segment_member (segment_id, partner_id, state, rotation,
           entered_on, bucket)
    SELECT %(segment)s, p.id, 'in', 1, now(), 0 FROM res_partner p
      JOIN care_profile f ON f.partner_id = p.id AND f.company_id = %(company)s
     WHERE p.active AND p.city = %(city)s;
    INSERT INTO care_segment_event (segment_id, partner_id, kind, "on",
           rotation, initial)
    SELECT %(segment)s, p.id, 'enter', now(), 1, TRUE FROM res_partner p
      JOIN care_profile f ON f.partner_id = p.id AND f.company_id = %(company)s
     WHERE p.active AND p.city = %(city)s;
"""
SELECT = """
    SELECT COUNT(*) FROM (SELECT p.id FROM res_partner p
      JOIN care_profile f ON f.partner_id = p.id AND f.company_id = %(company)s
     WHERE p.active AND p.city = %(city)s) members
"""
#: Members that the many2many comparator writes; it is too slow for more.
SAMPLE = 2000


class World:
    """One company of a size, and a stopwatch."""

    def __init__(self, env, size):
        self.env, self.size = env, size
        self.company = env["res.company"].create({"name": f"Benchmark {size}"})
        self.company.care_tz = "Asia/Ho_Chi_Minh"
        self.names = {
            "city": CITY,
            "size": size,
            "company": self.company.id,
            "currency": self.company.currency_id.id,
            "tz": self.company.care_tz,
            "key": str(self.company.id),
        }
        env.flush_all()
        env.cr.execute(WORLD, self.names)
        env.cr.commit()
        env.invalidate_all()
        self.names["today"] = env["care.profile"]._today(self.company)
        self.segment = env["care.segment"].create(
            {
                "name": "Benchmark",
                "company_id": self.company.id,
                "domain": f"[('city', '=', '{CITY}')]",
            }
        )
        self.names["segment"] = self.segment.id
        env.cr.commit()

    def time(self, act, keep=True):
        """Run ``act`` in a transaction and return its seconds."""
        start = time.perf_counter()
        act()
        self.env.flush_all()
        if keep:
            self.env.cr.commit()
        seconds = time.perf_counter() - start
        if not keep:
            self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
        return seconds

    def sql(self, text):
        return lambda: self.env.cr.execute(text, self.names)

    def refresh(self):
        """The members of the segment, from nothing."""
        assert self.segment._refresh() == self.size // 10

    def refresh_unchanged(self):
        """The same when there is nothing to do."""
        assert self.segment._refresh() == 0

    def know(self):
        """Profiles and care stages of everybody, from nothing."""
        profiles = self.env["care.profile"].with_company(self.company)
        profiles._refresh(self.company)
        self.env["care.stage"]._apply_rules(self.company)

    def tag(self):
        """The many2many way: a tag on each contact, in one write."""
        tag = self.env["res.partner.category"].create({"name": "Benchmark"})
        people = self.env["res.partner"].search(
            [("city", "=", CITY), ("company_id", "=", self.company.id)], limit=SAMPLE
        )
        people.write({"category_id": [(4, tag.id)]})


def _measure(world, rounds, acts, keep=False):
    """Return rates (customers per second, one per round) of each act by name."""
    rates = {name: [] for name in acts}
    for turn in range(rounds + 1):
        for name, (act, count) in acts.items():
            seconds = world.time(act, keep)
            if turn:
                rates[name].append(count / seconds)
    return rates


def _row(name, world, rates, bars):
    return {
        "name": name,
        "size": world.size,
        "unit": "customers/s",
        "rates": rates,
        "subject": "ours",
        "bars": bars,
    }


def run(env, sizes, rounds):
    """Measure and return rows; see rows_ticket.run."""
    env = env(su=True, context=dict(env.context, tracking_disable=True))
    rows = []
    for size in sizes:
        world = World(env, size)
        members = size // 10
        first = {
            "ours": (world.know, size),
            "aggregate": (world.sql(AGGREGATE), size),
        }
        rates = _measure(world, rounds, first)
        rows.append(
            _row("profiles and stages, first", world, rates, {"aggregate": 0.5})
        )
        world.time(world.know)
        env.cr.execute("ANALYZE care_profile")
        env.cr.commit()
        nightly = {
            "ours": (world.know, size),
            "aggregate": (world.sql(AGGREGATE), size),
        }
        rates = _measure(world, rounds, nightly)
        rows.append(
            _row("profiles and stages, nightly", world, rates, {"aggregate": 0.5})
        )
        fill = {
            "ours": (world.refresh, members),
            "insert_select": (world.sql(MEMBERS), members),
            "many2many": (world.tag, min(members, SAMPLE)),
        }
        rates = _measure(world, rounds, fill)
        rows.append(
            _row(
                "segment, first fill",
                world,
                rates,
                {"insert_select": 0.5, "many2many": 10},
            )
        )
        world.time(world.segment._refresh)
        env.cr.execute("ANALYZE care_segment_member")
        env.cr.commit()
        unchanged = {
            "ours": (world.refresh_unchanged, members),
            "select": (world.sql(SELECT), members),
        }
        rates = _measure(world, rounds, unchanged)
        rows.append(
            _row("segment, unchanged", world, rates, {"select": round(1 / 1.6, 3)})
        )
    return rows
