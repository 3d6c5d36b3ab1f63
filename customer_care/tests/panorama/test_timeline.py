from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PanoramaCommon

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)",
)


@tagged("post_install", "-at_install")
class TestTimelineSources(PanoramaCommon):
    """Every source gives its line, and the line opens its record."""

    def test_ticket(self):
        ticket = self._create_ticket(kind="complaint", user_id=self.user_own.id)
        line = self._line(self.user_own, ticket)
        self.assertEqual(line["key"], f"ticket-{ticket.id}")
        self.assertEqual(line["title"], f"Complaint {ticket.number}")
        self.assertEqual(line["text"], "Máy giặt không chạy")
        self.assertEqual(line["state"], "New")
        ticket.kind = False
        line = self._line(self.user_own, ticket)
        self.assertEqual(line["title"], f"Ticket {ticket.number}")

    def test_messages_of_tickets(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        self._post(ticket, self.user_portal, body="Máy kêu to")
        self._post(ticket, self.user_own, body="Em cử thợ qua")
        self._post(ticket, self.user_own, public=False, body="Đã gọi thợ")
        found = [
            (line["title"], line["text"], line["direction"], line["who"])
            for line in self._page(self.user_own, kinds=["message"])
        ]
        self.assertCountEqual(
            found,
            [
                ("The customer wrote", "Máy kêu to", "in", "Nguyễn Thị Mai"),
                ("We wrote", "Em cử thợ qua", "out", "care_own"),
                ("Internal note", "Đã gọi thợ", "", "care_own"),
            ],
        )
        for line in self._page(self.user_own, kinds=["message"]):
            self.assertEqual((line["model"], line["res_id"]), (ticket._name, ticket.id))

    def test_messages_of_other_records(self):
        order = self._order(datetime(2026, 5, 1), 100, self.customer)
        lead = self.env["crm.lead"].create(
            {"name": "Hỏi giá", "partner_id": self.customer.id}
        )
        move = self._create_invoice()
        for record in (self.customer, order, lead, move):
            record.message_post(body=f"Tin của {record._name}", message_type="comment")
        self.assertEqual(
            {
                line["model"]: line["text"]
                for line in self._page(self.accountant, kinds=["message"])
            },
            {
                record._name: f"Tin của {record._name}"
                for record in (self.customer, order, lead, move)
            },
        )

    def test_what_odoo_logs_by_itself_is_no_message(self):
        self.customer.message_post(body="Đã đổi", message_type="notification")
        self.customer._message_log(body="Đã đổi")
        self.assertEqual(self._keys(self.accountant, kinds=["message"]), [])

    def test_sms(self):
        self.customer.message_post(body="Hẹn 8 giờ", message_type="sms")
        line = self._page(self.user_own, kinds=["message"])[0]
        self.assertEqual((line["title"], line["text"]), ("SMS", "Hẹn 8 giờ"))

    def test_contacts_made_and_not_made(self):
        call = self._log_contact(summary="Hẹn\nthứ hai", duration=150)
        line = self._line(self.user_own, call)
        self.assertEqual(line["title"], "We called")
        self.assertEqual(line["text"], "2 minutes · Hẹn thứ hai")
        self.assertEqual((line["who"], line["direction"]), ("care_own", "out"))
        self.assertEqual(line["state"], "")
        visit = self._log_contact(channel="visit", direction="in")
        self.assertEqual(
            self._line(self.user_own, visit)["title"], "The customer came by"
        )
        missed = self._log_contact(state="missed")
        self.assertEqual(self._line(self.user_own, missed)["state"], "Not reached")
        refused = self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": self.customer.id,
                    "channel": "sms",
                    "state": "refused",
                    "reason": "no_consent",
                }
            ]
        )
        line = self._line(self.user_own, refused)
        self.assertEqual(line["title"], "SMS to the customer")
        self.assertEqual(line["state"], "Not sent")
        self.assertEqual(
            line["text"], "The customer never agreed to promotion on this channel"
        )

    def test_a_message_that_was_logged_stands_there_once(self):
        message = self.customer.message_post(body="Chào chị", message_type="comment")
        self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": self.customer.id,
                    "channel": "email",
                    "mail_message_id": message.id,
                }
            ]
        )
        self.assertEqual(
            self._keys(self.user_own), [f"message_res_partner-{message.id}"]
        )

    def test_leads(self):
        lead = self.env["crm.lead"].create(
            {"name": "Hỏi giá", "type": "opportunity", "partner_id": self.customer.id}
        )
        line = self._line(self.seller, lead)
        self.assertEqual((line["title"], line["text"]), ("Opportunity", "Hỏi giá"))
        lead.action_set_lost()
        self.assertEqual(self._line(self.seller, lead)["state"], "Lost")

    def test_orders(self):
        order = self._order(datetime(2026, 5, 1, 3, 4, 5), 250, self.customer)
        line = self._line(self.seller, order)
        self.assertEqual(line["title"], f"Order {order.name}")
        self.assertEqual(line["on"], "2026-05-01 03:04:05")
        self.assertIn("250", line["text"])
        quotation = self.env["sale.order"].create({"partner_id": self.customer.id})
        line = self._line(self.seller, quotation)
        self.assertEqual(line["title"], f"Quotation {quotation.name}")
        self.assertEqual(line["state"], "Quotation")

    def test_invoices(self):
        invoice = self._create_invoice()
        line = self._line(self.accountant, invoice)
        self.assertEqual(line["title"], f"Invoice {invoice.name}")
        self.assertEqual((line["on"], line["is_day"]), ("2026-05-01 00:00:00", True))
        self.assertEqual(line["state"], "Not Paid")
        note = self._create_invoice("out_refund")
        line = self._line(self.accountant, note)
        self.assertEqual(line["title"], f"Credit note {note.name}")
        draft = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.assertNotIn(f"invoice-{draft.id}", self._keys(self.accountant))

    def test_imported_purchases(self):
        bought = self._buy(date(2026, 5, 1), 70, self.customer, reference="HD1")
        line = self._line(self.user_own, bought)
        self.assertEqual((line["title"], line["state"]), ("Purchase", "HD1"))
        self.assertEqual((line["on"], line["is_day"]), ("2026-05-01 00:00:00", True))
        opening = self._buy(
            date(2025, 1, 1), 9, self.customer, is_opening=True, purchase_count=12
        )
        line = self._line(self.user_own, opening)
        self.assertEqual(line["title"], "12 purchases until this day")
        refund = self._buy(date(2026, 5, 2), -70, self.customer)
        line = self._line(self.user_own, refund)
        self.assertEqual(line["title"], "Money given back")

    def test_care_stages(self):
        loyal, vip = (
            self.env.ref(f"customer_care.care_stage_{code}")
            for code in ("loyal", "vip")
        )
        self.customer.care_stage_id = loyal
        self.customer.with_user(self.user_own).action_care_move(vip.id, note="Mua sỉ")
        newest, first = self._page(self.user_own, kinds=["change"])
        self.assertEqual(first["title"], "Came to “Loyal”")
        self.assertEqual(newest["title"], "From “Loyal” to “VIP”")
        self.assertEqual(newest["text"], "Mua sỉ")
        self.assertEqual((newest["who"], newest["state"]), ("care_own", "By hand"))
        change = self.customer.care_stage_change_ids[0]
        self.assertEqual((newest["model"], newest["res_id"]), (change._name, change.id))

    def test_consents(self):
        consent = self.customer._care_set_consent(
            "sms", "promotion", False, "hand", "Chị nói không nhận tin"
        )
        line = self._line(self.user_own, consent)
        self.assertEqual(line["title"], "Said no to: Promotion, SMS")
        self.assertEqual(line["text"], "Chị nói không nhận tin")

    def test_payloads_stay_words(self):
        for payload in PAYLOADS:
            self._create_ticket(name=payload, user_id=self.user_own.id)
            self._log_contact(summary=payload)
            self.customer.message_post(body=payload, message_type="comment")
        lines = self._page(self.user_own)
        for payload in PAYLOADS:
            self.assertEqual(sum(line["text"] == payload for line in lines), 3, payload)
        for line in lines:
            for value in line.values():
                self.assertIn(type(value), (str, int, bool), "no markup, plain words")


