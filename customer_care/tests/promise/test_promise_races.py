"""Two at the same moment: the job and a reply, two jobs, two first tickets."""

from threading import Barrier, Thread

from psycopg2 import errors

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..races import RaceMixin, committing, drop_company

TICKETS = 40
PATIENCE = 60


@tagged("post_install", "-at_install")
class TestPromiseRaces(RaceMixin, TransactionCase):
    def setUp(self):
        super().setUp()
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

    def test_two_first_tickets_lay_out_the_hours_once(self):
        self._run(self._open, self._open, self._open)
        self.assertEqual(len(self._check()), 3)
        with committing() as env:
            versions = env["care.calendar.version"].search(
                [("company_id", "=", self.company_id)]
            )
            self.assertEqual(len(versions), 1)

    def test_two_jobs_report_each_clock_once(self):
        with committing() as env:
            tickets = self._open(env, TICKETS)
            env.cr.execute(
                "UPDATE care_sla_clock SET deadline = deadline - interval '2 hours',"
                " due_on = due_on - interval '2 hours' WHERE ticket_id IN %s"
                " AND metric = 'first_reply'",
                [tickets._ids],
            )
            ids = tickets.ids
        worked = []

        def work(env):
            worked.append(env["care.sla.clock"]._work_due(fields.Datetime.now()))

        self._run(work, work, work)
        with committing() as env:
            clocks = env["care.sla.clock"].search(
                [("ticket_id", "in", ids), ("metric", "=", "first_reply")]
            )
            self.assertEqual(set(clocks.mapped("step")), {"broken"})
            alerts = env["care.sla.alert"].search([("clock_id", "in", clocks.ids)])
            everybody = (
                env["care.sla.alert"]
                .sudo()
                .search_count([("clock_id", "in", clocks.ids)])
            )
            self.assertEqual(everybody, TICKETS)
            self.assertLessEqual(len(alerts), TICKETS)
        self.assertGreaterEqual(sum(worked), TICKETS)

    def test_reply_while_the_job_works(self):
        with committing() as env:
            ticket_id = self._open(env).id
            env.cr.execute(
                "UPDATE care_sla_clock SET due_on = now() - interval '1 minute',"
                " warn_on = now() - interval '1 minute' WHERE ticket_id = %s",
                [ticket_id],
            )

        def reply(env):
            ticket = env["care.ticket"].browse(ticket_id)
            ticket._record_events(
                [
                    ticket._prepare_event_values(
                        "agent_message", actor="agent", is_public=True
                    )
                ]
            )

        def work(env):
            env["care.sla.clock"]._work_due(fields.Datetime.now())

        self._run(reply, work, work)
        with committing() as env:
            clock = env["care.sla.clock"].search(
                [("ticket_id", "=", ticket_id), ("metric", "=", "first_reply")]
            )
            self.assertEqual(clock.state, "met")
            self.assertFalse(clock.due_on)

    def test_calendar_changes_while_tickets_open(self):
        def change(env):
            company = env["res.company"].browse(self.company_id)
            company.resource_calendar_id.attendance_ids[:1].unlink()

        self._run(self._open, change, self._open)
        self._check()
