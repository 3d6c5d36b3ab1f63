from ast import literal_eval

from odoo.tests import tagged

from .common import CareMailCommon


@tagged("post_install", "-at_install")
class TestReceipt(CareMailCommon):
    """At most one receipt per sender, team and day, and never to a program."""

    def _count(self, address="hoa@stranger.test"):
        mails = self._mails_to(address)
        return len(mails.filtered(lambda m: m.message_type == "auto_comment"))

    def test_receipt_says_it_is_automatic(self):
        ticket = self._receive().ticket_id
        mail = self._mails_to("hoa@stranger.test")
        self.assertEqual(len(mail), 1)
        headers = literal_eval(mail.headers)
        self.assertEqual(headers["Auto-Submitted"], "auto-replied")
        self.assertEqual(headers["X-Auto-Response-Suppress"], "All")
        self.assertIn(ticket.number, mail.body_html)
        self.assertIn("Lê Thị Hoa", mail.body_html)
        self.assertIn(self.support, mail.email_from)
        self.assertTrue(self._sent_subject(mail).startswith(ticket._get_mark()))
        self.assertFalse(ticket.first_reply_on)
        self.assertEqual(ticket.stage_id, self.stage_new)

    def test_one_per_sender_team_and_day(self):
        """Days change at midnight in the company's zone: 17:00 UTC in Hanoi."""
        self.company.care_tz = "Asia/Ho_Chi_Minh"
        with self._at("2026-03-02 16:58:00"):
            self._receive()
            self._receive(Subject="Lần hai")
            self.assertEqual(self._count(), 1)
            self._receive(To=self.warranty)
            self.assertEqual(self._count(), 2)
            self._receive(From="hung@customer.test")
            self.assertEqual(self._count("hung@customer.test"), 1)
        with self._at("2026-03-02 16:59:59"):
            self._receive(From="HOA@Stranger.test")
            self.assertEqual(self._count(), 2)
        with self._at("2026-03-02 17:00:00"):
            self._receive()
            self.assertEqual(self._count(), 3)

    def test_team_may_send_none(self):
        self.team.is_acknowledging = False
        self._receive()
        self.assertFalse(self._count())

    def test_none_for_programs_lists_spam_and_forged_senders(self):
        for headers in (
            {"Precedence": "list"},
            {"List_Id": "<group.shop.test>"},
            {"X_Spam_Flag": "YES"},
            {"Authentication_Results": "mx; dmarc=fail"},
            {"Authentication_Results": "mx; spf=softfail"},
        ):
            self.assertEqual(self._receive(**headers).outcome, "ticket", headers)
        self.assertFalse(self._count())

    def test_reply_gets_none(self):
        ticket = self._receive().ticket_id
        self._receive(Subject=ticket._get_mark())
        self.assertEqual(self._count(), 1)

    def test_language_of_the_company_or_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("customer_care.mail_template_receipt")
        template.with_context(lang="fr_FR").subject = "Bien reçu : {{ object.name }}"
        self._receive()
        self.assertNotIn("Bien reçu", self._mails_to("hoa@stranger.test").subject)
        self.customer_two.lang = "fr_FR"
        self._receive(From="hung@customer.test")
        self.assertIn("Bien reçu", self._mails_to("hung@customer.test").subject)

    def test_old_rows_go(self):
        with self._at("2026-03-02 10:00:00"):
            self._receive()
        receipts = self.env["care.receipt"]
        self.assertEqual(receipts.search_count([]), 1)
        with self._at("2026-03-09 10:00:00"):
            receipts._gc_receipts()
            self.assertEqual(receipts.search_count([]), 1)
        with self._at("2026-03-10 10:00:00"):
            receipts._gc_receipts()
            self.assertFalse(receipts.search_count([]))
