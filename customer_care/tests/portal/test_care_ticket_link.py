from datetime import timedelta
from urllib.parse import urlsplit

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...lib import signed
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestCareTicketLink(PortalCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self._create_ticket()
        self.token = self.ticket._get_conversation_token()

    def _forge(self, **changes):
        """Return a token we signed ourselves, with some of its facts changed."""
        link = signed.read_link(self.tickets._get_link_secret(), self.token)
        facts = {
            "record_id": link.record_id,
            "version": link.version,
            "expires": link.expires,
            **changes,
        }
        return signed.make_link(self.tickets._get_link_secret(), signed.Link(**facts))

    def test_a_token_opens_its_ticket_and_no_other(self):
        other = self._create_ticket()
        self.assertEqual(self.tickets._find_by_link(self.token), self.ticket)
        self.assertEqual(
            self.tickets._find_by_link(other._get_conversation_token()), other
        )

    def test_anybody_may_use_it(self):
        public = self.tickets.with_user(self.env.ref("base.public_user"))
        self.assertEqual(public._find_by_link(self.token), self.ticket)

    def test_the_url_is_absolute_and_carries_a_good_token(self):
        url = urlsplit(self.ticket._get_conversation_url())
        self.assertTrue(url.scheme and url.netloc)
        self.assertTrue(url.path.startswith("/help/t/"))
        token = url.path.rpartition("/")[2]
        self.assertEqual(self.tickets._find_by_link(token), self.ticket)

    def test_it_ends_after_the_days_of_the_company(self):
        self.company.care_link_days = 2
        with self._at("2026-03-02 09:00:00"):
            token = self.ticket._get_conversation_token()
        with self._at("2026-03-04 08:59:59"):
            self.assertTrue(self.tickets._find_by_link(token))
        with self._at("2026-03-04 09:00:00"):
            self.assertFalse(self.tickets._find_by_link(token))

    def test_whatever_is_wrong_the_answer_is_the_same_after_one_query(self):
        archived = self._create_ticket()
        archived_token = archived._get_conversation_token()
        archived.active = False
        gone = self._create_ticket()
        gone_token = gone._get_conversation_token()
        gone.sudo().unlink()
        withdrawn = self._create_ticket()
        withdrawn_token = withdrawn._get_conversation_token()
        withdrawn.action_withdraw_links()
        tokens = {
            "nonsense": "x",
            "empty": "",
            "not ascii": "đ" * 44,
            "too long": "A" * 5000,
            "changed": self.token[:-2] + ("AA" if self.token[-2:] != "AA" else "BB"),
            "other key": signed.make_link(
                "k", signed.Link(self.ticket.id, 0, self.env.cr.now())
            ),
            "expired": self._forge(expires=self.env.cr.now() - timedelta(1)),
            "missing": self._forge(record_id=2**31 - 1),
            "archived": archived_token,
            "deleted": gone_token,
            "withdrawn": withdrawn_token,
        }
        self.env.flush_all()
        self.tickets._get_link_secret()
        for reason, token in tokens.items():
            self.env.invalidate_all()
            with self.subTest(reason), self.assertQueryCount(2):
                # the ticket, and its columns where there is one
                self.assertFalse(self.tickets._find_by_link(token))

    def test_every_changed_character_breaks_it(self):
        alphabet = "ABab01-_"
        for at, character in enumerate(self.token):
            for new in alphabet.replace(character, ""):
                changed = self.token[:at] + new + self.token[at + 1 :]
                self.assertFalse(self.tickets._find_by_link(changed), (at, new))

    def test_withdrawing_ends_all_links_and_new_ones_work(self):
        older = self.ticket._get_conversation_token(is_delivered=False)
        self.ticket.with_user(self.user_team).action_withdraw_links()
        self.assertFalse(self.tickets._find_by_link(self.token))
        self.assertFalse(self.tickets._find_by_link(older))
        self.assertTrue(
            self.tickets._find_by_link(self.ticket._get_conversation_token())
        )
        self.assertIn("withdrawn", self.ticket.message_ids[0].body)

    def test_only_who_may_write_withdraws(self):
        for user in (self.user_portal, self.user_reader, self.user_other):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).action_withdraw_links()
        self.assertTrue(self.tickets._find_by_link(self.token))

    def test_a_delivered_link_is_told_from_one_on_the_screen(self):
        shown = self.ticket._get_conversation_token(is_delivered=False)
        self.assertTrue(self.tickets._is_delivered_link(self.token))
        self.assertFalse(self.tickets._is_delivered_link(shown))
        self.assertFalse(self.tickets._is_delivered_link("x"))

    def test_the_key_is_for_administrators_and_not_guessable(self):
        secret = self.tickets._get_link_secret()
        self.assertEqual(len(secret), 64)
        with self.assertRaises(AccessError):
            self.env["ir.config_parameter"].with_user(self.user_manager).get_param(
                "customer_care.link_secret"
            )
        self.env["ir.config_parameter"].sudo().set_param(
            "customer_care.link_secret", ""
        )
        self.assertNotEqual(self.tickets._get_link_secret(), secret)
        self.assertFalse(self.tickets._find_by_link(self.token))

    # ------------------------------------------------------------ core's own links

    def test_core_shares_the_conversation_by_our_link(self):
        path = self.ticket.with_user(self.user_team)._get_share_url(redirect=True)
        self.assertEqual(
            self.tickets._find_by_link(path.removeprefix("/help/t/")), self.ticket
        )
        self.assertEqual(
            self.ticket.with_user(self.user_portal)._get_share_url(),
            f"/my/tickets/{self.ticket.id}",
        )

    def test_the_button_of_a_mail_to_the_customer_opens_the_conversation(self):
        groups = self.ticket._notify_get_recipients_groups(
            self.env["mail.message"], "Ticket", {"model": "care.ticket"}
        )
        button = {name: data for name, _accepts, data in groups}["care_customer"]
        url = button["button_access"]["url"]
        self.assertEqual(
            self.tickets._find_by_link(url.rpartition("/")[2]), self.ticket
        )
        self.assertNotIn("access_token", url)
