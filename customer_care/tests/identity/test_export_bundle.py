import io
import json
import zipfile

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .test_forget import EMAIL, NAME, PHONE, PrivacyCommon


@tagged("post_install", "-at_install")
class TestExportBundle(PrivacyCommon, HttpCase):
    def _get(self, login, partner=None):
        self.authenticate(login, login)
        return self.url_open(f"/care/export/{(partner or self.known).id}")

    def test_everything_in_one_file(self):
        answer = self._get("care_manager_test")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        bundle = zipfile.ZipFile(io.BytesIO(answer.content))
        names = bundle.namelist()
        self.assertLessEqual(
            {
                "care.contact.log.json",
                "care.inbound.json",
                "care.purchase.json",
                "care.receipt.json",
                "care.stage.change.json",
                "care.ticket.event.json",
                "care.ticket.json",
                "crm.lead.json",
                "mail.blacklist.json",
                "mail.message.json",
                "phone.blacklist.json",
                "res.partner.bank.json",
                "res.partner.json",
                "res.users.json",
                "sale.order.json",
                "sms.sms.json",
            },
            set(names),
        )
        files = [name for name in names if name.startswith("files/")]
        text = [bundle.read(name) for name in files if name.endswith("giay-to.txt")]
        self.assertEqual(len(text), 1)
        self.assertIn(NAME.encode(), text[0])
        contacts = json.loads(bundle.read("res.partner.json"))
        self.assertEqual(len(contacts), 2, "with the address below")
        self.assertEqual(contacts[0]["phone"], PHONE)
        tickets = json.loads(bundle.read("care.ticket.json"))
        self.assertEqual(
            {row["number"] for row in tickets}, {self.ticket.number, self.loose.number}
        )
        purchases = json.loads(bundle.read("care.purchase.json"))
        self.assertEqual([row["amount"] for row in purchases], [250.0])
        said = json.loads(bundle.read("mail.message.json"))
        self.assertIn(f"Chào chị {NAME}", [row["text"].strip() for row in said])
        mails = json.loads(bundle.read("care.inbound.json"))
        self.assertIn(EMAIL, mails[0]["source"])

    def test_nobody_else_in_it(self):
        self._create_ticket(
            name="Chuyện người khác", partner_id=self.customer_two.id
        ).message_post(body="Bí mật người khác")
        bundle = zipfile.ZipFile(io.BytesIO(self._get("care_manager_test").content))
        everything = b"".join(bundle.read(name) for name in bundle.namelist())
        self.assertNotIn("người khác".encode(), everything)

    def test_who_may(self):
        for login in ("care_reader", "care_own", "care_lead_test", "care_portal"):
            with self.subTest(login=login):
                self.assertEqual(self._get(login).status_code, 404)
        self.assertEqual(self._get("care_other").status_code, 404)
        self.assertEqual(
            self._get("care_manager_test", self.known.browse(2**31 - 1)).status_code,
            404,
        )
        self.authenticate(None, None)
        answer = self.url_open(f"/care/export/{self.known.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303, "to the login")
        self.assertEqual(self._get("care_admin").status_code, 200)

    def test_names_of_files_stay_inside(self):
        self.env["ir.attachment"].create(
            {
                "name": "../../etc/passwd",
                "raw": b"x",
                "res_model": "care.ticket",
                "res_id": self.ticket.id,
            }
        )
        bundle = zipfile.ZipFile(io.BytesIO(self._get("care_manager_test").content))
        for name in bundle.namelist():
            self.assertLessEqual(name.count("/"), 1, name)
            self.assertFalse(name.startswith(("/", "..")), name)

    def test_colleagues_and_our_companies_are_not_exported(self):
        """What a colleague wrote is not a customer's; no role exports it."""
        for person in (self.user_own.partner_id, self.company.partner_id):
            with self.subTest(person=person.name):
                for login in ("care_manager_test", "care_admin"):
                    self.assertEqual(self._get(login, person).status_code, 404)
                with self.assertRaisesRegex(UserError, "not a customer"):
                    person.with_user(self.user_admin).action_care_export()

    def test_messages_of_others_under_the_same_address_stay_theirs(self):
        """Whoever writes a colleague's address on a contact exports nothing of his."""
        message = self._create_ticket(name="Việc khác").message_post(
            body="Bí mật của đồng nghiệp",
            author_id=self.user_own.partner_id.id,
            email_from=f"Own <{EMAIL}>",
        )
        self.assertNotIn(message, self.env["mail.message"]._care_of(self.known))
        nobody = message.copy({"author_id": False})
        self.assertIn(nobody, self.env["mail.message"]._care_of(self.known))

    def test_what_hangs_below_counts_as_known(self):
        """A person of the customer who wrote to another company is known there too."""
        below = self.known.search([("id", "child_of", self.known.id)]) - self.known
        self.known.company_id = below.company_id = False
        self._create_ticket(
            name="Ở Huế",
            partner_id=below[0].id,
            team_id=self.other_team.id,
            company_id=self.other_company.id,
        )
        self.assertIn(self.other_company, self.known._care_known_in())
        self.assertEqual(self._get("care_manager_test").status_code, 404)
