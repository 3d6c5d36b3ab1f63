"""Scores: where a customer stands among all customers of the company."""

from odoo import api, models
from odoo.tools import SQL

from ...lib import rfm


class CareProfile(models.Model):
    _inherit = "care.profile"

    @api.model
    def _compute_scores(self, company):
        """Rank the buyers of ``care_profile_fresh`` into ``care_profile_score``.

        Recency, frequency and value have five scores each by relative rank
        (``LEAST(5, 1 + FLOOR(5 * percent_rank))``), so that equal customers have equal
        scores. With few buyers or a short history fixed cuts are used instead, and for
        frequency also when most buyers bought once (see lib/rfm.py). Shares of a
        hundred have two decimals; who is among the best is never 0.
        """
        recency, frequency, monetary = self._score_columns(company)
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE care_profile_score ON COMMIT DROP AS
                SELECT ranked.partner_id, ranked.value_percent, ranked.recency_score,
                       ranked.frequency_score, ranked.monetary_score,
                       cell.code AS rfm_group
                  FROM (SELECT partner_id,
                               ROUND(GREATEST((100 * CUME_DIST() OVER (
                                   ORDER BY revenue_365 DESC))::numeric, 0.01), 2)
                                   AS value_percent,
                               %(recency)s AS recency_score,
                               %(frequency)s AS frequency_score,
                               %(monetary)s AS monetary_score
                          FROM care_profile_fresh
                         WHERE last_purchase_on IS NOT NULL) ranked
                  JOIN (VALUES %(cells)s) cell (recency, value, code)
                    ON cell.recency = ranked.recency_score
                   AND cell.value =
                       (ranked.frequency_score + ranked.monetary_score + 1) / 2
                """,
                recency=recency,
                frequency=frequency,
                monetary=monetary,
                cells=SQL(", ").join(
                    SQL("(%s, %s, %s)", *cell, code) for cell, code in rfm.CELLS.items()
                ),
            )
        )

    @api.model
    def _score_columns(self, company):
        """Return the SQL of recency, frequency and value: ranks or fixed cuts."""
        self.env.cr.execute(
            """
            SELECT COUNT(*), COALESCE(MAX(last_purchase_on) - MIN(first_purchase_on), 0),
                   COUNT(*) FILTER (WHERE purchase_count_365 <= 1),
                   PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY revenue_365)
                       FILTER (WHERE revenue_365 > 0)
              FROM care_profile_fresh
             WHERE last_purchase_on IS NOT NULL
            """
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
