from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import PromiseCommon, local


@tagged("post_install", "-at_install")
class TestPromiseWords(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._promise(("first_reply", 4), ("resolution", 16))

    def _say_at(self, moment, ticket):
        with self._at(str(local(moment))):
            return ticket._say_promise_to_customer()

    def test_customer_is_told_what_he_waits_for(self):
        ticket = self._open_at("2026-03-02 08:00")
        self.assertEqual(
            self._say_at("2026-03-02 08:01", ticket),
            "You get an answer by 12:00\u202fPM today.",
        )
        self._reply_at("2026-03-02 09:00", ticket)
        self.assertEqual(
            self._say_at("2026-03-02 09:01", ticket),
            "We settle this by 5:00\u202fPM tomorrow.",
        )

    def test_late_is_said(self):
        ticket = self._open_at("2026-03-02 08:00")
        said = self._say_at("2026-03-02 13:30", ticket)
        self.assertIn("are late", said)
        self.assertNotIn("12:00", said)

    def test_weekend_names_the_day(self):
        ticket = self._open_at("2026-03-06 16:00")
        self.assertIn("Monday", self._say_at("2026-03-06 16:01", ticket))

    def test_nothing_is_said_without_a_promise(self):
        ticket = self._open_at("2026-03-02 08:00")
        self._move_at("2026-03-02 09:00", ticket, self.stage_solved)
        self.assertFalse(self._say_at("2026-03-02 09:01", ticket))
        spam = self._open_at("2026-03-02 08:00", void_reason="test")
        self.assertFalse(self._say_at("2026-03-02 08:01", spam))

    def test_late_filter(self):
        ticket = self._open_at("2026-03-02 08:00")
        other = self._create_ticket()
        found = self.env["care.ticket"].search(
            [("is_late", "=", True), ("id", "in", (ticket | other).ids)]
        )
        self.assertEqual(found, ticket)
        rest = self.env["care.ticket"].search(
            [("is_late", "=", False), ("id", "in", (ticket | other).ids)]
        )
        self.assertEqual(rest, other)
        self.assertEqual((ticket.is_late, other.is_late), (True, False))

    def test_time_left_makes_it_urgent(self):
        """An hour before the end 30 points, at the opening and when the hour comes."""
        rules = self.env["care.urgency.rule"]
        rules.search([]).active = False
        rules.create(
            {
                "name": "Sắp trễ",
                "kind": "deadline",
                "points": 30,
                "minutes": 60,
                "company_id": self.company.id,
            }
        )
        ticket = self._open_at("2026-03-02 08:00")
        self.assertEqual(ticket.urgency, 0)
        self.assertEqual(ticket.urgency_due_on, local("2026-03-02 11:00"))
        self.policy.target_ids.hours = 1
        short = self._open_at("2026-03-02 08:00")
        self.assertEqual(short.urgency, 30)
        self._reply_at("2026-03-02 08:10", short)
        self.assertEqual(short.urgency, 30)  # the solution is due within the hour too

    def test_my_work_sorts_by_what_is_promised(self):
        self.policy.target_ids.hours_kind = "always"
        tickets = self.env["care.ticket"]
        for hours in (20, 1, -1):
            self.policy.target_ids.hours = 4
            with self._at(str(fields.Datetime.now() + timedelta(hours=hours - 4))):
                tickets |= (
                    tickets.with_context(care_actor="customer")
                    .create(
                        {
                            "name": f"Còn {hours}",
                            "partner_id": self.customer.id,
                            "team_id": self.team.id,
                            "user_id": self.user_own.id,
                        }
                    )
                    .with_context(care_actor=None)
                )
        work = self.env["care.ticket"].with_user(self.user_own).get_my_work()
        groups = {
            group["word"]: [row["name"] for row in group["rows"]]
            for group in work["groups"]
        }
        self.assertEqual(groups["late"], ["Còn -1"])
        self.assertEqual(groups["soon"], ["Còn 1"])
        self.assertEqual(groups["today"], ["Còn 20"])
        row = work["groups"][0]["rows"][0]
        self.assertEqual(row["metric"], "First Reply")
        self.assertTrue(row["deadline"])


@tagged("post_install", "-at_install")
class TestPromisePage(HttpCase, PromiseCommon):
    def test_customer_reads_the_promise_on_the_page(self):
        self._promise({"metric": "first_reply", "hours": 4, "hours_kind": "always"})
        ticket = (
            self.env["care.ticket"]
            .with_context(care_actor="customer")
            .create(
                {
                    "name": "Máy giặt",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                }
            )
        )
        self.user_portal.password = "care_portal_pass"
        self.authenticate("care_portal", "care_portal_pass")
        page = self.url_open(f"/my/tickets/{ticket.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("You get an answer by", page.text)
