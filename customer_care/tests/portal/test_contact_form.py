"""The form without login: what comes in, and what nobody learns."""

import re
from unittest.mock import patch

from odoo.tests import tagged

from ...controllers.help_pages import CONTACT_FIELDS, CareHelp
from .common import PNG, PortalHttpCase, select

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

    def test_a_contact_of_one_of_our_companies_is_no_customer(self):
        for company in (self.company, self.other_company):
            company.partner_id.write(
                {"phone": "0912 345 678", "email": "shop@cong-ty.example"}
            )
            for values in ({}, {"email": "shop@cong-ty.example"}):
                with self.subTest(company.name, values=values):
                    ticket = self._assert_sent(self._send_form(values))
                    self.assertFalse(ticket.partner_id)
            company.partner_id.write({"phone": False, "email": False})
        self.customer_two.phone = "0912 345 678"
        self.other_company.partner_id.phone = "0912 345 678"
        ticket = self._assert_sent(self._send_form())
        self.assertEqual(ticket.partner_id, self.customer_two, "its only owner")

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
        for login in (None, "care_portal", "care_reader"):
            self.authenticate(login, login)
            ticket = self._assert_sent(self._send_form({"order": foreign.name}))
            self.assertEqual(bool(ticket.partner_id), bool(login))
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

    # ------------------------------------------------------------ asking for more

    def test_an_addon_asks_for_more(self):
        """What the developer guide says it takes: two hooks and the name of the field."""
        model = type(self.tickets)
        lengths, prepare = model._get_form_lengths, model._prepare_request_values

        def with_serial(tickets):
            return {**lengths(tickets), "serial": 5}

        def keep_serial(tickets, request, company, partner):
            values = prepare(tickets, request, company, partner)
            return {**values, "shop_ref": request["serial"]}

        with (
            patch.object(model, "_get_form_lengths", with_serial),
            patch.object(model, "_prepare_request_values", keep_serial),
            patch.object(CareHelp, "request_fields", (*CONTACT_FIELDS, "serial")),
        ):
            response = self._send_form({"serial": "123456"})
            self._assert_refused(response, "How can we help you?")
            self._assert_nothing_written()
            ticket = self._assert_sent(self._send_form({"serial": "12345"}))
        self.assertEqual(ticket.shop_ref, "12345")
        response = self._send_form({"serial": "1"})
        self._assert_refused(response, "fields we do not know (serial)", 400)
