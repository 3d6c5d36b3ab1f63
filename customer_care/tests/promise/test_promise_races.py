"""Two at the same moment: the job and a reply, two jobs, two first tickets."""

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..races import committing
from .race_common import PromiseRaceMixin

TICKETS = 40


@tagged("post_install", "-at_install")
class TestPromiseRaces(PromiseRaceMixin, TransactionCase):
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
