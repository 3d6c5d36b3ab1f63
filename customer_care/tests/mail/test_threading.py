from odoo.tests import tagged

from .common import CareMailCommon

ANSWER = "Chào anh Hùng, mời anh xem."


@tagged("post_install", "-at_install")
class TestMailThreading(CareMailCommon):
    """Which ticket a mail belongs to, and what its sender may do there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(partner_id=cls.customer_two.id)
        cls.answer = cls.ticket.with_user(cls.user_lead).message_post(
            body=ANSWER,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _reply(self, **headers):
        values = {
            "From": "Hùng <hung@customer.test>",
            "In_Reply_To": self.answer.message_id,
            "References": self.answer.message_id,
            "Subject": "Re: Máy giặt",
            **headers,
        }
        return self._receive(values.pop("body", "Máy vẫn không chạy."), **values)

    def test_reply_reopens_a_solved_ticket(self):
        self.ticket.action_solve()
        inbound = self._reply()
        self.assertEqual((inbound.outcome, inbound.ticket_id), ("reply", self.ticket))
        self.assertEqual(self.ticket.stage_id, self.stage_open)
        self.assertEqual(self.ticket.reopen_count, 1)

    def test_automatic_reply_reopens_nothing(self):
        self.ticket.action_solve()
        inbound = self._reply(Auto_Submitted="auto-replied")
        self.assertEqual(
            (inbound.outcome, inbound.ticket_id), ("automatic", self.ticket)
        )
        self.assertEqual(self.ticket.stage_id, self.stage_solved)
        self.assertFalse(self.ticket.waiting_since)

    def test_late_reply_opens_a_follow_up(self):
        """Solved 2 March, reopened for 14 days: a reply on 16 March is a new ticket."""
        self.team.reopen_days = 14
        with self._at("2026-03-02 03:00:00"):
            self.ticket.action_solve()
        with self._at("2026-03-16 02:59:00"):
            self.assertEqual(self._reply().ticket_id, self.ticket)
            self.ticket.action_solve()
        with self._at("2026-03-30 02:59:00"):
            inbound = self._reply(Subject=f"Re: {self.ticket._get_mark()} Máy giặt")
        self.assertEqual(inbound.outcome, "ticket")
        self.assertEqual(inbound.ticket_id.parent_id, self.ticket)
        self.assertEqual(inbound.ticket_id.partner_id, self.customer_two)
        self.assertEqual(inbound.ticket_id.name, "Re: Máy giặt")
        self.assertEqual(self.ticket.stage_id, self.stage_solved)

    def test_reply_to_spam_or_archive_opens_a_follow_up(self):
        self.ticket.action_mark_spam()
        self.assertEqual(self._reply().ticket_id.parent_id, self.ticket)
        self.ticket.active = False
        self.assertEqual(self._reply().ticket_id.parent_id, self.ticket)

    def test_out_of_office_on_an_old_ticket_opens_nothing(self):
        with self._at("2026-03-02 03:00:00"):
            self.ticket.action_solve()
        inbound = self._reply(Subject="Out of office: Máy giặt")
        self.assertEqual(
            (inbound.outcome, inbound.ticket_id), ("automatic", self.ticket)
        )

    def test_mark_is_needed_not_the_number(self):
        number = self.ticket.number
        for subject in (f"#{number}", f"[#{number}-00000000] x", "Máy giặt không chạy"):
            inbound = self._receive(From="hung@customer.test", Subject=subject)
            self.assertEqual(inbound.outcome, "ticket", subject)
        mark = self.ticket._get_mark()
        self.assertRegex(mark, rf"^\[#{number}-[0-9a-f]{{8}}\]$")
        inbound = self._receive(From="hung@customer.test", Subject=f"TR: {mark} x")
        self.assertEqual((inbound.outcome, inbound.ticket_id), ("reply", self.ticket))
        self.assertEqual(inbound.mail_message_id.subject, "TR: x")

    def test_mark_works_at_any_of_our_addresses(self):
        """To the catch-all, which core would bounce."""
        inbound = self._receive(
            From="hung@customer.test",
            To="catchall@care.example",
            Subject=self.ticket._get_mark(),
        )
        self.assertEqual(inbound.ticket_id, self.ticket)
        self.assertEqual(inbound.recipient, "reply")

    def test_mark_of_another_company_does_not_count(self):
        inbound = self._receive(To=self.hue, Subject=self.ticket._get_mark())
        self.assertEqual(inbound.outcome, "ticket")
        self.assertEqual(inbound.ticket_id.company_id, self.other_company)
        inbound = self._reply(To=self.hue)
        self.assertEqual(inbound.ticket_id.company_id, self.other_company)

    def test_stranger_is_a_note_for_the_assignee_alone(self):
        self.ticket.user_id = self.user_team
        self.ticket.message_subscribe(self.customer_two.ids)
        inbound = self._reply(From=self.stranger, Cc="evil@stranger.test")
        self.assertEqual(inbound.outcome, "note")
        message = inbound.mail_message_id
        self.assertIn("Unverified sender", message.body)
        self.assertTrue(message.is_internal)
        self.assertEqual(
            message.notification_ids.res_partner_id, self.user_team.partner_id
        )
        self.assertFalse(self.ticket.email_cc)
        self.assertEqual(self.ticket.last_customer_on, self.ticket.first_request_on)

    def test_stranger_cannot_reach_the_author_of_the_parent(self):
        """Core pings the author of the message that a note answers: here the customer."""
        own = self._reply().mail_message_id
        inbound = self._reply(From=self.stranger, In_Reply_To=own.message_id)
        self.assertEqual(inbound.outcome, "note")
        told = inbound.mail_message_id.notification_ids.res_partner_id
        self.assertNotIn(self.customer_two, told)

    def test_participants_are_heard(self):
        """In copy by the customer, follower, or colleague where the company shares."""
        self._reply(Cc=f"Kế Toán <accounts@customer.test>, {self.support}")
        self.assertEqual(self.ticket.email_cc, '"Kế Toán" <accounts@customer.test>')
        self.assertEqual(self._reply(From="accounts@customer.test").outcome, "reply")
        follower = self.env["res.partner"].create(
            {"name": "Theo Dõi", "email": "follower@customer.test"}
        )
        self.assertEqual(self._reply(From="follower@customer.test").outcome, "note")
        self.ticket.message_subscribe(follower.ids)
        self.assertEqual(self._reply(From="follower@customer.test").outcome, "reply")
        company = self.env["res.partner"].create(
            {"name": "Công ty Sen", "is_company": True}
        )
        self.customer_two.parent_id = company
        self.env["res.partner"].create(
            {"name": "Bạn", "email": "colleague@sen.test", "parent_id": company.id}
        )
        self.assertEqual(self._reply(From="colleague@sen.test").outcome, "note")
        company.care_share_tickets = True
        self.assertEqual(self._reply(From="colleague@sen.test").outcome, "reply")

    def test_agent_answers_by_mail(self):
        """Like an answer in the back office: public, to the customer, stops the wait."""
        self._reply()
        self.assertTrue(self.ticket.waiting_since)
        replies = self.ticket.reply_count
        inbound = self._reply(From=self.user_team.email, To=self.support)
        message = inbound.mail_message_id
        self.assertEqual(message.author_id, self.user_team.partner_id)
        self.assertFalse(message.is_internal)
        self.assertEqual(self.ticket.reply_count, replies + 1)
        self.assertFalse(self.ticket.waiting_since)
        self.assertIn(self.customer_two, message.notification_ids.res_partner_id)

    def test_agent_must_have_access(self):
        """A colleague of another team, of no team, and a forged agent: notes."""
        for user in (self.user_reader, self.user_other):
            self.assertEqual(self._reply(From=user.email).outcome, "note", user.login)
        for results in (
            "mx.care.example; spf=softfail; dkim=none",
            "mx.care.example; dkim=pass header.d=evil.test; spf=pass smtp.mailfrom=evil.test",
        ):
            sender = {"From": self.user_team.email, "Authentication_Results": results}
            forged = self._reply(**sender)
            self.assertEqual(forged.outcome, "note", results)
            self.assertFalse(forged.mail_message_id.author_id)
            self.assertFalse(self._receive(**sender).ticket_id.partner_id)
        results = "mx.care.example; dkim=pass header.d=care.test"
        sender = {"From": self.user_team.email, "Authentication_Results": results}
        self.assertEqual(self._reply(**sender).outcome, "reply")

    def test_employee_who_asks_is_a_customer(self):
        ticket = self._receive(From=self.user_reader.email).ticket_id
        self.assertEqual(ticket.partner_id, self.user_reader.partner_id)
        self.assertEqual(ticket.event_ids.sorted("id")[1].actor, "customer")

    def test_loop_goes_to_quarantine(self):
        """The 21st mail within two hours; none of them is lost."""
        for _index in range(20):
            self.assertEqual(self._receive().outcome, "ticket")
        stopped = self._receive()
        self.assertEqual(stopped.state, "quarantine")
        self.assertIn("loop", stopped.reason)
        self.env["mail.gateway.allowed"].create({"email": "hoa@stranger.test"})
        with self.enter_registry_test_mode():
            stopped.with_user(self.user_lead).action_replay()
        self.assertEqual(stopped.outcome, "ticket")

    def test_own_messages_do_not_come_back(self):
        inbound = self._receive(Message_Id=self.answer.message_id)
        self.assertEqual(inbound.state, "ignored")
        self.assertIn("own messages", inbound.reason)

    def test_unknown_sender_makes_no_contact_until_answered(self):
        first = self._receive().ticket_id
        second = self._receive().ticket_id
        self.assertFalse(first.partner_id)
        domain = [("email_normalized", "=", "hoa@stranger.test")]
        self.assertFalse(self.env["res.partner"].search(domain))
        self._post(first, self.user_lead)
        contact = self.env["res.partner"].search(domain)
        self.assertEqual(contact.name, "Lê Thị Hoa")
        self.assertEqual(contact.company_id, self.company)
        self.assertEqual((first | second).partner_id, contact)
        self.assertEqual(self._receive().ticket_id.partner_id, contact)

    def test_contact_of_another_company_is_not_ours(self):
        self.env["res.partner"].create(
            {
                "name": "Hoa",
                "email": "hoa@stranger.test",
                "company_id": self.other_company.id,
            }
        )
        self.assertFalse(self._receive().ticket_id.partner_id)
        self.assertTrue(self._receive(To=self.hue).ticket_id.partner_id)
