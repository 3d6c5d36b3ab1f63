import smtplib
from unittest.mock import MagicMock, patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import CareMailCommon

GREETING = "Xin chào"


@tagged("post_install", "-at_install")
class TestMailRetry(CareMailCommon):
    """Mail that could not be sent is sent later, and shown when there is no hope."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(
            partner_id=cls.customer_two.id, user_id=cls.user_team.id
        )
        cls.env["mail.mail"].search([("model", "=", "care.ticket")]).unlink()
        with cls._frozen("2026-03-02 10:00:00"):
            cls.ticket.with_user(cls.user_team).message_post(
                body=GREETING, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        cls.mail = cls.env["mail.mail"].search(
            [("model", "=", "care.ticket"), ("res_id", "=", cls.ticket.id)]
        )

    @classmethod
    def _frozen(cls, moment):
        from freezegun import freeze_time

        return freeze_time(moment)

    def _send(self, moment, error=None):
        """Run the mail queue with a mail server that fails with ``error``, or works."""
        session = MagicMock()
        with (
            self._at(moment),
            patch.object(
                IrMail_Server, "_disable_send", classmethod(lambda cls: False)
            ),
            patch.object(
                IrMail_Server,
                "_connect__",
                side_effect=error if isinstance(error, OSError) else None,
                return_value=session,
            ),
            patch.object(
                IrMail_Server,
                "send_email",
                side_effect=error,
                return_value="<sent@care.example>",
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.env["mail.mail"].process_email_queue()

    def _run_job(self, moment):
        with self._at(moment), self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_mail_retry").method_direct_trigger()

    def test_tries_follow_after_1_5_30_and_120_minutes(self):
        down = ConnectionRefusedError("refused")
        self._send("2026-03-02 10:00:00", down)
        self.assertEqual(self.mail.state, "exception")
        waits = [
            ("10:00", "10:01"),
            ("10:01", "10:06"),
            ("10:06", "10:36"),
            ("10:36", "12:36"),
            ("12:36", "14:36"),
        ]
        for failed, again in waits:
            self._run_job(f"2026-03-02 {failed}:00")
            self.assertEqual(str(self.mail.care_retry_on), f"2026-03-02 {again}:00")
            hour, minute = again.split(":")
            before = f"{hour}:{int(minute) - 1:02d}"
            self._run_job(f"2026-03-02 {before}:59")
            self.assertEqual(self.mail.state, "exception", "not before its time")
            self._run_job(f"2026-03-02 {again}:00")
            self.assertEqual(self.mail.state, "outgoing")
            self._send(f"2026-03-02 {again}:00", down)
            self.assertEqual(self.mail.state, "exception")
        self.assertFalse(self.ticket.mail_failure)

    def test_mail_goes_out_when_the_server_is_back(self):
        self._send("2026-03-02 10:00:00", ConnectionRefusedError("refused"))
        self._run_job("2026-03-02 10:00:00")
        self._run_job("2026-03-02 10:01:00")
        notification = self.mail.mail_message_id.notification_ids
        self.assertEqual(notification.notification_status, "exception")
        self._send("2026-03-02 10:01:00")
        self.assertEqual(notification.notification_status, "sent")
        self.assertEqual(self.mail.exists().state or "sent", "sent")

    def test_after_the_last_try_somebody_is_told(self):
        self._send("2026-03-02 10:00:00", smtplib.SMTPResponseException(451, b"later"))
        self.mail.care_try_count = 12
        self._run_job("2026-03-02 10:01:00")
        self.assertTrue(self.mail.care_is_given_up)
        self.assertIn("hung@customer.test", self.ticket.mail_failure)
        note = self.ticket.message_ids[0]
        self.assertTrue(note.subtype_id.internal)
        self.assertIn(self.user_team.partner_id, note.notification_ids.res_partner_id)
        self.ticket.with_user(self.user_team).action_send_failed_again()
        self.assertEqual(self.mail.state, "outgoing")
        self.assertFalse(self.ticket.mail_failure)

    def test_bad_address_is_shown_at_once(self):
        self.customer_two.email = "kein-at-zeichen"
        self._send(
            "2026-03-02 10:00:00", AssertionError(IrMail_Server.NO_VALID_RECIPIENT)
        )
        self.assertEqual(self.mail.failure_type, "mail_email_invalid")
        self._run_job("2026-03-02 10:01:00")
        self.assertTrue(self.ticket.mail_failure)
        self._run_job("2026-03-02 10:31:00")
        self.assertEqual(self.mail.state, "exception", "no second try")

    def test_other_apps_mail_is_left_alone(self):
        other = self.env["mail.mail"].create(
            {"email_to": "x@y.test", "body_html": "x", "state": "exception"}
        )
        self._run_job("2026-03-02 10:30:00")
        self._run_job("2026-03-02 12:30:00")
        self.assertEqual(other.state, "exception")
        self.assertFalse(other.care_retry_on)

    def test_failing_wakes_the_job(self):
        cron = self.env.ref("customer_care.ir_cron_mail_retry")
        self._send("2026-03-02 10:00:00", ConnectionRefusedError("refused"))
        calls = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(calls.mapped("call_at")[0].minute, 1)
        self.assertEqual(len(calls), 1)
