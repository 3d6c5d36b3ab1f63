"""How the members of a segment are brought up to date.

One read-only difference between who should be in and who is, into a temporary table;
then writes only for what differs. No customer is loaded. A second refresh without
changes writes no member and no event.
"""

import logging
import time
from datetime import timedelta

from psycopg2 import errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCondition
from odoo.tools import SQL

from ...lib.internal import is_internal

_logger = logging.getLogger(__name__)

TIMEOUT = 300  # seconds that one statement of a refresh may take
#: Operators that somebody without a profile may fulfil as well.
NEGATIVE = (
    "!=",
    "not in",
    "not any",
    "not like",
    "not ilike",
    "not =like",
    "not =ilike",
)
#: Runs of the job repeat a refresh that another transaction crossed.
ATTEMPTS = 3


class CareSegment(models.Model):
    _inherit = "care.segment"

    # -------------------------------------------------------------- who belongs
    def _as_system(self):
        """Return the segment as its refresh sees it, whoever asked for it."""
        self.ensure_one()
        company = self.company_id
        return (
            self.with_user(SUPERUSER_ID)
            .with_company(company)
            .with_context(
                allowed_company_ids=company.ids,
                tz=company.care_tz,
                lang=company.partner_id.lang or "en_US",
                active_test=True,
                care_customers_only=True,
            )
        )

    def _domain(self):
        """Return the condition of this segment as a Domain on the contact."""
        self.ensure_one()
        return self._parse(self.domain)

    def _rule_domain(self):
        """Return who the rule lets in, without what was decided by hand.

        Customers of the company of the segment alone; for a combined segment its
        sources by their stored members.
        """
        self.ensure_one()
        if self.kind == "manual":
            return Domain.FALSE
        domain = self._domain()
        if not self._asks_profile(domain):
            domain &= Domain("care_profile_id", "any!", Domain.TRUE)
        if self.kind == "combined":
            domain &= Domain("id", "in", self._members_sql(self.source_ids))
        if self.except_ids:
            domain &= Domain("id", "not in", self._members_sql(self.except_ids))
        return domain

    @api.model
    def _asks_profile(self, domain):
        """Tell whether fulfilling the condition takes a profile of the company."""
        if isinstance(domain, DomainAnd):
            return any(map(self._asks_profile, domain.children))
        return (
            isinstance(domain, DomainCondition)
            and domain.field_expr.startswith("care_profile_id.")
            and domain.operator not in NEGATIVE
            and domain.value is not False
        )

    @api.model
    def _members_sql(self, segments):
        return SQL(
            "(SELECT partner_id FROM care_segment_member"
            " WHERE state = 'in' AND segment_id = ANY(%s))",
            list(segments.ids),
        )

    def _wanted_sql(self, partners=None):
        """Return the query of the ids that belong to this segment by its rule."""
        self.ensure_one()
        domain = self._rule_domain()
        if partners is not None:
            domain = Domain("id", "in", partners.ids) & domain
        query = self.env["res.partner"]._search(domain)
        return query.select(SQL("res_partner.id AS id"))

    # ------------------------------------------------------------------ refresh
    def _refresh(self, partners=None):
        """Bring the members of this segment up to date.

        :param partners: commercial partners to look at; None: everybody
        :return: rows changed: how many came in and left
        :rtype: int
        :raises ConcurrencyError: another transaction crossed this one; try again
        """
        segment = self._as_system()
        segment.env.flush_all()
        segment._hold()
        try:
            differing = segment._compute_difference(partners)
            changes = segment._write_difference() if differing else 0
        except errors.UniqueViolation as error:
            raise ConcurrencyError(
                f"Segment {segment.id} was refreshed by somebody else"
            ) from error
        segment.env.cr.execute(
            "SET LOCAL statement_timeout TO DEFAULT; DROP TABLE care_segment_difference"
        )
        if changes:
            segment.env["care.segment.member"].invalidate_model()
            segment.env["res.partner"].invalidate_model(["care_segment_ids"])
        return changes

    def _hold(self):
        """Keep the segment from being deleted until this transaction ends.

        Once for all of its rows, which have no foreign key to it.
        """
        self.env.cr.execute(
            "SELECT 1 FROM care_segment WHERE id = %s FOR KEY SHARE", [self.id]
        )

    def _write_anew(self):
        """Write the rows of these segments anew, for all that watch them.

        Members have no foreign key to their customers: looking each one up cost as much
        as writing the member and its event. Instead, whoever writes members and whoever
        deletes a customer write the segment first. One of two at the same moment waits
        for the other, and is then told that it was crossed, for its view of the database
        is older than what the other wrote.

        :raises SerializationFailure: crossed; try again
        """
        self.env.cr.execute(
            "UPDATE care_segment SET member_count = member_count WHERE id = ANY(%s)",
            [list(self.ids)],
        )

    def _compute_difference(self, partners):
        """Fill ``care_segment_difference`` with who has to come in or to leave.

        In the order of their ids: indexes grow at their end then, and the contacts that
        foreign keys look up lie side by side. It is a third of the time of a first fill.

        :return: how many those are
        :rtype: int
        """
        scope = (
            SQL("TRUE")
            if partners is None
            else SQL("partner_id = ANY(%s)", list(partners.ids))
        )
        self.env.cr.execute(
            SQL(
                """
                SET LOCAL statement_timeout = %(timeout)s;
                CREATE TEMP TABLE care_segment_difference ON COMMIT DROP AS
                SELECT COALESCE(wanted.id, member.partner_id) AS partner_id,
                       member.id AS member_id, member.override,
                       COALESCE(member.state, 'out') = 'out' AS enters,
                       COALESCE(member.rotation, 0) AS rotation
                  FROM (%(wanted)s) wanted
                  FULL JOIN (SELECT id, partner_id, state, override, rotation
                               FROM care_segment_member
                              WHERE segment_id = %(segment)s AND %(scope)s) member
                    ON member.partner_id = wanted.id
                 WHERE COALESCE(member.state, 'out') IS DISTINCT FROM
                       CASE WHEN member.override = 'include' THEN 'in'
                            WHEN member.override = 'exclude' THEN 'out'
                            WHEN wanted.id IS NOT NULL THEN 'in' ELSE 'out' END
                 ORDER BY 1
                """,
                timeout=f"{TIMEOUT}s",
                wanted=self._wanted_sql(partners),
                segment=self.id,
                scope=scope,
            )
        )
        return self.env.cr.rowcount

    def _write_difference(self):
        """Write members and events for what ``care_segment_difference`` holds.

        Nobody else changes these members meanwhile: a crossing refresh is an error of
        the one that comes second. So the events say what the members become.
        """
        cr = self.env.cr
        now = cr.now().replace(microsecond=0)
        members = self.env["care.segment.member"]
        self._write_anew()
        cr.execute("ANALYZE care_segment_difference (member_id)")
        cr.execute(
            SQL(
                """
                UPDATE care_segment_member member
                   SET state = CASE WHEN difference.enters THEN 'in' ELSE 'out' END,
                       rotation = member.rotation + difference.enters::int,
                       entered_on = CASE WHEN difference.enters
                           THEN %(now)s ELSE member.entered_on END,
                       left_on = CASE WHEN NOT difference.enters THEN %(now)s END
                  FROM care_segment_difference difference
                 WHERE member.id = difference.member_id
                """,
                now=now,
            )
        )
        changes = cr.rowcount
        cr.execute(
            SQL(
                """
                INSERT INTO care_segment_member (segment_id, partner_id, state,
                       rotation, entered_on, bucket)
                SELECT %(segment)s, partner_id, 'in', 1, %(now)s, %(bucket)s
                  FROM care_segment_difference WHERE member_id IS NULL
                """,
                segment=self.id,
                now=now,
                bucket=members._bucket_sql(self, SQL("partner_id")),
            )
        )
        changes += cr.rowcount
        cr.execute(
            SQL(
                """
                INSERT INTO care_segment_event (segment_id, partner_id, kind, "on",
                       rotation, initial)
                SELECT %(segment)s, partner_id,
                       CASE WHEN enters THEN 'enter' ELSE 'leave' END,
                       %(now)s, rotation + enters::int, %(initial)s
                  FROM care_segment_difference
                """,
                segment=self.id,
                now=now,
                initial=not self.is_filled
                or is_internal(self.env.context, "care_silent"),
            )
        )
        self._after_difference()
        return changes

    def _after_difference(self):
        """Follow up who came and left, in the transaction of the refresh; a hook.

        ``care_segment_difference`` still holds them; members and events are written.
        """

    # -------------------------------------------------------------- bookkeeping
    def _refresh_and_note(self, partners=None):
        """Refresh, and note on the segment when, how long and with what result.

        The size of the day is noted when it changed.
        """
        self.ensure_one()
        started = time.monotonic()
        changes = self._refresh(partners)
        values = {
            "refreshed_on": self.env.cr.now().replace(microsecond=0),
            "refresh_seconds": round(time.monotonic() - started, 2),
            "refresh_changes": changes,
            "refresh_error": False,
        }
        if partners is None:
            values["is_filled"] = True
        if changes or not self.refreshed_on:
            values["member_count"] = self._note_size()
        self.write(values)
        return changes

    def _note_size(self):
        """Count the members and write it down for today; return the count."""
        cr = self.env.cr
        cr.execute(
            "SELECT COUNT(*) FROM care_segment_member"
            " WHERE segment_id = %s AND state = 'in'",
            [self.id],
        )
        size = cr.fetchone()[0]
        day = self.env["care.profile"]._today(self.company_id)
        cr.execute(
            """
            INSERT INTO care_segment_size (segment_id, day, size) VALUES (%s, %s, %s)
            ON CONFLICT (segment_id, day) DO UPDATE SET size = EXCLUDED.size
            """,
            [self.id, day, size],
        )
        self.env["care.segment.size"].invalidate_model()
        return size

    # --------------------------------------------------------------------- jobs
    @api.model
    def _cron_refresh(self):
        """Refresh every segment, each in a transaction of its own.

        A segment that fails keeps its members, shows the error and holds nobody up.
        """
        self.env["care.profile"]._fill_companies()
        segments = self.with_user(SUPERUSER_ID).search(
            [("company_id.active", "=", True)]
        )
        segments = self._in_order(segments)
        self._each_in_transaction(segments, None)

    @api.model
    def _each_in_transaction(self, segments, partners):
        """Refresh segments one after the other and commit after each."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(segments))
        for segment in segments:
            segment._refresh_isolated(partners)
            if not cron._commit_progress(1):
                break

    def _refresh_isolated(self, partners=None):
        """Refresh; a crossing transaction is tried again, an error is noted."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if not self._claim():
                    return
                self._refresh_and_note(partners)
                self.env.flush_all()
                return
            except (ConcurrencyError, errors.SerializationFailure):
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == ATTEMPTS:
                    _logger.info("Segment %s is busy; the next run takes it", self.id)
            except Exception as error:  # noqa: BLE001 - one bad segment holds up none
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                _logger.info("Segment %s was not refreshed: %s", self.id, error)
                self.write({"refresh_error": str(error)})
                return

    def _refresh_some(self, partners):
        """Look at some customers, for the job that follows their changes.

        A segment that was never filled waits for its first refresh; a condition that
        fails is noted and holds nobody up.

        :raises ConcurrencyError: the segment is being refreshed by somebody else
        """
        if not self.is_filled or self.refresh_error:
            return
        if not self._claim():
            raise ConcurrencyError(f"Segment {self.id} is being refreshed")
        try:
            with self.env.cr.savepoint():
                self._refresh_and_note(partners)
        except (ConcurrencyError, errors.SerializationFailure):
            raise
        except Exception as error:  # noqa: BLE001 - one bad segment holds up none
            _logger.info("Segment %s was not refreshed: %s", self.id, error)
            self.write({"refresh_error": str(error)})

    def _claim(self):
        """Lock the segment, first thing after a commit; False: somebody else has it."""
        self.env.cr.execute(
            "SELECT 1 FROM care_segment WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
            [self.id],
        )
        return bool(self.env.cr.rowcount)

    # --------------------------------------------------------------------- size
    def _sizes(self, days=90):
        """Return how many customers there were on each of the last days.

        :return: list of (date, count), one per day on which something was known
        """
        self.ensure_one()
        since = fields.Date.context_today(self) - timedelta(days=days)
        rows = self.env["care.segment.size"].search_fetch(
            [("segment_id", "in", self.ids), ("day", ">=", since)], order="day"
        )
        return [(row.day, row.size) for row in rows]
