from odoo.tests import tagged

from ..mail.common import CareMailCommon


@tagged("post_install", "-at_install")
class TestFollowUp(CareMailCommon):
    """Replies to finished tickets: reopened for its owner, or a new linked ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["care.ticket.category"].create({"name": "Máy giặt"})

    def setUp(self):
        super().setUp()
        with self._at("2026-03-01 03:00:00"):
            self.ticket = self._create_ticket(
                partner_id=self.customer_two.id,
                user_id=self.user_own.id,
                category_id=self.category.id,
            )
            self.answer = self.ticket.with_user(self.user_own).message_post(
                body="Chào anh Hùng.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _solve(self):
        with self._at("2026-03-02 03:00:00"):
            self.ticket.action_solve()
            self.env.flush_all()

    def _reply(self, body="Máy vẫn hỏng", **headers):
        values = {
            "From": "Hùng <hung@customer.test>",
            "In_Reply_To": self.answer.message_id,
            "References": self.answer.message_id,
            "Subject": "Re: Máy giặt",
            **headers,
        }
        return self._receive(body, **values)

    def _reply_on_portal(self, text="Máy vẫn hỏng"):
        holder = self.ticket.sudo()._reply_from_customer(
            {"text": text, "files": []}, self.customer_two, "portal"
        )
        return holder

    # ------------------------------------------------------------ which policy

    def test_default_is_seven_days(self):
        team = self.env["care.team"].create({"name": "Mới"})
        self.assertEqual((team.reopen_policy, team.reopen_days), ("days", 7))

    def test_within_the_days_the_same_person_goes_on(self):
        self._solve()
        with self._at("2026-03-09 02:59:00"):
            inbound = self._reply()
        self.assertEqual((inbound.outcome, inbound.ticket_id), ("reply", self.ticket))
        self.assertEqual(self.ticket.stage_category, "open")
        self.assertEqual(self.ticket.user_id, self.user_own)
        self.assertEqual(self.ticket.reopen_count, 1)
        self.assertFalse(self.ticket._find_state_differences())

    def test_later_a_new_ticket_takes_over_by_mail(self):
        self._solve()
        with self._at("2026-03-09 03:00:00"):
            inbound = self._reply()
        new = inbound.ticket_id
        self._check_follow_up(new)
        self.assertEqual(inbound.outcome, "ticket")
        self.assertEqual(inbound.mail_message_id.res_id, new.id)

    def test_later_a_new_ticket_takes_over_on_the_portal(self):
        self._solve()
        with self._at("2026-03-09 03:00:00"):
            self._check_follow_up(self._reply_on_portal())

    def _check_follow_up(self, new):
        self.assertNotEqual(new, self.ticket)
        self.assertEqual(new.parent_id, self.ticket)
        self.assertEqual(new.partner_id, self.customer_two)
        self.assertEqual(new.team_id, self.team)
        self.assertEqual(new.category_id, self.category)
        self.assertEqual(new.stage_category, "new")
        self.assertFalse(new.user_id)
        self.assertEqual(self.ticket.stage_category, "solved")
        self.assertEqual(self.ticket.reopen_count, 0)
        said = new._get_public_messages()
        self.assertEqual(len(said.filtered(lambda m: "vẫn hỏng" in m.body)), 1)
        old = self.ticket._get_public_messages()
        self.assertFalse(old.filtered(lambda m: "vẫn hỏng" in m.body))
        for ticket, other in ((self.ticket, new), (new, self.ticket)):
            link = f'data-oe-id="{other.id}"'
            notes = ticket.message_ids.filtered(lambda m, o=link: o in m.body)
            self.assertEqual(len(notes), 1)
            self.assertTrue(notes.message_type == "notification")
        receipt = said.filtered(lambda m: m.message_type == "auto_comment")
        self.assertEqual(len(receipt), 1)
        self.assertIn(self.ticket.number, receipt.body)
        self.assertTrue(self._mails_to("hung@customer.test", new))
        self.assertFalse(new._find_state_differences())
        self.assertFalse(self.ticket._find_state_differences())

    def test_the_mail_to_the_customer_opens_the_new_conversation(self):
        self._solve()
        with self._at("2026-03-09 03:00:00"):
            new = self._reply().ticket_id
            mail = self._mails_to("hung@customer.test", new)[:1]
            token = mail.body_html.partition("/help/t/")[2].partition('"')[0]
            self.assertEqual(self.env["care.ticket"]._find_by_link(token), new)

    def test_the_same_mail_twice_is_one_new_ticket(self):
        self._solve()
        source = self._source(
            "Máy vẫn hỏng",
            From="Hùng <hung@customer.test>",
            In_Reply_To=self.answer.message_id,
            References=self.answer.message_id,
        )
        with self._at("2026-03-09 03:00:00"):
            self._deliver(source)
            self._deliver(source)
        found = self.env["care.ticket"].search([("parent_id", "=", self.ticket.id)])
        self.assertEqual(len(found), 1)
        self._check_follow_up(found)

    def test_the_same_thanks_twice_are_one_event(self):
        self._solve()
        source = self._source(
            "Cảm ơn em",
            From="Hùng <hung@customer.test>",
            In_Reply_To=self.answer.message_id,
            References=self.answer.message_id,
        )
        with self._at("2026-03-03 03:00:00"):
            self._deliver(source)
            self._deliver(source)
        kinds = self.ticket.event_ids.mapped("kind")
        self.assertEqual(kinds.count("thanked"), 1)
        self.assertEqual(self.ticket.stage_category, "solved")

    def test_always_reopens(self):
        self.team.reopen_policy = "always"
        self._solve()
        with self._at("2027-03-09 03:00:00"):
            self.assertEqual(self._reply().ticket_id, self.ticket)
        self.assertEqual(self.ticket.stage_category, "open")

    def test_never_reopens(self):
        self.team.reopen_policy = "never"
        self._solve()
        with self._at("2026-03-02 03:01:00"):
            self.assertFalse(self.ticket._can_reopen())
            self._check_follow_up(self._reply().ticket_id)

    def test_no_days_is_never(self):
        self.team.reopen_days = 0
        self._solve()
        with self._at("2026-03-02 03:01:00"):
            self.assertEqual(self._reply().ticket_id.parent_id, self.ticket)

    def test_archived_team_hands_nothing_down(self):
        self._solve()
        self.category.active = False
        with self._at("2026-03-19 03:00:00"):
            new = self._reply(To=self.warranty).ticket_id
        self.assertEqual(new.team_id, self.team)
        self.assertFalse(new.category_id)

    # ------------------------------------------------------------ thanks

    def test_late_thanks_open_no_new_ticket(self):
        self._solve()
        tickets = self.env["care.ticket"].search_count([])
        with self._at("2026-05-02 03:00:00"):
            inbound = self._reply("Cảm ơn em nhiều")
            self.assertEqual(self._reply_on_portal("Cảm ơn"), self.ticket)
        self.assertEqual((inbound.outcome, inbound.ticket_id), ("reply", self.ticket))
        self.assertEqual(self.env["care.ticket"].search_count([]), tickets)
        self.assertEqual(self.ticket.stage_category, "solved")
        kinds = self.ticket.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds[-2:], ["thanked", "thanked"])

    def test_a_mail_with_a_quoted_question_is_thanks(self):
        self._solve()
        body = (
            "Cảm ơn em.\n\nVào Th 2, 2 thg 3, 2026 vào lúc 10:00 Support"
            " <support-test@care.example> đã viết:\n> Máy chạy chưa anh?\n"
        )
        with self._at("2026-03-02 05:00:00"):
            self._reply(body)
        self.assertEqual(self.ticket.stage_category, "solved")

    # ------------------------------------------------------------ who goes on

    def _check_released(self):
        with self._at("2026-03-03 03:00:00"):
            self._reply()
        self.assertEqual(self.ticket.stage_category, "open")
        self.assertFalse(self.ticket.user_id)
        self.assertFalse(self.ticket._find_state_differences())

    def test_owner_who_left_us(self):
        self._solve()
        self.user_own.active = False
        self._check_released()

    def test_owner_who_left_the_team(self):
        self._solve()
        self.team.member_ids -= self.user_own
        self._check_released()

    def test_button_of_the_customer_releases_as_well(self):
        self._solve()
        self.team.member_ids -= self.user_own
        with self._at("2026-03-03 03:00:00"):
            self.ticket._reopen_from_customer(self.customer_two, "portal")
        self.assertEqual(self.ticket.stage_category, "open")
        self.assertFalse(self.ticket.user_id)

    def test_a_pending_ticket_stays_with_its_person(self):
        self.team.member_ids -= self.user_own
        self.ticket.stage_id = self.stage_pending
        self._reply()
        self.assertEqual(self.ticket.stage_category, "open")
        self.assertEqual(self.ticket.user_id, self.user_own)
