from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CareCommon

NOW = "2026-03-02 03:00:00"


@tagged("post_install", "-at_install")
class TestEffort(CareCommon):
    """Time spent on tickets: logged by hand or by a timer of the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(user_id=cls.user_own.id)
        cls.second = cls._create_ticket(user_id=cls.user_own.id, name="Tủ lạnh")

    def _as(self, user, ticket=None):
        return (ticket or self.ticket).with_user(user)

    def _log(self, user=None, **values):
        return (
            self.env["care.effort"]
            .with_user(user or self.user_own)
            .create({"ticket_id": self.ticket.id, "seconds": 900, **values})
        )

    # ------------------------------------------------------------ by hand

    def test_quarter_of_an_hour(self):
        with self._at(NOW):
            found = self._as(self.user_own).add_effort(15, "  gọi   khách ")
        effort = self.ticket.effort_ids
        self.assertEqual((effort.seconds, effort.hours), (900, 0.25))
        self.assertEqual((effort.user_id, effort.kind), (self.user_own, "manual"))
        self.assertEqual(effort.note, "gọi khách")
        self.assertEqual(str(effort.date), NOW)
        self.assertEqual(found["total"], 900)
        self.assertEqual(self.ticket.effort_seconds, 900)
        self.assertEqual(self.ticket.event_ids.sorted("id")[-1].kind, "effort")
        self.assertFalse(self.ticket._find_state_differences())

    def test_no_effort_is_unknown_and_not_zero(self):
        self.assertIsNone(self.ticket.effort_seconds)
        effort = self._log()
        effort.unlink()
        self.assertIsNone(self.ticket.effort_seconds)

    def test_totals_add_up_over_people_and_corrections(self):
        first = self._log()
        self._log(self.user_lead, seconds=600)
        first.with_user(self.user_own).hours = 0.5
        self.assertEqual(first.seconds, 1800)
        self.assertEqual(self.ticket.effort_seconds, 2400)
        first.with_user(self.user_own).unlink()
        self.assertEqual(self.ticket.effort_seconds, 600)
        kinds = self.ticket.event_ids.mapped("kind")
        self.assertEqual(kinds.count("effort"), 4)

    def test_sums_beyond_an_int4(self):
        rows = [{"ticket_id": self.ticket.id, "seconds": 86400}] * 10
        self.env["care.effort"].create(rows)
        self.ticket.effort_seconds = 3e9
        self.env.flush_all()
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.effort_seconds, 3e9)

    def test_nonsense_is_refused_in_words(self):
        for minutes in (0, -5, 1441, "20", None, True, float("nan"), float("inf")):
            with self.assertRaisesRegex(UserError, "minutes of work"):
                self._as(self.user_own).add_effort(minutes)
        for values, words in (
            ({"seconds": 0}, "more than 0 minutes"),
            ({"seconds": -900}, "more than 0 minutes"),
            ({"seconds": 86401}, "at most 24 hours"),
            ({"date": "2099-01-01 00:00:00"}, "cannot lie in the future"),
            ({"ticket_id": False}, "belongs to one ticket"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self._log(self.user_manager, **values)

    def test_own_is_corrected_on_the_day_and_not_later(self):
        with self._at(NOW):
            effort = self._log()
            self.env.flush_all()
            effort.note = "gọi khách"
        # the next day in Hanoi begins at 17:00 UTC
        with self._at("2026-03-02 16:59:00"):
            effort.hours = 0.5
        with self._at("2026-03-02 17:00:00"):
            with self.assertRaisesRegex(UserError, "on the day you logged it"):
                effort.hours = 1
            with self.assertRaisesRegex(UserError, "on the day you logged it"):
                effort.unlink()
            effort.with_user(self.user_lead).hours = 1
            self.assertEqual(self.ticket.effort_seconds, 3600)
            effort.with_user(self.user_lead).unlink()

    def test_others_entries_are_the_leader_s(self):
        effort = self._log()
        for user in (self.user_team, self.user_reader, self.user_portal):
            with self.assertRaises(AccessError):
                effort.with_user(user).note = "x"
        self.team.leader_id = self.user_manager
        with self.assertRaises(AccessError):
            effort.with_user(self.user_lead).note = "x"

    def test_nobody_logs_for_others_but_the_leader(self):
        with self.assertRaises(AccessError):
            self._log(user_id=self.user_team.id)
        effort = self._log(self.user_lead, user_id=self.user_own.id)
        self.assertEqual(effort.user_id, self.user_own)

    def test_nobody_logs_on_what_he_cannot_see(self):
        self.second.write({"team_id": self.second_team.id, "user_id": False})
        with self.assertRaises(AccessError):
            self._log(ticket_id=self.second.id)
        with self.assertRaises(AccessError):
            self._as(self.user_own, self.second).add_effort(15)

    def test_kind_ticket_and_person_stay(self):
        effort = self._log(kind="timer")
        self.assertEqual(effort.kind, "manual")
        for values in (
            {"kind": "timer"},
            {"ticket_id": self.second.id},
            {"user_id": self.user_lead.id},
        ):
            with self.assertRaisesRegex(UserError, "can be corrected"):
                effort.write(values)
        with self.assertRaises(AccessError):
            self._as(self.user_manager).effort_seconds = 7

    def test_other_companies_see_nothing(self):
        effort = self._log()
        self.assertEqual(effort.company_id, self.company)
        self.assertFalse(
            self.env["care.effort"]
            .with_user(self.user_other)
            .search([("id", "=", effort.id)])
        )

    def test_words_go_with_the_words_of_the_ticket(self):
        effort = self._log(note="Gọi chị Mai")
        self.ticket.sudo()._care_remove_texts()
        self.assertFalse(effort.note)
        self.assertEqual(self.ticket.effort_seconds, 900)

    def test_queries_do_not_grow_with_the_tickets(self):
        def cost(count):
            tickets = self.env["care.ticket"].create(
                [
                    {"name": f"T{index}", "team_id": self.team.id}
                    for index in range(count)
                ]
            )
            rows = [{"ticket_id": ticket.id, "seconds": 60} for ticket in tickets]
            self.env["care.effort"].create(rows)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            tickets._refresh_effort()
            return self.env.cr.sql_log_count - before

        self.assertEqual(cost(2), cost(12))

    # ------------------------------------------------------------ timer

    def test_start_pause_go_on_stop(self):
        ticket = self._as(self.user_own)
        with self._at("2026-03-02 03:00:00"):
            self.assertEqual(ticket.get_effort()["state"], "idle")
            self.assertEqual(ticket.start_effort()["state"], "running")
        with self._at("2026-03-02 03:10:00"):
            self.assertEqual(ticket.get_effort()["seconds"], 600)
            self.assertEqual(ticket.pause_effort()["state"], "paused")
        with self._at("2026-03-02 04:00:00"):
            self.assertEqual(ticket.get_effort()["seconds"], 600)
            ticket.start_effort()
        with self._at("2026-03-02 04:05:00"):
            found = ticket.stop_effort("gọi khách")
        self.assertEqual((found["state"], found["total"]), ("idle", 900))
        effort = self.ticket.effort_ids
        self.assertEqual((effort.seconds, effort.kind), (900, "timer"))
        self.assertEqual((effort.note, effort.user_id), ("gọi khách", self.user_own))

    def test_two_tabs_press_the_same_button(self):
        ticket = self._as(self.user_own)
        with self._at("2026-03-02 03:00:00"):
            ticket.start_effort()
        with self._at("2026-03-02 03:01:00"):
            self.assertEqual(ticket.start_effort()["seconds"], 60)
            ticket.stop_effort()
            self.assertEqual(ticket.stop_effort()["total"], 60)
            self.assertEqual(ticket.pause_effort()["state"], "idle")
        self.assertEqual(len(self.ticket.effort_ids), 1)

    def test_one_timer_runs_per_person(self):
        first, second = self._as(self.user_own), self._as(self.user_own, self.second)
        with self._at("2026-03-02 03:00:00"):
            first.start_effort()
            self._as(self.user_lead).start_effort()
        with self._at("2026-03-02 03:02:00"):
            self.assertEqual(second.get_effort()["other"], self.ticket.number)
            found = second.start_effort()
        self.assertIn(f"ticket {self.ticket.number} was paused", found["message"])
        with self._at("2026-03-02 03:30:00"):
            self.assertEqual(first.get_effort()["state"], "paused")
            self.assertEqual(first.get_effort()["seconds"], 120)
            self.assertEqual(self._as(self.user_lead).get_effort()["state"], "running")
            self.assertFalse(first.start_effort()["other"])

    @mute_logger("odoo.sql_db")
    def test_the_database_lets_one_run(self):
        timers = self.env["care.effort.timer"]
        rows = [
            {
                "user_id": self.user_own.id,
                "ticket_id": ticket.id,
                "started_on": NOW,
            }
            for ticket in (self.ticket, self.second)
        ]
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            timers.create(rows)
            self.env.flush_all()

    def test_less_than_a_second_leaves_nothing(self):
        with self._at(NOW):
            self._as(self.user_own).start_effort()
            self._as(self.user_own).stop_effort()
        self.assertFalse(self.ticket.effort_ids)
        self.assertFalse(self.env["care.effort.timer"].search([]))

    def test_thrown_away(self):
        with self._at(NOW):
            self._as(self.user_own).start_effort()
        with self._at("2026-03-02 03:10:00"):
            self._as(self.user_own).drop_effort()
        self.assertFalse(self.ticket.effort_ids)
        self.assertIsNone(self.ticket.effort_seconds)

    def test_timers_are_one_s_own_and_written_by_nobody(self):
        self._as(self.user_own).start_effort()
        timers = self.env["care.effort.timer"]
        self.assertTrue(timers.with_user(self.user_own).search([]))
        self.assertFalse(timers.with_user(self.user_manager).search([]))
        timer = timers.search([("user_id", "=", self.user_own.id)])
        for user in (self.user_own, self.user_admin):
            with self.assertRaises(AccessError):
                timer.with_user(user).seconds = 1e6
        for user in (self.user_reader, self.user_portal, self.user_other):
            for method in ("start_effort", "pause_effort", "stop_effort"):
                with self.assertRaises(AccessError):
                    getattr(self._as(user), method)()

    # ------------------------------------------------------------ forgotten

    def _run_job(self, moment):
        with self._at(moment):
            timers = self.env["care.effort.timer"].with_user(
                self.env.ref("base.user_root")
            )
            timers._stop_batch(self.company, set())

    def test_a_forgotten_timer_stops_and_its_person_is_told(self):
        with self._at("2026-03-02 03:00:00"):
            self._as(self.user_own).start_effort()
        self._run_job("2026-03-02 10:59:59")
        self.assertTrue(self._as(self.user_own)._get_own_timers())
        self._run_job("2026-03-02 18:00:00")
        effort = self.ticket.effort_ids
        self.assertEqual(effort.seconds, 8 * 3600)
        self.assertEqual(str(effort.date), "2026-03-02 11:00:00")
        self.assertIn("after 8 hours", effort.note)
        self.assertFalse(self._as(self.user_own)._get_own_timers())
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.user_own.partner_id.ids)], limit=1
        )
        self.assertIn("running for 8 hours", told.body)
        self.assertFalse(self.ticket._find_state_differences())

    def test_the_company_says_how_long(self):
        self.company.care_timer_hours = 2
        with self._at("2026-03-02 03:00:00"):
            self._as(self.user_own).start_effort()
        self._run_job("2026-03-02 05:00:00")
        self.assertEqual(self.ticket.effort_seconds, 7200)

    def test_what_was_paused_and_forgotten_is_logged(self):
        with self._at("2026-03-02 03:00:00"):
            self._as(self.user_own).start_effort()
        with self._at("2026-03-02 03:20:00"):
            self._as(self.user_own).pause_effort()
            self.env.flush_all()
        self._run_job("2026-03-03 03:00:00")
        self.assertFalse(self.ticket.effort_ids)
        self._run_job("2026-03-03 03:20:00")
        self.assertEqual(self.ticket.effort_seconds, 1200)

    def test_more_than_a_day_becomes_several_entries(self):
        timer = self.env["care.effort.timer"].create(
            {
                "user_id": self.user_own.id,
                "ticket_id": self.ticket.id,
                "seconds": timedelta(hours=30).total_seconds(),
            }
        )
        timer._log()
        self.assertEqual(
            sorted(self.ticket.effort_ids.mapped("seconds")), [21600, 86400]
        )
