from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PanoramaCommon


@tagged("post_install", "-at_install")
class TestReach(PanoramaCommon):
    def test_number_that_zalo_knows(self):
        table = {
            "0912 345 678": "0912345678",
            "+84 912 345 678": "0912345678",
            "84912345678": "0912345678",
            "+33 6 12 34 56 78": "33612345678",
            "": "",
            None: "",
            "gọi buổi tối": "",
        }
        for phone, number in table.items():
            self.assertEqual(
                self.env["res.partner"]._get_care_zalo_number(phone), number, phone
            )

    def test_buttons_of_a_contact(self):
        reach = self.customer.with_user(self.user_own)._prepare_care_reach()
        self.assertEqual(reach["partner_id"], self.customer.id)
        self.assertFalse(reach["ticket_id"])
        self.assertEqual(reach["phone"], "0912 345 678")
        self.assertEqual(reach["email"], "care_portal@care.test")
        self.assertEqual(
            reach["greeting"],
            f"Hello Nguyễn Thị Mai, this is care_own of {self.company.name}.",
        )

    def test_buttons_of_a_ticket_know_the_ticket(self):
        ticket = self._create_ticket(user_id=self.user_own.id, phone="0987 654 321")
        panel = ticket.with_user(self.user_own).customer_panel
        reach = panel["reach"]
        self.assertEqual(reach["ticket_id"], ticket.id)
        self.assertEqual(
            (reach["phone"], reach["zalo"]), ("0987 654 321", "0987654321")
        )
        self.assertIn(ticket.number, reach["greeting"])
        self.assertIn("Máy giặt không chạy", reach["greeting"])

    def test_what_next_beside_a_ticket_leaves_out_the_ticket(self):
        ticket = self._create_ticket(kind="complaint", user_id=self.user_own.id)
        panel = ticket.with_user(self.user_own).customer_panel
        self.assertEqual(panel["suggestions"], [])
        other = self._create_ticket(kind="complaint", user_id=self.user_own.id)
        self.env.invalidate_all()
        panel = other.with_user(self.user_own).customer_panel
        self.assertEqual(
            [entry["res_id"] for entry in panel["suggestions"]], [ticket.id]
        )

    def test_the_same_sentence_in_both_places(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        self.assertEqual(
            ticket.with_user(self.user_own).customer_panel["sentence"],
            self.customer.with_user(self.user_own).care_panorama["sentence"],
        )

    def test_agents_write_to_customers_whom_they_may_not_edit(self):
        customer = self.customer.with_user(self.user_own)
        with self.assertRaises(AccessError):
            customer.name = "x"
        message = customer.message_post(
            body="Chào chị",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertEqual(message.author_id, self.user_own.partner_id)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.user_reader).message_post(body="x")
        with self.assertRaises(AccessError):
            customer.with_user(self.user_own).write({"email": "x@y.test"})

    def test_agents_do_not_write_to_customers_of_others(self):
        theirs = self.env["res.partner"].create(
            {"name": "Khách Huế", "company_id": self.other_company.id}
        )
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_own).message_post(body="x")
