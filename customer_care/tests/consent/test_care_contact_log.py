from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestCareContactLog(CareCommon):
    """Contacts are written once, by those who may, and stay as they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["care.contact.log"]

    def _call(self, user=None, **values):
        customer = self.customer.with_user(user or self.user_own)
        return self.log.browse(customer.action_care_log_contact("call", **values))

    def test_agent_logs_a_call(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        with self._at("2026-03-02 03:00"):
            row = self._call(
                summary="  Hẹn thứ sáu  ", duration=95, ticket_id=ticket.id
            )
        self.assertRecordValues(
            row,
            [
                {
                    "partner_id": self.customer.id,
                    "commercial_partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "channel": "call",
                    "direction": "out",
                    "state": "done",
                    "summary": "Hẹn thứ sáu",
                    "duration": 95.0,
                    "ticket_id": ticket.id,
                    "user_id": self.user_own.id,
                    "is_by_hand": True,
                    "reason": False,
                }
            ],
        )
        self.assertEqual(str(row.on), "2026-03-02 03:00:00")

    def test_unknown_duration_is_not_zero(self):
        self.assertIsNone(self._call().duration)
        self.assertEqual(self._call(duration=0).duration, 0.0)

    def test_what_cannot_be_is_refused(self):
        foreign = self._create_ticket(
            partner_id=self.customer_two.id, user_id=self.user_own.id
        )
        hidden = self._create_ticket(team_id=self.second_team.id)
        for values in (
            {"direction": "sideways"},
            {"state": "refused"},
            {"state": "postponed"},
            {"duration": -1},
            {"duration": 86401},
            {"duration": "long"},
            {"ticket_id": foreign.id},
            {"ticket_id": hidden.id},
            {"ticket_id": 2**31 - 1},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._call(**values)
        with self.assertRaises(UserError):
            self.customer.with_user(self.user_own).action_care_log_contact("pigeon")

    def test_who_may_log(self):
        for user in (self.user_reader, self.user_portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._call(user)
        for user in (self.user_team, self.user_lead, self.user_manager):
            with self.subTest(user.login):
                self.assertEqual(self._call(user).user_id, user)

    def test_nobody_changes_or_deletes(self):
        row = self._call()
        for user in (self.user_own, self.user_manager, self.user_admin):
            theirs = row.with_user(user)
            for act in (
                lambda theirs=theirs: theirs.write({"summary": "x"}),
                theirs.unlink,
                lambda theirs=theirs: theirs.create(
                    {"partner_id": self.customer.id, "channel": "call"}
                ),
            ):
                with self.assertRaises(UserError):
                    act()
        for act in (lambda: row.sudo().write({"summary": "x"}), row.sudo().unlink):
            with self.assertRaises(UserError):
                act()

    def test_companies_are_apart(self):
        row = self._call()
        self.assertTrue(row.with_user(self.user_team).has_access("read"))
        self.assertFalse(row.with_user(self.user_other).has_access("read"))

    def test_rows_go_with_their_contact(self):
        partner = self.env["res.partner"].create({"name": "Vãng lai"})
        row = self.log._log([{"partner_id": partner.id, "channel": "visit"}])
        partner.unlink()
        self.assertFalse(row.exists())

    def test_contacts_made_are_the_last_contact(self):
        profiles = self.env["care.profile"]
        day = "2026-03-02 03:00"
        with self._at(day):
            self._create_ticket()
            self._call(self.user_own)
            self.log._log(
                [
                    {
                        "partner_id": self.customer.id,
                        "channel": "sms",
                        "state": "refused",
                        "reason": "cap",
                        "on": "2026-03-04 03:00:00",
                    },
                    {
                        "partner_id": self.customer_two.id,
                        "channel": "sms",
                        "on": "2026-03-03 03:00:00",
                    },
                ]
            )
            self._create_ticket(partner_id=self.customer_two.id)
            profiles._refresh(self.company, self.customer | self.customer_two)
        found = {
            profile.partner_id: str(profile.last_contact_on)
            for profile in profiles.search(
                [
                    ("partner_id", "in", (self.customer | self.customer_two).ids),
                    ("company_id", "=", self.company.id),
                ]
            )
        }
        self.assertEqual(
            found,
            {
                self.customer: "2026-03-02 03:00:00",
                self.customer_two: "2026-03-03 03:00:00",
            },
        )

    def test_a_contact_that_was_made_touches_the_customer(self):
        touch = self.env["care.touch"]
        while any(touch._take()):
            continue
        self.log._log(
            [
                {"partner_id": self.customer.id, "channel": "sms", "state": "refused"},
                {"partner_id": self.customer_two.id, "channel": "sms"},
            ]
        )
        told, hushed = touch._take()
        self.assertEqual(told | hushed, self.customer_two)

    def test_reasons_have_words_in_the_readers_language(self):
        for code, words in self.log._fields["reason"].selection:
            self.assertEqual(self.log._reason_text(code), words)
        self.assertEqual(self.log._reason_text(False), "")

    def test_merge_keeps_every_row(self):
        source = self.env["res.partner"].create({"name": "Mai (2)"})
        rows = self.log._log(
            [{"partner_id": source.id, "channel": "call"} for _ in range(3)]
        ) | self.log._log([{"partner_id": self.customer_two.id, "channel": "call"}])
        self.env["base.partner.merge.automatic.wizard"]._update_foreign_keys(
            source, self.customer_two
        )
        self.env.invalidate_all()
        self.assertEqual(rows.exists(), rows)
        self.assertEqual(rows.partner_id, self.customer_two)
        self.assertEqual(rows.commercial_partner_id, self.customer_two)

    def test_forgetting_keeps_counts_and_takes_words(self):
        row = self._call(summary="Địa chỉ nhà: 12 Hàng Bài", duration=60)
        self.env["care.contact.log"]._care_forget_partners(self.customer)
        self.assertRecordValues(
            row,
            [{"summary": False, "address": False, "duration": 60.0, "state": "done"}],
        )

    def test_export_is_plain_and_complete(self):
        self._call(summary="Hẹn thứ sáu", duration=60)
        found = self.log._care_export_partners(self.customer)
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0]["summary"], "Hẹn thứ sáu")
        self.assertEqual(found[0]["duration"], 60.0)
        self.assertFalse(self.log._care_export_partners(self.customer_two))
