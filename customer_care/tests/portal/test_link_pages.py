"""The conversation behind a link: reading, writing, closing, and the one refusal."""

from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib import signed
from .common import PNG, XSS, PortalHttpCase, select


@tagged("post_install", "-at_install")
class TestLinkPages(PortalHttpCase):
    def setUp(self):
        super().setUp()
        self.ticket = self._create_told_ticket()
        self.token = self.ticket._get_conversation_token()
        self.path = f"/help/t/{self.token}"
        self.before = self._count_written()

    def _reply(self, values=None, token=None, **options):
        path = f"/help/t/{token or self.token}"
        options.setdefault("stamp", f"link reply {self.ticket.id}")
        values = {"text": "Vẫn chưa chạy", **(values or {})}
        return self._send(f"{path}/reply", values, page=path, **options)

    def _press(self, button, token=None):
        path = f"/help/t/{token or self.token}"
        return self._send(f"{path}/{button}", page=path)

    def _last(self):
        return self.ticket._get_public_messages()[-1:]

    # ------------------------------------------------------------ reading

    def test_the_page_shows_the_public_side_alone(self):
        page = self._page(self.path)
        text = self._text(page)
        for shown in (
            "Máy giặt của tôi hỏng",
            "Chúng tôi xem ngay",
            self.ticket.number,
        ):
            self.assertIn(shown, text)
        for hidden in ("BÍ MẬT", "noi-bo.txt", self.customer.email):
            self.assertNotIn(hidden, self.response.text)

    def test_reading_needs_no_script(self):
        """What a browser without JavaScript needs is all in the page."""
        page = self._page(self.path)
        self.assertTrue(select(page, "form.o_care_reply textarea"))
        self.assertTrue(select(page, "form.o_care_reply input[name='files']"))
        self.assertFalse(select(page, ".o_care_messages [data-oe-model]"))

    def test_the_page_writes_nothing(self):
        self._page(self.path)
        self._page(f"{self.path}?all=1&done=close")
        self.assertEqual(self._count_written(), self.before)

    def test_the_link_leaves_no_trace(self):
        headers = self.url_open(self.path).headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertIn("no-store", headers["Cache-Control"])

    # ------------------------------------------------------------ one refusal

    def _bad_tokens(self):
        secret = self.tickets._get_link_secret()
        later = fields.Datetime.now() + timedelta(days=1)
        archived = self._create_ticket()
        archived_token = archived._get_conversation_token()
        archived.active = False
        withdrawn = self._create_ticket()
        withdrawn_token = withdrawn._get_conversation_token()
        withdrawn.action_withdraw_links()
        return {
            "nonsense": "x",
            "number": str(self.ticket.id),
            "changed": self.token[:-3] + "AAA",
            "expired": signed.make_link(
                secret, signed.Link(self.ticket.id, 0, later - timedelta(days=2))
            ),
            "missing": signed.make_link(secret, signed.Link(2**31 - 1, 0, later)),
            "huge": signed.make_link(secret, signed.Link(2**63, 0, later)),
            "archived": archived_token,
            "withdrawn": withdrawn_token,
        }

    def test_every_bad_link_gets_the_same_page(self):
        tokens = self._bad_tokens()
        before = self._count_written()
        answers = set()
        for reason, token in tokens.items():
            for path in (
                f"/help/t/{token}",
                f"/help/thanks/{token}",
                f"/help/t/{token}/file/{self.answer.attachment_ids.id}",
            ):
                with self.subTest(reason, path=path):
                    page = self._page(path, status=404)
                    answers.add(self._text(page))
            csrf = self._hidden(self._page(self.path), f"{self.path}/reply")
            for action in ("reply", "close", "reopen"):
                response = self.url_open(
                    f"/help/t/{token}/{action}",
                    data={**csrf, "text": "x"},
                    allow_redirects=False,
                )
                self.assertEqual(response.status_code, 404)
        self.assertEqual(len(answers), 1)
        self.assertEqual(self._count_written(), before)

    def test_links_of_core_open_nothing(self):
        """Neither core's token in the address nor its signed partner."""
        core = self.ticket.sudo()._portal_ensure_token()
        sign = self.ticket.sudo()._sign_token(self.customer.id)
        self._page(f"/help/t/{core}", status=404)
        response = self.url_open(
            f"/my/tickets/{self.ticket.id}?access_token={core}"
            f"&pid={self.customer.id}&hash={sign}",
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    # ------------------------------------------------------------ replying

    def test_a_reply_comes_from_the_customer_and_reopens(self):
        self.ticket.stage_id = self.stage_solved
        response = self._reply(files=[("ảnh.png", PNG)])
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("?done=reply"))
        message = self._last()
        self.assertEqual(message.body, "<p>Vẫn chưa chạy</p>")
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.attachment_ids.name, "ảnh.png")
        self.assertEqual(self.ticket.stage_category, "open")
        event = self.ticket.event_ids.filtered(lambda e: e.message_id == message)
        self.assertEqual((event.kind, event.actor), ("customer_message", "customer"))
        self.assertEqual(event.channel_id.code, "form")
        page = self._page(response.headers["Location"])
        self.assertIn("Your message has arrived", self._text(page))

    def test_a_photo_alone_is_an_answer(self):
        self._reply({"text": ""}, files=[("a.png", PNG)])
        self.assertEqual(self._last().attachment_ids.raw, PNG)

    def test_who_is_signed_in_writes_in_his_own_name(self):
        self.authenticate("care_stranger", "care_stranger")
        self._reply()
        self.assertEqual(self._last().author_id, self.user_stranger.partner_id)

    def test_the_staff_reads_and_does_not_write_here(self):
        self.authenticate("care_team", "care_team")
        page = self._page(self.path)
        self.assertIn("This is what the customer sees", self._text(page))
        self.assertFalse(select(page, "form.o_care_form"))
        token = {"csrf_token": self._csrf()}
        for action in ("reply", "close", "reopen"):
            response = self.url_open(f"{self.path}/{action}", data=token)
            self.assertEqual(response.status_code, 404)
        self.assertEqual(self._count_written(), self.before)

    def test_a_double_click_posts_once(self):
        stamp = self._stamp(f"link reply {self.ticket.id}")
        for _click in range(2):
            response = self._reply({"stamp": stamp}, stamp=None)
            self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self.ticket._get_public_messages()), 3)

    def test_bad_replies_write_nothing_and_keep_the_text(self):
        self.company.care_upload_count = 1
        two = [("a.png", PNG), ("b.png", PNG)]
        for values, options, sentence, status in (
            ({"text": " "}, {}, "Please write a message", 422),
            ({"text": "a" * 10_001}, {}, "too long", 422),
            ({"text": XSS[0]}, {}, "program code", 422),
            ({"author_id": "3"}, {}, "do not know (author_id)", 400),
            ({"subtype_xmlid": "mail.mt_note"}, {}, "(subtype_xmlid)", 400),
            ({"contact_again": "x"}, {}, "must stay empty", 400),
            ({}, {"stamp": "contact"}, "open for a long time", 422),
            ({}, {"stamp": "link reply 1"}, "open for a long time", 422),
            ({}, {"files": two}, "2 files", 422),
            ({}, {"files": [("x.svg", b"<svg/>")]}, "program or a web page", 422),
        ):
            with self.subTest(sentence):
                page = self._assert_refused(
                    self._reply(values, **options), sentence, status
                )
                self.assertEqual(
                    select(page, "#care_text")[0].text_content(),
                    values.get("text", "Vẫn chưa chạy"),
                )
                self.assertEqual(self._count_written(), self.before)

    def test_a_withdrawn_request_takes_no_reply(self):
        self.ticket.stage_id = self.stage_cancelled
        self.ticket.flush_recordset()
        before = self._count_written()
        page = self._page(self.path)
        self.assertIn("was withdrawn", self._text(page))
        self.assertFalse(select(page, "form.o_care_reply"))
        response = self.url_open(
            f"{self.path}/reply",
            data={
                "text": "x",
                "csrf_token": self._csrf(),
                "stamp": self._stamp(f"link reply {self.ticket.id}"),
            },
        )
        self._assert_refused(response, "was withdrawn")
        self.assertEqual(self._count_written(), before)

    def test_so_many_replies_per_hour(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "customer_care.limit_reply_ticket", "2"
        )
        self._reply()
        self._reply()
        written = self._count_written()
        self._assert_refused(self._reply(), "within the hour", 429)
        self.assertEqual(self._press("close").status_code, 429)
        self.assertEqual(self._count_written(), written)

    @mute_logger("odoo.http")
    def test_nothing_is_written_by_opening_an_address_or_without_the_token(self):
        self.ticket.stage_id = self.stage_solved
        before = self._count_written()
        for action in ("reply", "close", "reopen"):
            url = f"{self.path}/{action}"
            self.assertEqual(self.url_open(url).status_code, 405)
            self.assertEqual(self.url_open(url, params={"text": "x"}).status_code, 405)
            # a button that carried words would be refused for them
            words = {"text": "x"} if action == "reply" else {}
            for token in ({}, {"csrf_token": "x"}):
                response = self.url_open(url, data={**words, **token}, method="POST")
                self._assert_refused(response, "was changed on the way", 400)
        self.assertEqual(self._count_written(), before)
        self.assertEqual(self.ticket.stage_id, self.stage_solved)

    # ------------------------------------------------------------ closing

    def test_is_it_all_right_now_yes(self):
        self.assertFalse(select(self._page(self.path), ".o_care_question"))
        self.ticket.stage_id = self.stage_solved
        self.assertIn("Is it all right now?", self._text(self._page(self.path)))
        response = self._press("close")
        self.assertEqual(self.ticket.stage_category, "closed")
        event = self.ticket.event_ids.sorted("id")[-1]
        self.assertEqual((event.kind, event.actor), ("stage_changed", "customer"))
        page = self._page(response.headers["Location"])
        self.assertIn("We are glad", self._text(page))

    def test_is_it_all_right_now_no(self):
        self.ticket.stage_id = self.stage_solved
        response = self._press("reopen")
        self.assertEqual(self.ticket.stage_category, "open")
        self.assertEqual(self.ticket.reopen_count, 1)
        page = self._page(response.headers["Location"])
        self.assertIn("tell us below what is still wrong", self._text(page))

    def test_buttons_that_change_nothing_write_no_event(self):
        form = {"csrf_token": self._csrf()}
        events = len(self.ticket.event_ids)
        self.url_open(f"{self.path}/reopen", data=form)
        self.ticket.stage_id = self.stage_cancelled
        self.url_open(f"{self.path}/close", data=form)
        self.url_open(f"{self.path}/reopen", data=form)
        self.assertEqual(len(self.ticket.event_ids), events + 1)
        self.assertEqual(self.ticket.stage_id, self.stage_cancelled)

    def test_a_button_carries_nothing(self):
        self.ticket.stage_id = self.stage_solved
        response = self._send(f"{self.path}/close", {"stage_id": "1"}, page=self.path)
        self._assert_refused(response, "do not know (stage_id)", 400)
        self.assertEqual(self.ticket.stage_id, self.stage_solved)

    def test_a_late_reply_opens_a_new_ticket_that_is_linked(self):
        self.team.reopen_days = 3
        with self._at("2026-03-02 09:00:00"):
            self.ticket.stage_id = self.stage_solved
        self.ticket.flush_recordset()
        page = self._page(self.path)
        self.assertIn("a new request is opened", self._text(page))
        self.assertFalse(select(page, ".o_care_no"))
        self.url_open(f"{self.path}/reopen", data={"csrf_token": self._csrf()})
        self.assertEqual(self.ticket.stage_id, self.stage_solved)
        response = self._reply()
        token = response.headers["Location"].partition("?")[0].rpartition("/")[2]
        follow_up = self.tickets._find_by_link(token)
        self.assertEqual(follow_up.parent_id, self.ticket)
        self.assertEqual(follow_up.partner_id, self.customer)
        self.assertEqual(follow_up.team_id, self.team)
        self.assertEqual(follow_up.stage_category, "new")
        written, receipt = follow_up._get_public_messages()
        self.assertIn("Vẫn chưa chạy", written.body)
        self.assertIn(self.ticket.number, receipt.body)
        self.assertEqual(self.ticket.stage_id, self.stage_solved)
        said = self.ticket._get_public_messages().mapped("body")
        self.assertNotIn("Vẫn chưa chạy", "".join(said))

    # ------------------------------------------------------------ who it is

    def test_a_link_from_the_screen_proves_nothing_and_one_from_the_mailbox_does(self):
        self.ticket.sudo().write({"is_unverified": True, "partner_name": "Mai Giả"})
        shown = self.ticket._get_conversation_token(is_delivered=False)
        self._reply(token=shown)
        self.assertTrue(self.ticket.is_unverified)
        self.assertFalse(self._last().author_id)
        self.assertIn("Mai Giả", self._last().email_from)
        page = self._page(f"/help/t/{shown}")
        authors = [
            select(entry, "strong")[0].text_content()
            for entry in select(page, ".o_care_from_customer")
        ]
        self.assertEqual(authors[-1], "Mai Giả")
        self._reply()
        self.assertFalse(self.ticket.is_unverified)

    def test_a_mail_from_the_mailbox_proves_who_it_is(self):
        self.ticket.sudo().is_unverified = True
        for subtype, unverified in (("mail.mt_note", True), ("mail.mt_comment", False)):
            self._say(
                self.ticket,
                "Tôi đây",
                self.customer,
                message_type="email",
                subtype_xmlid=subtype,
            )
            self.assertEqual(self.ticket.is_unverified, unverified)

    def test_the_login_of_the_customer_proves_who_it_is(self):
        self.ticket.sudo().is_unverified = True
        shown = self.ticket._get_conversation_token(is_delivered=False)
        self.authenticate("care_stranger", "care_stranger")
        self._reply(token=shown)
        self.assertTrue(self.ticket.is_unverified)
        self.authenticate("care_portal", "care_portal")
        self._reply(token=shown)
        self.assertFalse(self.ticket.is_unverified)
        self.assertEqual(self._last().author_id, self.customer)

    # ------------------------------------------------------------ files

    def test_files_are_sent_so_that_no_browser_runs_them(self):
        image = self.answer.attachment_ids
        response = self.url_open(f"{self.path}/file/{image.id}")
        self.assertEqual(response.content, PNG)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        thumb = self.url_open(f"{self.path}/file/{image.id}?thumb=1")
        self.assertEqual(thumb.status_code, 200)
        self.assertTrue(thumb.headers["Content-Type"].startswith("image/"))
        for headers in (response.headers, thumb.headers):
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertIn("sandbox", headers["Content-Security-Policy"])
            self.assertIn("private", headers["Cache-Control"])

    def test_a_page_that_an_agent_sent_is_only_ever_downloaded(self):
        """Agents may send any file; a customer's browser must not open it here."""
        answer = self._post(
            self.ticket,
            self.user_team,
            attachments=[
                ("x.html", b"<script>alert(1)</script>"),
                ("x.svg", b"<svg onload='alert(1)'/>"),
                ("x.png", b"<html><script>alert(1)</script>"),
            ],
        )
        for file in answer.attachment_ids:
            response = self.url_open(f"{self.path}/file/{file.id}")
            self.assertEqual(response.status_code, 200)
            self.assertEqual(
                response.headers["Content-Type"], "application/octet-stream"
            )
            self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_other_files_are_not_there(self):
        other = self._create_told_ticket(partner_id=self.customer_two.id)
        loose = self.env["ir.attachment"].create(
            {"name": "x", "res_model": "care.ticket", "res_id": self.ticket.id}
        )
        for ref in (
            self.note.attachment_ids.id,
            other._get_public_attachments().id,
            loose.id,
            2**31 - 1,
            "x",
            "-1",
            "9" * 40,
        ):
            self._page(f"{self.path}/file/{ref}", status=404)

    # ------------------------------------------------------------ scripts

    def test_nothing_said_by_anybody_runs_on_the_page(self):
        """Also what came past the form: names, subjects, mails, file names."""
        for payload in XSS:
            self.ticket.sudo().write(
                {
                    "name": payload,
                    "partner_name": payload,
                    "order_ref": payload,
                    "is_unverified": True,
                }
            )
            self.ticket._post_from_customer(
                {"text": payload, "files": []},
                self.env["res.partner"],
                "form",
            )
            self._say(
                self.ticket,
                Markup(payload),
                self.customer,
                message_type="email",
                attachments=[(payload, PNG), (f"{payload}.txt", b"x")],
            )
        self.customer.name = XSS[0]
        self.stage_open.portal_name = XSS[1]
        self.ticket.stage_id = self.stage_open
        for path in (self.path, self.path.replace("/t/", "/thanks/")):
            response = self.url_open(path)
            self.assertEqual(response.status_code, 200)
            self._assert_harmless(response)
        page = self._page(self.path)
        self.assertIn(XSS[0], self._text(page))
