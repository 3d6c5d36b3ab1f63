import base64
from datetime import datetime

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...lib import consent_file
from ...models.consent.selections import REASONS
from .common import NOON, GateCommon


@tagged("post_install", "-at_install")
class TestWizards(GateCommon):
    """What agents and care managers do by hand about contacts and consents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two = cls._person(1), cls._person(2)

    def _open(self, name, user, **values):
        wizard = self.env[name].with_user(user)
        return wizard.with_context(
            active_model="res.partner",
            active_id=self.one.id,
            active_ids=self.one.ids,
        ).create(values)

    # ------------------------------------------------------------- log a contact
    def test_agent_logs_a_call(self):
        wizard = self._open(
            "care.contact.add", self.user_own, minutes=1.5, summary="Hẹn thứ sáu"
        )
        self.assertEqual(wizard.partner_id, self.one)
        wizard.action_log()
        row = self.logs.search([("partner_id", "=", self.one.id)])
        self.assertRecordValues(
            row,
            [
                {
                    "channel": "call",
                    "direction": "out",
                    "state": "done",
                    "duration": 90.0,
                    "user_id": self.user_own.id,
                    "is_by_hand": True,
                }
            ],
        )

    def test_no_duration_is_unknown(self):
        self._open("care.contact.add", self.user_own, state="missed").action_log()
        row = self.logs.search([("partner_id", "=", self.one.id)])
        self.assertIsNone(row.duration)

    # ------------------------------------------------------------- set a consent
    def test_agent_writes_down_what_he_was_told(self):
        wizard = self._open(
            "care.consent.set", self.user_own, evidence="Đồng ý qua điện thoại"
        )
        wizard.action_set()
        self.assertRecordValues(
            self.one.care_consent_ids,
            [
                {
                    "channel": "sms",
                    "purpose": "promotion",
                    "state": "granted",
                    "source": "hand",
                    "user_id": self.user_own.id,
                    "address": self.one.phone_sanitized,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(self._verdicts(self.one), [("go", "")])

    def test_who_may_not(self):
        for name in ("care.consent.set", "care.contact.add", "care.contact.why"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._open(name, self.user_reader, partner_id=self.one.id)
        for method in ("action_care_why_not", "action_care_log_contact"):
            for user in (self.user_reader, self.user_portal):
                act = getattr(self.one.with_user(user), method)
                with self.subTest(method), self.assertRaises(AccessError):
                    act(*(["call"] if method.endswith("contact") else []))
        with self.assertRaises(AccessError):
            self._open("care.consent.import", self.user_lead, text="x")

    # ------------------------------------------------------ why was nothing sent
    def _why(self):
        wizard = self._open("care.contact.why", self.user_own, partner_id=self.one.id)
        table = html.fromstring(wizard.answer)
        heads = [head.text for head in table.findall(".//thead//th")]
        cells = {
            row.findtext("th"): dict(
                zip(
                    heads,
                    (cell.findtext("span") for cell in row.findall("td")),
                    strict=True,
                )
            )
            for row in table.findall(".//tbody/tr")
        }
        return (
            wizard,
            cells,
            [item.text_content() for item in table.findall(".//ul/li")],
        )

    def test_the_answer_says_what_the_gate_would_say(self):
        self.one.email = False
        self._agree(self.one, "sms", "care", granted=False)
        self._set_line("call", "care", (20, 21))
        with self._at(NOON):
            _wizard, cells, sentences = self._why()
        words = self.logs._reason_text
        self.assertEqual(
            cells["E-mail"],
            {
                "Transaction": words("no_address"),
                "Care": words("no_address"),
                "Promotion": words("no_consent"),
            },
        )
        self.assertEqual(
            cells["SMS"],
            {
                "Transaction": "Goes",
                "Care": words("withdrawn"),
                "Promotion": words("no_consent"),
            },
        )
        self.assertEqual(cells["Call"]["Care"], words("quiet_hours"))
        self.assertEqual(
            [sentence.partition(":")[0] for sentence in sentences],
            ["E-mail", "E-mail, SMS, Call, Zalo", "SMS", "Call"],
        )
        self.assertTrue(any("3/2/26" in sentence for sentence in sentences))

    def test_the_answer_takes_no_place(self):
        self._set_line("sms", "transactional", cap=1)
        for _time in range(2):
            _wizard, cells, _sentences = self._why()
            self.assertEqual(cells["SMS"]["Transaction"], "Goes")

    def test_what_was_held_back_is_listed(self):
        self.logs._log(
            [
                {"partner_id": self.one.id, "channel": "sms", "state": state, **more}
                for state, more in (
                    ("refused", {"reason": "cap_over"}),
                    ("done", {}),
                    ("refused", {"reason": "cap", "company_id": self.other_company.id}),
                )
            ]
        )
        wizard, _cells, _sentences = self._why()
        self.assertEqual(wizard.log_ids.mapped("reason"), ["cap_over"])
        action = wizard.log_ids.with_user(self.user_own).action_why_not()
        self.assertEqual(action["context"], {"default_partner_id": self.one.id})
        with self.assertRaises(AccessError):
            wizard.log_ids.with_user(self.user_reader).action_why_not()

    def test_names_are_no_markup(self):
        self.one.write({"name": "<script>alert(1)</script>", "phone": "<b>12</b>"})
        wizard, _cells, _sentences = self._why()
        self.assertNotIn("<script>", wizard.answer)
        self.assertNotIn("<b>", wizard.answer)

    def test_every_reason_has_a_sentence(self):
        for code, words in REASONS:
            sentence = self.gate._explain(code, datetime(2026, 3, 2), "mai@x.test")
            self.assertNotEqual(sentence, words)
            self.assertTrue(sentence.endswith("."), sentence)
        self.assertEqual(self.gate._explain("unheard_of"), "")

    def test_the_page_of_the_contact(self):
        self._agree(self.one, on=datetime(2026, 3, 1))
        self._agree(self.one, granted=False)
        firm = self.env["res.partner"].create({"name": "Công ty", "is_company": True})
        self.two.parent_id = firm
        rows = self.logs._log(
            [
                {
                    "partner_id": partner.id,
                    "channel": "call",
                    "on": f"2026-03-{day:02} 03:00:00",
                }
                for partner in (self.one, self.two)
                for day in range(1, 13)
            ]
        )
        contacts = (self.one | self.two | firm).with_user(self.user_own)
        self.assertEqual(contacts.mapped("care_contact_count"), [12, 12, 12])
        self.assertEqual(
            contacts[0].care_recent_log_ids.ids, rows[:12].sorted("id", True)[:10].ids
        )
        self.assertEqual(
            contacts[2].care_recent_log_ids, contacts[1].care_recent_log_ids
        )
        self.assertEqual(
            contacts[0].care_current_consent_ids.mapped("state"), ["withdrawn"]
        )
        action = contacts[2].action_view_care_contacts()
        self.assertEqual(
            self.logs.with_user(self.user_own).search_count(action["domain"]), 12
        )

    def test_the_page_costs_the_same_for_many_contacts(self):
        people = self.env["res.partner"].create(
            [{"name": f"Người {number}"} for number in range(30)]
        )
        self._agree(people)
        self.logs._log(
            [{"partner_id": ref, "channel": "call"} for ref in people.ids * 3]
        )
        columns = ("care_contact_count", "care_recent_log_ids")
        columns += ("care_current_consent_ids",)
        counts = []
        for group in (people[:2], people[:2], people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            theirs = group.with_user(self.user_own)
            for name in columns:
                theirs.mapped(name)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # ------------------------------------------------------------------- imports
    def _import(self, text, user=None, **values):
        wizard = self.env["care.consent.import"].with_user(user or self.user_manager)
        wizard = wizard.create({"text": text, **values})
        wizard.action_import()
        return wizard

    def _answers(self, partner):
        return [
            (row.channel, row.purpose, row.state, str(row.on), row.evidence)
            for row in partner.care_consent_ids.sorted("id")
        ]

    def test_a_list_is_taken_in_with_its_evidence(self):
        wizard = self._import(
            "Số điện thoại;Kênh;Mục đích;Đồng ý;Ngày;Bằng chứng\n"
            "0981 000 001;SMS;quảng cáo;có;02/03/2026;Phiếu 117\n"
            "84981000002;Gọi điện;chăm sóc;không;2026-03-02 09:30;Điện thoại\n"
        )
        self.assertEqual(
            self._answers(self.one),
            # midnight and half past nine in Hanoi
            [("sms", "promotion", "granted", "2026-03-01 17:00:00", "Phiếu 117")],
        )
        self.assertEqual(
            self._answers(self.two),
            [("call", "care", "withdrawn", "2026-03-02 02:30:00", "Điện thoại")],
        )
        self.assertEqual(self.one.care_consent_ids.source, "import")
        self.assertEqual(self.one.care_consent_ids.address, "+84981000001")
        self.assertIn("2 answers", wizard.report)

    def test_the_wizard_speaks_where_lines_are_silent(self):
        self._import(
            "email\nkhach1@GATE.test\n",
            channel="email",
            on="2026-03-02",
            evidence="Danh sách cửa hàng",
        )
        self.assertEqual(
            self._answers(self.one),
            [
                (
                    "email",
                    "promotion",
                    "granted",
                    "2026-03-01 17:00:00",
                    "Danh sách cửa hàng",
                )
            ],
        )

    def test_the_same_list_twice_is_taken_in_once(self):
        text = "phone;channel;date;evidence\n" + 2 * "0981000001;sms;2/3/2026;Phiếu\n"
        wizard = self._import(text)
        self.assertEqual(len(self.one.care_consent_ids), 1)
        self.assertIn("Line 3", wizard.report)
        self.assertIn("0 answers", self._import(text).report)
        self.assertEqual(len(self.one.care_consent_ids), 1)

    def test_every_contact_with_the_address_is_meant(self):
        self.two.phone = self.one.phone
        self._import("phone;channel;date;evidence\n0981000001;sms;2/3/2026;Phiếu\n")
        self.assertEqual(len((self.one | self.two).care_consent_ids), 2)

    def test_lines_that_cannot_be_taken_are_reported_and_stop_nothing(self):
        bad = (
            (";sms;promotion;yes;2/3/2026;Phiếu", "no e-mail address"),
            ("0981000001;pigeon;promotion;yes;2/3/2026;Phiếu", "“pigeon”"),
            ("0981000001;sms;fun;yes;2/3/2026;Phiếu", "“fun”"),
            ("0981000001;sms;promotion;maybe;2/3/2026;Phiếu", "“maybe”"),
            ("0981000001;sms;promotion;yes;29/02/2025;Phiếu", "“29/02/2025”"),
            ("0981000001;sms;promotion;yes;2/3/2999;Phiếu", "still to come"),
            ("0999999999;sms;promotion;yes;2/3/2026;Phiếu", "“0999999999”"),
            ("12;sms;promotion;yes;2/3/2026;Phiếu", "“12”"),
            ("0981000001;;promotion;yes;2/3/2026;Phiếu", "no channel"),
            ("0981000001;sms;promotion;yes;;Phiếu", "no date"),
            ("0981000001;sms;promotion;yes;2/3/2026;", "no evidence"),
            ("0981000001;sms;promotion;yes;2/3/2026;" + "x" * 200_000, "too long"),
            ('=HYPERLINK("x");sms;promotion;yes;2/3/2026;Phiếu', "HYPERLINK"),
        )
        head = "phone;channel;purpose;answer;date;evidence\n"
        good = "0981000002;sms;promotion;yes;2/3/2026;Phiếu\n"
        wizard = self._import(
            head + "\n".join(line for line, _why in bad) + "\n" + good
        )
        self.assertFalse(self.one.care_consent_ids)
        self.assertEqual(len(self.two.care_consent_ids), 1)
        lines = [item.text for item in html.fromstring(wizard.report).iter("li")]
        self.assertEqual(len(lines), len(bad))
        for number, ((_line, why), text) in enumerate(zip(bad, lines, strict=True), 2):
            self.assertIn(f"Line {number}:", text)
            self.assertIn(why, text)

    def test_lists_that_cannot_be_read_at_all(self):
        for text in ("", "\n\n", "0981000001;sms", "Mai\n0981000001"):
            with self.subTest(text), self.assertRaises(UserError):
                self._import(text)
        wizards = self.env["care.consent.import"].with_user(self.user_manager)
        picture = base64.b64encode(b"\x89PNG\r\n\x1a\n\xff")
        with self.assertRaises(UserError):
            wizards.create({"file": picture}).action_import()
        long = "phone;evidence\n0981000001;" + "x" * consent_file.MAX_CHARACTERS
        many = "phone\n" + "1\n" * (consent_file.MAX_LINES + 1)
        for text in (long, many):
            with self.assertRaises(UserError):
                wizards.create({"text": text}).action_import()

    def test_a_file_with_a_mark_of_its_encoding(self):
        text = "phone,channel,date,evidence\r\n0981000001,sms,2026-03-02,Phiếu\r\n"
        wizard = self.env["care.consent.import"].with_user(self.user_manager)
        wizard = wizard.create({"file": base64.b64encode(text.encode("utf-8-sig"))})
        wizard.action_import()
        self.assertEqual(len(self.one.care_consent_ids), 1)

    def test_contacts_of_other_companies_are_not_found(self):
        self.one.company_id = self.other_company
        wizard = self._import(
            "phone;channel;date;evidence\n0981000001;sms;2/3/2026;Phiếu\n"
        )
        self.assertFalse(self.one.care_consent_ids)
        self.assertIn("no contact", wizard.report)
        with self.assertRaises(AccessError):
            self._import("phone\n1", company_id=self.other_company.id)

    def test_a_report_shows_text_as_text(self):
        wizard = self._import(
            "phone;channel;date;evidence\n<img src=x>;sms;2/3/2026;Phiếu\n"
        )
        self.assertNotIn("<img", wizard.report)

    def test_the_cost_does_not_follow_the_lines(self):
        people = [self._person(100 + number) for number in range(40)]
        line = "{};sms;2/3/2026;Phiếu\n"
        counts = []
        for group in (people[:2], people[2:4], people[4:]):
            text = "phone;channel;date;evidence\n" + "".join(
                line.format(person.phone) for person in group
            )
            wizard = self.env["care.consent.import"].create({"text": text})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.with_user(self.user_manager).sudo(False).action_import()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_form_of_the_limits(self):
        with Form(self.limit.with_user(self.user_manager)) as form:
            form.patience_days = 5
            with form.line_ids.new() as line:
                line.channel = "sms"
                line.purpose = "care"
                line.hour_from = 9
                line.hour_to = 21
        self.assertEqual(self.limit.line_ids.hour_to, 21)
