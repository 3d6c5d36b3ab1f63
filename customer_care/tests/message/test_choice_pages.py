from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib import signed
from ..portal.common import XSS, PortalHttpCase, select
from .common import MessageCommon


@tagged("post_install", "-at_install")
class TestChoicePages(PortalHttpCase, MessageCommon):
    """What a customer receives: by link and in his account. A GET changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._grant(cls.mai | cls.hung)
        cls._grant(cls.mai | cls.hung, "sms")
        cls.choices = cls.env["care.choice"]

    def setUp(self):
        super().setUp()
        self.promotion._send(self.hung, "email", self.company)
        self.row = self.promotion.delivery_ids
        self.token = self.env["res.partner"]._care_choice_token(
            "message", self.row.id, self.company
        )

    def _state(self, partner, channel="email", purpose="promotion"):
        row = self.choices._get_current(partner, self.company).get((channel, purpose))
        return row.state if row else "unknown"

    def _post(self, path, values):
        return self.url_open(path, data=values, allow_redirects=False)

    # ------------------------------------------------------------------ refusing
    def test_scanners_refuse_nothing(self):
        for path in (f"/u/{self.token}", f"/care/consent/{self.token}"):
            for _turn in range(2):
                self._page(path)
            head = self.opener.head(self.base_url() + path, timeout=10)
            self.assertLess(head.status_code, 500)
        self.assertEqual(self._state(self.hung), "granted")

    def test_one_click_of_mail_programs(self):
        """RFC 8058: a POST without session, cookie or CSRF token."""
        response = self._post(f"/u/{self.token}", {"List-Unsubscribe": "One-Click"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._state(self.hung), "withdrawn")
        self.assertEqual(self._state(self.hung, "sms"), "granted", "of this channel")
        consent = self.choices._get_current(self.hung, self.company)[
            "email", "promotion"
        ]
        self.assertEqual(consent.source, "link")
        self.assertIn("Ưu đãi", consent.evidence)
        self.assertIn("hung.message@customer.test", consent.evidence)
        self.assertEqual(consent.address, "hung.message@customer.test")
        self.promotion._send(self.hung, "email", self.company)
        self.assertEqual(self._lines(self.hung)[0].reason, "withdrawn", "at once")

    def test_button_of_the_page(self):
        page = self._page(f"/u/{self.token}")
        self.assertIn("h•••@customer.test", self._text(page))
        self._send(f"/u/{self.token}")
        self.assertEqual(self._state(self.hung), "withdrawn")
        self.assertIn(
            "You get no more offers", self._text(self._page(f"/u/{self.token}"))
        )

    def test_twice_is_once(self):
        for _turn in range(2):
            self._post(f"/u/{self.token}", {"List-Unsubscribe": "One-Click"})
        rows = self.env["care.consent"].search(
            [("partner_id", "=", self.hung.id), ("state", "=", "withdrawn")]
        )
        self.assertEqual(len(rows), 1)

    def test_other_posts_refuse_nothing(self):
        for values in ({"a": "b"}, {"List-Unsubscribe": "x"}, {"x": "One-Click"}):
            response = self._post(f"/u/{self.token}", values)
            self.assertEqual(response.status_code, 400)
        path = f"/u/{self.token}?List-Unsubscribe=One-Click"
        self.assertEqual(self._post(path, {"a": "b"}).status_code, 400)
        self.assertEqual(self._state(self.hung), "granted")

    def test_text_message_stops_text_messages(self):
        with self._at("2026-03-12 10:00:00"):
            self.promotion._send(self.mai, "sms", self.company)
        token = self._texts(self.mai).body.rpartition("/")[2]
        with self._at("2026-03-12 10:05:00"):
            self._post(f"/u/{token}", {"List-Unsubscribe": "One-Click"})
        rows = self.env["care.consent"].search(
            [("partner_id", "=", self.mai.id), ("state", "=", "withdrawn")]
        )
        self.assertEqual(rows.mapped("channel"), ["sms"])

    # --------------------------------------------------------------------- tokens
    def test_tokens_that_open_nothing(self):
        secret = self.env["care.ticket"]._get_link_secret()
        soon = date.today() + timedelta(days=9)
        company = self.company.id

        def make(kind, ref, of=company, until=soon, key=secret):
            return signed.make_choice(key, signed.Choice(kind, ref, of, until))

        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id = gone.id
        gone.unlink()
        dead = {
            "forged": make("message", self.row.id, key="another"),
            "changed": self.token[:-1] + ("A" if self.token[-1] != "A" else "B"),
            "cut": self.token[:-2],
            "nonsense": "đ",
            "expired": make("message", self.row.id, until=date(2026, 1, 1)),
            "of another company": make("message", self.row.id, self.other_company.id),
            "of no company": make("customer", self.hung.id, 999_999_999),
            "of nobody": make("customer", gone_id),
            "of no message": make("message", 999_999_999),
            "of a ticket": self._create_ticket()._get_conversation_token(),
        }
        for name, token in dead.items():
            for path in (f"/u/{token}", f"/care/consent/{token}"):
                with self.subTest(token=name, path=path):
                    page = self._page(path, status=404)
                    self.assertIn("does not work any more", self._text(page))
            response = self._post(f"/u/{token}", {"List-Unsubscribe": "One-Click"})
            self.assertEqual(response.status_code, 404, name)
        self.assertEqual(self._state(self.hung), "granted")

    def test_link_of_a_merged_customer_still_refuses(self):
        self.outbox._care_merge_partners(self.hung, self.mai)
        self._post(f"/u/{self.token}", {"List-Unsubscribe": "One-Click"})
        self.assertEqual(self._state(self.mai), "withdrawn")

    def test_link_of_an_archived_customer_still_refuses(self):
        self.hung.active = False
        self._post(f"/u/{self.token}", {"List-Unsubscribe": "One-Click"})
        self.assertEqual(self._state(self.hung), "withdrawn")

    def test_link_of_a_forgotten_customer_opens_nothing(self):
        self.outbox._care_forget_partners(self.hung)
        self._page(f"/u/{self.token}", status=404)

    def test_too_often(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "customer_care.limit_choice_customer", "2"
        )
        for status in (200, 200, 429):
            response = self._post(f"/u/{self.token}", {"List-Unsubscribe": "One-Click"})
            self.assertEqual(response.status_code, status)
        response = self._send(f"/care/consent/{self.token}", {"promotion_sms": None})
        self.assertEqual(response.status_code, 429)

    # ------------------------------------------------------------------- choosing
    def test_choices_by_link(self):
        path = f"/care/consent/{self.token}"
        page = self._page(path)
        on = {item.get("name") for item in select(page, "input[checked]")}
        self.assertEqual(
            on,
            {
                "promotion_email",
                "promotion_sms",
                "care_email",
                "care_sms",
                "care_call",
                "care_zalo",
            },
            "what was granted, and care while nothing was said",
        )
        response = self._send(
            path, {"promotion_sms": "on", "care_email": "on", "promotion_zalo": "on"}
        )
        self.assertEqual(response.status_code, 303)
        current = self.choices._get_current(self.hung, self.company)
        self.assertEqual(
            {key: row.state for key, row in current.items()},
            {
                ("email", "promotion"): "withdrawn",
                ("sms", "promotion"): "granted",
                ("zalo", "promotion"): "granted",
                ("sms", "care"): "withdrawn",
                ("call", "care"): "withdrawn",
                ("zalo", "care"): "withdrawn",
            },
            "only what changed was written down",
        )
        self.assertEqual(current["zalo", "promotion"].source, "page")
        page = self._page(f"{path}?saved=1")
        self.assertIn("Offers and news – By e-mail: no", self._text(page))

    @mute_logger("odoo.http")
    def test_saving_needs_the_token_of_the_page(self):
        response = self._post(f"/care/consent/{self.token}", {"care_sms": "on"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self._state(self.hung), "granted")

    def test_unknown_fields_change_nothing(self):
        for name in ("promotion_visit", "transactional_email", "partner_id", "state"):
            response = self._send(f"/care/consent/{self.token}", {name: "on"})
            self._assert_refused(response, "fields we do not know", 400)
        self.assertEqual(self._state(self.hung), "granted")

    def test_page_speaks_the_customers_language(self):
        token = self.env["res.partner"]._care_choice_token(
            "customer", self.mai.id, self.company
        )
        page = self._page(f"/care/consent/{token}")
        self.assertEqual(page.get("lang"), "vi-VN")
        self.assertIn("Chị Mai", self._text(page))

    def test_names_are_words_on_the_page(self):
        for payload in XSS:
            self.hung.name = payload
            self.promotion.name = payload
            for path in (f"/u/{self.token}", f"/care/consent/{self.token}"):
                self._page(path)
                self._assert_harmless(self.response)

    # -------------------------------------------------------------------- account
    def test_account(self):
        self.assertIn("/web/login", self.url_open("/my/consent").url)
        self.authenticate("care_portal", "care_portal")
        self._page("/my/consent")
        response = self._send(
            "/my/consent", {"promotion_email": "on", "care_email": "on"}
        )
        self.assertEqual(response.status_code, 303)
        current = self.choices._get_current(self.customer, self.company)
        self.assertEqual(current["email", "promotion"].state, "granted")
        self.assertEqual(current["sms", "care"].state, "withdrawn")
        self.assertIn("care_portal", current["sms", "care"].evidence)
        self.assertEqual(self._state(self.hung), "granted", "of nobody else")

    def test_home_of_the_account_shows_the_way(self):
        self.authenticate("care_portal", "care_portal")
        page = self._page("/my")
        self.assertTrue(select(page, "a[href='/my/consent']"))
