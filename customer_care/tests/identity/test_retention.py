"""How long words are kept: by a clock that is set, in two companies, in batches."""

from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.identity import care_retention
from .common import MergeCommon


@tagged("post_install", "-at_install")
class TestRetention(MergeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.company | cls.other_company).care_tz = "Asia/Ho_Chi_Minh"
        cls.retention = cls.env["care.retention"].with_user(SUPERUSER_ID)

    def _finished(self, moment, text="Chữ cũ", **values):
        """A ticket that was opened and solved at a moment."""
        with self._at(moment):
            ticket = self._create_ticket(description=f"<p>{text}</p>", **values)
            ticket.message_post(body=text, attachments=[("anh.txt", b"x")])
            ticket.action_solve()
            self.env.flush_all()
            # the ORM takes the date of creation from the clock of the transaction
            self.env.cr.execute(
                "UPDATE care_ticket SET create_date = %s WHERE id = %s",
                [moment, ticket.id],
            )
        ticket.invalidate_recordset()
        return ticket

    def _expire(self, months, name="care.ticket", company=None):
        return self.retention._expire(company or self.company, months, name)

    def test_nothing_is_due_unless_a_company_says_so(self):
        self.assertEqual(self.company.care_keep_ticket_months, 0)
        self._finished("2020-01-01 05:00")
        with self._at("2026-06-15 05:00"):
            for name, _model in self.retention._kept():
                self.assertEqual(self.retention._due(self.company, name), 0)

    def test_ticket_on_the_day(self):
        """Six months after it was solved, not a second before."""
        ticket = self._finished("2026-01-15 05:00:00")
        figures = [ticket.number, ticket.solved_on, ticket.reply_count, ticket.kind]
        messages = len(ticket.message_ids)
        with self._at("2026-07-15 05:00:00"):
            self.assertNotIn(ticket, self._due_tickets(6))
            self._expire(6)
            self.assertIn("Chữ cũ", ticket.description)
        with self._at("2026-07-15 05:00:01"):
            self.assertIn(ticket, self._due_tickets(6))
            self._expire(6)
            self.assertFalse(ticket.description or ticket.email_from)
            self.assertNotIn("Chữ cũ", "".join(ticket.message_ids.mapped("body")))
            self.assertEqual(str(ticket.texts_removed_on), "2026-07-15")
            self.assertNotIn(ticket, self._due_tickets(6), "once")
        self.assertEqual(len(ticket.message_ids), messages)
        self.assertEqual(
            [ticket.number, ticket.solved_on, ticket.reply_count, ticket.kind], figures
        )
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", "care.ticket"), ("res_id", "=", ticket.id)]
            )
        )
        self.assertEqual(
            ticket.partner_id, self.customer, "the contact is another matter"
        )

    def _due_tickets(self, months):
        return self.env["care.ticket"].search(
            self.retention._due_domain(self.company, months, "care.ticket")
        )

    def test_open_tickets_keep_their_words_for_ever(self):
        ticket = self._finished("2020-01-15 05:00")
        with self._at("2026-06-15 05:00"):
            ticket.action_reopen()
            self.assertNotIn(ticket, self._due_tickets(1))

    def test_cancelled_and_archived_tickets_are_due_too(self):
        cancelled = self._finished("2020-01-15 05:00")
        archived = self._finished("2020-01-15 05:00", active=True)
        archived.active = False
        cancelled.action_mark_spam()
        with self._at("2026-06-15 05:00"):
            due = self.env["care.ticket"].with_context(active_test=False)
            due = due.search(self.retention._due_domain(self.company, 1, "care.ticket"))
            self.assertLessEqual(cancelled | archived, due)

    def _log(self, moment, **values):
        return self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": self.kept.id,
                    "company_id": self.company.id,
                    "on": moment,
                    "direction": "out",
                    "channel": "call",
                    "state": "done",
                    "summary": "Đã gọi",
                    "address": "+84905111222",
                    **values,
                }
            ]
        )

    def test_contact_log(self):
        old = self._log("2025-01-15 05:00:00")
        new = self._log("2026-06-01 05:00:00")
        foreign = self._log("2025-01-15 05:00:00", company_id=self.other_company.id)
        with self._at("2026-06-15 05:00"):
            self._expire(12, "care.contact.log")
        self.assertEqual((old.summary, old.address), (False, False))
        self.assertEqual((old.state, old.channel), ("done", "call"))
        self.assertEqual(new.summary, "Đã gọi")
        self.assertEqual(foreign.summary, "Đã gọi", "each company decides for itself")

    def test_job_goes_on_in_batches_and_by_company(self):
        mine = [self._finished(f"2020-01-{day:02} 05:00") for day in (1, 2, 3)]
        theirs = self._finished(
            "2020-01-01 05:00",
            company_id=self.other_company.id,
            team_id=self.other_team.id,
            partner_id=False,
        )
        self.company.care_keep_ticket_months = 12
        commits = []

        def commit(_cron, processed=0, **_values):
            commits.append(processed)
            return 10.0

        with (
            patch.object(care_retention, "BATCH", 2),
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
            self._at("2026-06-14 18:00"),
        ):
            due = self.retention._due(self.company, "care_keep_ticket_months")
            self.retention._cron_expire()
        self.assertEqual(sum(commits), due)
        self.assertGreater(len(commits), 1)
        self.assertLessEqual(max(commits), 2)
        for ticket in mine:
            self.assertEqual(str(ticket.texts_removed_on), "2026-06-15", "local day")
        self.assertIn("Chữ cũ", theirs.description)

    def test_job_stops_when_its_time_is_over(self):
        self._finished("2020-01-01 05:00")
        self.company.care_keep_ticket_months = 12
        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_a: 0.0),
            patch.object(self.registry["care.retention"], "_expire", lambda *_a: 200),
        ):
            self.retention._cron_expire()  # ends, although every batch was full

    def test_settings_say_what_will_happen(self):
        self._finished("2020-01-01 05:00")
        self.user_admin.group_ids |= self.env.ref("base.group_system")
        with self._at("2026-06-15 05:00"):
            settings = Form(self.env["res.config.settings"].with_user(self.user_admin))
            self.assertEqual(settings.care_keep_text, "Everything is kept.")
            settings.care_keep_ticket_months = 12
            due = self.retention._due(self.company, "care_keep_ticket_months", 12)
            self.assertGreaterEqual(due, 1)
            self.assertIn(f"words of {due} tickets", settings.care_keep_text)

    def test_bad_input(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.company.care_keep_ticket_months = -1
            self.env.flush_all()

    def test_nobody_claims_that_texts_were_removed(self):
        ticket = self._create_ticket()
        with self.assertRaises(AccessError):
            ticket.with_user(self.user_manager).texts_removed_on = "2026-01-01"
