import json
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...lib import signed
from ...models.consent.care_gate import CareGate
from ..portal.common import XSS
from .common import MessageCommon

#: An hour at which messages may go, in Hanoi and in UTC.
NOON = "2026-03-12 10:00:00"


@tagged("post_install", "-at_install")
class TestSending(MessageCommon):
    """One batch through the gate: rows of the queues, of the log and of the outbox."""

    # ---------------------------------------------------------------- by e-mail
    def test_everybody_in_his_language_and_nothing_to_nobody(self):
        counts = self.message._send(self.everybody, "email", self.company)
        self.assertEqual(
            counts, {"sent": 2, "postponed": 0, "skipped": 2, "repeated": 0}
        )
        mail = self._mails(self.mai)
        self.assertEqual(mail.subject, "Chị Mai ơi, mọi thứ ổn chứ ạ?")
        self.assertIn("Chào chị Mai, Hoa Sen cảm ơn chị Mai.", mail.body_html)
        self.assertEqual(mail.email_to, '"Nguyễn Thị Mai" <mai.message@customer.test>')
        self.assertEqual(mail.state, "outgoing", "the queue sends, not this")
        mail = self._mails(self.hung)
        self.assertEqual(mail.subject, "Trần Văn Hùng, is everything all right?")
        self.assertFalse(self._mails(self.phone_only) | self._mails(self.unreachable))

    def test_language_of_the_company_for_who_has_none(self):
        self.company.partner_id.lang = "vi_VN"
        self.unreachable.email = "an.message@customer.test"
        self.message._send(self.unreachable, "email", self.company)
        self.assertEqual(
            self._mails(self.unreachable).subject, "Anh/Chị An ơi, mọi thứ ổn chứ ạ?"
        )

    def test_contact_log_and_outbox_say_the_same(self):
        self.message._send(self.mai | self.phone_only, "email", self.company)
        line = self._lines(self.mai)
        mail = self._mails(self.mai)
        self.assertEqual(
            (line.state, line.channel, line.direction, line.purpose, line.address),
            ("done", "email", "out", "care", "mai.message@customer.test"),
        )
        self.assertEqual(line.mail_message_id, mail.mail_message_id)
        self.assertEqual(line.summary, mail.subject)
        line = self._lines(self.phone_only)
        self.assertEqual((line.state, line.reason), ("refused", "no_address"))
        states = {
            row.partner_id: (row.state, row.reason) for row in self.message.delivery_ids
        }
        self.assertEqual(states[self.mai], ("sent", False))
        self.assertEqual(states[self.phone_only], ("skipped", "no_address"))

    def test_chatter_shows_the_message_without_the_customers_links(self):
        self.message.body_html = "<p>{{consent_link}}</p>"
        self.message._send(self.hung, "email", self.company)
        mail = self._mails(self.hung)
        self.assertIn("/care/consent/", mail.body_html)
        post = self.hung.message_ids.filtered(lambda m: m == mail.mail_message_id)
        self.assertIn("Choose what you want to receive", post.body)
        self.assertNotIn("/care/consent/", post.body)
        self.assertNotIn("/u/", post.body)

    def test_answers_open_a_ticket(self):
        self.company.care_form_team_id = self.team
        self.message._send(self.hung, "email", self.company)
        mail = self._mails(self.hung)
        domain = self.company.alias_domain_id
        if domain:
            self.assertEqual(mail.reply_to, f"support-test@{domain.name}")
        self.assertTrue(mail.reply_to_force_new)

    def test_failures_show_on_the_outbox(self):
        self.message._send(self.hung | self.mai, "email", self.company)
        row = self.message.delivery_ids.filtered(lambda r: r.partner_id == self.hung)
        self.assertFalse(row.is_undelivered)
        mail = self._mails(self.hung)
        mail._postprocess_sent_message([], [], "mailbox full", "mail_smtp")
        self.env.invalidate_all()
        self.assertTrue(row.is_undelivered)
        self.assertIn("came back", row.reason_text)
        found = self.outbox.search(
            [("is_undelivered", "=", True), ("message_id", "=", self.message.id)]
        )
        self.assertEqual(found, row)
        others = self.outbox.search(
            [("is_undelivered", "=", False), ("message_id", "=", self.message.id)]
        )
        self.assertEqual(others.partner_id, self.mai)

    def test_mail_server_down_is_tried_again(self):
        """Core leaves such mails lying; ours go back into the queue by themselves."""
        self.message._send(self.hung, "email", self.company)
        mail = self._mails(self.hung)
        mail.write({"state": "exception", "failure_type": "mail_smtp"})
        mails = self.env["mail.mail"]
        mails._care_plan_retries()
        self.assertTrue(mail.care_retry_on)
        mail.care_retry_on = fields.Datetime.now() - timedelta(minutes=1)
        mails._care_start_retries()
        self.assertEqual(mail.state, "outgoing")

    # ------------------------------------------------------------------- by SMS
    def test_text_message(self):
        with self._at(NOON):
            self._send_texts()

    def _send_texts(self):
        counts = self.message._send(self.everybody, "sms", self.company)
        self.assertEqual((counts["sent"], counts["skipped"]), (3, 1))
        text = self._texts(self.mai)
        self.assertEqual(text.body, "Hoa Sen: Chị Mai ơi, máy chạy tốt không ạ?")
        self.assertEqual((text.number, text.state), ("+84903000001", "outgoing"))
        self.assertTrue(text.sms_tracker_id, "reports of delivery find it")
        self.assertEqual(self._lines(self.mai).summary, text.body)
        self.message.is_without_accents = True
        self.message._send(self.mai, "sms", self.company)
        self.assertEqual(
            self._texts(self.mai)[0].body, "Hoa Sen: Chi Mai oi, may chay tot khong a?"
        )

    # ------------------------------------------------------------------ promotion
    def _set_label(self, label):
        self.env["care.limit"].search(
            [("company_id", "=", self.company.id)]
        ).promotion_label = label

    def test_promotion_carries_label_refusal_and_one_click(self):
        self._set_label("[QC]")
        self._grant(self.hung)
        self.promotion._send(self.hung, "email", self.company)
        mail = self._mails(self.hung)
        self.assertEqual(mail.subject, "[QC] An offer for Trần Văn Hùng")
        headers = self._headers(mail)
        url = headers["List-Unsubscribe"].strip("<>")
        self.assertEqual(headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertIn(f'href="{url}"', mail.body_html)
        choice = signed.read_choice(
            self.env["care.ticket"]._get_link_secret(), url.rpartition("/")[2]
        )
        row = self.promotion.delivery_ids
        self.assertEqual((choice.kind, choice.record_id), ("message", row.id))

    def test_promotional_text_message_carries_them_too(self):
        self._set_label("[QC]")
        self._grant(self.mai | self.hung, "sms")
        with self._at(NOON):
            self.promotion._send(self.mai | self.hung, "sms", self.company)
        text = self._texts(self.hung).body
        self.assertTrue(text.startswith("[QC] Trần Văn Hùng: -20%\n"), text)
        self.assertRegex(text, r"/u/[\w-]{28}$")

    def test_care_carries_no_unsubscribe_header(self):
        self.message._send(self.hung, "email", self.company)
        mail = self._mails(self.hung)
        self.assertNotIn("List-Unsubscribe", self._headers(mail))
        self.assertEqual(self._headers(mail)["Auto-Submitted"], "auto-generated")

    def test_promotion_needs_consent(self):
        counts = self.promotion._send(self.mai | self.hung, "email", self.company)
        self.assertEqual(counts["skipped"], 2)
        self.assertEqual(self._lines(self.mai).reason, "no_consent")

    # -------------------------------------------------------------- bad customers
    def test_names_are_words_wherever_they_stand(self):
        for payload in (*XSS, "Mai\r\nBcc: all@customer.test", "{{company_name}}"):
            self.hung.name = payload
            self.message._send(self.hung, "email", self.company)
            mail = self._mails(self.hung)[0]
            for text in (mail.body_html, mail.body):
                for evil in ("<script", "<img", "<svg", "<iframe", "<input", "<t "):
                    self.assertNotIn(evil, text, payload)
            self.assertNotIn("\n", mail.subject)
            self.assertNotIn("\n", mail.email_to)
            self.assertNotIn("Hoa Sen, is everything", mail.subject)

    def test_one_of_two_contacts_with_one_address(self):
        twin = self.hung.copy({"name": "Hùng Trần", "email": self.hung.email})
        counts = self.message._send(self.hung | twin, "email", self.company)
        self.assertEqual((counts["sent"], counts["skipped"]), (1, 1))
        self.assertEqual(self._lines(twin).reason, "duplicate")

    def test_a_refused_contact_makes_room_for_his_twin(self):
        twin = self.hung.copy({"name": "Hùng Trần", "email": self.hung.email})
        self.hung.active = False
        counts = self.message._send(self.hung | twin, "email", self.company)
        self.assertEqual(counts["sent"], 1)
        self.assertEqual(self._lines(self.hung).reason, "archived")
        self.assertEqual(self._lines(twin).state, "done")

    def test_no_text_for_this_channel(self):
        self.message.sms_text = False
        self.message.with_context(lang="vi_VN").sms_text = False
        with self.assertRaisesRegex(UserError, "no text for an SMS"):
            self.message._send(self.mai, "sms", self.company)

    # -------------------------------------------------------------------- tickets
    def test_ticket_placeholders_need_a_ticket(self):
        self.message.sms_text = "#{{ticket_number}} {{ticket_link}}"
        with self.assertRaisesRegex(UserError, "names a ticket"):
            self.message._send(self.customer, "sms", self.company)
        self.customer.phone = "+84 912 345 678"
        ticket = self._create_ticket()
        with self._at(NOON):
            self.message._send(self.customer, "sms", self.company, ticket=ticket)
        body = self._texts(self.customer).body
        self.assertTrue(body.startswith(f"#{ticket.number} "), body)
        self.assertIn("/help/t/", body)
        self.assertEqual(self._lines(self.customer).ticket_id, ticket)

    def test_mail_about_a_ticket_stays_in_its_conversation(self):
        ticket = self._create_ticket()
        self.message._send(self.customer, "email", self.company, ticket=ticket)
        mail = self.env["mail.mail"].search(
            [("model", "=", "care.ticket"), ("res_id", "=", ticket.id)], limit=1
        )
        self.assertEqual(mail.mail_message_id.res_id, ticket.id)
        self.assertFalse(mail.reply_to_force_new)

    # ------------------------------------------------------------------ once only
    def test_same_key_never_sends_twice(self):
        first = self.message._send(
            self.mai | self.hung, "email", self.company, key="order 7"
        )
        again = self.message._send(self.everybody, "email", self.company, key="order 7")
        self.assertEqual((first["sent"], first["repeated"]), (2, 0))
        self.assertEqual(
            again, {"sent": 0, "postponed": 0, "skipped": 2, "repeated": 2}
        )
        self.assertEqual(len(self._mails(self.mai)), 1)
        other = self.message._send(self.mai, "email", self.company, key="order 8")
        self.assertEqual(other["sent"], 1)

    def test_without_a_key_each_call_sends(self):
        for _turn in range(2):
            self.message._send(self.mai, "email", self.company)
        self.assertEqual(len(self._mails(self.mai)), 2)

    def test_source_is_kept(self):
        segment = self.env["care.segment"].create(
            {"name": "Đoạn", "company_id": self.company.id}
        )
        self.message._send(self.mai, "email", self.company, source=segment)
        line, row = self._lines(self.mai), self.message.delivery_ids
        self.assertEqual(
            (line.source_model, line.source_id), ("care.segment", segment.id)
        )
        self.assertEqual(
            (row.source_model, row.source_id), ("care.segment", segment.id)
        )

    # ------------------------------------------------------------------- previews
    def test_preview_writes_nothing(self):
        self.message.body_html = "<p>{{salutation}} {{consent_link}}</p>"
        self.env.flush_all()
        with patch.object(type(self.env.cr), "commit", side_effect=AssertionError):
            before = self._count_rows()
            found = self.message._preview(self.everybody, "email", self.company)
            self.assertEqual(self._count_rows(), before)
        self.assertEqual(found["counts"], {"go": 2, "postpone": 0, "skip": 2})
        self.assertEqual(found["reasons"], {"no_address": 2})
        self.assertEqual(len(found["samples"]), 2)
        for sample in found["samples"]:
            self.assertNotIn("/care/consent/", sample["body"])
            self.assertNotIn("/u/", sample["body"])
        json.dumps([sample["subject"] for sample in found["samples"]])

    def _count_rows(self):
        self.env.flush_all()
        return [
            self.env[name].sudo().search_count([])
            for name in (
                "mail.mail",
                "mail.message",
                "sms.sms",
                "care.contact.log",
                "care.message.delivery",
                "care.contact.counter",
            )
        ]

    # ------------------------------------------------------------------- queries
    def test_statements_do_not_grow_with_the_customers(self):
        def create(count, name):
            return self.env["res.partner"].create(
                [
                    {"name": f"Khách {i}", "email": f"{name}{i}@customer.test"}
                    for i in range(count)
                ]
            )

        few, many = create(5, "few"), create(50, "many")
        self.message._send(create(2, "warm"), "email", self.company)
        counts = []
        for partners in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.message._send(partners, "email", self.company)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # the first may fill a cache of the registry
        self.assertLessEqual(counts[1], counts[0], counts)


@tagged("post_install", "-at_install")
class TestOutbox(MessageCommon):
    """What waits: until when, what the job makes of it, and merged customers."""

    def _postpone(self, until):
        """Have the gate let everybody wait until a moment."""
        decide = CareGate._decide

        def postpone(gate, company, channel, purpose, partners, **options):
            found = decide(gate, company, channel, purpose, partners, **options)
            return {
                ref: decision._replace(
                    verdict="postpone", reason="quiet_hours", until=until
                )
                for ref, decision in found.items()
            }

        return patch.object(CareGate, "_decide", postpone)

    def test_postponed_waits_and_goes_once(self):
        later = fields.Datetime.now() + timedelta(hours=8)
        with self._postpone(later):
            counts = self.message._send(self.mai, "email", self.company)
        self.assertEqual(counts["postponed"], 1)
        row = self.message.delivery_ids
        self.assertEqual((row.state, row.due_on), ("waiting", later))
        self.assertFalse(self._mails(self.mai))
        triggers = self.env["ir.cron.trigger"].search(
            [
                ("cron_id", "=", self.env.ref("customer_care.ir_cron_care_message").id),
                ("call_at", "=", later),
            ]
        )
        self.assertTrue(triggers, "the job wakes when it is due")
        self.assertFalse(self.outbox._lock_due(ids=row.ids), "not before")
        row.due_on = fields.Datetime.now() - timedelta(minutes=1)
        self.outbox._lock_due(ids=row.ids)._deliver()
        self.assertEqual(row.state, "sent")
        self.assertEqual(len(self._mails(self.mai)), 1)
        self.assertEqual(self._lines(self.mai).mapped("state"), ["done", "postponed"])
        self.assertFalse(self.outbox._lock_due(ids=row.ids), "never again")

    def test_waiting_longer_is_no_news(self):
        now = fields.Datetime.now()
        with self._postpone(now + timedelta(hours=1)):
            self.message._send(self.mai, "email", self.company)
        row = self.message.delivery_ids
        row.due_on = now
        with self._postpone(now + timedelta(hours=2)):
            row._deliver()
        self.assertEqual(len(self._lines(self.mai)), 1)
        self.assertEqual(row.due_on, now + timedelta(hours=2))

    def test_job_asks_the_gate_again(self):
        """Who refuses while a message waits does not get it."""
        with self._postpone(fields.Datetime.now()):
            self._grant(self.mai)
            self.promotion._send(self.mai, "email", self.company)
        self.mai._care_set_consent(
            "email", "promotion", False, "link", "pressed", company=self.company
        )
        row = self.promotion.delivery_ids
        row._deliver()
        self.assertEqual((row.state, row.reason), ("skipped", "withdrawn"))
        self.assertFalse(self._mails(self.mai))

    def test_the_job_of_the_system_keeps_the_night_of_the_customer(self):
        """It is nobody, somewhere, at one o'clock in Hanoi: advertising waits for seven."""
        limits = self.env["care.limit"].search([("company_id", "=", self.company.id)])
        limits.line_ids = [
            (
                0,
                0,
                {
                    "channel": "sms",
                    "purpose": "promotion",
                    "hour_from": 7,
                    "hour_to": 22,
                    "day_cap": 3,
                },
            )
        ]
        self.company.care_tz = "Asia/Ho_Chi_Minh"
        self._grant(self.mai | self.phone_only, "sms")
        self.mai.tz, self.phone_only.tz = False, "America/New_York"
        system = self.outbox.with_user(SUPERUSER_ID).with_context(tz=False, lang=False)
        with (
            self._at("2026-03-12 18:00:00"),
            patch.object(
                self.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 1.0
            ),
        ):
            self.promotion._queue(self.mai | self.phone_only, "sms", self.company)
            self.message._queue(self.mai, "sms", self.company)
            system._cron_deliver()
            rows = self.promotion.delivery_ids.grouped("partner_id")
            self.assertEqual(rows[self.mai].state, "waiting")
            self.assertEqual(rows[self.mai].due_on, datetime(2026, 3, 13, 0, 0))
            self.assertEqual(
                rows[self.phone_only].state, "sent", "two in the afternoon"
            )
            self.assertEqual(
                self.message.delivery_ids.state, "sent", "no limit on care"
            )
        with (
            self._at("2026-03-13 00:00:00"),
            patch.object(
                self.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 1.0
            ),
        ):
            system._cron_deliver()
            self.assertEqual(rows[self.mai].state, "sent")

    def test_queue_is_for_the_job(self):
        count = self.message._queue(self.everybody, "email", self.company, key="k")
        self.assertEqual(count, 4)
        self.assertFalse(self._mails(self.mai))
        self.assertEqual(set(self.message.delivery_ids.mapped("state")), {"waiting"})
        self.assertEqual(
            self.message._queue(self.everybody, "email", self.company, key="k"), 0
        )

    def test_technical_failure_is_kept_and_tried_again_then_left(self):
        self.message._queue(self.mai, "email", self.company)
        row = self.message.delivery_ids
        for minutes in (5, 60, 360, 1440):
            before = fields.Datetime.now()
            row._note_failure(ValueError("boom"))
            self.assertEqual(row.state, "waiting")
            self.assertGreaterEqual(row.due_on, before + timedelta(minutes=minutes))
        row._note_failure(ValueError("boom"))
        self.assertEqual((row.state, row.error), ("failed", "boom"))
        row.with_user(self.user_manager).action_send_again()
        self.assertEqual((row.state, row.attempts), ("waiting", 0))

    def test_two_rules_one_customer_one_message(self):
        """Rows of one customer in one batch are two mails and no error."""
        for key in ("rule 1", "rule 2"):
            self.message._queue(self.mai, "email", self.company, key=key)
        counts = self.message.delivery_ids._deliver()
        self.assertEqual(counts["sent"], 2)
        self.assertEqual(len(self._mails(self.mai)), 2)

    def test_merge_keeps_every_row_and_sends_once(self):
        self.message._queue(self.mai | self.hung, "email", self.company, key="k")
        self.message._send(self.mai | self.hung, "email", self.company, key="old")
        before = len(self.message.delivery_ids)
        self.outbox._care_merge_partners(self.hung, self.mai)
        rows = self.message.delivery_ids
        self.assertEqual(len(rows), before)
        self.assertEqual(rows.partner_id, self.mai)
        waiting = rows.filtered(lambda row: row.state == "waiting")
        self.assertEqual(len(waiting), 1)
        self.assertEqual(len(rows.filtered(lambda row: row.state == "sent")), 2)
        self.assertEqual(rows.filtered(lambda r: r.reason == "merged").state, "skipped")

    def test_merge_of_two_sources_with_one_key(self):
        self.message._queue(self.hung | self.phone_only, "email", self.company, key="k")
        self.outbox._care_merge_partners(self.hung | self.phone_only, self.mai)
        rows = self.message.delivery_ids
        self.assertEqual(rows.partner_id, self.mai)
        self.assertEqual(sorted(rows.mapped("state")), ["skipped", "waiting"])

    def test_forgetting_keeps_counts(self):
        self.message._send(self.mai, "email", self.company)
        self.message._queue(self.mai, "email", self.company)
        self.outbox._care_forget_partners(self.mai)
        rows = self.message.delivery_ids
        self.assertEqual(sorted(rows.mapped("state")), ["sent", "skipped"])
        self.assertFalse(any(rows.mapped("address")))
        self.assertTrue(all(rows.mapped("is_link_closed")))

    def test_export_is_plain(self):
        self.message._send(self.mai | self.phone_only, "email", self.company)
        found = self.outbox._care_export_partners(self.mai)
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0]["message"], "Sau giao hàng")
        json.dumps(found)
