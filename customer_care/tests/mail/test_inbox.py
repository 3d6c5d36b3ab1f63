from unittest.mock import patch

from odoo.tests import tagged

from ...lib.mail_source import Mail
from .common import CareMailCommon

OFFER = "Báo giá"


@tagged("post_install", "-at_install")
class TestInbox(CareMailCommon):
    """What is stored, under which key, and the jobs that look after it."""

    def _store(self, source, **options):
        """Store a mail as a gateway that dies before it processes it."""
        with patch.object(
            type(self.env["care.inbound"]), "_process_now", return_value=False
        ):
            before = self._inbox()
            self._deliver(source, **options)
            return self._inbox() - before

    def _run_job(self, name="customer_care.ir_cron_care_inbound"):
        with self.enter_registry_test_mode():
            self.env.ref(name).method_direct_trigger()

    # ------------------------------------------------------------------ whose mail

    def test_mail_for_others_goes_its_usual_way(self):
        self.env["mail.alias"].create(
            {
                "alias_name": "leads-test",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        self._deliver(self._source(To="leads-test@care.example"))
        self.assertFalse(len(self._inbox()))
        lead = self.env["crm.lead"].search(
            [("email_normalized", "=", "hoa@stranger.test")]
        )
        self.assertEqual(len(lead), 1)

    def test_mail_for_us_and_for_others_reaches_both(self):
        """The other app in the caller's transaction, we by the job right after it."""
        self.env["mail.alias"].create(
            {
                "alias_name": "leads-test",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        self._deliver(self._source(To=f"{self.support}, leads-test@care.example"))
        domain = [("email_normalized", "=", "hoa@stranger.test")]
        self.assertEqual(self.env["crm.lead"].search_count(domain), 1)
        inbound = self._inbox()
        self.assertEqual(inbound.state, "received")
        self._run_job()
        self.assertEqual((inbound.state, inbound.outcome), ("done", "ticket"))
        self.assertEqual(
            self.env["care.ticket"].search_count(
                [("email_from", "ilike", "hoa@stranger.test")]
            ),
            1,
        )

    def test_reply_to_another_apps_record(self):
        """A customer answers an offer and takes the care team in copy: both get it."""
        order = self.env["sale.order"].create({"partner_id": self.customer_two.id})
        message = order.message_post(body=OFFER, subtype_xmlid="mail.mt_comment")
        self._deliver(
            self._source(
                From="hung@customer.test",
                To="catchall@care.example",
                Cc=self.support,
                References=message.message_id,
            )
        )
        self.assertIn("Máy giặt không chạy.", order.message_ids[0].body)
        self._run_job()
        self.assertEqual(self._inbox().outcome, "ticket")

    def test_mail_server_that_hands_to_tickets(self):
        """No address matches, but the server is set up for tickets."""
        source = self._source(To="info@elsewhere.test")
        with self.assertRaises(ValueError):
            self._deliver(source)
        self._deliver(
            source, model="care.ticket", custom_values={"team_id": self.second_team.id}
        )
        ticket = self._inbox().ticket_id
        self.assertEqual(ticket.team_id, self.second_team)
        self._deliver(
            self._source(To="x@elsewhere.test", From="hung@customer.test"),
            model="care.ticket",
            thread_id=ticket.id,
        )
        last = self._inbox()[:1]
        self.assertEqual((last.outcome, last.ticket_id), ("note", ticket))

    def test_options_of_the_mail_server(self):
        """``strip_attachments`` and ``save_original`` of an incoming server are kept."""
        source = self._source(attachments=[("a.bin", b"1")])
        self._deliver(source, strip_attachments=True)
        inbound = self._inbox()[:1]
        self.assertFalse(inbound.mail_message_id.attachment_ids)
        source = self._source(attachments=[("a.bin", b"1")])
        self._deliver(source, save_original=True)
        inbound = self._inbox()[:1]
        self.assertEqual(
            sorted(inbound.mail_message_id.attachment_ids.mapped("name")),
            ["a.bin", "original_email.eml"],
        )

    # ------------------------------------------------------------------ keys

    def test_key_does_not_depend_on_the_way_a_copy_took(self):
        """Two copies, delivered to two of our addresses, are one request."""
        source = self._source(To=f"{self.support}, {self.warranty}")
        for address in (self.support, self.warranty):
            self._deliver(f"Delivered-To: {address}\r\n".encode() + source)
        self.assertEqual(self._inbox().recipient, self.support)

    def test_blind_copies_to_two_teams_open_one_ticket(self):
        source = self._source(To="undisclosed-recipients:;")
        for address in (self.support, self.warranty):
            self._deliver(f"Delivered-To: {address}\r\n".encode() + source)
        first, second = self._inbox().sorted("id")
        self.assertEqual((first.outcome, second.state), ("ticket", "ignored"))
        self.assertEqual(second.ticket_id, first.ticket_id)

    def test_mail_without_id_is_recognised_again(self):
        source = self._source(Message_Id=None)
        self._deliver(source)
        self._deliver(b"Received: from mx2\r\nX-Other: 1\r\n" + source)
        self.assertEqual(len(self._inbox()), 1)
        self._deliver(self._source("Một thư khác.", Message_Id=None))
        self.assertEqual(len(self._inbox()), 2)

    def test_two_mails_with_one_id_are_both_kept(self):
        """Scanners and shops that use a constant Message-Id."""
        for hour in ("09", "10", "09"):
            self._deliver(
                self._source(
                    Message_Id="<scan@device>",
                    Date=f"Mon, 02 Mar 2026 {hour}:00:00 +0700",
                )
            )
        self.assertEqual(len(self._inbox()), 2)

    def test_huge_mail(self):
        """12 MB of attachment and a subject of 100,000 characters."""
        data = bytes(range(256)) * 48 * 1024
        source = self._source(Subject="x" * 100_000, attachments=[("phim.mp4", data)])
        self._deliver(source)
        inbound = self._inbox()
        self.assertEqual(inbound.outcome, "ticket")
        self.assertEqual(len(inbound.ticket_id.name), 200)
        self.assertEqual(inbound.mail_message_id.attachment_ids.raw, data)

    # ------------------------------------------------------------------ jobs

    def test_job_takes_up_what_a_dead_gateway_left(self):
        with self._at("2026-03-02 10:00:00"):
            inbound = self._store(self._source())
        self.assertEqual(inbound.state, "received")
        with self._at("2026-03-02 10:01:59"):
            self._run_job()
            self.assertEqual(inbound.state, "received", "two minutes of patience")
        with self._at("2026-03-02 10:02:00"):
            self._run_job()
        self.assertEqual((inbound.state, inbound.outcome), ("done", "ticket"))

    def test_job_works_for_every_company_as_its_own(self):
        """As OdooBot at 01:00 in Hanoi: company, zone and language are the mail's."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.other_company.partner_id.lang = "vi_VN"
        self.other_company.care_tz = "Asia/Ho_Chi_Minh"
        seen = {}
        model = type(self.env["care.ticket"])
        original = model._prepare_mail_values

        def spy(tickets, subject, sender, company, *args):
            context = tickets.env.context
            seen[company] = (
                tickets.env.company,
                tickets.env.companies,
                context["tz"],
                context["lang"],
            )
            return original(tickets, subject, sender, company, *args)

        with self._at("2026-03-01 18:00:00"):
            ours = self._store(self._source())
            theirs = self._store(self._source(To=self.hue))
        with (
            self._at("2026-03-01 18:05:00"),
            patch.object(model, "_prepare_mail_values", spy),
        ):
            self._run_job()
        self.assertEqual((ours | theirs).mapped("state"), ["done", "done"])
        self.assertEqual(
            seen[self.other_company],
            (self.other_company, self.other_company, "Asia/Ho_Chi_Minh", "vi_VN"),
        )
        self.assertEqual(seen[self.company][0], self.company)
        self.assertEqual(theirs.ticket_id.company_id, self.other_company)

    def test_mail_that_ends_its_process_each_time_is_put_aside(self):
        """Killed five times by the job; the sixth finds it in quarantine."""
        inbound = self._store(self._source())
        inbound.attempt_count = 5
        inbound.due_on = "2000-01-01 00:00:00"
        self.env.flush_all()
        self._run_job()
        self.assertEqual(inbound.state, "quarantine")
        self.assertIn("interrupted", inbound.reason)

    def test_sources_go_after_the_days_of_their_company(self):
        self.company.care_inbound_days = 10
        self.other_company.care_inbound_days = 20
        with self._at("2026-03-02 10:00:00"):
            ours = self._receive()
            theirs = self._receive(To=self.hue)
            waiting = self._store(self._source())
        kept = self.env["care.inbound"]
        with self._at("2026-03-12 10:00:00"):
            kept._gc_sources()
            self.assertTrue(ours.has_source)
        with self._at("2026-03-12 10:00:01"):
            self.assertEqual(kept._gc_sources(), (1, 0))
            self.assertFalse(ours.has_source or ours.source)
            self.assertTrue(theirs.has_source)
        with self._at("2026-06-30 10:00:00"):
            kept._gc_sources()
        self.assertFalse(theirs.source)
        self.assertTrue(waiting._read_source(), "what is not handled stays")
        self.assertEqual(ours.outcome, "ticket")

    def test_source_survives_as_it_came(self):
        source = self._source("Nguyên văn.").replace(b"\n", b"\r\n")
        self._deliver(source)
        self.assertEqual(self._inbox()._read_source(), source)
        self.assertEqual(Mail(source).message_id, self._inbox().message_id)
