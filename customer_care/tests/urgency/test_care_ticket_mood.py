from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestMood(UrgencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("mood", 40, mood="angry", name="Angry customer")
        cls._rule("words", 10, words="quá đáng\nunacceptable", is_angry=True)
        cls._rule("words", 10, words="gấp")

    def test_angry_words_when_the_ticket_opens(self):
        ticket = self._create_ticket(name="Dịch vụ QUÁ ĐÁNG")
        self.assertEqual((ticket.mood, ticket.urgency), ("angry", 50))
        self.assertFalse(self._create_ticket(name="Gấp lắm").mood)

    def test_angry_words_in_a_message(self):
        ticket = self._create_ticket()
        self._post(ticket, self.user_own, body="This is unacceptable of us")
        self.assertFalse(ticket.mood)
        self._post(ticket, self.user_portal, body="This is UNACCEPTABLE!")
        self.assertEqual((ticket.mood, ticket.urgency), ("angry", 50))

    def test_an_agent_decides_until_the_customer_is_angry_again(self):
        ticket = self._create_ticket(name="Quá đáng", user_id=self.user_own.id)
        ticket.with_user(self.user_own).mood = "neutral"
        self.assertEqual(ticket.urgency, 10)
        self._post(ticket, self.user_portal, body="Vâng, cảm ơn em")
        self.assertEqual(ticket.mood, "neutral")
        self._post(ticket, self.user_portal, body="Lại hỏng, thật quá đáng")
        self.assertEqual(ticket.mood, "angry")

    def test_an_agent_toggles_it(self):
        ticket = self._create_ticket(user_id=self.user_own.id).with_user(self.user_own)
        ticket.action_customer_is_angry()
        self.assertEqual((ticket.mood, ticket.urgency), ("angry", 40))
        ticket.action_customer_is_angry()
        self.assertEqual((ticket.mood, ticket.urgency), ("neutral", 0))
        with self.assertRaises(AccessError):
            ticket.with_user(self.user_other).action_customer_is_angry()

    # ----------------------------------------------------------------- privacy

    def test_words_about_the_customer_go_with_his_texts(self):
        ticket = self._create_ticket(mood="angry")
        ticket._overrule_urgency(90, "Chị Mai ở 12 Hoa Ban doạ kiện")
        rows = self.env["care.ticket"]._care_export_partners(self.customer)
        self.assertEqual([row["mood"] for row in rows], ["angry"])
        ticket.sudo()._care_remove_texts()
        self.assertFalse(ticket.urgency_override_reason)
        self.assertEqual((ticket.urgency, ticket.is_urgency_overruled), (90, True))

    # --------------------------------------------------- no automatic answers

    def test_no_automatic_answer_to_an_angry_customer(self):
        ticket = self._create_ticket()
        self.assertTrue(ticket._allows_automatic_answer())
        ticket.mood = "angry"
        self.assertFalse(ticket._allows_automatic_answer())

    def _template(self):
        return self.env["mail.template"].create(
            {
                "name": "Stage message",
                "model_id": self.env["ir.model"]._get_id("care.ticket"),
                "subject": "Stage",
                "body_html": "<p>We look into it</p>",
            }
        )

    def _texts(self, ticket):
        return [
            body for body in ticket.message_ids.mapped("body") if "look into" in body
        ]

    def test_no_message_of_the_first_stage(self):
        self.stage_new.template_id = self._template()
        calm = self._create_ticket()
        angry = self._create_ticket(mood="angry")
        self.assertTrue(self._texts(calm))
        self.assertFalse(self._texts(angry))

    def test_a_program_that_moves_the_ticket_says_nothing(self):
        self.stage_pending.template_id = self._template()
        angry = self._create_ticket(mood="angry")
        calm = self._create_ticket()
        self.flush_tracking()
        system = (angry | calm).with_user(self.env.ref("base.user_root")).sudo()
        system.write({"stage_id": self.stage_pending.id})
        self.flush_tracking()
        self.assertTrue(self._texts(calm))
        self.assertFalse(self._texts(angry))

    def test_who_moves_the_ticket_himself_says_it(self):
        self.stage_pending.template_id = self._template()
        ticket = self._create_ticket(mood="angry", user_id=self.user_own.id)
        self.flush_tracking()
        ticket.with_user(self.user_own).stage_id = self.stage_pending
        self.flush_tracking()
        self.assertTrue(self._texts(ticket))

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def test_a_receipt_is_no_answer(self):
        ticket = self._create_ticket(mood="angry")
        self.assertTrue(ticket._send_receipt())

    def test_rules_leave_angry_customers_to_people(self):
        message = self.env["care.message"].create(
            {
                "name": "Hỏi thăm",
                "purpose": "care",
                "subject": "Chào {{salutation}}",
                "body_html": "<p>Máy chạy tốt không?</p>",
            }
        )
        segment = self.env["care.segment"].create(
            {"name": "Thử", "company_id": self.company.id}
        )
        rule = self.env["care.rule"].create(
            {
                "name": "Hỏi thăm",
                "company_id": self.company.id,
                "user_id": self.user_manager.id,
                "segment_id": segment.id,
                "action": "message",
                "message_id": message.id,
            }
        )
        self._create_ticket(mood="angry")
        both = self.customer.commercial_partner_id | self.customer_two
        results = rule._do_message(both)
        angry = results[self.customer.commercial_partner_id.id]
        self.assertEqual((angry.state, angry.reason), ("skipped", "angry"))
        self.assertEqual(results[self.customer_two.id]._name, "care.message.delivery")
        self.assertFalse(
            self.env["care.message.delivery"].search(
                [("partner_id", "=", self.customer.id), ("message_id", "=", message.id)]
            )
        )
