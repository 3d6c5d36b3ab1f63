from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import ScriptCommon


@tagged("post_install", "-at_install")
class TestTicketScripts(ScriptCommon):
    # --------------------------------------------------------------- the choice

    def test_the_wording_that_fits_best(self):
        """Vietnamese and angry: both conditions met. English: the English one."""
        self._script(
            "Xin lỗi",
            {"body": "<p>any</p>"},
            {"body": "<p>vi</p>", "lang_id": self.vietnamese.id},
            {"body": "<p>en</p>", "lang_id": self.english.id},
            {
                "body": "<p>vi angry</p>",
                "lang_id": self.vietnamese.id,
                "mood": "angry",
            },
        )
        ticket = self._create_ticket()
        self.assertEqual(self._offered(ticket), {"Xin lỗi": "vi"})
        ticket.mood = "angry"
        self.assertEqual(self._offered(ticket), {"Xin lỗi": "vi angry"})
        other = self._create_ticket(partner_id=self.customer_two.id)
        self.assertEqual(self._offered(other), {"Xin lỗi": "en"})
        other.mood = "angry"
        self.assertEqual(self._offered(other), {"Xin lỗi": "en"})

    def test_a_language_nobody_reads_is_not_offered(self):
        """The company's language stands in for the customer's, and no other does."""
        french = self.env["res.lang"]._activate_lang("fr_FR")
        self._script("A", {"body": "<p>fr</p>", "lang_id": french.id})
        self._script("B", {"body": "<p>en</p>", "lang_id": self.english.id})
        self.company.partner_id.lang = "en_US"
        self.assertEqual(self._offered(self._create_ticket()), {"B": "en"})

    def test_segment_category_and_order(self):
        segment = self.env["care.segment"].create(
            {"name": "Thử", "company_id": self.company.id}
        )
        segment.action_include(self.customer.commercial_partner_id)
        self._script(
            "Chào",
            {"body": "<p>first</p>", "sequence": 1},
            {"body": "<p>second</p>", "sequence": 2},
            {"body": "<p>category</p>", "sequence": 3, "category_id": self.category.id},
            {
                "body": "<p>segment</p>",
                "sequence": 4,
                "segment_id": segment.id,
                "category_id": self.category.id,
            },
        )
        plain = self._create_ticket(partner_id=self.customer_two.id)
        self.assertEqual(self._offered(plain), {"Chào": "first"})
        plain.category_id = self.below
        self.assertEqual(self._offered(plain), {"Chào": "category"})
        member = self._create_ticket(category_id=self.below.id)
        self.assertEqual(self._offered(member), {"Chào": "segment"})
        typed = self._create_ticket(category_id=self.below.id, is_unverified=True)
        self.assertEqual(self._offered(typed), {"Chào": "category"})

    def test_scripts_of_teams_categories_and_companies(self):
        self._script("Đội", "<p>a</p>", team_ids=self.team.ids)
        self._script("Đội khác", "<p>a</p>", team_ids=self.second_team.ids)
        self._script("Loại", "<p>a</p>", category_ids=self.category.ids)
        self._script("Huế", "<p>a</p>", company_id=self.other_company.id)
        self._script("Chung", "<p>a</p>", company_id=False)
        ticket = self._create_ticket()
        self.assertEqual(set(self._offered(ticket)), {"Đội", "Chung"})
        ticket.category_id = self.below
        self.assertEqual(set(self._offered(ticket)), {"Đội", "Chung", "Loại"})

    def test_words_for_this_customer(self):
        self.company.phone = "1900 1234"
        self._script(
            "Chào",
            "<p>{{Salutation}} ơi, {{customer_name}}</p>"
            "<p>{{agent_name}}, {{company_phone}}: {{ticket_number}} {{ticket_subject}}."
            " Lần cuối {{last_purchase_day|chưa rõ}}</p>",
        )
        ticket = self._create_ticket()
        self.assertEqual(
            self._offered(ticket)["Chào"],
            "Chị Mai ơi, Nguyễn Thị Mai\n\n"
            f"{self.user_own.name}, 1900 1234: {ticket.number} Máy giặt không chạy."
            " Lần cuối chưa rõ",
        )

    def test_a_typed_name_is_addressed_by_that_name(self):
        self.company.partner_id.lang = "vi_VN"
        self._script("Chào", "<p>{{salutation}}/{{customer_name}}</p>")
        typed = self._create_ticket(is_unverified=True, partner_name="Lê Văn Nam")
        self.assertEqual(self._offered(typed)["Chào"], "anh Nam/Lê Văn Nam")
        nameless = self._create_ticket(partner_id=False)
        self.assertEqual(self._offered(nameless)["Chào"], "Anh/Chị/Anh/Chị")

    def test_only_who_reads_the_ticket_reads_its_scripts(self):
        self._script("Chào", "<p>{{customer_name}}</p>")
        ticket = self._create_ticket(user_id=self.user_team.id)
        for user in (self.user_own, self.user_other, self.user_reader):
            with self.assertRaises(AccessError):
                ticket.with_user(user).get_scripts()
        rows = ticket.with_user(self.user_team).get_scripts(["x", None, 10**9])
        self.assertEqual(rows, [])

    def test_queries_do_not_grow_with_the_scripts(self):
        ticket = self._create_ticket().with_user(self.user_own)
        segment = self.env["care.segment"].create(
            {"name": "Thử", "company_id": self.company.id}
        )

        def count():
            ticket.get_scripts()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ticket.get_scripts()
            return self.env.cr.sql_log_count - before

        def fill(number):
            for index in range(number):
                self._script(
                    f"Chào {number} {index}",
                    {"body": "<p>{{salutation}} {{last_purchase_day}}</p>"},
                    {"body": "<p>x</p>", "segment_id": segment.id},
                )

        fill(2)
        few = count()
        fill(20)
        self.assertLessEqual(count(), few)

    # ------------------------------------------------------------------ sending

    def _send(self, ticket, body, variants, user=None, **values):
        return self._post(
            ticket,
            user or self.user_own,
            body=body,
            care_script_variant_ids=variants.ids if variants else None,
            **values,
        )

    def test_what_was_sent_is_stored(self):
        variant = self._script("Chào", "<p>Chào {{salutation}}</p>").variant_ids
        ticket = self._create_ticket(user_id=self.user_own.id)
        with self._at("2026-03-02 03:00:00"):
            message = self._send(ticket, "Chào chị Mai", variant)
        use = self.env["care.script.use"].search([("variant_id", "=", variant.id)])
        self.assertEqual(
            (use.script_id, use.ticket_id, use.message_id, use.user_id, use.company_id),
            (variant.script_id, ticket, message, self.user_own, self.company),
        )
        self.assertEqual(str(use.date), "2026-03-02 03:00:00")
        self.assertFalse(use.is_edited)
        self.assertEqual((variant.use_count, variant.script_id.use_count), (1, 1))

    def test_edited_or_not(self):
        hello = self._script("Chào", "<p>Chào {{salutation}}.</p><p>Em đây</p>")
        bye = self._script("Hết", "<p>Em cảm ơn ạ</p>")
        both = hello.variant_ids | bye.variant_ids
        ticket = self._create_ticket(user_id=self.user_own.id)
        uses = self.env["care.script.use"]
        for body, variants, edited in (
            ("Chào chị Mai.\n\nEm đây", hello.variant_ids, [False]),
            ("Chào chị Mai.\n\nEm đây\n\nEm cảm ơn ạ", both, [False, False]),
            ("Chào chị Mai.\n\nEm đây ạ", hello.variant_ids, [True]),
            ("Chào cô Mai.\n\nEm đây", hello.variant_ids, [True]),
            ("Chào chị Mai.\n\nEm đây\n\nMáy xong rồi", hello.variant_ids, [True]),
        ):
            with self.subTest(body=body):
                message = self._send(ticket, body, variants)
                found = uses.search([("message_id", "=", message.id)])
                self.assertEqual(found.mapped("is_edited"), edited)
        self.assertEqual((hello.use_count, hello.edited_count), (5, 3))

    def test_a_reply_that_keeps_nothing_of_it_is_no_use(self):
        variant = self._script("Chào", "<p>Chào chị, em xin lỗi nhiều</p>").variant_ids
        ticket = self._create_ticket(user_id=self.user_own.id)
        self._send(ticket, "Máy sửa xong hôm qua", variant)
        self._send(ticket, "Chào chị, em xin lỗi nhiều", variant, public=False)
        self.assertFalse(variant.use_count)

    def test_nobody_claims_a_script_where_he_may_not_answer(self):
        variant = self._script("Chào", "<p>Chào</p>").variant_ids
        theirs = self._create_ticket(user_id=self.user_team.id)
        for user in (self.user_own, self.user_other, self.user_portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                theirs.with_user(user).sudo().message_post(
                    body="Chào",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    care_script_variant_ids=variant.ids,
                )
        self.assertFalse(variant.use_count)

    def test_bad_ids(self):
        variant = self._script("Chào", "<p>Chào</p>").variant_ids
        foreign = self._script("Huế", "<p>Chào</p>", company_id=self.other_company.id)
        ticket = self._create_ticket(user_id=self.user_own.id)
        for ids in ("1", 1, {"a": 1}, ["1"], [True], [variant.id] * 11):
            with self.subTest(ids=ids), self.assertRaises(ValidationError):
                ticket.with_user(self.user_own).message_post(
                    body="Chào", care_script_variant_ids=ids
                )
        ids = [10**9, foreign.variant_ids.id, variant.id, variant.id]
        self._post(ticket, self.user_own, body="Chào", care_script_variant_ids=ids)
        self.assertEqual(variant.use_count, 1)
        self.assertFalse(foreign.sudo().use_ids)

    def test_the_big_composer_carries_them(self):
        variant = self._script("Chào", "<p>Chào {{salutation}}</p>").variant_ids
        ticket = self._create_ticket(user_id=self.user_own.id)
        composer = Form(
            self.env["mail.compose.message"]
            .with_user(self.user_own)
            .with_context(
                default_model="care.ticket",
                default_res_ids=ticket.ids,
                default_composition_mode="comment",
                default_body="<p>Chào chị Mai</p>",
                default_care_script_variant_ids=variant.ids,
            )
        ).save()
        composer.action_send_mail()
        use = self.env["care.script.use"].search([("variant_id", "=", variant.id)])
        self.assertEqual((use.ticket_id, use.user_id), (ticket, self.user_own))
        self.assertFalse(use.is_edited)

    def test_a_message_that_goes_later_carries_them(self):
        variant = self._script("Chào", "<p>Chào {{salutation}}</p>").variant_ids
        ticket = self._create_ticket(user_id=self.user_own.id)
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.user_own)
            .create(
                {
                    "model": "care.ticket",
                    "res_ids": str(ticket.ids),
                    "composition_mode": "comment",
                    "body": "<p>Chào chị Mai ạ</p>",
                    "care_script_variant_ids": [(6, 0, variant.ids)],
                    "scheduled_date": "2040-01-01 00:00:00",
                }
            )
        )
        composer.action_schedule_message()
        scheduled = self.env["mail.scheduled.message"].search(
            [("model", "=", "care.ticket"), ("res_id", "=", ticket.id)]
        )
        self.assertFalse(variant.use_count)
        scheduled._post_message()
        variant.invalidate_recordset()
        use = self.env["care.script.use"].search([("variant_id", "=", variant.id)])
        self.assertEqual((use.ticket_id, use.is_edited), (ticket, True))


@tagged("post_install", "-at_install")
class TestScriptRoute(ScriptCommon, HttpCase):
    def _post_by_route(self, ticket, variant):
        return self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "care.ticket",
                "thread_id": ticket.id,
                "post_data": {
                    "body": "Chào chị",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "care_script_variant_ids": variant.ids,
                },
            },
        )

    def test_the_route_of_the_reply_box(self):
        variant = self._script("Chào", "<p>Chào chị</p>").variant_ids
        mine = self._create_ticket(user_id=self.user_own.id)
        theirs = self._create_ticket(user_id=self.user_team.id)
        self.authenticate("care_own", "care_own")
        self._post_by_route(mine, variant)
        use = self.env["care.script.use"].search([("variant_id", "=", variant.id)])
        self.assertEqual((use.ticket_id, use.user_id), (mine, self.user_own))
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._post_by_route(theirs, variant)
        variant.invalidate_recordset()
        self.assertEqual(variant.use_count, 1)
