"""Who is asked, when, how often, and why not."""

from datetime import timedelta

from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY, FeedbackCommon


@tagged("post_install", "-at_install", "care_feedback")
class TestAsking(FeedbackCommon):
    def test_solving_plans_one_question(self):
        with self._at(MONDAY):
            ticket, row = self._solved()
        self.assertEqual(len(row), 1)
        self.assertEqual(row.state, "waiting")
        self.assertEqual(row.partner_id, self.customer)
        self.assertEqual(row.kind, "csat")
        self.assertEqual(row.due_on, fields.Datetime.to_datetime("2026-03-02 03:00:00"))
        ticket.action_close()
        self.assertEqual(self._rows(ticket), row)

    def test_every_round_is_asked_once(self):
        ticket, first = self._solved()
        ticket.action_reopen()
        self.assertEqual((first.state, first.reason), ("withdrawn", "reopened"))
        ticket.action_solve()
        rows = self._rows(ticket)
        self.assertEqual(rows.mapped("solve_round"), [0, 1])
        with self.assertRaises(errors.UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE care_feedback SET solve_round = 0 WHERE id = %s",
                    [rows[1].id],
                )

    def test_what_was_sent_stays_open_when_the_ticket_is_reopened(self):
        row = self._sent()
        row.ticket_id.action_reopen()
        self.assertEqual(row.state, "sent")

    def test_nobody_is_asked(self):
        for values in (
            {"partner_id": False, "email_from": "nobody@customer.test"},
            {"team_id": self.second_team.id},
        ):
            _ticket, row = self._solved(**values)
            self.assertFalse(row, values)
        spam = self._create_ticket()
        spam.action_mark_spam()
        self.assertFalse(self._rows(spam))
        self.survey.active = False
        _ticket, row = self._solved()
        self.assertFalse(row)

    def test_spam_takes_the_question_back(self):
        ticket, row = self._solved()
        ticket.action_mark_spam()
        self.assertEqual((row.state, row.reason), ("withdrawn", "void"))

    def test_credit_is_of_the_moment_of_sending(self):
        ticket, row = self._solved()
        ticket.user_id = self.user_own
        row.due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        self.assertEqual(row.user_id, self.user_own)
        ticket.user_id = self.user_team
        self.assertEqual(row.user_id, self.user_own)

    def test_sending(self):
        with self._at(MONDAY):
            ticket, row = self._solved()
            self.assertFalse(self._run(), "not due within the first hour")
        with self._at("2026-03-02 03:00:01"):
            self.assertEqual(self._run(), row)
            self.assertFalse(self._run())
        self.assertEqual((row.state, row.channel), ("sent", "email"))
        self.assertEqual(
            row.expires_on, fields.Datetime.to_datetime("2026-03-16 03:00:01")
        )
        mail = self._mail(row)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing")
        self.assertIn(self.customer.email_normalized, mail.email_to)
        links = self._links(row)
        self.assertEqual(
            [link.rpartition("=")[2] for link in links[:5]], ["1", "2", "3", "4", "5"]
        )
        self.assertNotIn("/f/", mail.body, "our own people read no link")
        events = ticket.event_ids.filtered(lambda e: e.kind == "survey_sent")
        self.assertEqual(len(events), 1)
        self.assertEqual(events.message_id, mail.mail_message_id)
        log = self.env["care.contact.log"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(log.mapped("state"), ["done"])
        self.assertEqual(ticket._find_state_differences(), {})

    def test_quiet_period_spans_all_kinds(self):
        first = self._sent()
        _ticket, second = self._solved()
        second.due_on = self.env.cr.now().replace(microsecond=0)
        asked = self.feedback._ask_partners(self.nps, self.customer, self.company)
        self._run()
        self.assertEqual((second.state, second.reason), ("refused", "quiet_period"))
        self.assertEqual((asked.state, asked.reason), ("refused", "quiet_period"))
        self.assertTrue(second.reason_text)
        first.sent_on -= timedelta(days=31)
        _ticket, third = self._solved()
        third.due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        self.assertEqual(third.state, "sent")

    def test_two_at_once_ask_once(self):
        _ticket, one = self._solved(kind="complaint")
        _ticket, two = self._solved()
        (one | two).due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        self.assertEqual((one | two).mapped("state"), ["sent", "refused"])

    def test_no_quiet_period(self):
        self.company.care_feedback_quiet_days = 0
        self._sent()
        self.assertEqual(self._sent().state, "sent")

    def test_gate_says_no_and_the_row_says_why(self):
        self.customer.email = False
        _ticket, row = self._solved(email_from=False)
        row.due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        self.assertEqual((row.state, row.reason), ("refused", "no_address"))
        self.assertTrue(row.reason_text)

    def test_sms_where_there_is_no_mail(self):
        self.survey.is_sms_allowed = True
        self.customer.write({"email": False, "country_id": self.env.ref("base.vn").id})
        _ticket, row = self._solved(email_from=False)
        row.due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        self.assertEqual((row.state, row.channel), ("sent", "sms"))
        text = self.env["sms.sms"].search(
            [("mail_message_id", "=", row.mail_message_id.id)]
        )
        self.assertIn("/f/", text.body)
        self.assertNotIn("/f/", row.mail_message_id.body)

    def test_quiet_hours_by_the_clock_of_the_company(self):
        """At one in the morning in Hanoi, as OdooBot in UTC, the mail waits for eight."""
        self.company.care_tz = self.other_company.care_tz = "Asia/Ho_Chi_Minh"
        companies = self.company | self.other_company
        for limit in self.env["care.limit"].search(
            [("company_id", "in", companies.ids)]
        ):
            limit.line_ids = [
                (
                    0,
                    0,
                    {
                        "channel": "email",
                        "purpose": "transactional",
                        "hour_from": 8,
                        "hour_to": 20,
                    },
                )
            ]
        self.other_team.survey_id = self.survey
        with self._at("2026-03-02 17:00:00"):
            _ticket, here = self._solved()
            _ticket, there = self._solved(
                partner_id=self.customer_two.id,
                company_id=self.other_company.id,
                team_id=self.other_team.id,
                user_id=False,
            )
        bot = self.env.ref("base.user_root")
        with self._at("2026-03-02 18:00:00"):
            self.feedback = self.feedback.with_user(bot).with_context(tz="UTC")
            self._run()
            morning = fields.Datetime.to_datetime("2026-03-03 01:00:00")
            for row in here | there:
                self.assertEqual(
                    (row.state, row.reason, row.due_on),
                    ("waiting", "quiet_hours", morning),
                )
        with self._at("2026-03-03 01:00:00"):
            self._run()
        self.assertEqual((here | there).mapped("state"), ["sent", "sent"])
        self.assertIn("Chi nhánh Huế", self._mail(there).body_html)

    def test_customer_of_the_ticket_at_the_moment_of_sending(self):
        ticket, row = self._solved()
        ticket.partner_id = self.customer_two
        row.due_on = self.env.cr.now().replace(microsecond=0)
        self._run()
        self.assertEqual((row.state, row.partner_id), ("sent", self.customer_two))

    def test_one_reminder(self):
        with self._at(MONDAY):
            row = self._sent()
        with self._at("2026-03-04 02:00:00"):
            self.assertFalse(self._run("remind"))
        with self._at("2026-03-05 02:00:00"):
            self.assertEqual(self._run("remind"), row)
            self.assertEqual(row.reminded_on, self.env.cr.now())
            self.assertFalse(self._run("remind"))
        mails = self.env["mail.mail"].search([("care_feedback_id", "=", row.id)])
        self.assertEqual(len(mails), 2)
        sent = row.ticket_id.event_ids.filtered(lambda e: e.kind == "survey_sent")
        self.assertEqual(len(sent), 1)

    def test_who_answered_is_not_reminded(self):
        with self._at(MONDAY):
            row = self._answered(5)
        with self._at("2026-03-05 02:00:00"):
            self.assertFalse(self._run("remind"))
        self.assertFalse(row.reminded_on)

    def test_expiry(self):
        with self._at(MONDAY):
            row = self._sent()
        with self._at("2026-03-16 01:59:00"):
            self.assertFalse(self._run("expire"))
        with self._at("2026-03-16 02:00:00"):
            self.assertEqual(row._get_page_state(), "expired")
            self.assertFalse(self._answer(row, 5), "late")
            self._run("expire")
        self.assertEqual((row.state, row.score), ("expired", None))

    def test_job(self):
        row = self._sent()
        row.due_on = self.env.cr.now().replace(microsecond=0)
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_care_feedback").method_direct_trigger()
        self.assertEqual(row.state, "sent")

    def test_bad_row_stands_alone(self):
        _ticket, good = self._solved()
        _ticket, bad = self._solved(partner_id=self.customer_two.id)
        (good | bad).due_on = self.env.cr.now().replace(microsecond=0)
        model = type(self.feedback)
        before = model._get_name

        def broken(row):
            if row.id == bad.id:
                raise ValueError("broken")
            return before(row)

        self.patch(model, "_get_name", broken)
        with self.assertRaises(ValueError):
            self._run()
        self.feedback.invalidate_model()
        bad._note_failure("send", ValueError("broken"))
        self.assertEqual((bad.state, bad.error), ("waiting", "broken"))
        self.assertGreater(bad.due_on, self.env.cr.now())

    def test_fresh_link_keeps_the_first_answer(self):
        row = self._answered(1, "Không hài lòng")
        row.with_user(self.user_team).action_send_fresh_link()
        fresh = self.feedback.search([("previous_id", "=", row.id)])
        self.assertEqual(fresh.user_id, row.user_id)
        self._run()
        self.assertEqual(fresh.state, "sent", "the customer asked: no quiet period")
        self._answer(fresh, 5)
        self.assertEqual((row.score, fresh.score), (1, 5))
        self.assertEqual((row.is_current, fresh.is_current), (False, True))
        with self.assertRaises(UserError):
            row.with_user(self.user_lead).action_send_fresh_link()

    def test_fresh_link_shuts_the_one_that_is_out(self):
        row = self._sent()
        row.with_user(self.user_lead).action_send_fresh_link()
        self.assertEqual((row.state, row.reason), ("withdrawn", "replaced"))
        self.assertEqual(row._get_page_state(), "shut")

    def test_take_back_is_for_leads(self):
        row = self._sent()
        with self.assertRaises(AccessError):
            row.with_user(self.user_team).action_withdraw()
        row.with_user(self.user_lead).action_withdraw()
        self.assertEqual(row.reason, "by_hand")
        with self.assertRaises(UserError):
            row.with_user(self.user_lead).action_withdraw()

    def test_bad_surveys(self):
        for values in (
            {"valid_days": 0},
            {"reminder_days": 14},
            {"follow_up_hours": 0},
        ):
            with self.assertRaises(errors.CheckViolation), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    self.survey.write(values)
                    self.env.flush_all()
            self.survey.invalidate_recordset()
        with self.assertRaises(ValidationError):
            self.survey.low_score = 5
        self._sent()
        with self.assertRaises(ValidationError):
            self.survey.kind = "nps"

    def test_queries_do_not_grow_with_rows(self):
        def count(size):
            people = self.env["res.partner"].create(
                [
                    {"name": f"Khách {i}", "email": f"k{size}-{i}@customer.test"}
                    for i in range(size)
                ]
            )
            tickets = self.env["care.ticket"].create(
                [
                    {"name": "x", "partner_id": p.id, "team_id": self.team.id}
                    for p in people
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.feedback._ask_about(tickets)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(20), count(2) + 2)
