"""What tests of promises and people at the same moment share."""

from threading import Barrier, Thread

from psycopg2 import errors

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, mute_logger

from ..races import RaceMixin, committing, drop_company

PATIENCE = 60


class PromiseRaceMixin(RaceMixin):
    """A company with a team and a promise, committed, and several at once."""

    def setUp(self):
        super().setUp()
        self._hide_other_clocks()
        with committing() as env:
            company = env["res.company"].create({"name": "Đồng hồ"})
            team = env["care.team"].create(
                {
                    "name": "Đồng hồ",
                    "company_id": company.id,
                    "resource_calendar_id": company.resource_calendar_id.id,
                    "leader_id": env.ref("base.user_admin").id,
                }
            )
            env["care.sla.policy"].create(
                {
                    "name": "Đồng hồ",
                    "company_id": company.id,
                    "target_ids": [
                        (
                            0,
                            0,
                            {
                                "metric": "first_reply",
                                "hours": 1,
                                "hours_kind": "always",
                            },
                        ),
                        (0, 0, {"metric": "resolution", "hours": 8}),
                    ],
                }
            )
            self.company_id, self.team_id = company.id, team.id
        self.addCleanup(self._remove_rows)

    def _hide_other_clocks(self):
        """Leave the clocks of others out of the job, until the end of the test."""
        with committing() as env:
            env.cr.execute(
                "WITH due AS (SELECT id, due_on FROM care_sla_clock"
                " WHERE due_on IS NOT NULL) UPDATE care_sla_clock clock"
                " SET due_on = NULL FROM due WHERE clock.id = due.id"
                " RETURNING due.id, due.due_on"
            )
            self.hidden = env.cr.fetchall()
        self.addCleanup(self._show_other_clocks)

    def _show_other_clocks(self):
        with committing() as env:
            if self.hidden:
                env.cr.execute(
                    SQL(
                        "UPDATE care_sla_clock clock SET due_on = data.due_on::timestamp"
                        " FROM (VALUES %s) AS data (id, due_on) WHERE clock.id = data.id",
                        SQL(", ").join(self.hidden),
                    )
                )

    def _remove_rows(self):
        with committing() as env:
            company = env["res.company"].browse(self.company_id)
            domain = [("company_id", "=", company.id)]
            env["care.ticket"].with_context(active_test=False).search(domain).unlink()
            env["care.sla.policy"].search(domain).unlink()
            env["care.team"].search(domain).unlink()
            env.cr.execute(
                "DELETE FROM care_calendar_version WHERE company_id = %s", [company.id]
            )
            drop_company(env, company)

    def _open(self, env, count=1):
        return (
            env["care.ticket"]
            .with_context(care_actor="customer")
            .create(
                [
                    {"name": "Đồng hồ", "team_id": self.team_id}
                    for _index in range(count)
                ]
            )
        )

    def _run(self, *works):
        """Do all works at once, each again for as long as another was quicker."""
        barrier, failures = Barrier(len(works)), []

        def go(work):
            started = False
            while True:
                try:
                    with committing() as env:
                        # the snapshot is taken before the start
                        env.cr.execute("SELECT 1")
                        if not started:
                            started = True
                            barrier.wait(PATIENCE)
                        work(env)
                    return
                except (ConcurrencyError, errors.SerializationFailure):
                    continue
                except Exception as error:  # noqa: BLE001 - said by the test
                    failures.append(error)
                    return

        threads = [Thread(target=go, args=(work,)) for work in works]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
        self.assertFalse(any(thread.is_alive() for thread in threads))
        self.assertEqual(failures, [])

    def _check(self):
        with committing() as env:
            tickets = env["care.ticket"].search([("company_id", "=", self.company_id)])
            self.assertEqual(tickets._find_clock_differences(), {})
            self.assertEqual(tickets._find_state_differences(), {})
            return tickets.ids
