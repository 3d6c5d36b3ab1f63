from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from ...lib.identity import phone_key
from .common import MergeCommon


@tagged("post_install", "-at_install")
class TestCareDuplicate(MergeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pairs = cls.env["care.duplicate"]
        cls.pairs._refresh()

    def _contact(self, name="Ai đó", **values):
        return self.env["res.partner"].create({"name": name, **values})

    def _pairs(self, *contacts, state="open"):
        """Which of these contacts stand together, as sets of two."""
        ids = self.env["res.partner"].union(*contacts).ids
        found = self.pairs.search(
            [
                ("first_id", "in", ids),
                ("second_id", "in", ids),
                ("state", "=", state),
            ]
        )
        return {frozenset((pair.first_id, pair.second_id)) for pair in found}

    def _pair(self, one, two):
        return self.pairs.search(
            [
                ("first_id", "=", min(one.id, two.id)),
                ("second_id", "=", max(one.id, two.id)),
            ]
        )

    # --------------------------------------------------------------------- finding
    def test_one_number_however_it_is_written(self):
        together = self._pairs(self.kept, self.gone, self.third)
        self.assertEqual(
            together,
            {
                frozenset((self.kept, self.gone)),
                frozenset((self.kept, self.third)),
                frozenset((self.gone, self.third)),
            },
        )

    def test_python_and_database_agree_on_numbers(self):
        numbers = [
            "0905 111 222",
            "+84 905-111-222",
            "00 84 905111222",
            "(024) 3822 1234",
            "1900 1234",
            "12345",
            "0000000000",
            "+33 6 12 34 56 78",
            "٠٩٠٥١١١٢٢٢",
            "090５111222",
        ]
        contacts = self.env["res.partner"].create(
            [{"name": number, "phone": number} for number in numbers]
        )
        self.env.flush_all()
        key, condition = contacts._care_phone_key_sql("res_partner")
        rows = self.env.execute_query(
            SQL(
                "SELECT id, CASE WHEN %s THEN %s ELSE '' END FROM res_partner"
                " WHERE id = ANY(%s) ORDER BY id",
                condition,
                key,
                contacts.ids,
            )
        )
        self.assertEqual(
            [found for _id, found in rows], [phone_key(number) for number in numbers]
        )

    def test_same_address_whatever_its_case(self):
        one = self._contact(email="Lan <LAN@customer.test>")
        two = self._contact(email="lan@customer.test", phone="0905 000 001")
        self.pairs._refresh()
        self.assertEqual(self._pairs(one, two), {frozenset((one, two))})
        self.assertEqual(self._pair(one, two).reason, "Same e-mail")

    def test_who_is_no_duplicate(self):
        """Colleagues, own companies, addresses, archived, other companies, switchboards."""
        phone = "0905 333 444"
        base = self._contact(phone=phone)
        firm = self._contact(name="Công ty", phone=phone, is_company=True)
        worker = self._contact(parent_id=firm.id, phone="0905 333 445")
        mate = self._contact(parent_id=firm.id, phone="0905 333 445")
        others = [
            firm,
            self._contact(phone=phone, active=False),
            self._contact(parent_id=base.id, type="delivery", phone=phone),
            self._contact(parent_id=base.id, phone=phone),
        ]
        self.user_own.partner_id.phone = phone
        self.company.partner_id.write({"phone": phone, "is_company": False})
        others += [self.user_own.partner_id, self.company.partner_id]
        self.pairs._refresh()
        self.assertEqual(self._pairs(base, *others), set())
        self.assertEqual(self._pairs(worker, mate), set(), "one line of a firm")
        here = self._contact(phone="0905 333 446", company_id=self.company.id)
        there = self._contact(phone="0905 333 446", company_id=self.other_company.id)
        shared = self._contact(phone="0905 333 446")
        self.pairs._refresh()
        self.assertEqual(
            self._pairs(here, there, shared),
            {frozenset((here, shared)), frozenset((there, shared))},
        )
        crowd = self.env["res.partner"].create(
            [{"name": "Tổng đài", "phone": "1900 5555"} for _number in range(11)]
        )
        self.pairs._refresh()
        self.assertEqual(self._pairs(crowd), set())
        crowd[0].active = False
        self.pairs._refresh()
        self.assertEqual(len(self._pairs(crowd)), 45, "ten are few enough")

    def test_second_look_writes_nothing(self):
        counts = self.pairs._refresh()
        self.assertEqual(counts, {"created": 0, "updated": 0, "removed": 0})

    def test_looking_at_some_gives_what_looking_at_all_gives(self):
        """Touched contacts alone: pairs come, change their reason and go."""
        firm = self._contact(name="Công ty", is_company=True)
        person = self._contact(parent_id=firm.id, email="p@customer.test")
        twin = self._contact(email="p@customer.test")
        self.pairs._refresh()
        changes = [
            (self.kept | self.gone, {"phone": "0905 999 888"}),
            (self.third, {"phone": False}),
            (self.gone, {"email": "p@customer.test"}),
            (twin, {"phone": "0905 999 888"}),
            (person, {"email": False}),
            (self.kept, {"active": False}),
        ]
        for contacts, values in changes:
            contacts.write(values)
            self.pairs._refresh(contacts.commercial_partner_id)
            counts = self.pairs._refresh()
            self.assertEqual(
                counts, {"created": 0, "updated": 0, "removed": 0}, str(values)
            )
        self.assertEqual(self._pairs(self.gone, twin), {frozenset((self.gone, twin))})
        self.assertTrue(self._pair(self.gone, twin).same_phone)
        self.assertTrue(self._pair(self.gone, twin).same_email)

    def test_job_of_touched_customers_finds_them(self):
        touches = self.env["care.touch"]
        touches._take()
        new = self._contact(phone="(+84) 905111222")
        told, _hushed = touches._take()
        self.assertIn(new, told)
        touches._look_at(told, silent=False)
        self.assertEqual(len(self._pairs(new, self.kept)), 1)

    # -------------------------------------------------------------------- deciding
    def test_not_the_same_person_is_remembered(self):
        pair = self._pair(self.kept, self.gone)
        pair.with_user(self.user_lead).action_dismiss()
        self.assertEqual(pair.dismissed_by_id, self.user_lead)
        self.gone.phone = False
        self.pairs._refresh()
        self.gone.phone = "0905111222"
        self.pairs._refresh()
        self.assertEqual(pair.state, "dismissed")
        text = self.gone.with_user(self.user_own).care_duplicate_text
        self.assertIn("Chị Lan", text)
        self.assertNotIn("Vũ Thị Lan", text)
        pair.with_user(self.user_lead).action_restore()
        self.assertEqual((pair.state, pair.dismissed_on), ("open", False))

    def test_decision_holds_for_what_a_contact_becomes(self):
        self._pair(self.gone, self.third).with_user(self.user_lead).action_dismiss()
        self._merge()
        pair = self._pair(self.kept, self.third)
        self.assertEqual(pair.state, "dismissed")
        self.assertEqual(len(pair), 1)
        self.assertEqual(self._pairs(self.kept, self.third), set())

    def test_contact_warns_while_it_is_typed(self):
        self.kept.phone = "0905 777 001"
        self.user_lead.group_ids |= self.env.ref("base.group_partner_manager")
        with Form(self.env["res.partner"].with_user(self.user_lead)) as form:
            form.name = "Lan"
            self.assertFalse(form.care_duplicate_text)
            form.phone = "+84905777001"
            self.assertIn("Vũ Thị Lan", form.care_duplicate_text)

    # --------------------------------------------------------------------- merging
    def test_lead_merges_what_he_finds(self):
        pair = self._pair(self.kept, self.gone)
        self.gone.email = "lan@customer.test"
        self.third.write({"phone": "0905 111 222", "email": "khac@customer.test"})
        self._contact_of_purchases(self.third)
        action = pair.with_user(self.user_lead).action_merge()
        wizard = (
            self.env["care.merge"].with_user(self.user_lead).browse(action["res_id"])
        )
        self.assertEqual(wizard.partner_ids, self.kept | self.gone | self.third)
        self.assertEqual(wizard.destination_id, self.third, "most purchases")
        wizard.destination_id = self.kept
        self.assertIn("cannot be undone", wizard.preview)
        self.assertFalse(wizard.problem)
        wizard.action_merge()
        self.assertFalse((self.gone | self.third).exists())
        self.assertTrue(self.kept.email)
        told = "".join(self.kept.message_ids.mapped("body"))
        for address in ("lan@customer.test", "khac@customer.test"):
            self.assertIn(address, told, "nothing that was known is lost")
        self.assertFalse(self._pairs(self.kept))

    def _contact_of_purchases(self, partner):
        self._buy("2026-06-01", 100, partner)
        self.profiles._refresh(self.company)

    def test_oldest_stays_where_nobody_bought(self):
        self.assertEqual(
            (self.third | self.gone | self.kept)._care_choose_survivor(), self.kept
        )

    def test_more_than_three_contacts(self):
        more = self._contact(phone="0905111222") | self._contact(phone="0905111222")
        everybody = self.kept | self.gone | self.third | more
        everybody.with_user(self.user_lead)._care_merge_into(
            self.kept.with_user(self.user_lead)
        )
        self.assertEqual(everybody.exists(), self.kept)

    def test_who_may(self):
        pair = self._pair(self.kept, self.gone)
        contacts = self.kept | self.gone
        for user in (self.user_reader, self.user_own, self.user_team, self.user_portal):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    pair.with_user(user).action_merge()
                with self.assertRaises(AccessError):
                    pair.with_user(user).action_dismiss()
                with self.assertRaises(AccessError):
                    self.pairs.with_user(user).action_search()
                with self.assertRaises(AccessError):
                    self.kept.with_user(user).action_care_open_merge()
                with self.assertRaises(AccessError):
                    contacts.with_user(user)._care_merge_into(self.kept.with_user(user))
        for user in (self.user_lead, self.user_manager, self.user_admin):
            pair.with_user(user).action_merge()
        self.assertEqual(contacts.exists(), contacts)

    def test_foreign_company(self):
        contacts = self.kept | self.gone
        contacts.company_id = self.company
        self.pairs._refresh()
        pair = self._pair(self.kept, self.gone)
        with self.assertRaises(AccessError):
            pair.with_user(self.user_other).action_merge()
        with self.assertRaises(AccessError):
            contacts.with_user(self.user_other)._care_merge_into(
                self.kept.with_user(self.user_other)
            )
        self.assertNotIn(pair, self.pairs.with_user(self.user_other).search([]))

    def _refused(self, contacts, words):
        lead = contacts.with_user(self.user_lead)
        with self.assertRaisesRegex(UserError, words):
            lead._care_merge_into(lead[0])

    def test_who_cannot_be_merged(self):
        """Each with its reason and the way out."""
        self._refused(self.kept | self.user_own.partner_id, "is a colleague")
        self._refused(self.kept | self.company.partner_id, "your own companies")
        portal = new_test_user(
            self.env, login="lan_portal", groups="base.group_portal", name="Lan"
        )
        self._refused(self.customer | portal.partner_id, "each have a portal login")
        here, there = self.env["res.partner"].create(
            [
                {"name": "A", "company_id": self.company.id},
                {"name": "B", "company_id": self.other_company.id},
            ]
        )
        self.user_lead.company_ids |= self.other_company
        lead = (here | there).with_user(self.user_lead)
        lead = lead.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        with self.assertRaisesRegex(UserError, "different companies"):
            lead._care_merge_into(lead[0])
        firm = self._contact(name="Công ty", is_company=True)
        self._refused(self.kept | firm, "another a person")
        self.gone.parent_id = firm
        self._refused(firm | self.gone, "is a contact of")
        gone = self.third
        self.third.unlink()
        self._refused(self.kept | gone, "nothing to merge any more")

    def test_wizard_says_why_not(self):
        lead = self.env["care.merge"].with_user(self.user_lead)
        wizard = lead.create(
            {"partner_ids": [(6, 0, (self.kept | self.user_own.partner_id).ids)]}
        )
        self.assertIn("is a colleague", wizard.problem)
        with self.assertRaises(UserError):
            wizard.action_merge()
        self.assertTrue(self.user_own.partner_id.exists())

    def test_login_is_named_before_it_moves(self):
        wizard = (
            self.env["care.merge"]
            .with_user(self.user_lead)
            .create({"partner_ids": [(6, 0, (self.kept | self.customer).ids)]})
        )
        self.assertIn(self.user_portal.login, wizard.preview)
        wizard.destination_id = self.kept
        wizard.action_merge()
        self.assertEqual(self.user_portal.partner_id, self.kept)

    def test_names_are_text(self):
        self.kept.name = "<img src=x onerror=alert(1)>"
        wizard = (
            self.env["care.merge"]
            .with_user(self.user_lead)
            .create({"partner_ids": [(6, 0, (self.kept | self.gone).ids)]})
        )
        self.assertNotIn("<img", wizard.preview)

    # ----------------------------------------------------------------------- cost
    def test_list_costs_the_same_for_any_length(self):
        columns = {
            "first_id": {"fields": {"display_name": {}}},
            "second_id": {"fields": {"display_name": {}}},
            "first_phone": {},
            "first_email": {},
            "second_phone": {},
            "second_email": {},
            "reason": {},
            "state": {},
        }
        contacts = self.env["res.partner"].create(
            [
                {"name": f"Trùng {number}", "phone": f"0905 55{number // 2:02} 000"}
                for number in range(60)
            ]
        )
        self.pairs._refresh()
        pairs = self.pairs.search([("first_id", "in", contacts.ids)])
        self.assertEqual(len(pairs), 30)
        counts = []
        for some in (pairs[:2], pairs, pairs[:2], pairs):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.pairs.with_user(self.user_lead).web_search_read(
                [("id", "in", some.ids)], columns
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[3])
        self.assertLessEqual(counts[3], 5)
