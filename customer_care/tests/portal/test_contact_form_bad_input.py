"""The form without login: what is refused, with a sentence and without a trace."""

from unittest.mock import patch

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PNG, XSS, select
from .test_contact_form import FORM, GOOD, ContactFormCase


@tagged("post_install", "-at_install")
class TestContactFormBadInput(ContactFormCase):
    def _assert_text_kept(self, page):
        self.assertEqual(
            select(page, "#care_text")[0].text_content().replace("\r\n", "\n"),
            GOOD["text"],
        )

    # ------------------------------------------------------------ fields

    def test_nothing_said_and_nobody_to_answer(self):
        self._assert_refused(self._send_form({"text": " \n "}), "what happened")
        self._assert_nothing_written()
        page = self._assert_refused(
            self._send_form({"phone": "", "email": ""}), "phone number or an e-mail"
        )
        self._assert_text_kept(page)
        self._assert_nothing_written()

    def test_a_phone_number_or_address_that_is_none(self):
        for values, sentence in (
            ({"phone": "123"}, "not a phone number"),
            ({"phone": "gọi tôi"}, "not a phone number"),
            ({"email": "mai@"}, "not an e-mail address"),
            ({"email": "a@b.vn, c@d.vn"}, "not an e-mail address"),
            ({"email": "a@b.vn\r\nBcc: c@d.vn"}, "not an e-mail address"),
        ):
            page = self._assert_refused(self._send_form(values), sentence)
            self._assert_text_kept(page)
            self._assert_nothing_written()

    def test_text_that_is_too_long(self):
        self._assert_refused(self._send_form({"text": "a" * 10_001}), "too long")
        self._assert_refused(self._send_form({"name": "a" * 101}), "too long")
        self._assert_nothing_written()
        self._assert_sent(self._send_form({"text": "a" * 10_000}))

    def test_topics_that_are_not_offered_get_one_answer(self):
        archived = self.category.copy({"active": False})
        internal = self.category.copy({"is_portal_visible": False})
        foreign = self.env["care.ticket.category"].create(
            {"name": "Huế", "company_id": self.other_company.id}
        )
        answers = set()
        for ref in (archived.id, internal.id, foreign.id, 2**31 - 1, "x", "-1", 10**40):
            page = self._assert_refused(
                self._send_form({"category": str(ref)}), "not offered any more"
            )
            self._assert_text_kept(page)
            answers.add(self._text(page))
        self.assertEqual(len(answers), 1)
        self._assert_nothing_written()

    def test_unknown_fields_are_refused_with_their_names(self):
        for name in ("partner_id", "team_id", "user_id", "priority", "is_unverified"):
            page = self._assert_refused(
                self._send_form({name: "1"}), f"fields we do not know ({name})", 400
            )
            self._assert_text_kept(page)
            self._assert_nothing_written()

    def test_fields_in_the_address_do_not_count(self):
        fields = {
            **self._hidden(self._page(FORM), FORM),
            **GOOD,
            "stamp": self._stamp("contact"),
        }
        address = f"{FORM}?order=S1&partner_id=1&priority=urgent"
        ticket = self._assert_sent(
            self.url_open(address, data=fields, allow_redirects=False)
        )
        self.assertEqual((ticket.priority, ticket.order_ref), ("normal", False))
        self.assertFalse(ticket.partner_id)

    def test_a_file_under_another_name_is_unknown_too(self):
        fields = {
            **self._hidden(self._page(FORM), FORM),
            **GOOD,
            "stamp": self._stamp("contact"),
        }
        response = self.url_open(FORM, data=fields, files={"ufile": ("a.png", PNG)})
        self._assert_refused(response, "fields we do not know (ufile)", 400)
        self._assert_nothing_written()

    # ------------------------------------------------------------ programs

    def test_a_program_that_fills_every_field(self):
        self._assert_refused(self._send_form({"contact_again": "x"}), "must stay", 400)
        self._assert_nothing_written()

    def test_a_form_sent_at_once_asks_for_a_second_look(self):
        page = self._assert_refused(
            self._send_form({"stamp": self._stamp("contact", 0)}, stamp=None),
            "very quick",
        )
        self._assert_text_kept(page)
        self._assert_nothing_written()

    def test_a_form_from_yesterday_comes_back_with_its_text_and_a_fresh_stamp(self):
        old = self._stamp("contact", 25 * 60)
        page = self._assert_refused(
            self._send_form({"stamp": old}, stamp=None), "open for a long time"
        )
        self._assert_text_kept(page)
        self.assertNotIn(self._hidden(page, FORM)["stamp"], (old, ""))
        self._assert_nothing_written()

    def test_a_stamp_that_is_missing_or_of_another_form(self):
        for stamp in (None, "", "x", self._stamp("portal request")):
            self._assert_refused(
                self._send_form({"stamp": stamp}, stamp=None), "open for a long time"
            )
            self._assert_nothing_written()

    def test_a_refused_form_keeps_its_stamp_so_that_it_still_counts_once(self):
        stamp = self._stamp("contact")
        page = self._assert_refused(
            self._send_form({"stamp": stamp, "phone": ""}, stamp=None), "phone number"
        )
        self.assertEqual(self._hidden(page, FORM)["stamp"], stamp)

    def test_the_captcha_is_asked_where_one_is_installed(self):
        sentence = "Suspicious activity detected."

        def refuse(_self, action):
            self.assertEqual(action, "care_form")
            raise UserError(sentence)

        with patch.object(
            type(self.env["ir.http"]), "_verify_request_recaptcha_token", refuse
        ):
            page = self._assert_refused(self._send_form(), "Suspicious activity")
        self._assert_text_kept(page)
        self._assert_nothing_written()

    # ------------------------------------------------------------ limits

    def _limit(self, word, value):
        self.env["ir.config_parameter"].sudo().set_param(
            f"customer_care.limit_{word}", str(value)
        )

    def test_so_many_per_hour_and_session_and_address(self):
        for word in ("ip", "session", "contact"):
            self._limit("ip", 0), self._limit("session", 0), self._limit("contact", 0)
            self.env["care.rate.counter"].search([]).unlink()
            self._limit(word, 2)
            self._assert_sent(self._send_form())
            self._assert_sent(self._send_form())
            written = self._count_written()
            page = self._assert_refused(self._send_form(), "within the hour", 429)
            self._assert_text_kept(page)
            self.assertEqual(self._count_written(), written, word)

    def test_a_customer_who_is_signed_in_has_a_limit_of_his_own(self):
        self._limit("user", 1)
        self.authenticate("care_portal", "care_portal")
        self._assert_sent(self._send_form())
        self._assert_refused(self._send_form(), "within the hour", 429)
        self.authenticate("care_stranger", "care_stranger")
        self._assert_sent(self._send_form())

    # ------------------------------------------------------------ files

    def test_too_many_files(self):
        self.company.care_upload_count = 2
        files = [(f"{at}.png", PNG) for at in range(3)]
        page = self._assert_refused(self._send_form(files=files), "3 files")
        self._assert_text_kept(page)
        self.assertIn("add your photos and files again", self._text(page))
        self._assert_nothing_written()
        self._assert_sent(self._send_form(files=files[:2]))

    def test_a_file_that_is_too_large(self):
        self.company.care_upload_mb = 1
        page = self._assert_refused(
            self._send_form(files=[("lon.png", PNG + b"\0" * 1024 * 1024)]),
            "“lon.png” is too large",
        )
        self._assert_text_kept(page)
        self._assert_nothing_written()
        exact = PNG + b"\0" * (1024 * 1024 - len(PNG))
        self._assert_sent(self._send_form(files=[("vua.png", exact)]))

    def test_pages_and_programs_are_not_taken_whatever_they_are_called(self):
        page, svg = b"<html><script>1</script>", b"<svg xmlns='x' onload='1'/>"
        for name, content in (
            ("x.html", b""),
            ("x.png", page),
            ("x.jpg", b"\n\n <!-- --> " + page),
            ("x.txt", "\ufeff<!DOCTYPE html>".encode()),
            ("x.txt", "<html>".encode("utf-16")),
            ("x.svg", b""),
            ("x.xml", b"<?xml version='1.0'?>" + svg),
            ("x.xml", b"<a xmlns:h='http://www.w3.org/1999/xhtml'><h:script/></a>"),
            ("x.js", b"alert(1)"),
            ("x.exe", b"x"),
            ("x.pdf", b"MZ\x90\0"),
            ("x.jpg.HTML ", PNG),
            ("x", b"#!/bin/sh"),
        ):
            with self.subTest(name=name, content=content):
                self._assert_refused(
                    self._send_form(files=[("ok.png", PNG), (name, content)]),
                    "program or a web page",
                )
                self._assert_nothing_written()

    # ------------------------------------------------------------ scripts

    def test_scripts_are_refused_in_every_field_and_shown_as_text(self):
        for payload in XSS[:5]:
            for name in ("text", "name", "order", "shop"):
                with self.subTest(payload=payload, name=name):
                    response = self._send_form({name: payload})
                    self._assert_refused(response, "program code")
                    self._assert_harmless(response)
                    self._assert_nothing_written()
        self._assert_refused(
            self._send_form({"email": "<script>@x.vn"}), "program code"
        )

    def test_whatever_is_typed_shows_as_text_on_every_page(self):
        for payload in XSS:
            with self.subTest(payload):
                response = self._send_form(
                    {
                        "text": f"x {payload}",
                        "name": payload[:100],
                        "phone": payload[:40],
                    }
                )
                self._assert_harmless(response)
                self._assert_nothing_written()

    def test_a_script_in_the_address_shows_as_text(self):
        for payload in XSS:
            response = self.url_open(
                FORM,
                params={"order": payload, "shop": payload, "category": payload},
                method="GET",
            )
            self.assertEqual(response.status_code, 200)
            self._assert_harmless(response)

    # ------------------------------------------------------------ methods and tokens

    @mute_logger("odoo.http")
    def test_without_the_token_of_the_page_nothing_is_sent(self):
        for token in (None, "", "x"):
            response = self._send_form({"csrf_token": token})
            self.assertEqual(response.status_code, 400)
            page = self._assert_refused(response, "nothing was sent", 400)
            self.assertEqual(
                select(page, "#care_sent_text")[0].text_content(), GOOD["text"]
            )
            self._assert_nothing_written()

    @mute_logger("odoo.http")
    def test_a_refusal_without_a_token_runs_no_script_either(self):
        for payload in XSS:
            response = self._send_form({"csrf_token": "x", "text": payload})
            self.assertEqual(response.status_code, 400)
            self._assert_harmless(response)

    def test_opening_the_form_writes_nothing(self):
        for method in ("GET", "HEAD"):
            self.url_open(FORM, params=GOOD, method=method)
            self._assert_nothing_written()

    def test_other_methods_are_not_there(self):
        for method in ("PUT", "PATCH", "DELETE"):
            response = self.url_open(FORM, data=GOOD, method=method)
            self.assertEqual(response.status_code, 405)
            self._assert_nothing_written()

    def test_pages_say_their_language(self):
        """Also those that refuse, which are drawn outside of the controllers."""
        self.env["res.lang"]._activate_lang("vi_VN")
        for code, word in (("en_US", "en-US"), ("vi_VN", "vi-VN")):
            self.opener.cookies["frontend_lang"] = code
            for path, status in ((FORM, 200), ("/help/t/x", 404)):
                page = self._page(path, status=status)
                self.assertEqual(page.get("lang"), word, path)
            with mute_logger("odoo.http"):
                refused = self.url_open(FORM, data={"text": "x"})
            self.assertEqual(refused.status_code, 400)
            self.assertEqual(html.fromstring(refused.text).get("lang"), word)

    def test_the_page_is_kept_and_framed_by_nobody(self):
        headers = self.url_open(FORM).headers
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
