"""Two jobs at the same customers at the same moment, on connections of their own.

These commit what they write, and take it away again.
"""

from contextlib import contextmanager
from threading import Barrier, Event, Thread
from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import ConcurrencyError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..races import RaceMixin

REF = "care race"
PEOPLE = 40
#: Seconds after which a thread or a lock counts as stuck.
PATIENCE = 60


@tagged("post_install", "-at_install")
class TestSegmentRaces(RaceMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove_rows)
        with self._committing() as env:
            company = env.ref("base.main_company")
            self.company_id = company.id
            people = env["res.partner"].create(
                [
                    {"name": f"{REF} {number}", "ref": REF, "care_customer_mark": "yes"}
                    for number in range(PEOPLE)
                ]
            )
            self.people_ids = people.ids
            self.segment_id = (
                env["care.segment"]
                .create(
                    {
                        "name": REF,
                        "company_id": company.id,
                        "domain": f"[('ref', '=', '{REF}')]",
                    }
                )
                .id
            )

    # ------------------------------------------------------------ committed rows

    def _remove_rows(self):
        with self._committing() as env:
            segments = env["care.segment"].with_context(active_test=False)
            segments.search([("name", "=", REF)]).unlink()
            partners = env["res.partner"].with_context(active_test=False)
            partners.search([("ref", "=", REF)]).unlink()

    def _know(self):
        """Commit the profiles of our people."""
        with self._committing() as env:
            company = env["res.company"].browse(self.company_id)
            people = env["res.partner"].browse(self.people_ids)
            env["care.profile"].with_company(company)._refresh(company, people)

    # ------------------------------------------------------------------- at once
    def _at_once(self, act):
        """Run ``act(env)`` in two threads, each committing; return what came of them."""
        results = []

        def work():
            try:
                with self._committing() as env:
                    results.append(act(env))
            except (ConcurrencyError, errors.SerializationFailure) as error:
                results.append(error)

        threads = [Thread(target=work, daemon=True) for _worker in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=PATIENCE)
        self.assertFalse([thread for thread in threads if thread.is_alive()])
        self.assertEqual(len(results), 2)
        return results

    @contextmanager
    def _meeting_after(self, model, method):
        """Hold both workers after ``method`` until the other has come that far too."""
        original = getattr(self.registry[model], method)
        barrier = Barrier(2)

        def held(records, *args):
            result = original(records, *args)
            barrier.wait(timeout=PATIENCE)
            return result

        with patch.object(self.registry[model], method, held):
            yield

    def _split(self, results):
        """Return how many came through, and how many were crossed."""
        crossed = [item for item in results if isinstance(item, Exception)]
        return len(results) - len(crossed), len(crossed)

    def _events(self, kind):
        with self._committing() as env:
            return env["care.segment.event"].search_count(
                [("segment_id", "=", self.segment_id), ("kind", "=", kind)]
            )

    def _members(self):
        with self._committing() as env:
            rows = env["care.segment.member"].search(
                [("segment_id", "=", self.segment_id)]
            )
            return sorted(rows.mapped("state"))

    def _refresh_segment(self, env):
        return env["care.segment"].browse(self.segment_id)._refresh()

    # --------------------------------------------------------------------- tests
    @mute_logger("odoo.sql_db")
    def test_two_refreshes_of_one_segment_write_each_change_once(self):
        self._know()
        with self._meeting_after("care.segment", "_compute_difference"):
            results = self._at_once(self._refresh_segment)
        # both saw the same people missing; one brought them in
        self.assertEqual(self._split(results), (1, 1), results)
        self.assertEqual(self._members(), ["in"] * PEOPLE)
        self.assertEqual(self._events("enter"), PEOPLE)
        with self._committing() as env:
            env["res.partner"].browse(self.people_ids[:5]).ref = False
        with self._meeting_after("care.segment", "_compute_difference"):
            results = self._at_once(self._refresh_segment)
        self.assertEqual(self._split(results), (1, 1), results)
        self.assertEqual(self._members(), ["in"] * (PEOPLE - 5) + ["out"] * 5)
        self.assertEqual(self._events("leave"), 5)
        with self._committing() as env:
            env["res.partner"].browse(self.people_ids[:5]).ref = REF
            self.assertEqual(self._refresh_segment(env), 5)
        self.assertEqual(self._members(), ["in"] * PEOPLE)
        self.assertEqual(self._events("enter"), PEOPLE + 5)

    @mute_logger("odoo.sql_db", "odoo.addons.customer_care.models.segment")
    def test_two_jobs_at_one_segment_leave_it_to_one(self):
        self._know()
        claimed, refused = Event(), Event()
        original = self.registry["care.segment"]._claim

        def claim(segment):
            result = original(segment)
            if result:
                claimed.set()
                # keep the row until the other job has come for it
                self.assertTrue(refused.wait(timeout=PATIENCE))
            else:
                refused.set()
            return result

        def job(env):
            env["care.segment"].browse(self.segment_id)._refresh_isolated()
            return True

        with patch.object(self.registry["care.segment"], "_claim", claim):
            self._at_once(job)
        self.assertTrue(claimed.is_set() and refused.is_set())
        self.assertEqual(self._members(), ["in"] * PEOPLE)
        self.assertEqual(self._events("enter"), PEOPLE)

    @mute_logger("odoo.sql_db")
    def test_two_refreshes_of_one_profile_write_it_once(self):
        def refresh(env):
            company = env["res.company"].browse(self.company_id)
            people = env["res.partner"].browse(self.people_ids)
            profiles = env["care.profile"].with_company(company)
            written = profiles._refresh(company, people)
            profiles.env["care.stage"]._apply_rules(company, people)
            return written["created"]

        with self._meeting_after("care.profile", "_compute_fresh"):
            results = self._at_once(refresh)
        self.assertEqual(self._split(results), (1, 1), results)
        self.assertIn(PEOPLE, results)
        with self._committing() as env:
            ours = [("partner_id", "in", self.people_ids)]
            here = [*ours, ("company_id", "=", self.company_id)]
            self.assertEqual(env["care.profile"].search_count(here), PEOPLE)
            self.assertEqual(env["care.stage.change"].search_count(here), PEOPLE)
            # the loser tries again and finds nothing to do
            company = env["res.company"].browse(self.company_id)
            people = env["res.partner"].browse(self.people_ids)
            again = env["care.profile"]._refresh(company, people)
            self.assertEqual(again, {"created": 0, "updated": 0, "removed": 0})

    def test_the_customers_of_a_company_are_claimed_by_one_job(self):
        with self._committing() as first, self._committing() as second:
            company = first["res.company"].browse(self.company_id)
            self.assertTrue(first["care.profile"]._claim(company))
            self.assertFalse(second["care.profile"]._claim(company))
            people = second["res.partner"].browse(self.people_ids)
            company = second["res.company"].browse(self.company_id)
            if not company.care_filled_on:
                company.care_filled_on = second.cr.now()
            with self.assertRaises(ConcurrencyError):
                second["care.touch"]._look_at(people, silent=False)
            second.cr.rollback()

    # ------------------------------------------------------------ deleted customers
    def _orphans(self):
        """Count members and events of customers that are gone."""
        with self._committing() as env:
            return [
                env.execute_query(
                    SQL(
                        "SELECT COUNT(*) FROM %s row WHERE segment_id = %s AND NOT"
                        " EXISTS (SELECT 1 FROM res_partner WHERE id = row.partner_id)",
                        SQL.identifier(table),
                        self.segment_id,
                    )
                )[0][0]
                for table in ("care_segment_member", "care_segment_event")
            ]

    def _delete(self, env):
        env["res.partner"].browse(self.people_ids[:5]).unlink()

    def _try_again(self, act):
        """Run ``act(env)`` until it is not crossed, as the web server does."""
        for _turn in range(5):
            try:
                with self._committing() as env:
                    # its view of the database begins here
                    env.cr.execute("SELECT 1 FROM res_partner LIMIT 1")
                    return act(env)
            except (ConcurrencyError, errors.OperationalError):
                continue
        self.fail("crossed five times")

    @mute_logger("odoo.sql_db")
    def test_customer_who_is_deleted_while_a_refresh_brings_him_in(self):
        self._know()
        thread = Thread(target=self._try_again, args=[self._delete], daemon=True)
        with self._committing() as env:
            self.assertEqual(self._refresh_segment(env), PEOPLE)
            thread.start()
            thread.join(timeout=1)
            self.assertTrue(thread.is_alive(), "it waits for the refresh")
        thread.join(timeout=PATIENCE)
        self.assertFalse(thread.is_alive())
        self.assertEqual(self._orphans(), [0, 0])
        self.assertEqual(self._members(), ["in"] * (PEOPLE - 5))

    @mute_logger("odoo.sql_db")
    def test_refresh_that_did_not_see_a_customer_go(self):
        self._know()
        with self._committing() as env:
            env.cr.execute("SELECT 1 FROM res_partner LIMIT 1")
            with self._committing() as other:
                self._delete(other)
            with self.assertRaises(errors.SerializationFailure):
                self._refresh_segment(env)
            env.cr.rollback()
        self.assertEqual(self._try_again(self._refresh_segment), PEOPLE - 5)
        self.assertEqual(self._orphans(), [0, 0])

    @mute_logger("odoo.sql_db")
    def test_customer_who_is_deleted_while_somebody_puts_him_in(self):
        self._know()

        def put_in(env):
            segment = env["care.segment"].browse(self.segment_id)
            people = env["res.partner"].browse(self.people_ids[:5])
            env["care.segment.member"]._set_override(segment, people, "include")

        thread = Thread(target=self._try_again, args=[self._delete], daemon=True)
        with self._committing() as env:
            put_in(env)
            thread.start()
            thread.join(timeout=1)
            self.assertTrue(thread.is_alive(), "it waits")
        thread.join(timeout=PATIENCE)
        self.assertFalse(thread.is_alive())
        self.assertEqual(self._orphans(), [0, 0])
