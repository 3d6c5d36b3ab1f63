"""The form without login: what comes in, what is refused, what nobody learns."""

import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PNG, XSS, PortalHttpCase, select

FORM = "/help/contact"
GOOD = {"text": "Máy giặt không chạy.\nMua hôm qua ở Huế.", "phone": "0912 345 678"}


class ContactFormCase(PortalHttpCase):
    def setUp(self):
        super().setUp()
        self.customer.phone = False
        self.before = self._count_written()

    def _send_form(self, values=None, **options):
        options.setdefault("stamp", "contact")
        return self._send(FORM, {**GOOD, **(values or {})}, **options)

    def _assert_sent(self, response):
        self.assertEqual(response.status_code, 303, response.text[:3000])
        self.assertIn("/help/thanks/", response.headers["Location"])
        token = response.headers["Location"].rpartition("/")[2]
        ticket = self.tickets._find_by_link(token)
        self.assertTrue(ticket)
        return ticket

    def _assert_nothing_written(self):
        self.assertEqual(self._count_written(), self.before)


@tagged("post_install", "-at_install")
class TestContactForm(ContactFormCase):
    # ------------------------------------------------------------ what comes in

    def test_a_phone_number_alone_is_enough(self):
        ticket = self._assert_sent(self._send_form())
        self.assertEqual(ticket.name, "Máy giặt không chạy.")
        self.assertEqual(ticket.phone, "0912 345 678")
        self.assertFalse(ticket.email_from)
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.channel_id.code, "form")
        self.assertTrue(ticket.is_unverified)
        message = ticket._get_public_messages()[0]
        self.assertEqual(
            message.body, "<p>Máy giặt không chạy.<br>Mua hôm qua ở Huế.</p>"
        )
        self.assertFalse(message.author_id)
        event = ticket.event_ids.filtered(lambda e: e.kind == "customer_message")
        self.assertEqual(
            (event.actor, event.channel_id.code, event.is_public, event.is_automatic),
            ("customer", "form", True, False),
        )
        self.assertFalse(ticket._find_state_differences())

    def test_the_thank_you_page_has_the_number_and_a_link_that_works(self):
        ticket = self._assert_sent(self._send_form())
        page = self._page(self.response.headers["Location"])
        self.assertIn(f"#{ticket.number}", self._text(page))
        link = select(page, "a.o_care_open")[0].get("href")
        self.assertTrue(select(page, "#care_link")[0].get("value").endswith(link))
        conversation = self._page(link)
        self.assertIn("Mua hôm qua ở Huế.", self._text(conversation))
        self.assertIn("Received", self._text(conversation, ".o_care_progress"))

    def test_everything_given_is_kept(self):
        ticket = self._assert_sent(
            self._send_form(
                {
                    "category": str(self.category.id),
                    "name": "Lê Thị Hoa",
                    "email": "Hoa@Khach.example",
                    "order": "S00999",
                    "shop": "Huế 1",
                },
                files=[
                    ("ảnh máy.png", PNG),
                    ("hoadon.xml", b"<HDon><TTChung/></HDon>"),
                ],
            )
        )
        self.assertEqual(ticket.category_id, self.category)
        self.assertEqual(ticket.team_id, self.second_team)
        self.assertEqual(ticket.partner_name, "Lê Thị Hoa")
        self.assertEqual(ticket.email_from, '"Lê Thị Hoa" <hoa@khach.example>')
        self.assertEqual((ticket.order_ref, ticket.shop_ref), ("S00999", "Huế 1"))
        files = ticket._get_public_attachments()
        self.assertEqual(
            {file.name: file.raw for file in files},
            {"ảnh máy.png": PNG, "hoadon.xml": b"<HDon><TTChung/></HDon>"},
        )
        self.assertEqual(files.mapped("res_id"), [ticket.id] * 2)

    def test_a_link_or_code_fills_in_order_shop_and_topic(self):
        page = self._page(
            f"{FORM}?order=S00012&shop=Hu%E1%BA%BF+1&category={self.category.id}&text=no"
        )
        self.assertEqual(select(page, "#care_order")[0].get("value"), "S00012")
        self.assertEqual(self._hidden(page, FORM)["shop"], "Huế 1")
        chosen = select(page, "#care_category option[selected]")
        self.assertEqual([o.get("value") for o in chosen], [str(self.category.id)])
        self.assertEqual(select(page, "#care_text")[0].text_content(), "")

    def test_who_is_signed_in_is_recognised(self):
        self.authenticate("care_portal", "care_portal")
        page = self._page(FORM)
        self.assertIn(f"signed in as {self.customer.name}", self._text(page))
        self.assertFalse(select(page, "#care_email"))
        ticket = self._assert_sent(self._send_form({"phone": ""}))
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertFalse(ticket.is_unverified)
        self.assertEqual(ticket._get_public_messages()[0].author_id, self.customer)

    def test_an_employee_who_asks_for_himself_is_a_customer(self):
        self.authenticate("care_reader", "care_reader")
        ticket = self._assert_sent(self._send_form({"phone": ""}))
        self.assertEqual(ticket.partner_id, self.user_reader.partner_id)
        event = ticket.event_ids.filtered(lambda e: e.kind == "customer_message")
        self.assertEqual(event.actor, "customer")

    def test_without_a_team_in_the_settings_the_first_offered_team_gets_it(self):
        self.company.care_form_team_id = False
        self.env["care.team"].search([("company_id", "=", self.company.id)]).write(
            {"is_portal_visible": False}
        )
        self.second_team.is_portal_visible = True
        self.assertEqual(self._assert_sent(self._send_form()).team_id, self.second_team)

    # ------------------------------------------------------------ recognising

    def test_the_contact_with_the_typed_address_is_linked_and_marked(self):
        self.customer.email = "mai@khach.example"
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        ticket = self._assert_sent(
            self._send_form({"email": "MAI@khach.example", "order": order.name.lower()})
        )
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.sale_order_id, order)
        self.assertTrue(ticket.is_unverified)
        self.assertFalse(ticket._get_public_messages()[0].author_id)
        seen = self.tickets.with_user(self.user_portal)._find_visible(str(ticket.id))
        self.assertFalse(seen, "somebody else could fill a customer's account")

    def test_a_phone_number_finds_its_only_owner_in_any_spelling(self):
        self.customer_two.phone = "+84 912 345 678"
        ticket = self._assert_sent(self._send_form())
        self.assertEqual(ticket.partner_id, self.customer_two)
        self.env["res.partner"].create({"name": "Khác", "phone": "0912345678"})
        ticket = self._assert_sent(self._send_form())
        self.assertFalse(ticket.partner_id, "two owners: an agent decides")
        self.customer_two.phone = "0912 345 6789"
        ticket = self._assert_sent(self._send_form({"phone": "12 345 67"}))
        self.assertFalse(ticket.partner_id, "a part of a number is not the number")

    def test_who_left_an_address_gets_a_receipt_with_a_link(self):
        ticket = self._assert_sent(
            self._send_form({"email": "hoa@khach.example", "name": "Lê Thị Hoa"})
        )
        mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        self.assertEqual(mail.model, "care.ticket")
        self.assertEqual(mail.res_id, ticket.id)
        self.assertIn("hoa@khach.example", mail.email_to)
        link = re.search(r"/help/t/([\w-]+)", mail.body_html)
        self.assertEqual(self.tickets._find_by_link(link[1]), ticket)
        self.assertTrue(self.tickets._is_delivered_link(link[1]))
        self.assertIn("Lê Thị Hoa", mail.body_html)
        event = ticket.event_ids.sorted("id")[-1]
        self.assertEqual(event.kind, "automatic_message")
        self.assertTrue(ticket.waiting_since, "a receipt is no answer")

    def test_a_typed_address_is_not_greeted_by_the_contact_s_name(self):
        self.customer.email = "mai@khach.example"
        ticket = self._assert_sent(
            self._send_form({"email": "mai@khach.example", "name": "Kẻ Lạ"})
        )
        self.assertEqual(ticket.partner_id, self.customer)
        said = "".join(ticket._get_public_messages().mapped("body"))
        self.assertIn("Kẻ Lạ", said)
        self.assertNotIn("Mai", said)
        ticket._confirm_sender()
        self.assertIn("Mai", ticket._get_customer_salutation())

    def test_nobody_learns_whether_an_address_is_known(self):
        """The pages of a known and of an unknown visitor differ in number and link."""

        def pages(email):
            ticket = self._assert_sent(self._send_form({"email": email, "phone": ""}))
            location = self.response.headers["Location"]
            thanks = self.url_open(location)
            talk = self.url_open(location.replace("thanks", "t"))
            stages = [thanks.status_code, talk.status_code]
            text = thanks.text + talk.text
            text = text.replace(location.rpartition("/")[2], "TOKEN")
            text = re.sub(r'value="[\w-]{40,}"', 'value="SECRET"', text)
            text = re.sub(r'csrf_token: "\w+"', "CSRF", text)
            text = re.sub(r"<time.*?</time>", "TIME", text, flags=re.S)
            return stages, text.replace(ticket.number, "NUMBER")

        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.write(
            {
                "email": "known@khach.example",
                "phone": "0999 888 777",
                "lang": "fr_FR",
            }
        )
        known = pages("known@khach.example")
        unknown = pages("unknown@khach.example")
        self.assertEqual(known, unknown)
        for secret in (self.customer.name, "0999 888 777", "known@khach.example"):
            self.assertNotIn(secret, known[1])

    def test_an_order_of_somebody_else_is_kept_as_words_only(self):
        foreign = self.env["sale.order"].create({"partner_id": self.customer_two.id})
        ticket = self._assert_sent(self._send_form({"order": foreign.name}))
        self.assertEqual(ticket.order_ref, foreign.name)
        self.assertFalse(ticket.sale_order_id)

    # ------------------------------------------------------------ sent twice

    def test_a_double_click_makes_one_ticket(self):
        stamp = self._stamp("contact")
        first = self._assert_sent(self._send_form({"stamp": stamp}, stamp=None))
        after = self._count_written()
        second = self._assert_sent(self._send_form({"stamp": stamp}, stamp=None))
        self.assertEqual(first, second)
        self.assertEqual(self._count_written(), after)

    # ------------------------------------------------------------ fields by topic

    def test_the_topic_decides_what_is_asked(self):
        self.category.write(
            {
                "portal_order": "required",
                "portal_phone": "required",
                "portal_files": "required",
                "portal_hint": "Ngày giao?",
            }
        )
        page = self._assert_refused(
            self._send_form(
                {
                    "category": str(self.category.id),
                    "phone": "",
                    "email": "hoa@khach.example",
                }
            ),
            "Please give the order number.",
        )
        text = self._text(page)
        self.assertIn("Please give a phone number.", text)
        self.assertIn("Please add at least one photo or file.", text)
        self.assertIn("Ngày giao?", text)
        self._assert_nothing_written()
        self._assert_sent(
            self._send_form(
                {"category": str(self.category.id), "order": "S1"},
                files=[("a.png", PNG)],
            )
        )

    def test_what_a_topic_does_not_ask_is_hidden(self):
        self.category.portal_order = "hidden"
        page = self._page(f"{FORM}?category={self.category.id}")
        self.assertIn("d-none", select(page, "[data-care-ask='order']")[0].get("class"))
        self.assertNotIn(
            "d-none", select(page, "[data-care-ask='files']")[0].get("class")
        )

    def test_only_offered_topics_show(self):
        shown = {
            option.text_content()
            for option in select(self._page(FORM), "#care_category option")
        }
        self.assertIn("Giao hàng", shown)
        for values in (
            {"is_portal_visible": False},
            {"active": False},
            {"company_id": self.other_company.id, "team_id": False},
        ):
            category = self.env["care.ticket.category"].create(
                {"name": "Nội bộ", **values}
            )
            page = self._page(FORM)
            self.assertNotIn("Nội bộ", self._text(page))
            category.unlink()
        self.second_team.is_portal_visible = False
        self.assertNotIn("Giao hàng", self._text(self._page(FORM)))


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

    def test_the_page_is_kept_and_framed_by_nobody(self):
        headers = self.url_open(FORM).headers
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
