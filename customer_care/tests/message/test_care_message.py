from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...lib import placeholder
from ..portal.common import XSS
from .common import MessageCommon


@tagged("post_install", "-at_install")
class TestCareMessage(MessageCommon):
    """Who writes texts, and what may stand in them."""

    # ---------------------------------------------------------------- who may
    def test_manager_writes_without_rights_on_templates(self):
        self.assertFalse(
            self.user_manager.has_group("mail.group_mail_template_editor"),
            "a care manager needs no right on templates",
        )
        self.assertFalse(self.user_manager.has_group("base.group_system"))
        message = self.messages.with_user(self.user_manager).create(
            {
                "name": "Chúc mừng sinh nhật",
                "subject": "Chúc mừng {{salutation}}",
                "body_html": "<p>{{salutation}}</p>",
            }
        )
        message.with_context(lang="vi_VN").subject = "{{Salutation}} ơi"
        message.update_field_translations("sms_text", {"vi_VN": "Chào {{salutation}}"})
        self.assertEqual(
            message.with_context(lang="vi_VN").sms_text, "Chào {{salutation}}"
        )

    def test_rights(self):
        everything = ["read", "write", "create", "unlink"]
        expected = {
            "user_reader": [],
            "user_portal": [],
            "user_own": ["read"],
            "user_team": ["read"],
            "user_lead": ["read"],
            "user_manager": everything,
            "user_admin": everything,
        }
        message = self.message.copy({"company_id": self.company.id})
        for name, rights in expected.items():
            theirs = message.with_user(getattr(self, name))
            found = [right for right in everything if theirs.has_access(right)]
            self.assertEqual(found, rights, name)

    def test_outbox_is_nobodys_to_write(self):
        self.message._send(self.mai, "email", self.company)
        row = self.message.delivery_ids
        for user in (self.user_own, self.user_manager, self.user_admin):
            theirs = row.with_user(user)
            self.assertTrue(theirs.has_access("read"))
            for right in ("write", "create", "unlink"):
                self.assertFalse(theirs.has_access(right), right)
        self.assertFalse(row.with_user(self.user_other).has_access("read"))

    def test_message_of_another_company_is_not_seen(self):
        self.message.company_id = self.company
        self.assertFalse(self.message.with_user(self.user_other).has_access("read"))
        with self.assertRaisesRegex(UserError, "belongs to Hoa Sen"):
            self.message._send(self.mai, "email", self.other_company)

    def test_taking_back_is_for_managers(self):
        self.message._queue(self.mai, "email", self.company)
        row = self.message.delivery_ids
        with self.assertRaises(AccessError):
            row.with_user(self.user_lead).action_cancel()
        row.with_user(self.user_manager).action_cancel()
        self.assertEqual((row.state, row.reason), ("skipped", "cancelled"))
        with self.assertRaisesRegex(UserError, "Nothing of this waits"):
            row.with_user(self.user_manager).action_cancel()

    # ------------------------------------------------------------ placeholders
    def test_unknown_placeholder_is_named_with_the_known_ones(self):
        for name in ("subject", "body_html", "sms_text"):
            with self.subTest(field=name), self.assertRaises(ValidationError) as caught:
                self.message[name] = "Hi {{object.env.user.password}}"
            text = caught.exception.args[0]
            self.assertIn("{{object.env.user.password}}", text)
            self.assertIn("Sau giao hàng", text)
            for known in self.messages._placeholders():
                self.assertIn(placeholder.mark(known), text)

    def test_translations_are_checked_and_cleaned(self):
        with self.assertRaises(ValidationError) as caught:
            self.message.update_field_translations("sms_text", {"vi_VN": "{{nothing}}"})
        self.assertIn("Vietnamese", caught.exception.args[0])
        with self.assertRaises(ValidationError) as caught:
            self.message.with_context(lang="vi_VN").subject = "{{nothing}}"
        self.assertIn("Vietnamese", caught.exception.args[0])
        for payload in XSS:
            if "{{" in payload:
                continue
            self.message.update_field_translations(
                "body_html", {"vi_VN": f"<p>{payload}</p>"}
            )
            self.env.invalidate_all()
            stored = self.message.with_context(lang="vi_VN").body_html.lower()
            for evil in ("<script", "onerror", "onload", "ontoggle", "javascript:"):
                self.assertNotIn(evil, stored, payload)

    def test_broken_and_hidden_placeholders(self):
        for text, words in (
            ("<p>{{sal<b>utation}}</b></p>", "braces"),
            ("<p>{{salutation</p>", "braces"),
            ('<p><a href="{{consent_link}}">x</a></p>', "inside a link"),
            ('<p><a href="https://x/{{customer_name}}">x</a></p>', "inside a link"),
            ('<p title="{{customer_name}}">x</p>', "inside a link"),
        ):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, words),
            ):
                self.message.body_html = text

    def test_no_expression_is_ever_evaluated(self):
        for text in ("${7*7}", "<t t-out='7*7'/>", "<%= 7*7 %>", "%(name)s"):
            self.message.sms_text = f"{text} {{{{salutation}}}}"
            with self._at("2026-03-12 10:00:00"):
                self.message._send(self.hung, "sms", self.company)
            self.assertEqual(self._texts(self.hung)[0].body, f"{text} Trần Văn Hùng")

    # ---------------------------------------------------------------- previews
    def test_preview_speaks_of_an_invented_customer(self):
        message = self.message.with_context(lang="vi_VN")
        self.assertEqual(message.preview_subject, "Chị Mai ơi, mọi thứ ổn chứ ạ?")
        self.assertIn("Chào chị Mai", message.preview_html)
        self.assertEqual(
            message.preview_sms, "Hoa Sen: Chị Mai ơi, máy chạy tốt không ạ?"
        )
        message.is_without_accents = True
        self.assertEqual(
            message.preview_sms, "Hoa Sen: Chi Mai oi, may chay tot khong a?"
        )

    def test_used_message_is_archived_and_not_deleted(self):
        self.message._send(self.mai, "email", self.company)
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.message.unlink()
        self.promotion.unlink()

    def test_defaults_of_a_request_are_not_taken(self):
        """A default is neither cleaned nor checked; a row of the outbox is the system's."""
        row = {
            "partner_id": self.mai.id,
            "company_id": self.other_company.id,
            "channel": "sms",
            "state": "waiting",
            "created_on": "2026-01-01 00:00:00",
            "due_on": "2026-01-01 00:00:00",
        }
        context = {
            "default_body_html": "<img src=x onerror=alert(1)>",
            "default_sms_text": "Spam",
            "default_delivery_ids": [(0, 0, row)],
        }
        messages = self.env["care.message"].with_user(self.user_manager)
        message = messages.with_context(**context).create(
            {"name": "Words", "company_id": self.company.id}
        )
        self.assertFalse(message.sudo().delivery_ids)
        self.assertFalse(message.sms_text)
        self.assertNotIn("onerror", str(message.body_html or ""))
