"""The customer's account: every page and button, for every kind of visitor."""

import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PNG, XSS, PortalHttpCase, select

#: login → what ``/my/tickets/<a ticket of care_portal>`` answers
VISITORS = {
    None: 303,
    "care_portal": 200,
    "portal_colleague": 404,
    "care_stranger": 404,
    "care_reader": 404,
    "care_own": 404,
    "care_team": 200,
    "care_lead_test": 200,
    "care_manager_test": 200,
    "care_other": 404,
    "care_admin": 200,
}
FORM = "/my/tickets/new"


class PortalPagesCase(PortalHttpCase):
    def setUp(self):
        super().setUp()
        self.ticket = self._create_told_ticket(user_id=self.user_team.id)
        self.path = f"/my/tickets/{self.ticket.id}"
        self.before = self._count_written()

    def _login(self, login):
        self.authenticate(login, login)

    def _send_new(self, values=None, **options):
        options.setdefault("stamp", "portal request")
        return self._send(
            FORM, {"text": "Giao thiếu hàng", **(values or {})}, **options
        )

    def _reply(self, values=None, **options):
        options.setdefault("stamp", f"portal reply {self.ticket.id}")
        return self._send(
            f"{self.path}/reply",
            {"text": "Vẫn chưa chạy", **(values or {})},
            page=self.path,
            **options,
        )

    def _post_to(self, path, **values):
        data = {"csrf_token": self._csrf(), **values}
        return self.url_open(path, data=data, allow_redirects=False)


