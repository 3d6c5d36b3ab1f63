from ast import literal_eval

from lxml import html as lxml_html

from odoo.tests import tagged

from .common import CareMailCommon


@tagged("post_install", "-at_install")
class TestOutgoing(CareMailCommon):
    """What customers get: to whom, from where, how it looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(partner_id=cls.customer_two.id)

    def _get_salutation(self, mail):
        """Return the line that our layout puts above a message, empty without one."""
        root = lxml_html.fromstring(mail.body_html)
        return " ".join(p.text_content() for p in root.find_class("o_care_salutation"))

    def test_public_message_reaches_a_customer_who_does_not_follow(self):
        self.assertNotIn(self.customer_two, self.ticket.message_partner_ids)
        self._post(self.ticket, self.user_team, body="Máy đã sửa xong.")
        mail = self._mails_to("hung@customer.test")
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing", "sending is left to the queue")
        self.assertEqual(
            self._sent_subject(mail), f"{self.ticket._get_mark()} {self.ticket.name}"
        )
        self.assertEqual(mail.subject, self.ticket.name, "our people need no mark")
        self.assertIn(self.support, mail.reply_to)
        self.assertIn("Máy đã sửa xong.", mail.body_html)
        self.assertIn("/help/t/", mail.body_html)
        self.assertIn("Trần Văn Hùng", mail.body_html)
        self.assertNotIn("Auto-Submitted", literal_eval(mail.headers))

    def test_queue_is_woken(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        trigger = self.env["ir.cron.trigger"]
        before = trigger.search_count([("cron_id", "=", cron.id)])
        self._post(self.ticket, self.user_team)
        self.assertGreater(trigger.search_count([("cron_id", "=", cron.id)]), before)

    def test_note_reaches_no_customer(self):
        self.ticket.message_subscribe(self.customer_two.ids)
        self._post(self.ticket, self.user_team, public=False)
        self.assertFalse(self._mails_to("hung@customer.test"))

    def test_nobody_gets_a_message_twice(self):
        """Follower, in copy, and a second contact with the same address."""
        twin = self.env["res.partner"].create(
            {"name": "Hùng (cũ)", "email": "hung@customer.test"}
        )
        self.ticket.message_subscribe((self.customer_two | twin).ids)
        message = self._post(
            self.ticket, self.user_team, partner_ids=self.customer_two.ids
        )
        self.assertEqual(len(self._mails_to("hung@customer.test")), 1)
        self.assertEqual(message.notification_ids.res_partner_id, self.customer_two)

    def test_customer_does_not_get_his_own_message(self):
        inbound = self._receive(
            From="hung@customer.test", Subject=self.ticket._get_mark()
        )
        self.assertEqual(inbound.outcome, "reply")
        self.assertFalse(self._mails_to("hung@customer.test"))

    def test_answer_goes_where_the_customer_wrote_from(self):
        """Another address than his contact's: there, and not to the contact."""
        self.ticket.email_from = "Hùng <private@home.test>"
        self._post(self.ticket, self.user_team)
        self.assertEqual(len(self._mails_to("private@home.test")), 1)
        self.assertFalse(self._mails_to("hung@customer.test"))
        self.assertIn("/help/t/", self._mails_to("private@home.test").body_html)

    def test_link_is_for_the_customer_alone(self):
        other = self.env["res.partner"].create(
            {"name": "Theo Dõi", "email": "follower@customer.test"}
        )
        self.ticket.message_subscribe((other | self.user_own.partner_id).ids)
        self._post(self.ticket, self.user_team)
        self.assertIn("/help/t/", self._mails_to("hung@customer.test").body_html)
        self.assertNotIn("/help/t/", self._mails_to("follower@customer.test").body_html)
        self.assertNotIn("/help/t/", self._mails_to(self.user_own.email).body_html)

    def test_salutation_once_and_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.customer_two.lang = "vi_VN"
        self._post(self.ticket, self.user_team, body="Máy đã sửa xong.")
        mail = self._mails_to("hung@customer.test")
        self.assertIn("anh Hùng", self._get_salutation(mail))
        self._post(self.ticket, self.user_team, body="Chào anh Hùng, máy xong rồi.")
        mail = self._mails_to("hung@customer.test")[-1]
        self.assertFalse(self._get_salutation(mail))

    def test_solved_asks_whether_it_is_all_right(self):
        self.env.cr.precommit.run()
        self.ticket.message_subscribe(self.user_own.partner_id.ids)
        self.ticket.with_user(self.user_team).action_solve()
        self.env.flush_all()
        self.env.cr.precommit.run()
        mail = self._mails_to("hung@customer.test")
        self.assertEqual(len(mail), 1)
        self.assertIn("Is it all right now?", mail.subject)
        self.assertIn("/help/t/", mail.body_html)
        headers = literal_eval(mail.headers)
        self.assertEqual(headers["Auto-Submitted"], "auto-generated")
        self.assertFalse(self._mails_to(self.user_own.email), "ours know it already")
        self.assertEqual(
            self.ticket.event_ids.sorted("id")[-1].kind, "automatic_message"
        )

    def test_reply_address_without_a_domain(self):
        """No domain: nothing breaks, and replies go to the author as in Odoo."""
        self.team.alias_domain_id = False
        self.company.alias_domain_id = False
        self._post(self.ticket, self.user_team)
        self.assertIn(
            self.user_team.email, self._mails_to("hung@customer.test").reply_to
        )
        self.assertTrue(self.team.intake_warning)

    def test_absence_note_of_an_agent_answers_no_program(self):
        self.ticket.user_id = self.user_team
        self.user_team.write(
            {
                "out_of_office_from": "2000-01-01 00:00:00",
                "out_of_office_to": "2100-01-01 00:00:00",
                "out_of_office_message": "<p>Tôi nghỉ.</p>",
            }
        )
        subject = self.ticket._get_mark()
        self._receive(From="hung@customer.test", Subject=subject, X_Autoreply="yes")
        absent = [
            ("message_type", "=", "out_of_office"),
            ("res_id", "=", self.ticket.id),
        ]
        self.assertFalse(self.env["mail.message"].search(absent))
        self._receive(From="hung@customer.test", Subject=subject)
        self.assertTrue(self.env["mail.message"].search(absent))
