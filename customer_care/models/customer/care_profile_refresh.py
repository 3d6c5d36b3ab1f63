"""How profiles are kept: set-based SQL, all of a company or some of its customers.

A refresh computes the rows as they should be into a temporary table, and writes only
what differs, in the caller's transaction. Figures of one customer depend on his own
records alone, so that refreshing some customers gives what refreshing all would give.
Scores compare a customer with all others: ``_score`` ranks a whole company, nightly.
"""

from datetime import timedelta

import pytz

from odoo import api, models
from odoo.tools import SQL

from ...lib import rfm

#: Columns that a refresh computes, as they are in the table.
FIGURES = (
    "first_purchase_on",
    "last_purchase_on",
    "purchase_count",
    "purchase_count_365",
    "revenue",
    "revenue_365",
    "refund_amount",
    "average_purchase",
    "gap_days",
    "expected_on",
    "silence_on",
    "risk_on",
    "ticket_count",
    "open_ticket_count",
    "open_complaint_count",
    "last_contact_on",
    "preferred_channel_id",
)
#: Columns that ``_score`` computes.
SCORES = (
    "value_percent",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "rfm_group",
)
YEAR = 365  # days of the window of the 12-month value


def _columns(names, table=None):
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )


class CareProfile(models.Model):
    _inherit = "care.profile"

    # ------------------------------------------------------------------ refresh
    @api.model
    def _refresh(self, company, partners=None):
        """Bring the profiles of a company to what its records say today.

        Sends nothing and raises no event.

        :param company: a ``res.company`` of one
        :param partners: commercial partners to look at; None: all
        :return: rows written, as ``{"created": n, "updated": n, "removed": n}``
        """
        self.env.flush_all()
        if partners is None:
            customers = None
        else:
            customers = SQL("SELECT unnest(%s)", list(partners.ids))
        self._compute_fresh(company, customers)
        counts = self._write_fresh(company, customers)
        if customers is None and not company.care_filled_on:
            company.sudo().care_filled_on = self.env.cr.now().replace(microsecond=0)
        self._mark_customers(customers)
        self.env.cr.execute("DROP TABLE care_profile_fresh")
        self.invalidate_model()
        self.env["res.partner"].invalidate_model(
            ["care_is_customer", "care_customer_reason"]
        )
        return counts

    @api.model
    def _today(self, company):
        """Return today's date in the zone of the company."""
        now = pytz.utc.localize(self.env.cr.now())
        return now.astimezone(pytz.timezone(company.care_tz)).date()

    @api.model
    def _compute_fresh(self, company, customers):
        """Fill ``care_profile_fresh`` with the rows as they should be.

        All customers: the planner cannot know how many rows the parts of the statement
        give and would join them row by row (measured: minutes for 10,000 customers), so
        that it is told to hash.
        """
        today = self._today(company)
        if customers is None:
            self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE care_profile_fresh ON COMMIT DROP AS
                WITH purchase AS MATERIALIZED (%(purchases)s),
                bought AS (%(bought)s),
                rhythm AS (%(rhythm)s),
                asked AS (%(asked)s),
                population AS (
                    SELECT partner_id, MIN(rank) AS rank
                      FROM (SELECT partner_id, 0 AS rank FROM bought
                             UNION ALL %(signs)s) sign
                     GROUP BY partner_id
                )
                SELECT population.partner_id, population.rank, %(figures)s
                  FROM population
                  JOIN res_partner partner ON partner.id = population.partner_id
                  LEFT JOIN bought ON bought.partner_id = partner.id
                  LEFT JOIN rhythm ON rhythm.partner_id = partner.id
                  LEFT JOIN asked ON asked.partner_id = partner.id
                 WHERE %(is_customer)s
                """,
                purchases=self.env["care.purchase.source"]._purchases(
                    company, customers
                ),
                bought=self._select_bought(today),
                rhythm=self._select_rhythm(),
                asked=self._select_asked(company, customers),
                signs=self._select_signs(company, customers),
                figures=self._select_figures(company),
                is_customer=self.env["res.partner"]._care_customer_condition(),
            )
        )
        self.env.cr.execute(
            "SET LOCAL enable_nestloop = on;"
            "CREATE UNIQUE INDEX ON care_profile_fresh (partner_id);"
            "ANALYZE care_profile_fresh"
        )

    @api.model
    def _select_bought(self, today):
        """Per customer: first, last, how many, how much."""
        return SQL(
            """
            SELECT partner_id,
                   MIN(day) FILTER (WHERE NOT is_refund) AS first_on,
                   MAX(day) FILTER (WHERE NOT is_refund) AS last_on,
                   COALESCE(SUM(purchases) FILTER (WHERE NOT is_refund), 0)::int
                       AS purchases,
                   COALESCE(SUM(purchases) FILTER (
                       WHERE NOT is_refund AND day > %(since)s), 0)::int
                       AS purchases_365,
                   SUM(amount) AS revenue,
                   COALESCE(SUM(amount) FILTER (WHERE day > %(since)s), 0)
                       AS revenue_365,
                   COALESCE(-SUM(amount) FILTER (WHERE is_refund), 0) AS refunds
              FROM purchase
             WHERE day <= %(today)s
             GROUP BY partner_id
            """,
            since=today - timedelta(days=YEAR),
            today=today,
        )

    @api.model
    def _select_rhythm(self):
        """Per customer: the median of the days between two days of purchase."""
        return SQL(
            """
            SELECT partner_id,
                   ROUND(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap)::numeric, 1)
                       AS gap
              FROM (SELECT partner_id,
                           day - LAG(day) OVER (PARTITION BY partner_id ORDER BY day)
                               AS gap
                      FROM (SELECT DISTINCT partner_id, day FROM purchase
                             WHERE NOT is_refund AND NOT is_opening) days) gaps
             WHERE gap IS NOT NULL
             GROUP BY partner_id
            HAVING COUNT(*) >= 2
            """
        )

    @api.model
    def _select_asked(self, company, customers):
        """Per customer: his tickets."""
        only = self.env["care.purchase.source"]._only(
            SQL("ticket.commercial_partner_id"), customers
        )
        return SQL(
            """
            SELECT ticket.commercial_partner_id AS partner_id,
                   COUNT(*)::int AS tickets,
                   COUNT(*) FILTER (WHERE ticket.is_open)::int AS open,
                   COUNT(*) FILTER (
                       WHERE ticket.is_open AND ticket.kind = 'complaint')::int
                       AS complaints,
                   MAX(ticket.last_customer_on) AS last_on,
                   MODE() WITHIN GROUP (ORDER BY ticket.channel_id) AS channel_id
              FROM care_ticket ticket
             WHERE ticket.company_id = %(company)s AND ticket.active
               AND ticket.commercial_partner_id IS NOT NULL AND %(only)s
             GROUP BY ticket.commercial_partner_id
            """,
            company=company.id,
            only=only,
        )

    @api.model
    def _select_signs(self, company, customers):
        """Who else is a customer, with the rank of the reason."""
        signs = self.env["res.partner"]._care_customer_signs(company)
        reasons = self.env["res.partner"]._care_customer_reasons()
        source = self.env["care.purchase.source"]
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT sign.partner_id, %s AS rank FROM (%s) sign WHERE %s",
                reasons.index(reason),
                query,
                source._only(SQL("sign.partner_id"), customers),
            )
            for reason, query in signs
        )

    @api.model
    def _select_figures(self, company):
        """The columns of FIGURES, from the parts of the query."""
        digits = company.currency_id.decimal_places
        amount = "ROUND(COALESCE(bought.%s, 0), %s)"
        return SQL(
            f"""
            bought.first_on AS first_purchase_on,
            bought.last_on AS last_purchase_on,
            COALESCE(bought.purchases, 0) AS purchase_count,
            COALESCE(bought.purchases_365, 0) AS purchase_count_365,
            {amount % ("revenue", digits)} AS revenue,
            {amount % ("revenue_365", digits)} AS revenue_365,
            {amount % ("refunds", digits)} AS refund_amount,
            ROUND(COALESCE(bought.revenue / NULLIF(bought.purchases, 0), 0), {digits})
                AS average_purchase,
            rhythm.gap AS gap_days,
            (bought.last_on + CEIL(rhythm.gap)::int) AS expected_on,
            (bought.last_on + CEIL(1.5 * rhythm.gap)::int) AS silence_on,
            (bought.last_on + CEIL(2 * rhythm.gap)::int) AS risk_on,
            COALESCE(asked.tickets, 0) AS ticket_count,
            COALESCE(asked.open, 0) AS open_ticket_count,
            COALESCE(asked.complaints, 0) AS open_complaint_count,
            asked.last_on AS last_contact_on,
            asked.channel_id AS preferred_channel_id
            """
        )

    @api.model
    def _write_fresh(self, company, customers):
        """Write what differs between ``care_profile_fresh`` and the profiles."""
        cr = self.env.cr
        scope = self.env["care.purchase.source"]._only(
            SQL("profile.partner_id"), customers
        )
        cr.execute(
            SQL(
                """
                DELETE FROM care_profile profile
                 WHERE profile.company_id = %(company)s AND %(scope)s
                   AND NOT EXISTS (SELECT 1 FROM care_profile_fresh fresh
                                    WHERE fresh.partner_id = profile.partner_id)
                """,
                company=company.id,
                scope=scope,
            )
        )
        removed = cr.rowcount
        cr.execute(
            SQL(
                """
                UPDATE care_profile profile SET (%(names)s) = ROW(%(fresh)s)
                  FROM care_profile_fresh fresh
                 WHERE profile.company_id = %(company)s
                   AND fresh.partner_id = profile.partner_id
                   AND (%(stored)s) IS DISTINCT FROM (%(fresh)s)
                """,
                names=_columns(FIGURES),
                fresh=_columns(FIGURES, "fresh"),
                stored=_columns(FIGURES, "profile"),
                company=company.id,
            )
        )
        updated = cr.rowcount
        cr.execute(
            SQL(
                """
                INSERT INTO care_profile (partner_id, company_id, %(names)s)
                SELECT fresh.partner_id, %(company)s, %(fresh)s
                  FROM care_profile_fresh fresh
                  LEFT JOIN care_profile profile
                    ON profile.partner_id = fresh.partner_id
                   AND profile.company_id = %(company)s
                 WHERE profile.id IS NULL
                """,
                names=_columns(FIGURES),
                fresh=_columns(FIGURES, "fresh"),
                company=company.id,
            )
        )
        return {"created": cr.rowcount, "updated": updated, "removed": removed}

    @api.model
    def _mark_customers(self, customers):
        """Write on the contact whether he is a customer, and why."""
        reasons = self.env["res.partner"]._care_customer_reasons()
        scope = self.env["care.purchase.source"]._only(SQL("partner.id"), customers)
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner partner
                   SET care_is_customer = TRUE,
                       care_customer_reason = (%(reasons)s)[fresh.rank + 1]
                  FROM care_profile_fresh fresh
                 WHERE fresh.partner_id = partner.id
                   AND (partner.care_is_customer IS NOT TRUE
                        OR partner.care_customer_reason IS DISTINCT FROM
                           (%(reasons)s)[fresh.rank + 1])
                """,
                reasons=list(reasons),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner partner
                   SET care_is_customer = NULL, care_customer_reason = NULL
                 WHERE partner.care_is_customer AND %(scope)s
                   AND NOT EXISTS (SELECT 1 FROM care_profile profile
                                    WHERE profile.partner_id = partner.id)
                """,
                scope=scope,
            )
        )

    # ------------------------------------------------------------------- scores
    @api.model
    def _score(self, company):
        """Rank the customers of a company among each other; return the rows written.

        Recency, frequency and value have five scores each by relative rank
        (``LEAST(5, 1 + FLOOR(5 * percent_rank))``), so that equal customers have equal
        scores. With few buyers or a short history fixed cuts are used instead, and for
        frequency also when most buyers bought once (see lib/rfm.py).
        """
        self.env.flush_all()
        written = self._write_scores(company, *self._score_columns(company))
        self.env.cr.execute(
            """
            UPDATE care_profile SET value_percent = NULL, recency_score = NULL,
                   frequency_score = NULL, monetary_score = NULL, rfm_group = NULL
             WHERE company_id = %s AND last_purchase_on IS NULL
               AND rfm_group IS NOT NULL
            """,
            [company.id],
        )
        written += self.env.cr.rowcount
        self.invalidate_model(SCORES)
        return written

    @api.model
    def _score_columns(self, company):
        """Return the SQL of recency, frequency and value: ranks or fixed cuts."""
        self.env.cr.execute(
            """
            SELECT COUNT(*), COALESCE(MAX(last_purchase_on) - MIN(first_purchase_on), 0),
                   COUNT(*) FILTER (WHERE purchase_count_365 <= 1),
                   PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY revenue_365)
                       FILTER (WHERE revenue_365 > 0)
              FROM care_profile
             WHERE company_id = %s AND last_purchase_on IS NOT NULL
            """,
            [company.id],
        )
        buyers, history, once, median = self.env.cr.fetchone()
        recency = self._rank("last_purchase_on")
        frequency = self._rank("purchase_count_365")
        monetary = self._rank("revenue_365")
        fixed = rfm.needs_fixed_cuts(buyers, history)
        if fixed:
            days = SQL("%s - last_purchase_on", self._today(company))
            recency = self._cuts(days, rfm.RECENCY_DAYS, "<=")
            times = SQL("revenue_365 / %s", median or 1)
            monetary = self._cuts(times, rfm.MONETARY_CUTS, ">=")
        if fixed or 2 * once > buyers:
            count = SQL("purchase_count_365")
            frequency = self._cuts(count, rfm.FREQUENCY_CUTS, ">=")
        return recency, frequency, monetary

    @api.model
    def _write_scores(self, company, recency, frequency, monetary):
        """Write the scores that changed; return how many rows."""
        self.env.cr.execute(
            SQL(
                """
                WITH ranked AS (
                    SELECT id, ROUND(GREATEST((100 * CUME_DIST() OVER (
                                   ORDER BY revenue_365 DESC))::numeric, 0.01), 2)
                                   AS value_percent,
                           %(recency)s AS recency, %(frequency)s AS frequency,
                           %(monetary)s AS monetary
                      FROM care_profile
                     WHERE company_id = %(company)s AND last_purchase_on IS NOT NULL
                ), grouped AS (
                    SELECT ranked.*, cell.code
                      FROM ranked
                      JOIN (VALUES %(cells)s) cell (recency, value, code)
                        ON cell.recency = ranked.recency
                       AND cell.value = (ranked.frequency + ranked.monetary + 1) / 2
                )
                UPDATE care_profile profile
                   SET (%(names)s) = ROW(grouped.value_percent, grouped.recency,
                           grouped.frequency, grouped.monetary, grouped.code)
                  FROM grouped
                 WHERE grouped.id = profile.id
                   AND (%(stored)s) IS DISTINCT FROM (grouped.value_percent,
                        grouped.recency, grouped.frequency, grouped.monetary,
                        grouped.code)
                """,
                recency=recency,
                frequency=frequency,
                monetary=monetary,
                company=company.id,
                cells=SQL(", ").join(
                    SQL("(%s, %s, %s)", *cell, code) for cell, code in rfm.CELLS.items()
                ),
                names=_columns(SCORES),
                stored=_columns(SCORES, "profile"),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _rank(self, column):
        """Return the score of a column by relative rank."""
        return SQL(
            "LEAST(5, 1 + FLOOR(5 * PERCENT_RANK() OVER (ORDER BY %s)))::int",
            SQL.identifier(column),
        )

    @api.model
    def _cuts(self, value, cuts, operator):
        """Return the score of a value by fixed cuts, those of the score 5 first."""
        branches = SQL(" ").join(
            SQL("WHEN %s %s %s THEN %s", value, SQL(operator), cut, 5 - place)
            for place, cut in enumerate(cuts)
        )
        return SQL("CASE %s ELSE 1 END", branches)

    # --------------------------------------------------------------------- jobs
    @api.model
    def _cron_refresh(self):
        """Nightly: profiles and scores of every company, one transaction each."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([("active", "=", True)])
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._refresh_all(company)
            if not cron._commit_progress(1):
                break

    @api.model
    def _fill_companies(self):
        """Fill the profiles of companies that never were, before anything is told.

        Until then nothing is known of their customers, so that nobody comes into a
        segment: what follows from the first fill would look like news.
        """
        companies = self.env["res.company"].sudo()
        for company in companies.search([("care_filled_on", "=", False)]):
            self._refresh_all(company)
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _refresh_all(self, company):
        """Refresh profiles, scores and care stages of a company as the system does it.

        The first time in silence.
        """
        silent = not company.care_filled_on or self.env.context.get("care_silent")
        profiles = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tz=company.care_tz, care_silent=silent
        )
        profiles._refresh(company)
        profiles._score(company)
        profiles.env["care.stage"]._apply_rules(company)