@tagged("post_install", "-at_install")
class TestPortalVisitors(PortalPagesCase):
    def test_every_page_for_every_visitor(self):
        file_path = f"{self.path}/file/{self.answer.attachment_ids.id}"
        for login, status in VISITORS.items():
            self.authenticate(login, login)
            for path in (self.path, file_path):
                with self.subTest(login, path=path):
                    response = self.url_open(path, allow_redirects=False)
                    self.assertEqual(response.status_code, status)
            for path in ("/my/tickets", FORM, "/my"):
                with self.subTest(login, path=path):
                    response = self.url_open(path, allow_redirects=False)
                    self.assertEqual(response.status_code, 200 if login else 303)
        self.assertEqual(self._count_written(), self.before)

    def test_every_button_for_every_visitor(self):
        """Only the requester writes; agents answer in the back office."""
        self.ticket.stage_id = self.stage_solved
        before = self._count_written()
        stamp = self._stamp(f"portal reply {self.ticket.id}")
        for login in VISITORS:
            if login == "care_portal":
                continue
            self.authenticate(login, login)
            for action in ("reply", "close", "reopen"):
                with self.subTest(login, action=action):
                    response = self._post_to(
                        f"{self.path}/{action}", text="Xong rồi", stamp=stamp
                    )
                    self.assertEqual(response.status_code, 404 if login else 303)
        self.assertEqual(self._count_written(), before)
        self.assertEqual(self.ticket.stage_id, self.stage_solved)

    def test_the_list_of_every_visitor(self):
        other = self._create_ticket(name="Của Hùng", partner_id=self.customer_two.id)
        for login in filter(None, VISITORS):
            self._login(login)
            page = self._page("/my/tickets")
            shown = self.ticket.number in self.response.text
            self.assertEqual(shown, login == "care_portal", login)
            self.assertNotIn(other.number, self._text(page))

    def test_colleagues_where_the_company_says_so(self):
        self.firm.care_share_tickets = True
        self._login("portal_colleague")
        page = self._page("/my/tickets")
        self.assertIn(self.ticket.name, self._text(page))
        self.assertIn(self.customer.name, self._text(page))
        page = self._page(self.path)
        self.assertTrue(select(page, "form.o_care_reply"))
        self.assertEqual(self._reply().status_code, 303)
        message = self.ticket._get_public_messages()[-1]
        self.assertEqual(message.author_id, self.user_colleague.partner_id)
        # closing is for who asked
        self.ticket.stage_id = self.stage_solved
        self.assertFalse(select(self._page(self.path), ".o_care_question"))
        for action in ("close", "reopen"):
            response = self._post_to(f"{self.path}/{action}")
            self.assertEqual(response.status_code, 404)
        self.assertEqual(self.ticket.stage_id, self.stage_solved)
        self._login("care_stranger")
        self._page(self.path, status=404)

    def test_agents_see_what_the_customer_sees_and_do_not_write_there(self):
        self._login("care_team")
        page = self._page(self.path)
        self.assertIn("This is what the customer sees", self._text(page))
        self.assertFalse(select(page, "form.o_care_form"))
        self.assertNotIn("BÍ MẬT", self.response.text)
        # not even a file of a note, which he may open in the back office
        self._page(f"{self.path}/file/{self.note.attachment_ids.id}", status=404)

    def test_tickets_of_another_company_of_ours(self):
        there = self._create_ticket(
            team_id=self.other_team.id, company_id=self.other_company.id
        )
        self._login("care_portal")
        self._page(f"/my/tickets/{there.id}", status=404)
        self._login("care_other")
        self._page(f"/my/tickets/{there.id}")

    def test_an_employee_without_a_role_reads_what_he_asked(self):
        mine = self._create_ticket(partner_id=self.user_reader.partner_id.id)
        self._login("care_reader")
        page = self._page(f"/my/tickets/{mine.id}")
        self.assertTrue(select(page, "form.o_care_reply"))
        self.assertIn(mine.number, self._text(self._page("/my/tickets")))

    # ------------------------------------------------------------ one refusal

    def test_foreign_archived_missing_and_nonsense_get_one_answer(self):
        foreign = self._create_ticket(partner_id=self.customer_two.id)
        archived = self._create_ticket()
        archived.active = False
        unverified = self._create_ticket(is_unverified=True)
        before = self._count_written()
        self._login("care_portal")
        answers = set()
        for ref in (
            foreign.id,
            archived.id,
            unverified.id,
            2**31 - 1,
            10**30,
            "0",
            "-1",
            "abc",
            "1.0",
            "%00",
            "%F0%9F%98%80",
            "1'%20OR%201=1",
        ):
            with self.subTest(ref):
                page = self._page(f"/my/tickets/{ref}", status=404)
                answers.add(self._text(page))
                for action in ("reply", "close", "reopen"):
                    response = self._post_to(f"/my/tickets/{ref}/{action}", text="x")
                    self.assertEqual(response.status_code, 404)
                    answers.add(response.text and "")
        self.assertEqual(len(answers - {""}), 1)
        self.assertEqual(self._count_written(), before)

    def test_refusing_costs_the_same_queries(self):
        foreign = self._create_ticket(partner_id=self.customer_two.id)
        tickets = self.tickets.with_user(self.user_portal)
        tickets._find_visible("1")
        costs = set()
        for ref in (foreign.id, 2**31 - 1, "abc"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tickets._find_visible(str(ref))
            costs.add(self.cr.sql_log_count - before)
        self.assertEqual(len(costs), 1)

    # ------------------------------------------------------------ core's back doors

    def test_core_serves_no_file_of_a_note(self):
        """Not by number, not by a field, not in a ZIP, to no customer and nobody."""
        note, public = self.note.attachment_ids, self.answer.attachment_ids
        note.generate_access_token()
        for login in (None, "care_portal", "portal_colleague", "care_stranger"):
            self.authenticate(login, login)
            for path in (
                f"/web/content/{note.id}",
                f"/web/content/ir.attachment/{note.id}/raw",
                f"/web/content/{note.id}?access_token=x",
                f"/web/content/{note.id}?access_token={public.access_token}",
                f"/web/image/{note.id}",
                f"/mail/attachment/pdf_first_page/{note.id}",
            ):
                with self.subTest(login, path=path), mute_logger("odoo.http"):
                    self.assertNotIn(b"BI MAT", self.url_open(path).content)
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_attachment"):
                zipped = self.url_open(
                    "/mail/attachment/zip",
                    data={
                        "file_ids": str(note.id),
                        "zip_name": "x.zip",
                        "csrf_token": self._csrf(),
                    },
                )
            self.assertNotIn(b"noi-bo", zipped.content)

    def _call(self, path, **params):
        return self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()

    def _get_chatter_calls(self, thread, keys):
        """Return (path, parameters) of core's calls that read or change messages."""
        edit = {
            "message_id": self.ticket._get_public_messages()[0].id,
            "update_data": {"body": "khác"},
        }
        react = {"message_id": self.answer.id, "content": "👍", "action": "add"}
        return [
            ("/mail/thread/messages", thread),
            ("/mail/chatter_fetch", {**thread, **keys}),
            ("/portal/chatter_init", {**thread, **keys}),
            ("/mail/message/update_content", {**edit, **keys}),
            ("/mail/message/reaction", {**react, **keys}),
        ]

    @mute_logger("odoo.http", "odoo.addons.mail.models.mail_thread")
    def test_core_s_chatter_lets_no_customer_in(self):
        """With every token core knows, for a stranger and for the customer himself."""
        token = self.ticket.sudo()._portal_ensure_token()
        keys = {
            "token": token,
            "pid": self.customer.id,
            "hash": self.ticket.sudo()._sign_token(self.customer.id),
        }
        thread = {"thread_model": "care.ticket", "thread_id": self.ticket.id}
        before = self._count_written()
        for login in (None, "care_portal", "care_stranger"):
            self.authenticate(login, login)
            for post in (
                {"body": "x"},
                {"body": "x", "subtype_xmlid": "mail.mt_note"},
                {"body": "x", "message_type": "auto_comment"},
            ):
                answer = self._call(
                    "/mail/message/post", post_data=post, **thread, **keys
                )
                self.assertIn("error", answer)
            for path, params in self._get_chatter_calls(thread, keys):
                answer = json.dumps(self._call(path, **params), ensure_ascii=False)
                self.assertNotIn("BÍ MẬT", answer)
                self.assertNotIn("noi-bo", answer)
                if login != "care_portal":
                    self.assertNotIn("Chúng tôi xem ngay", answer)
            upload = self.url_open(
                "/mail/attachment/upload",
                data={
                    **thread,
                    "csrf_token": self._csrf(),
                    "token": token,
                    "pid": keys["pid"],
                    "hash": keys["hash"],
                },
                files={"ufile": ("x.html", b"<script>alert(1)</script>")},
            )
            self.assertEqual(upload.status_code, 404)
        self.assertEqual(self._count_written(), before)
        self.assertNotIn("khác", self.ticket._get_public_messages()[0].body)

    @mute_logger("odoo.http")
    def test_a_customer_s_calls_of_methods_are_refused(self):
        before = self._count_written()
        self._login("care_portal")
        for method, args in (
            ("message_post", {"body": "x"}),
            ("write", {"vals": {"stage_id": 1}}),
            ("action_close", {}),
            ("action_reopen", {}),
            ("action_withdraw_links", {}),
            ("action_confirm_sender", {}),
            ("_get_conversation_token", {}),
            ("_create_from_customer", {}),
            ("message_subscribe", {"partner_ids": self.user_stranger.partner_id.ids}),
        ):
            answer = self._call(
                f"/web/dataset/call_kw/care.ticket/{method}",
                model="care.ticket",
                method=method,
                args=[self.ticket.ids],
                kwargs=args,
            )
            self.assertIn("error", answer, method)
        self.assertEqual(self._count_written(), before)


@tagged("post_install", "-at_install")
class TestPortalPages(PortalPagesCase):
    def setUp(self):
        super().setUp()
        self._login("care_portal")

    # ------------------------------------------------------------ home and list

    def test_pages_say_their_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        for code, word in (("en_US", "en-US"), ("vi_VN", "vi-VN")):
            self.opener.cookies["frontend_lang"] = code
            for path in ("/my", "/my/tickets", FORM, self.path):
                self.assertEqual(self._page(path).get("lang"), word, path)
            page = self._page("/my/tickets/0", status=404)
            self.assertEqual(page.get("lang"), word)

    def test_the_home_page_has_a_card_and_counts(self):
        self.ticket.stage_id = self.stage_pending
        page = self._page("/my")
        self.assertTrue(select(page, "a[href='/my/tickets']"))
        answer = self.url_open(
            "/my/counters",
            data=json.dumps(
                {"params": {"counters": ["care_ticket_count", "care_answer_count"]}}
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertEqual(
            answer["result"], {"care_ticket_count": 1, "care_answer_count": 1}
        )

    def test_search_filter_order_and_pages(self):
        for at in range(24):
            self._create_ticket(name=f"Yêu cầu số {at:02}")
        self._create_ticket(name="Đổi màu Ấm đun")
        page = self._page("/my/tickets")
        cards = select(page, ".o_care_list li")
        self.assertEqual(len(cards), 20)
        self.assertIn("Đổi màu Ấm đun", cards[0].text_content())
        second = self._page("/my/tickets/page/2?sortby=newest")
        self.assertEqual(len(select(second, ".o_care_list li")), 6)
        found = self._page("/my/tickets?search=doi%20mau%20am")
        self.assertEqual(len(select(found, ".o_care_list li")), 1)
        nothing = self._page("/my/tickets?filterby=done")
        self.assertIn("Nothing fits", self._text(nothing))

    def test_odd_words_in_the_address_are_ignored(self):
        for query in (
            "filterby=x&sortby=y",
            "sortby=id;drop",
            "page=9",
            "search=" + "a" * 5000,
            "search=%25_\\'%22",
        ):
            self._page(f"/my/tickets?{query}")
        self._page("/my/tickets/page/99999999")

    # ------------------------------------------------------------ new

    def test_a_new_request(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        response = self._send_new(
            {
                "subject": "Thiếu một thùng",
                "category": str(self.category.id),
                "order": order.name,
                "phone": "0988 777 666",
            },
            files=[("thùng.png", PNG)],
        )
        self.assertEqual(response.status_code, 303)
        ticket = self.tickets.search([], order="id desc", limit=1)
        self.assertEqual(ticket.name, "Thiếu một thùng")
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.sale_order_id, order)
        self.assertEqual(ticket.team_id, self.second_team)
        self.assertEqual(ticket.channel_id.code, "portal")
        self.assertEqual(ticket.phone, "0988 777 666")
        self.assertFalse(ticket.is_unverified)
        message = ticket._get_public_messages()[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.attachment_ids.raw, PNG)
        created = ticket.event_ids.sorted("id")[0]
        self.assertEqual(
            (created.kind, created.actor, created.channel_id.code),
            ("created", "customer", "portal"),
        )
        page = self._page(response.headers["Location"])
        self.assertIn(f"number #{ticket.number}", self._text(page))

    def test_what_the_customer_may_not_choose(self):
        for name in ("partner_id", "email", "name", "shop", "team_id", "user_id"):
            response = self._send_new({name: "1"})
            self._assert_refused(response, f"do not know ({name})", 400)
        for ref in (self.category.copy({"active": False}).id, "x", 2**31 - 1):
            before = self._count_written()
            self._assert_refused(self._send_new({"category": str(ref)}), "not offered")
            self.assertEqual(self._count_written(), before)

    def test_bad_input_writes_nothing_and_keeps_the_text(self):
        self.company.care_upload_count = 1
        files = [("a.png", PNG), ("b.png", PNG)]
        for values, options, sentence in (
            ({"text": ""}, {}, "what happened"),
            ({"subject": XSS[0]}, {}, "program code"),
            ({"phone": "x"}, {}, "not a phone number"),
            ({}, {"stamp": "contact"}, "open for a long time"),
            ({}, {"files": files}, "2 files"),
        ):
            page = self._assert_refused(self._send_new(values, **options), sentence)
            self.assertEqual(
                select(page, "#care_text")[0].text_content(),
                values.get("text", "Giao thiếu hàng"),
            )
            self.assertEqual(self._count_written(), self.before)

    def test_a_double_click_makes_one_request(self):
        stamp = self._stamp("portal request")
        places = {
            self._send_new({"stamp": stamp}, stamp=None).headers["Location"]
            for _click in range(2)
        }
        self.assertEqual(len(places), 1)

    # ------------------------------------------------------------ conversation

    def test_the_page_shows_the_public_side_alone(self):
        page = self._page(self.path)
        self.assertIn("Chúng tôi xem ngay", self._text(page))
        for hidden in ("BÍ MẬT", "noi-bo.txt", self.user_team.email):
            self.assertNotIn(hidden, self.response.text)

    def test_reply_close_and_reopen(self):
        self.ticket.stage_id = self.stage_pending
        self.assertEqual(self._reply().status_code, 303)
        message = self.ticket._get_public_messages()[-1]
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.message_type, "comment")
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(self.ticket.stage_category, "open")
        response = self._send(f"{self.path}/close", page=self.path)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.ticket.stage_category, "closed")
        self.assertIn("We are glad", self._text(self._page(f"{self.path}?done=close")))
        self._send(f"{self.path}/reopen", page=self.path)
        self.assertEqual(self.ticket.stage_category, "open")
        actors = self.ticket.event_ids.sorted("id")[-3:].mapped("actor")
        self.assertEqual(actors, ["customer"] * 3)
        self.assertFalse(self.ticket._find_state_differences())

    def test_nobody_is_told_thanks_for_what_did_not_happen(self):
        page = self._page(f"{self.path}?done=close")
        self.assertNotIn("We are glad", self._text(page))

    @mute_logger("odoo.http")
    def test_nothing_is_written_by_opening_an_address_or_without_the_token(self):
        for path in (
            FORM,
            f"{self.path}/reply",
            f"{self.path}/close",
            f"{self.path}/reopen",
        ):
            self.url_open(path, params={"text": "x"})
            # a button that carried words would be refused for them
            words = {} if path.endswith(("close", "reopen")) else {"text": "giữ lại"}
            for token in ({}, {"csrf_token": "x"}):
                response = self.url_open(path, data={**words, **token}, method="POST")
                page = self._assert_refused(response, "was changed on the way", 400)
                self.assertIn(words.get("text", ""), self._text(page))
            if path != FORM:
                self.assertEqual(self.url_open(path).status_code, 405)
        self.assertEqual(self._count_written(), self.before)

    # ------------------------------------------------------------ scripts

    def test_nothing_said_by_anybody_runs_in_the_account(self):
        for payload in XSS:
            ticket = self._create_ticket(name=payload, order_ref=payload)
            ticket._post_from_customer(
                {"text": payload, "files": []}, self.customer, "portal"
            )
            self._assert_harmless(self.url_open(f"/my/tickets/{ticket.id}"))
            self._assert_harmless(
                self.url_open("/my/tickets", params={"search": payload}, method="GET")
            )
            self._assert_harmless(
                self.url_open(FORM, params={"order": payload}, method="GET")
            )
            self._assert_harmless(self._send_new({"text": payload, "phone": payload}))
        self.customer.name = XSS[1]
        self.category.name = XSS[0]
        self.category.portal_hint = XSS[2]
        for path in ("/my/tickets", FORM, f"{FORM}?category={self.category.id}"):
            self._assert_harmless(self.url_open(path))

    # ------------------------------------------------------------ queries

    def _count_queries(self, path):
        """Return the queries of a page, drawn the second time."""
        self.url_open(path)
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.assertEqual(self.url_open(path).status_code, 200)
        return self.cr.sql_log_count - before

    def test_the_list_costs_the_same_for_one_and_for_many(self):
        self._create_ticket()
        few = self._count_queries("/my/tickets")
        for at in range(18):
            self._create_ticket(
                stage_id=(self.stage_new, self.stage_open, self.stage_solved)[at % 3].id
            )
        self.assertEqual(self._count_queries("/my/tickets"), few)

    def test_a_page_costs_the_same_for_one_and_for_many_messages(self):
        few = self._count_queries(self.path)
        for _round in range(10):
            self._post(self.ticket, self.user_portal)
            self._post(self.ticket, self.user_team, attachments=[("a.png", PNG)])
        self.assertEqual(self._count_queries(self.path), few)
