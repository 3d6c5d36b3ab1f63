"""Jobs at the same moment: real ones, on connections of their own.

They commit what they write, and take it away again.
"""

from threading import Barrier, Thread

from psycopg2 import errors

from odoo.exceptions import ConcurrencyError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..races import RaceMixin

JOBS = 4
PEOPLE = 5
CAP = 3
MESSAGES = 3  # that each job sends to each customer
PATIENCE = 60  # seconds after which a thread counts as stuck


@tagged("post_install", "-at_install")
class TestGateRaces(RaceMixin, BaseCase):
    def setUp(self):
        super().setUp()
        with self._committing() as env:
            company = env["res.company"].search([], limit=1, order="id")
            company._care_ship_limits()
            limit = env["care.limit"].search([("company_id", "=", company.id)])
            line = env["care.limit.line"].create(
                {
                    "limit_id": limit.id,
                    "channel": "email",
                    "purpose": "transactional",
                    "hour_from": 0,
                    "hour_to": 24,
                    "day_cap": CAP,
                }
            )
            people = env["res.partner"].create(
                [
                    {"name": f"Race {at}", "email": f"race{at}@gate.test", "tz": "UTC"}
                    for at in range(PEOPLE)
                ]
            )
            self.company_id, self.line_id = company.id, line.id
            self.partner_ids, self.emails = people.ids, people.mapped("email")
        self.addCleanup(self._remove_rows)

    def _counters(self, env):
        return env["care.contact.counter"].search([("address", "in", self.emails)])

    def _remove_rows(self):
        with self._committing() as env:
            self._counters(env).unlink()
            env["care.limit.line"].browse(self.line_id).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def _run_job(self, barrier, sent, crossed):
        """Send to everybody, a transaction for each round; try again when crossed."""
        met = False
        for _round in range(MESSAGES):
            while True:
                try:
                    with self._committing() as env:
                        company = env["res.company"].browse(self.company_id)
                        people = env["res.partner"].browse(self.partner_ids)
                        people.read(["name"])  # its view of the database begins here
                        if not met:
                            met = True
                            barrier.wait(timeout=PATIENCE)
                        found = env["care.gate"]._decide(
                            company, "email", "transactional", people
                        )
                    break
                except (errors.SerializationFailure, ConcurrencyError):
                    crossed.append(1)
            sent.extend(ref for ref, row in found.items() if row.verdict == "go")

    @mute_logger("odoo.sql_db")
    def test_jobs_at_once_never_exceed_a_cap(self):
        """Four jobs, three messages each to five customers who take three a day."""
        barrier, sent, crossed = Barrier(JOBS), [], []
        threads = [
            Thread(
                target=self._run_job,
                args=(barrier, sent, crossed),
                daemon=True,
                name=f"job {at}",
            )
            for at in range(JOBS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=PATIENCE)
        self.assertFalse([thread.name for thread in threads if thread.is_alive()])
        self.assertTrue(crossed, "the jobs did meet")
        self.assertEqual(
            sorted(sent), sorted(ref for ref in self.partner_ids for _ in range(CAP))
        )
        with self._committing() as env:
            self.assertEqual(self._counters(env).mapped("hits"), [CAP] * PEOPLE)
