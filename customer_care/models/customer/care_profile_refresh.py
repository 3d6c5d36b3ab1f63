"""How profiles are kept: set-based SQL, all of a company or some of its customers.

A refresh computes the rows as they should be into a temporary table, and writes only
what differs, in the caller's transaction. Figures of one customer depend on his own
records alone, so that refreshing some customers gives what refreshing all would give.
Scores compare a customer with all others (care_profile_score.py): they are computed
when all of a company are refreshed, and written together with the figures.
"""

import logging
import time
from datetime import timedelta

import pytz
from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...lib.internal import INTERNAL, is_internal

_logger = logging.getLogger(__name__)

#: Columns that a refresh computes, as they are in the table.
FIGURES = (
    "customer_reason",
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
#: Columns that compare customers; computed for all of a company together.
SCORES = (
    "value_percent",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "rfm_group",
)
YEAR = 365  # days of the window of the 12-month value
#: Memory for each sort and hash of a refresh of all customers of a company.
WORK_MEM = "64MB"
#: Number of the advisory lock of a company's customers.
LOCK = 0x0CA2E
#: How often, and after how many seconds, a job tries again when another one crossed it.
ATTEMPTS = 5
PAUSE = 2


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
        :param partners: commercial partners to look at; None: all, scores included
        :return: rows written, as ``{"created": n, "updated": n, "removed": n}``
        :raises ConcurrencyError: another transaction crossed this one; try again
        """
        self.env.flush_all()
        company._care_hold()
        if partners is None:
            self._plan_for_all()
            self._compute_fresh(company, None)
            self._compute_scores(company)
            counts = self._write_fresh(company, None)
            self._plan_as_usual(counts)
        else:
            customers = SQL("SELECT unnest(%s)", list(partners.ids))
            self._compute_fresh(company, customers)
            counts = self._write_fresh(company, customers)
        if partners is None and not company.care_filled_on:
            company.sudo().care_filled_on = self.env.cr.now().replace(microsecond=0)
        self.env.cr.execute(
            "DROP TABLE care_profile_fresh; DROP TABLE IF EXISTS care_profile_score"
        )
        self.invalidate_model()
        self.env["res.partner"].invalidate_model(
            ["care_is_customer", "care_customer_reason", "care_profile_id"]
        )
        return counts

    @api.model
    def _today(self, company):
        """Return today's date in the zone of the company."""
        now = pytz.utc.localize(self.env.cr.now())
        return now.astimezone(pytz.timezone(company.care_tz)).date()

    @api.model
    def _plan_for_all(self):
        """Have the database hash and sort, not look up row by row, until further notice.

        It cannot know how many rows the parts of these statements give, and would guess
        few (measured: minutes for 10,000 customers).
        """
        self.env.cr.execute(
            SQL("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = %s", WORK_MEM)
        )

    @api.model
    def _plan_as_usual(self, counts=None):
        """End what ``_plan_for_all`` began.

        :param dict counts: rows written; after a first fill the planner is told of them
        """
        if counts and counts["created"] > counts["updated"]:
            self.env.cr.execute("ANALYZE care_profile")
        self.env.cr.execute(
            "SET LOCAL enable_nestloop = on; SET LOCAL work_mem TO DEFAULT"
        )

    @api.model
    def _compute_fresh(self, company, customers):
        """Fill ``care_profile_fresh`` with the rows as they should be."""
        partners = self.env["res.partner"]
        reasons = list(partners._care_customer_reasons())
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE care_profile_fresh ON COMMIT DROP AS
                SELECT partner.id AS partner_id,
                       (%(reasons)s)[LEAST(
                           CASE WHEN bought.partner_id IS NOT NULL THEN %(purchase)s END,
                           sign.rank)] AS customer_reason,
                       %(figures)s
                  FROM (%(bought)s) bought
                  FULL JOIN (SELECT partner_id, MIN(rank) AS rank
                               FROM (%(signs)s) signs GROUP BY partner_id) sign
                    ON sign.partner_id = bought.partner_id
                  JOIN res_partner partner
                    ON partner.id = COALESCE(bought.partner_id, sign.partner_id)
                  LEFT JOIN (%(asked)s) asked ON asked.partner_id = partner.id
                 WHERE %(is_customer)s
                """,
                reasons=reasons,
                purchase=reasons.index("purchase") + 1,
                figures=self._select_figures(company),
                bought=self._select_bought(company, customers),
                signs=self._select_signs(company, customers),
                asked=self._select_asked(company, customers),
                is_customer=partners._care_customer_condition(),
            )
        )
        self.env.cr.execute("ANALYZE care_profile_fresh (partner_id)")

    @api.model
    def _select_bought(self, company, customers):
        """Per customer: first, last, how many, how much, and the rhythm.

        The rhythm is the median of the days between two days of purchase; several
        purchases of a day are one, refunds and opening sums say nothing of days.
        """
        today = self._today(company)
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
                   COALESCE(-SUM(amount) FILTER (WHERE is_refund), 0) AS refunds,
                   CASE WHEN COUNT(gap) >= 2 THEN ROUND((
                       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap))::numeric, 1)
                       END AS gap
              FROM (SELECT purchase.*,
                           CASE WHEN NOT is_refund AND NOT is_opening THEN NULLIF(
                               day - LAG(day) OVER (
                                   PARTITION BY partner_id, is_refund OR is_opening
                                   ORDER BY day), 0) END AS gap
                      FROM (%(purchases)s) purchase
                     WHERE day <= %(today)s) spaced
             GROUP BY partner_id
            """,
            since=today - timedelta(days=YEAR),
            today=today,
            purchases=self.env["care.purchase.source"]._purchases(company, customers),
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
                reasons.index(reason) + 1,
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
            bought.gap AS gap_days,
            (bought.last_on + CEIL(bought.gap)::int) AS expected_on,
            (bought.last_on + CEIL(1.5 * bought.gap)::int) AS silence_on,
            (bought.last_on + CEIL(2 * bought.gap)::int) AS risk_on,
            COALESCE(asked.tickets, 0) AS ticket_count,
            COALESCE(asked.open, 0) AS open_ticket_count,
            COALESCE(asked.complaints, 0) AS open_complaint_count,
            asked.last_on AS last_contact_on,
            asked.channel_id AS preferred_channel_id
            """
        )

    @api.model
    def _write_fresh(self, company, customers):
        """Write what differs between the fresh rows and the profiles.

        Figures, and for all customers scores, which ``care_profile_score`` holds.
        """
        cr = self.env.cr
        source, names = SQL("care_profile_fresh"), FIGURES
        if customers is None:
            names = FIGURES + SCORES
            source = SQL(
                "(SELECT * FROM care_profile_fresh"
                " LEFT JOIN care_profile_score USING (partner_id))"
            )
        scope = self.env["care.purchase.source"]._only(
            SQL("profile.partner_id"), customers
        )
        parts = {
            "company": company.id,
            "scope": scope,
            "source": source,
            "names": _columns(names),
            "fresh": _columns(names, "fresh"),
            "stored": _columns(names, "profile"),
        }
        cr.execute(
            SQL(
                """
                DELETE FROM care_profile profile
                 WHERE profile.company_id = %(company)s AND %(scope)s
                   AND NOT EXISTS (SELECT 1 FROM care_profile_fresh fresh
                                    WHERE fresh.partner_id = profile.partner_id)
                """,
                **parts,
            )
        )
        removed = cr.rowcount
        cr.execute(
            SQL(
                """
                UPDATE care_profile profile SET (%(names)s) = ROW(%(fresh)s)
                  FROM %(source)s fresh
                 WHERE profile.company_id = %(company)s AND %(scope)s
                   AND fresh.partner_id = profile.partner_id
                   AND (%(stored)s) IS DISTINCT FROM (%(fresh)s)
                """,
                **parts,
            )
        )
        updated = cr.rowcount
        created = self._insert_fresh(company, parts)
        return {"created": created, "updated": updated, "removed": removed}

    @api.model
    def _insert_fresh(self, company, parts):
        """Insert the profiles of who became a customer; return how many."""
        try:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO care_profile (partner_id, company_id, %(names)s)
                    SELECT fresh.partner_id, %(company)s, %(fresh)s
                      FROM %(source)s fresh
                     WHERE NOT EXISTS (SELECT 1 FROM care_profile profile
                                        WHERE profile.partner_id = fresh.partner_id
                                          AND profile.company_id = %(company)s)
                     ORDER BY fresh.partner_id
                    """,
                    **parts,
                )
            )
        except errors.UniqueViolation as error:
            raise ConcurrencyError(
                f"Customers of company {company.id} were looked at by somebody else"
            ) from error
        return self.env.cr.rowcount

    # --------------------------------------------------------------------- jobs
    @api.model
    def _claim(self, company):
        """Take the customers of a company for this transaction, first thing in it.

        The nightly job and the job that follows touches would cross each other.

        :return: False when another job has them
        """
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, company.id]
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _cron_refresh(self):
        """Nightly: profiles and scores of every company, one transaction each."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([("active", "=", True)])
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._refresh_isolated(company)
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
            self._refresh_isolated(company)
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _refresh_isolated(self, company):
        """Refresh a company as a job does it: whoever is crossed tries again.

        :raises ConcurrencyError: crossed again and again
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if not self._claim(company):
                    raise ConcurrencyError(f"Company {company.id} is looked at")
                self._refresh_all(company)
                self.env.flush_all()
                return
            except (ConcurrencyError, errors.SerializationFailure):
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == ATTEMPTS:
                    raise
                _logger.info("Customers of company %s are busy; again", company.id)
                time.sleep(PAUSE)

    @api.model
    def _refresh_all(self, company):
        """Refresh profiles and care stages of a company as the system does it.

        The first time in silence.
        """
        silent = not company.care_filled_on or is_internal(
            self.env.context, "care_silent"
        )
        profiles = self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            tz=company.care_tz,
            care_silent=silent and INTERNAL,
        )
        stages = profiles.env["care.stage"]
        if not company.care_filled_on:
            stages._keep_by_hand(company)
        profiles._refresh(company)
        stages._apply_rules(company)
