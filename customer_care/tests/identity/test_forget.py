"""Forgetting a customer: no trace in any text of the database, all figures unchanged."""

import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...lib.identity import phone_key
from ..customer.test_care_profile import NOW, TODAY
from .common import MergeCommon

NAME = "Zephyrine Quỳnh-Mặc"
EMAIL = "zephyrine.qm@khach-hang.test"
PHONE = "+84 987 650 432"
#: What must be found nowhere, in any spelling that the program itself makes.
TRACES = (
    "zephyrine",
    "quỳnh-mặc",
    "quynh-mac",
    "khach-hang.test",
    "987650432",
    "987 650 432",
    "12 ngõ huyền",
)
#: Tables that may still hold a trace, with the reason.
ALLOWED = {
    "bus_bus": "told to browsers within seconds, deleted by Odoo within a day",
    "ir_logging": "the log of the server, not a record",
    "care_forget": "a window on the screen; Odoo empties such tables by itself",
}


class PrivacyCommon(MergeCommon):
    """Somebody of whom everything is known that can be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls.env["res.partner"].create(
            {
                "name": NAME,
                "email": f"{NAME} <{EMAIL}>",
                "phone": PHONE,
                "street": "12 ngõ Huyền",
                "comment": f"Gọi {NAME} sau 17 giờ",
                "function": f"Vợ ông {NAME}",
                "care_birthday": "1990-02-28",
                "company_id": cls.company.id,
            }
        )
        cls.address = cls.env["res.partner"].create(
            {
                "name": f"Nhà {NAME}",
                "type": "delivery",
                "parent_id": cls.known.id,
                "street": "12 ngõ Huyền",
                "phone": PHONE,
            }
        )
        cls.login = new_test_user(
            cls.env,
            login=EMAIL,
            groups="base.group_portal",
            partner_id=cls.known.id,
        )
        cls._write_of_tickets()
        cls._write_of_business()

    @classmethod
    def _write_of_tickets(cls):
        text = f"Tôi là {NAME}, số {PHONE}, địa chỉ {EMAIL}"
        cls.ticket = cls._create_ticket(
            name=f"Máy của {NAME}",
            partner_id=cls.known.id,
            description=f"<p>{text}</p>",
            partner_name=NAME,
            user_id=cls.user_own.id,
        )
        # an old request of the same person, from before there was a contact
        cls.loose = cls._create_ticket(
            name="Không tên", partner_id=False, email_from=EMAIL, phone="0987650432"
        )
        cls.ticket.message_post(
            body=text,
            subject=f"Re: {NAME}",
            author_id=cls.known.id,
            email_from=EMAIL,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            attachments=[("giay-to.txt", text.encode())],
        )
        cls.ticket.with_user(cls.user_own).message_post(
            body=f"Chào chị {NAME}", subtype_xmlid="mail.mt_comment"
        )
        cls.ticket.with_user(cls.user_own).message_post(
            body=f"{NAME} khó tính", subtype_xmlid="mail.mt_note"
        )
        cls.ticket.activity_schedule(
            "mail.mail_activity_data_call", summary=f"Gọi {NAME}", note=text
        )
        cls.inbound = cls.env["care.inbound"].create(
            {
                "message_id": "<zz-1@mail.test>",
                "recipient": "support",
                "subject": f"Thư của {NAME}",
                "email_from": f"{NAME} <{EMAIL}>",
                "received_on": "2026-06-01 01:00:00",
                "company_id": cls.company.id,
                "source": base64.b64encode(text.encode()),
                "has_source": True,
                "state": "quarantine",
                "reason": f"{EMAIL} gửi lạ",
            }
        )
        cls.env["care.receipt"]._take(EMAIL, cls.team, TODAY)

    @classmethod
    def _write_of_business(cls):
        cls.env["care.purchase"].create(
            {
                "partner_id": cls.known.id,
                "day": TODAY,
                "amount": 250,
                "reference": "Z-9",
            }
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.known.id,
                "note": f"<p>Giao cho {NAME}</p>",
                "signed_by": NAME,
                "order_line": [
                    (0, 0, {"product_id": cls.product.id, "price_unit": 99})
                ],
            }
        )
        cls.order.action_confirm()
        cls.order.message_post(body=f"Kính gửi {NAME}")
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": f"Cơ hội {NAME}",
                "partner_id": cls.known.id,
                "contact_name": NAME,
                "email_from": EMAIL,
                "phone": PHONE,
                "description": f"<p>{NAME}</p>",
                "expected_revenue": 77,
            }
        )
        cls.known.action_care_move(
            cls.env.ref("customer_care.care_stage_vip").id, note=f"{NAME} quen giám đốc"
        )
        cls.known.message_post(body=f"Đã gặp {NAME}", attachments=[("a.txt", b"x")])
        cls.known.write({"name": f"{NAME} ", "email": EMAIL})  # tracked values
        cls.env["mail.blacklist"].create({"email": EMAIL})
        cls.env["phone.blacklist"].create({"number": "+84987650432"})
        cls.env["sms.sms"].create(
            {
                "number": "+84987650432",
                "body": f"Chào {NAME}",
                "partner_id": cls.known.id,
            }
        )
        cls.env["res.partner.bank"].create(
            {"partner_id": cls.known.id, "acc_number": "0987650432 VCB"}
        )
        cls.env["ir.model.data"].create(
            {
                "name": "kh_0987650432",
                "module": "__import__",
                "model": "res.partner",
                "res_id": cls.known.id,
            }
        )
        cls._write_of_consent()

    @classmethod
    def _write_of_consent(cls):
        cls.env["care.contact.log"]._log(
            [
                {
                    "partner_id": cls.known.id,
                    "company_id": cls.company.id,
                    "on": "2026-06-01 02:00:00",
                    "direction": "out",
                    "channel": "call",
                    "state": "done",
                    "summary": f"Nói chuyện với {NAME}",
                    "address": "+84987650432",
                }
            ]
        )

    def _as(self, user):
        return self.known.with_user(user)


@tagged("post_install", "-at_install")
class TestForget(PrivacyCommon):
    def _find_traces(self):
        """Search every text of every table, like a dump of the database would show it.

        :return: {table: trace} of what was found
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT class.relname, array_agg(attribute.attname::text)
              FROM pg_class class
              JOIN pg_attribute attribute ON attribute.attrelid = class.oid
             WHERE class.relkind = 'r' AND attribute.attnum > 0
               AND class.relnamespace = current_schema::regnamespace
               AND NOT attribute.attisdropped
               AND attribute.atttypid = ANY(ARRAY['text', 'varchar', 'bpchar', 'json',
                   'jsonb', 'bytea', 'name']::regtype[])
             GROUP BY class.relname
            """
        )
        found = {}
        for table, columns in self.env.cr.fetchall():
            text = SQL(
                "LOWER(CONCAT_WS(' ', %s))",
                SQL(", ").join(
                    SQL("%s::text", SQL.identifier(column)) for column in columns
                ),
            )
            rows = self.env.execute_query(
                SQL(
                    "SELECT trace FROM unnest(%s) trace WHERE EXISTS (SELECT 1 FROM %s"
                    " WHERE POSITION(trace IN %s) > 0)",
                    list(TRACES),
                    SQL.identifier(table),
                    text,
                )
            )
            if rows:
                found[table] = [row[0] for row in rows]
        return found

    def _figures(self):
        """Everything that is counted, from the tables."""
        self.env.flush_all()
        ids = (self.known | self.address).ids
        figures = {
            table: self.env.execute_query(
                SQL(
                    "SELECT COUNT(*) FROM %s WHERE partner_id = ANY(%s)",
                    SQL.identifier(table),
                    ids,
                )
            )
            for table in (
                "care_ticket",
                "care_ticket_event",
                "care_purchase",
                "care_stage_change",
                "care_contact_log",
                "care_profile",
                "sale_order",
                "crm_lead",
            )
        }
        self.env.cr.execute(
            "SELECT SUM(amount) FROM care_purchase WHERE partner_id = ANY(%s)", [ids]
        )
        figures["purchased"] = self.env.cr.fetchall()
        self.env.cr.execute(
            "SELECT COUNT(*) FROM mail_message WHERE model = 'care.ticket'"
            " AND res_id = %s",
            [self.ticket.id],
        )
        figures["messages"] = self.env.cr.fetchall()
        ticket = self.ticket
        figures["ticket"] = [
            ticket[name]
            for name in (
                "number",
                "kind",
                "stage_id",
                "priority",
                "create_date",
                "first_request_on",
                "first_reply_on",
                "reply_count",
                "last_customer_on",
                "user_id",
                "partner_id",
            )
        ]
        order = self.order
        figures["order"] = [order.name, order.amount_untaxed, order.state]
        figures["lead"] = [self.lead.expected_revenue, self.lead.stage_id]
        profile = self._profile(self.known)
        figures["profile"] = [profile.purchase_count, profile.revenue]
        return figures

    def test_no_trace_and_every_figure(self):
        self._refresh()
        self.assertGreaterEqual(
            self._find_traces().keys(),
            {
                "care_contact_log",
                "care_inbound",
                "care_receipt",
                "care_stage_change",
                "care_ticket",
                "crm_lead",
                "ir_attachment",
                "ir_model_data",
                "mail_activity",
                "mail_blacklist",
                "mail_message",
                "phone_blacklist",
                "res_partner",
                "res_partner_bank",
                "res_users",
                "sale_order",
                "sms_sms",
            },
            "the test must be able to fail",
        )
        before = self._figures()
        self._as(self.user_manager)._care_forget()
        traces = self._find_traces()
        self.assertEqual(
            {table: found for table, found in traces.items() if table not in ALLOWED},
            {},
        )
        self.assertEqual(self._figures(), before)
        self.assertEqual(self.ticket._find_state_differences(), {})
        self.assertFalse(self.known.active or self.address.active or self.login.active)
        self.assertIn(str(self.known.id), self.known.name)

    def test_files_are_gone(self):
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "care.ticket"), ("res_id", "=", self.ticket.id)]
        )
        self.assertTrue(files)
        source = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "care.inbound"),
                ("res_id", "=", self.inbound.id),
                ("res_field", "=", "source"),
            ]
        )
        self.assertTrue(source)
        self._as(self.user_manager)._care_forget()
        self.assertFalse(files.exists() | source.exists())
        self.assertEqual(self.inbound.state, "ignored")

    def test_others_keep_everything(self):
        """Who shares nothing but the ticket's team loses nothing."""
        mate = self._create_ticket(
            name="Máy khác", partner_id=self.customer_two.id, description="<p>Chữ</p>"
        )
        mate.message_post(body="Xin chào", author_id=self.customer_two.id)
        similar = self._create_ticket(partner_id=False, email_from=f"x{EMAIL}")
        self._as(self.user_manager)._care_forget()
        self.assertEqual(mate.name, "Máy khác")
        self.assertIn("Xin chào", "".join(mate.message_ids.mapped("body")))
        self.assertEqual(similar.email_from, f"x{EMAIL}", "another address")
        self.assertEqual(self.customer_two.email, "hung@customer.test")

    def test_leaves_segments_in_silence(self):
        with self._at(NOW):
            self._refresh()
            segment = self._segment(f"[('id', '=', {self.known.id})]")
            segment._refresh_and_note()
            self.assertEqual(segment.member_count, 1)
            self.env["care.touch"]._take()
            self._as(self.user_manager)._care_forget()
            told, hushed = self.env["care.touch"]._take()
            self.assertIn(self.known, hushed)
            self.assertNotIn(self.known, told)
            self.env["care.touch"]._look_at(hushed, silent=True)
            self.assertEqual(segment.member_count, 0)
            event = self.env["care.segment.event"].search(
                [("segment_id", "=", segment.id)], limit=1
            )
            self.assertEqual((event.kind, event.initial), ("leave", True))

    # ------------------------------------------------------------------ suppression
    def test_nobody_is_brought_back(self):
        suppressions = self.env["care.suppression"]
        numbers = {"0987650432", PHONE, "+84987650432", phone_key(PHONE)}
        addresses = {EMAIL, EMAIL.upper(), f"A <{EMAIL}>"}
        others = {"0987650433", f"x{EMAIL}", "", "abc"}
        self.assertEqual(suppressions._suppressed(numbers | addresses | others), set())
        self._as(self.user_manager)._care_forget()
        self.assertEqual(
            suppressions._suppressed(numbers | addresses | others),
            numbers | addresses,
        )
        gate = self.env["care.gate"]
        self.assertEqual(gate._gate_suppressed([EMAIL, "hung@customer.test"]), {EMAIL})

    def test_list_cannot_be_read_back(self):
        self._as(self.user_manager)._care_forget()
        salt = self.env["care.suppression"]._get_salt()
        self.assertEqual(len(salt), 64)
        entries = self.env["care.suppression"].search([])
        self.assertEqual(set(entries.mapped("kind")), {"email", "phone"})
        for user in (self.user_manager, self.user_lead, self.user_own):
            with self.assertRaises(AccessError):
                entries.with_user(user).read(["fingerprint"])
            with self.assertRaises(AccessError):
                self.env["ir.config_parameter"].with_user(user).get_param(
                    "customer_care.suppression_salt"
                )
        entries.with_user(self.user_admin).read(["fingerprint"])

    def test_answering_makes_no_contact_again(self):
        self._as(self.user_manager)._care_forget()
        ticket = self._create_ticket(partner_id=False, email_from=EMAIL)
        other = self._create_ticket(partner_id=False, email_from="ai-do@customer.test")
        (ticket | other)._ensure_customer()
        self.assertFalse(ticket.partner_id)
        self.assertTrue(other.partner_id)

    # ---------------------------------------------------------------------- who may
    def test_who_may_forget(self):
        for user in (
            self.user_reader,
            self.user_own,
            self.user_team,
            self.user_lead,
            self.user_other,
            self.user_portal,
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._as(user)._care_forget()
                with self.assertRaises(AccessError):
                    self._as(user).action_care_open_forget()
                with self.assertRaises(AccessError):
                    self._as(user).action_care_export()
        self.assertEqual(self.known.email, EMAIL)

    def test_customer_of_two_companies_needs_an_administrator(self):
        self.known.company_id = False
        self._buy(TODAY, 5, self.known, company_id=self.other_company.id)
        with self._at(NOW):
            self._refresh(self.other_company)
        with self.assertRaisesRegex(AccessError, "Ask an administrator"):
            self._as(self.user_manager)._care_forget()
        self._as(self.user_admin)._care_forget()
        self.assertFalse(self.known.active)

    def test_who_is_not_forgotten(self):
        for partner in (self.user_own.partner_id, self.company.partner_id):
            with self.assertRaisesRegex(UserError, "not a customer"):
                partner.with_user(self.user_admin)._care_forget()
        self.assertTrue(self.user_own.active)

    def test_firm_with_a_colleague_below(self):
        firm = self.env["res.partner"].create({"name": "Công ty", "is_company": True})
        self.user_own.partner_id.parent_id = firm
        with self.assertRaisesRegex(UserError, "not a customer"):
            firm.with_user(self.user_admin)._care_forget()

    def test_wizard_asks_and_counts(self):
        action = self._as(self.user_manager).action_care_open_forget()
        wizard = (
            self.env["care.forget"]
            .with_user(self.user_manager)
            .browse(action["res_id"])
        )
        self.assertEqual(
            (wizard.people_count, wizard.ticket_count, wizard.order_count), (2, 2, 1)
        )
        with self.assertRaisesRegex(UserError, "Tick the box"):
            wizard.action_forget()
        wizard.is_sure = True
        wizard.action_forget()
        self.assertFalse(self.known.active)
        log = self.env["privacy.log"].search([], limit=1, order="id desc")
        self.assertEqual(log.user_id, self.user_manager)
        self.assertNotIn("ephyrine", log.anonymized_name)

    def test_customer_without_addresses(self):
        bare = self.env["res.partner"].create(
            {"name": "Vô danh", "company_id": self.company.id}
        )
        before = self.env["care.suppression"].search_count([])
        bare.with_user(self.user_manager)._care_forget()
        self.assertFalse(bare.active)
        self.assertEqual(self.env["care.suppression"].search_count([]), before)

    def test_twice(self):
        self._as(self.user_manager)._care_forget()
        name = self.known.name
        self._as(self.user_manager)._care_forget()
        self.assertEqual(self.known.name, name)

    # ------------------------------------------------------------------ archive, delete
    def test_delete_is_refused_with_the_way_out(self):
        with self.assertRaisesRegex(UserError, "2 tickets.*Forget This Customer"):
            self._create_ticket(partner_id=self.customer_two.id)
            self._create_ticket(partner_id=self.customer_two.id, active=False)
            self.customer_two.unlink()

    def test_archived_customer_leaves_segments_and_keeps_tickets(self):
        person = self.people[0]
        ticket = self._create_ticket(partner_id=person.id)
        with self._at(NOW):
            self._refresh()
            segment = self._segment(f"[('id', '=', {person.id})]")
            segment._refresh_and_note()
            self.env["care.touch"]._take()
            person.active = False
            told, _hushed = self.env["care.touch"]._take()
            self.env["care.touch"]._look_at(told, silent=False)
        self.assertEqual(self._in(segment), self.people.browse())
        self.assertTrue(ticket.active and ticket.is_open)

    def test_end_of_archived_customers_is_told_once(self):
        ended = []
        self.patch(
            self.registry["res.partner"],
            "_care_archived",
            lambda partners: ended.append(partners),
        )
        self.people[:2].write({"active": False})
        self.people[:3].write({"active": False})
        self.assertEqual(ended, [self.people[:2], self.people[2]])

    def test_every_model_with_a_contact_forgets_and_exports(self):
        missing = {
            (name, method)
            for name, model in self.env.registry.items()
            if name.startswith("care.")
            and not model._abstract
            and not model._transient
            and model._auto
            and any(
                field.type == "many2one"
                and field.comodel_name == "res.partner"
                and field.store
                for field in model._fields.values()
            )
            for method in ("_care_forget_partners", "_care_export_partners")
            if not hasattr(model, method)
        }
        self.assertEqual(missing, set())

    def test_birthday_is_forgotten(self):
        self.assertEqual(self.known.care_birthday, date(1990, 2, 28))
        self._as(self.user_manager)._care_forget()
        self.assertFalse(self.known.care_birthday)