@tagged("post_install", "-at_install")
class TestTimelinePages(PanoramaCommon):
    """Filters, pages, order."""

    def _fill(self, count):
        self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": self.customer.id,
                    "channel": "call",
                    # in threes at the same second
                    "on": datetime(2026, 5, 1, 3, index // 3 // 60, index // 3 % 60),
                }
                for index in range(count)
            ]
        )
        for day in range(1, 8):
            self._buy(date(2026, 4, day), 10, self.customer)

    def test_pages_hold_every_line_once_in_order(self):
        self._fill(100)
        whole = self.customer.with_user(self.user_own).get_care_timeline(limit=200)
        self.assertEqual(len(whole["lines"]), 107)
        self.assertFalse(whole["next"])
        self.assertEqual(self._page(self.user_own), whole["lines"])
        keys = [line["key"] for line in whole["lines"]]
        self.assertEqual(len(set(keys)), 107)
        order = [
            (line["on"], int(line["key"].split("-")[1]))
            for line in whole["lines"]
            if not line["is_day"]
        ]
        self.assertEqual(order, sorted(order, reverse=True))

    def test_pages_of_one_line_cross_every_source_of_the_same_moment(self):
        """All of it at the same microsecond: sources and ids decide, none gets lost."""
        moment = datetime(2026, 5, 1, 3)
        for day in (1, 1, 1):
            self._buy(date(2026, 5, day), 10, self.customer)
        self.company.care_tz = "UTC"
        ticket = self._create_ticket(user_id=self.user_own.id)
        self._post(ticket, self.user_own)
        self._log_contact()
        self._log_contact()
        self.env.flush_all()
        for table, column in (
            ("care_ticket", "create_date"),
            ("mail_message", "date"),
            ("care_contact_log", '"on"'),
        ):
            where = {
                "care_ticket": "id = %s",
                "mail_message": "model = 'care.ticket' AND res_id = %s",
                "care_contact_log": "partner_id = %s",
            }[table]
            ref = self.customer.id if table == "care_contact_log" else ticket.id
            self.env.cr.execute(
                f"UPDATE {table} SET {column} = %s WHERE {where}",
                (moment.replace(hour=0), ref),
            )
        self.env.invalidate_all()
        partner = self.customer.with_user(self.user_own)
        whole = [line["key"] for line in partner._care_timeline(limit=200)["lines"]]
        self.assertEqual(len(whole), 7)
        singles, before = [], None
        while before is not False:
            page = partner.get_care_timeline(None, before, 1)
            singles += [line["key"] for line in page["lines"]]
            before = page["next"]
        self.assertEqual(singles, whole)

    def test_a_line_that_comes_meanwhile_moves_no_page(self):
        self._fill(40)
        partner = self.customer.with_user(self.user_own)
        first = partner.get_care_timeline()
        second = partner.get_care_timeline(before=first["next"])
        self._log_contact()
        self.assertEqual(partner.get_care_timeline(before=first["next"]), second)

    def test_filters(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        self._post(ticket, self.user_own)
        call = self._log_contact()
        self.assertEqual(
            self._keys(self.user_own, kinds=["ticket"]), [f"ticket-{ticket.id}"]
        )
        self.assertEqual(
            self._keys(self.user_own, kinds=["contact"]), [f"contact-{call.id}"]
        )
        self.assertEqual(
            len(self._keys(self.user_own, kinds=["contact", "message", "ticket"])), 3
        )
        self.assertEqual(self._keys(self.user_own, kinds=["sale"]), [])

    def test_every_source_belongs_to_a_filter_and_has_a_code_of_its_own(self):
        partner = self.customer.with_user(self.accountant)
        parts = partner._care_timeline_sources(partner)
        codes = [part.code for part in parts]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertLessEqual(
            {part.kind for part in parts}, set(dict(partner._get_care_timeline_kinds()))
        )

    def test_bad_input(self):
        partner = self.customer.with_user(self.user_own)
        for before in ("x", "2026-05-01", "2026-05-01 00:00:00|ticket|x", 7, "||"):
            with self.assertRaisesRegex(UserError, "Reload the customer"):
                partner.get_care_timeline(before=before)
        with self.assertRaisesRegex(UserError, "no filter “moon”"):
            partner.get_care_timeline({"kinds": ["moon"]})
        self.assertEqual(
            partner.get_care_timeline(before="2026-05-01 00:00:00|zzz|5")["lines"], []
        )
        self._fill(3)
        self.assertEqual(len(partner.get_care_timeline(limit=-5)["lines"]), 1)
        self.assertEqual(len(partner.get_care_timeline(limit=10**9)["lines"]), 10)
        self.assertEqual(len(partner.get_care_timeline("x", None, "y")["lines"]), 10)


@tagged("post_install", "-at_install")
class TestTimelinePeople(PanoramaCommon):
    """Whose life is told, and to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hotel = cls.env["res.partner"].create(
            {"name": "Khách sạn Sen", "is_company": True}
        )
        cls.thuy, cls.dung = cls.env["res.partner"].create(
            [
                {"name": "Lê Thị Thuỷ", "parent_id": cls.hotel.id},
                {"name": "Phạm Dung", "parent_id": cls.hotel.id},
            ]
        )

    def test_a_company_with_its_people(self):
        tickets = [
            self._create_ticket(partner_id=partner.id, user_id=self.user_own.id)
            for partner in (self.hotel, self.thuy, self.dung)
        ]
        self.dung.active = False
        keys = {f"ticket-{ticket.id}" for ticket in tickets}
        for partner in (self.hotel, self.thuy, self.dung):
            self.assertEqual(
                set(self._keys(self.user_own, partner, kinds=["ticket"])), keys
            )
        self.assertEqual(
            self._keys(self.user_own, self.thuy, kinds=["ticket"], only_person=True),
            [f"ticket-{tickets[1].id}"],
        )

    def _create_tickets_of_everybody(self):
        """Create tickets of the customer: by person, team, none, and another company."""
        tickets = self.env["care.ticket"].create(
            [
                {"name": "own", "user_id": self.user_own.id, "team_id": self.team.id},
                {"name": "team", "user_id": self.user_team.id, "team_id": self.team.id},
                {"name": "free", "team_id": self.team.id},
                {"name": "other", "team_id": self.second_team.id},
                {"name": "none"},
            ]
        )
        values = {"partner_id": self.customer.id}
        tickets.write(values)
        foreign = (
            self.env["care.ticket"]
            .with_company(self.other_company)
            .create(
                {
                    "name": "foreign",
                    "team_id": self.other_team.id,
                    "company_id": self.other_company.id,
                    **values,
                }
            )
        )
        return tickets | foreign

    def test_never_more_than_the_reader_may_see(self):
        """The ORM's own search under the same rights is the second opinion."""
        values = {"partner_id": self.customer.id}
        tickets = self._create_tickets_of_everybody()
        for ticket in tickets:
            ticket.message_post(body="x", message_type="comment")
        self._order(datetime(2026, 5, 1), 100, self.customer)
        self.env["crm.lead"].create({"name": "Lead", **values})
        self._create_invoice()
        self._buy(date(2026, 5, 1), 10, self.customer)
        self._buy(date(2026, 5, 1), 10, self.customer, company_id=self.other_company.id)
        self._log_contact()
        self._log_contact(self.user_other)
        sources = {
            "ticket": ("care.ticket", "partner_id"),
            "order": ("sale.order", "partner_id"),
            "invoice": ("account.move", "partner_id"),
            "lead": ("crm.lead", "partner_id"),
            "purchase": ("care.purchase", "partner_id"),
            "contact": ("care.contact.log", "partner_id"),
        }
        users = self.user_own | self.user_team | self.user_lead | self.user_other
        counts = set()
        for user in users | self.seller | self.accountant:
            keys = self._keys(user)
            for code, (model, column) in sources.items():
                records = self.env[model].with_user(user)
                found = (
                    records.search([(column, "=", self.customer.id)]).ids
                    if records.has_access("read")
                    else []
                )
                self.assertCountEqual(
                    [key for key in keys if key.startswith(f"{code}-")],
                    [f"{code}-{ref}" for ref in found],
                    f"{user.login} {model}",
                )
            messages = self.env["mail.message"].with_user(user)
            seen = self.env["care.ticket"].with_user(user).search([])
            found = messages.search(
                [
                    ("model", "=", "care.ticket"),
                    ("res_id", "in", tickets.ids),
                    ("message_type", "=", "comment"),
                ]
            ).filtered(lambda message, seen=seen: message.res_id in seen.ids)
            self.assertCountEqual(
                [key for key in keys if key.startswith("message_care_ticket-")],
                [f"message_care_ticket-{ref}" for ref in found.ids],
                user.login,
            )
            counts.add(len(keys))
        self.assertGreater(len(counts), 3, "these people see different things")

    def test_who_is_no_agent_reads_nothing(self):
        for user in (self.user_reader, self.user_portal):
            with self.assertRaises(AccessError):
                self.customer.with_user(user).get_care_timeline()

    def test_a_contact_of_another_company(self):
        theirs = self.env["res.partner"].create(
            {"name": "Khách Huế", "company_id": self.other_company.id}
        )
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_manager).get_care_timeline()
        self.assertEqual(
            theirs.with_user(self.user_other).get_care_timeline()["lines"], []
        )

    def test_merged_contacts_tell_both_lives(self):
        twin = self.env["res.partner"].create({"name": "Mai Nguyễn"})
        first = self._create_ticket(user_id=self.user_own.id)
        second = self._create_ticket(partner_id=twin.id, user_id=self.user_own.id)
        log = self.env["care.contact.log"].browse(
            twin.with_user(self.user_own).action_care_log_contact("call")
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | twin).ids, self.customer)
        self.assertLessEqual(
            {f"ticket-{first.id}", f"ticket-{second.id}", f"contact-{log.id}"},
            set(self._keys(self.user_own)),
        )

    def test_day_of_the_company(self):
        """A day that is only a day is told as that day, whatever the zone."""
        self.company.care_tz = "Pacific/Auckland"
        bought = self._buy(date(2026, 5, 1), 70, self.customer)
        self.assertEqual(self._line(self.user_own, bought)["on"], "2026-05-01 00:00:00")
