from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestResPartner(CareCommon):
    def test_any_digits_of_the_phone_find_the_customer(self):
        partner = self.env["res.partner"].with_user(self.user_reader)
        for text in ("345678", "0912 345", "+84912345678", "84912345678", "5678"):
            found = [row[0] for row in partner.name_search(text)]
            self.assertIn(self.customer.id, found, text)
        for text in ("12", "999888777", "Mai 0000"):
            found = [row[0] for row in partner.name_search(text)]
            self.assertNotIn(self.customer.id, found, text)
        international = self.customer_two
        international.phone = "+84 908 111 222"
        found = [row[0] for row in partner.name_search("0908111")]
        self.assertIn(international.id, found)

    def test_negative_search_is_not_widened(self):
        domain = [("display_name", "not ilike", "345678")]
        found = self.env["res.partner"].search([*domain, ("id", "=", self.customer.id)])
        self.assertEqual(found, self.customer)

    def test_salutation_is_guessed_and_confirmed(self):
        self.customer.lang = self.customer_two.lang = False
        vietnamese = self.env["res.lang"]._activate_lang("vi_VN")
        self.customer.lang = vietnamese.code
        self.assertEqual(self.customer.care_title_guess, "chi")
        self.assertEqual(self.customer.care_salutation, "chị Mai")
        self.assertFalse(self.customer.care_title)
        self.customer.action_accept_care_title()
        self.assertEqual(self.customer.care_title, "chi")
        self.customer.care_title = "ba"
        self.assertEqual(self.customer.care_salutation, "bà Mai")

    def test_open_ticket_counts_reach_every_internal_user(self):
        company = self.env["res.partner"].create(
            {"name": "Hoa Sen", "is_company": True}
        )
        child = self.env["res.partner"].create({"name": "Lan", "parent_id": company.id})
        for partner in (company, child, child):
            self._create_ticket(partner_id=partner.id)
        self._create_ticket(partner_id=child.id).action_solve()
        as_reader = (company | child).with_user(self.user_reader)
        self.assertEqual(as_reader.mapped("care_open_ticket_count"), [3, 2])
        self.assertEqual(as_reader.mapped("care_ticket_count"), [4, 3])
        with self.assertRaises(AccessError):
            as_reader.care_ticket_ids.mapped("name")

    def test_counters_are_read_in_one_batch(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Khách {index}"} for index in range(50)]
        )
        self.env["care.ticket"].create(
            [{"name": "x", "partner_id": partner.id} for partner in partners]
        )

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("care_open_ticket_count")
            return self.env.cr.sql_log_count - before

        count(partners)
        self.assertEqual(count(partners[:5]), count(partners))

    def test_other_companies_tickets_do_not_count(self):
        self._create_ticket(partner_id=self.customer_two.id)
        there = self.customer_two.with_user(self.user_other)
        self.assertEqual(there.care_ticket_count, 0)

    def test_care_stage_is_per_company_and_shared_with_contacts(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        company = self.env["res.partner"].create(
            {"name": "Hoa Sen", "is_company": True}
        )
        child = self.env["res.partner"].create({"name": "Lan", "parent_id": company.id})
        company.care_stage_id = vip
        self.assertEqual(child.care_stage_id, vip)
        self.assertFalse(company.with_company(self.other_company).care_stage_id)
        groups = self.env["res.partner"]._read_group(
            [("id", "=", company.id)], ["care_stage_id"], ["__count"]
        )
        self.assertEqual(groups, [(vip, 1)])

    def test_code_of_a_care_stage_is_unique(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["care.stage"].create({"name": "VIP 2", "code": "vip"})
