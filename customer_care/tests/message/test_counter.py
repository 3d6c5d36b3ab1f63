from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib import signed
from ..portal.common import XSS, PortalHttpCase, select
from .common import MessageCommon

STAMP = "odoo.addons.customer_care.models.portal.care_form_stamp"


class CounterCommon(MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.vn")
        cls.company.is_care_counter_open = True
        cls.counter = cls.env["care.counter"]
        cls.path = cls._counter_path(cls.company)
        # as if nobody had been there within this hour
        cls.env["care.rate.counter"].search([]).unlink()

    @classmethod
    def _counter_path(cls, company):
        return "/care/counter/" + cls.counter._get_url(company).rpartition("/")[2]

    def _answers(self, partner):
        """Return what this contact said: dict channel → (state, source)."""
        current = self.env["care.choice"]._get_current(partner, self.company)
        return {
            channel: (row.state, row.source)
            for (channel, purpose), row in current.items()
            if purpose == "promotion"
        }


@tagged("post_install", "-at_install")
class TestCounter(PortalHttpCase, CounterCommon):
    """What customers leave behind the QR code at the counter, and what nobody can."""

    def setUp(self):
        super().setUp()
        partners = self.env["res.partner"].with_context(active_test=False)
        self.last_partner_id = partners.search([], order="id desc", limit=1).id

    def _leave(self, *channels, **values):
        values.update({f"promotion_{channel}": "on" for channel in channels})
        response = self._send(self.path, values, stamp="counter")
        self.env.flush_all()
        return response

    def _accepted(self, *channels, **values):
        response = self._leave(*channels, **values)
        self.assertEqual(response.status_code, 303, response.text[:3000])
        self.assertTrue(response.headers["Location"].endswith(f"{self.path}?done=1"))

    def _new(self, name):
        """Return the contacts of this name that the test made."""
        return self.env["res.partner"].search(
            [("name", "=", name), ("id", ">", self.last_partner_id)]
        )

    # ------------------------------------------------------------------ customers
    def test_new_customer(self):
        self._accepted(
            "zalo",
            "email",
            name="Đỗ Lan",
            phone="0887 111 222",
            email="Lan.Do@customer.test",
        )
        partner = self._new("Đỗ Lan")
        self.assertEqual(len(partner), 1)
        self.assertEqual(partner.email, "lan.do@customer.test")
        granted = ("granted", "counter")
        self.assertEqual(self._answers(partner), {"zalo": granted, "email": granted})
        rows = self.env["care.consent"].search([("partner_id", "=", partner.id)])
        self.assertEqual(
            {row.channel: row.address for row in rows},
            {"zalo": "+84887111222", "email": "lan.do@customer.test"},
        )
        self.assertIn("0887111222", rows[0].evidence.replace("+84", "0"))
        self.assertIn("127.0.0.1", rows[0].evidence)
        self.assertIn("Thank you", self._text(self._page(f"{self.path}?done=1")))

    def test_who_agreed_at_the_counter_is_a_customer(self):
        self._accepted("sms", name="Đỗ Lan", phone="0887 111 222")
        partner = self._new("Đỗ Lan")
        self.env["care.profile"]._refresh(self.company, partner)
        self.env.invalidate_all()
        self.assertEqual(partner.care_customer_reason, "counter")

    def test_known_customer(self):
        """Found by number and address however they are typed; not changed otherwise."""
        before = self.mai.read(["name", "phone", "email", "lang", "write_date"])
        self._accepted(
            "sms",
            "email",
            name="Ai đó",
            phone="0903 000 001",
            email="MAI.message@customer.test",
        )
        granted = ("granted", "counter")
        self.assertEqual(self._answers(self.mai), {"sms": granted, "email": granted})
        self.assertFalse(self._new("Ai đó"))
        self.mai.invalidate_recordset()
        after = self.mai.read(["name", "phone", "email", "lang", "write_date"])
        self.assertEqual(after, before)

    def test_twice_is_once(self):
        for _turn in range(2):
            self._accepted("sms", name="Đỗ Lan", phone="0887 111 222")
        partner = self._new("Đỗ Lan")
        self.assertEqual(len(partner), 1)
        rows = self.env["care.consent"].search([("partner_id", "=", partner.id)])
        self.assertEqual(len(rows), 1)

    def test_number_of_one_and_address_of_another(self):
        """Each answer stands with its own address; nobody's contact gets a new one."""
        self._accepted(
            "sms", "email", phone="0903 000 001", email="hung.message@customer.test"
        )
        self.assertEqual(list(self._answers(self.mai)), ["sms"])
        self.assertEqual(list(self._answers(self.hung)), ["email"])

    def test_known_number_with_an_unknown_address(self):
        self._accepted(
            "sms",
            "email",
            name="Khách mới",
            phone="0903 000 003",
            email="moi@customer.test",
        )
        self.assertEqual(list(self._answers(self.phone_only)), ["sms"])
        self.assertFalse(self.phone_only.email)
        other = self._new("Khách mới")
        self.assertEqual(list(self._answers(other)), ["email"])
        self.assertFalse(other.phone)

    def test_unknown_address_that_was_not_ticked(self):
        before = self._count_written()["res_partner"]
        self._accepted(
            "sms", name="Khách mới", phone="0903 000 003", email="moi@customer.test"
        )
        self.assertEqual(self._count_written()["res_partner"], before)

    # ------------------------------------------------------------------ refusals
    def test_no_stays_no(self):
        """Whoever types an address cannot take back what its owner said."""
        self.mai._care_set_consent(
            "email", "promotion", False, "link", "x", company=self.company
        )
        self.mai._care_set_consent(
            "sms", "promotion", False, "hand", "x", company=self.company
        )
        mails = self.env["mail.mail"].search([])
        self._accepted(
            "sms",
            "email",
            "zalo",
            phone="0903 000 001",
            email="mai.message@customer.test",
        )
        self.assertEqual(
            self._answers(self.mai),
            {
                "email": ("withdrawn", "link"),
                "sms": ("withdrawn", "hand"),
                "zalo": ("granted", "counter"),
            },
        )
        mail = self.env["mail.mail"].search([]) - mails
        self.assertEqual(len(mail), 1)
        self.assertIn("mai.message@customer.test", mail.email_to)
        self.assertIn("/care/consent/", mail.body_html)
        self.assertNotEqual(mail.state, "sent", "the queue sends it")
        token = mail.body_html.partition("/care/consent/")[2].partition('"')[0]
        found = self.env["care.choice"]._find(token)
        self.assertEqual(found[:2], (self.mai.sudo(), self.company.sudo()))

    def test_no_stays_no_under_a_new_address(self):
        self.hung._care_set_consent(
            "email", "promotion", False, "hand", "x", company=self.company
        )
        self.hung.email = "hung.moi@customer.test"
        mails = self.env["mail.mail"].search([])
        self._accepted("email", email="hung.moi@customer.test")
        self.assertEqual(self._answers(self.hung), {"email": ("withdrawn", "hand")})
        mail = self.env["mail.mail"].search([]) - mails
        self.assertIn("hung.moi@customer.test", mail.email_to)

    def test_refused_address_makes_no_contact(self):
        """The no of an archived contact speaks for its address."""
        self.hung._care_set_consent(
            "sms", "promotion", False, "link", "x", company=self.company
        )
        self.hung.active = False
        self._accepted("sms", name="Hùng mới", phone="0903 000 002")
        self.assertFalse(self._new("Hùng mới"))

    def test_blacklisted_address(self):
        self.env["mail.blacklist"]._add("moi@customer.test")
        self._accepted("email", name="Khách mới", email="moi@customer.test")
        self.assertFalse(self._new("Khách mới"))

    def test_the_answer_tells_nothing(self):
        """Known, unknown and refused get the same bytes."""
        self.hung._care_set_consent(
            "sms", "promotion", False, "link", "x", company=self.company
        )
        answers = set()
        for phone in ("0903 000 001", "0903 000 002", "0887 111 222"):
            response = self._leave("sms", phone=phone)
            answers.add((response.status_code, response.headers["Location"]))
        self.assertEqual(len(answers), 1)

    # ------------------------------------------------------------------ bad input
    def test_what_is_missing_is_said(self):
        for channels, values, sentence in (
            ((), {"phone": "0887 111 222"}, "Please tick how we may write to you"),
            (("sms",), {}, "Please give your phone number or your e-mail address"),
            (("email",), {"phone": "0887 111 222"}, "You ticked e-mail"),
            (("zalo",), {"email": "a@customer.test"}, "You ticked a message to your"),
            (("sms",), {"phone": "12"}, "This is not a phone number"),
            (("sms",), {"phone": "0000 000 000"}, "This is not a phone number"),
            (("email",), {"email": "a at b"}, "This is not an e-mail address"),
            (
                ("sms",),
                {"phone": "0887 111 222", "name": "x" * 200},
                "This is too long",
            ),
        ):
            with self.subTest(values=values):
                before = self._count_written()
                self._assert_refused(self._leave(*channels, **values), sentence)
                self.assertEqual(self._count_written(), before)

    def test_what_was_typed_is_kept(self):
        response = self._leave("zalo", name="Đỗ Lan", phone="12")
        page = self._assert_refused(response, "This is not a phone number")
        self.assertEqual(select(page, "#care_name")[0].get("value"), "Đỗ Lan")
        self.assertTrue(select(page, "#promotion_zalo[checked]"))
        self.assertFalse(select(page, "#promotion_sms[checked]"))

    def test_nothing_is_ticked_before(self):
        page = self._page(self.path)
        self.assertEqual(len(select(page, ".o_care_switch input")), 4)
        self.assertFalse(select(page, ".o_care_switch input[checked]"))

    def test_programs_and_strangers(self):
        before = self._count_written()
        response = self._leave("sms", phone="0887 111 222", contact_again="x")
        self._assert_refused(response, "A field that must stay empty", 400)
        response = self._leave("sms", phone="0887 111 222", partner_id="3")
        self._assert_refused(response, "fields we do not know", 400)
        response = self._send(
            self.path, {"phone": "0887 111 222", "promotion_sms": "on", "stamp": "x"}
        )
        self._assert_refused(response, "was open for a long time")
        self.assertEqual(self._count_written(), before)

    def test_scripts(self):
        for payload in XSS:
            response = self._leave(name=payload[:90], phone="12")
            self.assertEqual(response.status_code, 422)
            self._assert_harmless(response)

    def test_limits(self):
        for _turn in range(3):
            self._accepted("sms", phone="0887 111 222")
        response = self._leave("sms", phone="+84 887 111 222")
        self._assert_refused(response, "many messages from here", 429)
        self._accepted("sms", phone="0887 111 223")
        self.env["ir.config_parameter"].set_param("customer_care.limit_counter_ip", "4")
        response = self._leave("sms", phone="0887 111 224")
        self._assert_refused(response, "many messages from here", 429)

    # ------------------------------------------------------------------ the code
    def test_codes_that_open_nothing(self):
        secret = self.env["care.ticket"]._get_link_secret()
        other = signed.make_counter(secret, self.company.id, 99)
        nobody = signed.make_counter(secret, 10**9, 0)
        for token in (other, nobody, "x", "x" * 24, "%C3%A9"):
            page = self._page(f"/care/counter/{token}", 404)
            self.assertIn("This code does not work any more", self._text(page))
        self.company.is_care_counter_open = False
        self._page(self.path, 404)

    def test_replaced_code(self):
        company = self.company.with_user(self.user_manager)
        company._care_change_counter("renew")
        self._page(self.path, 404)
        self._page(self._counter_path(self.company))

    def test_post_to_a_code_that_was_shut(self):
        """The page was open when somebody shut it."""
        page = self._page(self.path)
        values = self._hidden(page, self.path)
        values |= {"stamp": self._stamp("counter"), "phone": "0887 111 222"}
        self.company.is_care_counter_open = False
        before = self._count_written()
        response = self.url_open(
            self.path, data=values | {"promotion_sms": "on"}, allow_redirects=False
        )
        self.assertEqual(response.status_code, 404)
        self.assertEqual(self._count_written(), before)

    # ------------------------------------------------------------------ the sheet
    def test_sheet(self):
        self.authenticate(self.user_lead.login, self.user_lead.login)
        page = self._page("/care/counter")
        self.assertTrue(select(page, ".o_care_counter_sheet img"))
        self.assertFalse(select(page, ".o_care_counter_renew"))
        self.authenticate(self.user_manager.login, self.user_manager.login)
        page = self._page("/care/counter")
        for wish, is_open, version in (
            ("shut", False, 0),
            ("open", True, 0),
            ("renew", True, 1),
        ):
            page = self._page("/care/counter")
            form = select(page, f".o_care_counter_{wish}")[0].getparent()
            values = {
                field.get("name"): field.get("value")
                for field in select(form, "input[type='hidden']")
            }
            self.url_open("/care/counter", data=values, allow_redirects=False)
            self.company.invalidate_recordset()
            self.assertEqual(self.company.is_care_counter_open, is_open)
            self.assertEqual(self.company.care_counter_version, version)

    @mute_logger("odoo.http")
    def test_sheet_is_for_leads_and_changed_by_managers(self):
        self.authenticate(self.user_team.login, self.user_team.login)
        self.assertEqual(self.url_open("/care/counter").status_code, 403)
        self.authenticate(self.user_lead.login, self.user_lead.login)
        response = self.url_open(
            "/care/counter", data={"wish": "shut", "csrf_token": self._csrf()}
        )
        self.assertEqual(response.status_code, 403)
        self.authenticate(self.user_manager.login, self.user_manager.login)
        for values in ({"wish": "all"}, {"wish": "shut", "company_id": "1"}):
            response = self.url_open(
                "/care/counter", data={**values, "csrf_token": self._csrf()}
            )
            self.assertEqual(response.status_code, 400)
        self.assertTrue(self.company.is_care_counter_open)

    def test_sheet_of_another_company(self):
        """The one asked for counts where the manager belongs to it, else his own."""
        manager = self.user_manager
        self.assertNotIn(self.other_company, manager.company_ids)
        self.authenticate(manager.login, manager.login)
        values = {"wish": "open", "company": str(self.other_company.id)}
        self.url_open("/care/counter", data={**values, "csrf_token": self._csrf()})
        self.assertFalse(self.other_company.is_care_counter_open)
        manager.company_ids += self.other_company
        self.url_open("/care/counter", data={**values, "csrf_token": self._csrf()})
        self.other_company.invalidate_recordset()
        self.assertTrue(self.other_company.is_care_counter_open)
        page = self._page(f"/care/counter?company={self.other_company.id}")
        self.assertIn(self.other_company.name, self._text(page))
        with self.assertRaises(AccessError):
            self.env["res.company"].browse(self.other_company.id).with_user(
                self.user_lead
            )._care_change_counter("shut")


@tagged("post_install", "-at_install")
class TestCounterTour(CounterCommon, PortalHttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.startPatcher(patch(f"{STAMP}.MIN_SECONDS", 0))

    def test_customer_agrees_on_his_phone(self):
        self.start_tour(self.path, "care_counter_path")
        partner = self.env["res.partner"].search(
            [("name", "=", "Đỗ Lan")], order="id desc", limit=1
        )
        self.assertEqual(self._answers(partner), {"zalo": ("granted", "counter")})


@tagged("post_install", "-at_install")
class TestCounterSheetTour(CounterCommon, PortalHttpCase):
    def test_manager_replaces_the_code(self):
        self.start_tour(
            "/care/counter", "care_counter_sheet_path", login=self.user_manager.login
        )
        self.company.invalidate_recordset()
        self.assertEqual(self.company.care_counter_version, 1)
