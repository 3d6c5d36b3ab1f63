import ast

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import MessageCommon


class WriteCommon(MessageCommon):
    """A segment of everybody, put in by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.env["care.segment"].create(
            {"name": "Khách quen", "kind": "manual", "company_id": cls.company.id}
        )
        cls.everybody.care_customer_mark = "yes"
        cls.segment.action_include(cls.everybody)

    def _wizard(self, user=None, **values):
        user = user or self.user_manager
        values.setdefault("segment_id", self.segment.id)
        return (
            self.env["care.message.write"]
            .with_user(user)
            .create({"partner_ids": [], **values})
        )

    def _of_partners(self, partners, user=None, **values):
        values["partner_ids"] = [(6, 0, partners.ids)]
        return self._wizard(user, segment_id=False, **values)


@tagged("post_install", "-at_install")
class TestWriteWizard(WriteCommon):
    """Who gets it is shown before anything is sent, and why others do not."""

    def test_shows_before_sending(self):
        wizard = self._wizard(message_id=self.message.id)
        self.assertEqual(wizard.audience_count, 4)
        self.assertEqual(self.segment.member_count, 4, "counted when put in by hand")
        wizard.action_check()
        self.assertEqual((wizard.go_count, wizard.skip_count), (2, 2))
        self.assertIn("There is no address for this channel", wizard.reasons_html)
        self.assertIn("Chào chị Mai", wizard.samples_html)
        self.assertIn("mai.message@customer.test", wizard.samples_html)
        self.assertEqual(wizard.unreached_ids, self.phone_only | self.unreachable)
        self.assertFalse(self.message.delivery_ids, "nothing is sent by looking")
        wizard.action_send()
        states = sorted(self.message.delivery_ids.mapped("state"))
        self.assertEqual(states, ["sent", "sent", "skipped", "skipped"])
        self.assertEqual(self.message.delivery_ids[0].source_id, self.segment.id)

    def test_a_second_click_sends_nothing(self):
        wizard = self._wizard(message_id=self.message.id)
        wizard.action_check()
        wizard.action_send()
        wizard.action_send()
        self.assertEqual(len(self._mails(self.mai)), 1)

    def test_agents_send_no_advertising_under_another_name(self):
        wizard = self._of_partners(
            self.hung,
            self.user_own,
            purpose="care",
            sms_text="Xin chào",
            channel="sms",
            step="check",
            go_count=1,
            sent_message_id=self.promotion.id,
        )
        with self.assertRaises(AccessError):
            wizard.action_send()

    def test_words_of_somebody_else_stay_his(self):
        theirs = self._wizard(sms_text="Của quản lý", channel="sms")
        theirs.action_check()
        message = theirs.sudo().sent_message_id
        wizard = self._of_partners(
            self.hung,
            self.user_own,
            sms_text="Của nhân viên",
            channel="sms",
            sent_message_id=message.id,
        )
        wizard.action_check()
        self.assertNotEqual(wizard.sudo().sent_message_id, message)
        self.assertEqual(message.sms_text, "Của quản lý")

    def test_send_without_looking_shows_first(self):
        wizard = self._wizard(message_id=self.message.id)
        wizard.action_send()
        self.assertEqual(wizard.step, "check")
        self.assertFalse(self.message.delivery_ids)

    def test_held_out_members_get_nothing(self):
        self.segment.hold_out_percent = 50
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_segment_member SET bucket = CASE partner_id"
            " WHEN %s THEN 49 ELSE 50 END WHERE segment_id = %s",
            [self.mai.id, self.segment.id],
        )
        self.env.invalidate_all()
        wizard = self._wizard(message_id=self.message.id)
        self.assertEqual((wizard.audience_count, wizard.held_out_count), (3, 1))
        wizard.action_check()
        wizard.action_send()
        self.assertFalse(self._mails(self.mai))
        self.assertTrue(self._mails(self.hung))

    def test_nothing_is_sent_to_nobody(self):
        wizard = self._of_partners(self.unreachable, message_id=self.message.id)
        wizard.action_check()
        with self.assertRaisesRegex(UserError, "Nobody would get it"):
            wizard.action_send()
        with self.assertRaisesRegex(UserError, "nobody to write to"):
            self._of_partners(self.env["res.partner"]).action_check()

    def test_own_words(self):
        wizard = self._wizard(
            subject="Về {{salutation}}", body_html="<p>{{Salutation}} ơi</p>"
        )
        wizard.action_check()
        wizard.action_back()
        wizard.subject = "Gửi {{salutation}}"
        wizard.action_check()
        wizard.action_send()
        mail = self._mails(self.mai)
        self.assertEqual(mail.subject, "Gửi chị Mai")
        message = mail.care_delivery_id.message_id
        self.assertTrue(message.is_once)
        self.assertFalse(message.active, "it is not offered again")
        once = self.messages.with_context(active_test=False).search(
            [("is_once", "=", True), ("name", "ilike", "{{salutation}}")]
        )
        self.assertEqual(once, message, "looking twice leaves one text")

    def test_own_words_are_checked_and_cleaned(self):
        wizard = self._wizard(subject="{{object.env}}", body_html="<p>x</p>")
        with self.assertRaisesRegex(ValidationError, "not on the list"):
            wizard.action_check()
        wizard = self._wizard(
            subject="x", body_html="<p>x<img src=x onerror=alert(1)></p>"
        )
        wizard.action_check()
        self.assertNotIn("onerror", wizard.samples_html)
        wizard = self._wizard()
        with self.assertRaisesRegex(UserError, "no subject or no text"):
            wizard.action_check()

    def test_names_are_words_in_samples(self):
        self.mai.name = "<script>alert(1)</script>"
        wizard = self._wizard(message_id=self.message.id)
        wizard.action_check()
        self.assertNotIn("<script", wizard.samples_html)

    def test_other_ways(self):
        wizard = self._wizard(message_id=self.message.id)
        wizard.action_check()
        self.assertEqual((wizard.unreached_count, wizard.other_count), (2, 1))
        context = wizard.action_other_channel()["context"]
        self.assertEqual(context["default_partner_ids"], self.phone_only.ids)
        self.assertEqual(context["default_channel"], "sms")
        domain = wizard.action_view_unreached()["domain"]
        listed = self.env["res.partner"].search(domain)
        self.assertEqual(listed, self.phone_only | self.unreachable)
        urls = {partner: partner.care_zalo_url for partner in listed}
        self.assertEqual(
            urls,
            {self.phone_only: "https://zalo.me/84903000003", self.unreachable: False},
        )

    def test_many_go_through_the_outbox(self):
        many = self.env["res.partner"].create(
            [{"name": f"K{i}", "email": f"many{i}@customer.test"} for i in range(201)]
        )
        wizard = self._of_partners(many, message_id=self.message.id)
        wizard.action_check()
        self.assertEqual(wizard.go_count, 201)
        self.assertEqual(wizard.samples_html.count("card-header"), 10)
        wizard.action_send()
        self.assertEqual(set(self.message.delivery_ids.mapped("state")), {"waiting"})
        self.assertEqual(len(self.message.delivery_ids), 201)

    # ------------------------------------------------------------------ who may
    def test_agents_write_to_some(self):
        wizard = self._of_partners(self.mai, self.user_own, message_id=self.message.id)
        wizard.action_check()
        wizard.action_send()
        self.assertEqual(self.message.delivery_ids.user_id, self.user_own)
        many = self.env["res.partner"].create([{"name": f"K{i}"} for i in range(21)])
        for partners, message in ((many, self.message), (self.mai, self.promotion)):
            wizard = self._of_partners(partners, self.user_lead, message_id=message.id)
            with self.assertRaisesRegex(AccessError, "for care managers"):
                wizard.action_check()

    def test_agents_own_words_are_no_advertising(self):
        wizard = self._of_partners(
            self.mai,
            self.user_own,
            purpose="promotion",
            subject="x",
            body_html="<p>x</p>",
        )
        with self.assertRaises(AccessError):
            wizard.action_check()

    def test_others_write_to_nobody(self):
        wizard = self._of_partners(self.mai, message_id=self.message.id)
        for user in (self.user_reader, self.user_portal):
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_check()

    def test_segment_of_another_company(self):
        with self.assertRaises(AccessError):
            self._wizard(self.user_other, message_id=self.message.id).action_check()

    def test_from_a_selection(self):
        model = (
            self.env["care.message.write"]
            .with_user(self.user_manager)
            .with_context(active_model="res.partner", active_ids=self.everybody.ids)
        )
        with Form(model) as form:
            self.assertEqual(form.audience_count, 4)
            form.message_id = self.message
        self.assertEqual(form.record.partner_ids, self.everybody)


@tagged("post_install", "-at_install")
class TestComposer(WriteCommon):
    """Odoo's own composer, on a segment or a selection of contacts."""

    def _compose(self, user=None, **values):
        action = self.segment.with_user(user or self.user_manager).action_compose_mail()
        composer = (
            self.env["mail.compose.message"]
            .with_user(user or self.user_manager)
            .with_context(**action["context"])
            .create({"subject": "Tin mới", "body": "<p>Xin chào</p>", **values})
        )
        return composer._action_send_mail()[0]

    def test_advertising_asks_the_gate(self):
        self._grant(self.hung)
        mails = self._compose()
        self.assertEqual(mails.mapped("res_id"), self.hung.ids)
        self.assertEqual(self._lines(self.mai).reason, "no_consent")
        self.assertEqual(self._lines(self.hung).state, "done")
        headers = ast.literal_eval(mails.headers)
        self.assertIn("/u/", headers["List-Unsubscribe"])
        self.assertIn(headers["List-Unsubscribe"].strip("<>"), mails.body_html)
        self.assertEqual(mails.care_delivery_id.state, "sent")

    def test_care_goes_unless_refused(self):
        self.hung._care_set_consent(
            "email", "care", False, "hand", "said so", company=self.company
        )
        mails = self._compose(care_purpose="care")
        self.assertEqual(mails.mapped("res_id"), self.mai.ids)
        self.assertFalse(mails.headers and "List-Unsubscribe" in mails.headers)

    def test_held_out_members_are_left_out(self):
        self.segment.hold_out_percent = 90
        self.env.cr.execute(
            "UPDATE care_segment_member SET bucket = CASE partner_id"
            " WHEN %s THEN 95 ELSE 5 END WHERE segment_id = %s",
            [self.hung.id, self.segment.id],
        )
        self.env.invalidate_all()
        mails = self._compose(care_purpose="care")
        self.assertEqual(mails.mapped("res_id"), self.hung.ids)
        found = self.env["res.partner"].search(
            [("care_audience_ids", "in", self.segment.ids)]
        )
        self.assertEqual(found, self.hung)
        self.assertEqual(self.hung.care_audience_ids, self.segment)
        self.assertFalse(self.mai.care_audience_ids)

    def test_without_a_purpose_it_is_odoos_own(self):
        mails = self._compose(care_purpose=False)
        self.assertEqual(len(mails), 4)
        self.assertFalse(mails.care_delivery_id)

    def test_advertising_is_for_care_managers_here_too(self):
        with self.assertRaises(AccessError):
            self._compose(self.user_own, care_purpose="promotion")
