from datetime import date, datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.internal import INTERNAL
from ..customer.test_care_profile import NOW, TODAY, ProfileCommon

MOMENT = datetime.fromisoformat(NOW)


class ReadinessCommon(ProfileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.env["crm.lead"]
        cls.company.write(
            {
                "care_ready_percent": 70,
                "care_comparing_percent": 30,
                "care_ready_days": 14,
            }
        )
        cls.viewed = cls.env.ref("sale.mt_order_viewed")
        cls.has_bridge = "opportunity_id" in cls.env["sale.order"]._fields

    def _lead(self, probability=10, **values):
        """A lead whose probability nobody guesses."""
        lead = self.leads.create(
            {
                "name": "Máy lạnh cho quán",
                "type": "opportunity",
                "partner_id": self.buyer.id,
                "company_id": self.company.id,
                **values,
            }
        )
        lead.probability = probability
        return lead

    def _quote(self, lead, days_ago=1, state="sent"):
        values = {"opportunity_id": lead.id} if self.has_bridge else {}
        order = self.env["sale.order"].create(
            {"partner_id": lead.partner_id.id, "company_id": self.company.id, **values}
        )
        order.write({"state": state, "date_order": MOMENT - timedelta(days=days_ago)})
        lead._care_assess()
        return order

    def _message(self, record, days_ago, author=None, **values):
        message = record.message_post(
            body="Giá thế nào?",
            author_id=(author or self.buyer).id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )
        message.date = MOMENT - timedelta(days=days_ago)
        return message

    def _said(self, lead):
        lead.invalidate_recordset()
        return lead.care_readiness, lead.care_readiness_reason

    def _changes(self, lead):
        lines = self.env["care.readiness.change"].search(
            [("lead_id", "=", lead.id)], order="id"
        )
        return [
            (line.from_state, line.to_state, line.reason, line.initial)
            for line in lines
        ]


@tagged("post_install", "-at_install")
class TestReadiness(ReadinessCommon):
    def test_each_rule(self):
        """One lead per rule, from the table of the rules."""
        with self._at(NOW):
            cases = {
                ("exploring", "quiet"): self._lead(),
                ("comparing", "possible"): self._lead(30),
                ("ready", "likely"): self._lead(70),
                ("comparing", "wrote"): self._lead(),
                ("comparing", "planned"): self._lead(),
                ("comparing", "quoted"): self._lead(partner_id=self._person()),
                ("ready", "closing"): self._lead(
                    partner_id=self._person(), date_deadline=date(2026, 6, 29)
                ),
                ("ready", "answered"): self._lead(partner_id=self._person()),
                ("ready", "viewed"): self._lead(partner_id=self._person()),
                ("ready", "ordered"): self._lead(partner_id=self._person()),
            }
            self._message(cases["comparing", "wrote"], 14)
            cases["comparing", "planned"].activity_schedule(
                "mail.mail_activity_data_call", TODAY, user_id=self.user_own.id
            )
            self._quote(cases["comparing", "quoted"], 59)
            self._quote(cases["ready", "closing"], 5)
            answered = cases["ready", "answered"]
            self._quote(answered, 5)
            self._message(answered, 4, answered.partner_id)
            opened = self._quote(cases["ready", "viewed"], 20)
            opened.message_post(body="x", subtype_xmlid="sale.mt_order_viewed")
            self._quote(cases["ready", "ordered"], 3, state="sale")
            self.leads._care_assess_all()
            for expected, lead in cases.items():
                self.assertEqual(self._said(lead), expected)

    def _person(self):
        return self.env["res.partner"].create({"name": "Chủ quán"}).id

    def test_limits_of_the_rules(self):
        """A day or a point less, and the rule does not fit."""
        with self._at(NOW):
            low, high = self._lead(29.9), self._lead(69.9)
            silent = self._lead()
            self._message(silent, 15)
            stale = self._lead(partner_id=self._person())
            self._quote(stale, 61)
            ours = self._lead()
            self._message(ours, 1, self.user_own.partner_id)
            far = self._lead(partner_id=self._person(), date_deadline=date(2026, 6, 30))
            self._quote(far, 5)
            self.leads._care_assess_all()
            self.assertEqual(self._said(low)[1], "quiet")
            self.assertEqual(self._said(high)[1], "possible")
            self.assertEqual(self._said(silent)[1], "quiet")
            self.assertEqual(self._said(stale)[1], "quiet")
            self.assertEqual(self._said(ours)[1], "quiet", "our own words say nothing")
            self.assertEqual(self._said(far)[1], "quoted")

    def test_follows_what_is_written(self):
        with self._at(NOW):
            lead = self._lead()
            self.assertEqual(lead.care_readiness, "exploring")
            lead.probability = 80
            self.assertEqual(lead.care_readiness, "ready")
            lead.action_set_lost()
            self.assertFalse(lead.care_readiness)
            self.assertFalse(lead.care_readiness_reason)
            lead.action_unarchive()
            lead.probability = 40
            self.assertEqual(lead.care_readiness, "comparing")
            states = [line[:3] for line in self._changes(lead)]
        self.assertEqual(states[-4][:2], ("exploring", "ready"))
        self.assertEqual(states[-3], ("ready", False, "closed"))
        self.assertEqual(states[-1][1], "comparing")

    def test_message_of_the_customer_counts_at_once(self):
        with self._at(NOW):
            lead = self._lead()
            lead.message_post(
                body="Còn hàng không?",
                author_id=self.buyer.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
            self.assertEqual(self._said(lead), ("comparing", "wrote"))

    def test_time_passes(self):
        with self._at(NOW):
            lead = self._lead()
            self._message(lead, 10)
            lead._care_assess()
            self.assertEqual(self._said(lead)[1], "wrote")
        with self._at("2026-06-20 05:00"):
            self.leads._care_assess_all()
            self.assertEqual(self._said(lead)[1], "quiet")

    def test_second_run_writes_nothing(self):
        with self._at(NOW):
            lead = self._lead(50)
            self.leads._care_assess_all()
            self.env.cr.execute(
                "SELECT ctid, (SELECT COUNT(*) FROM care_readiness_change)"
                " FROM crm_lead WHERE id = %s",
                [lead.id],
            )
            before = self.env.cr.fetchall()
            self.assertEqual(self.leads._care_assess_all(), 0)
            self.env.cr.execute(
                "SELECT ctid, (SELECT COUNT(*) FROM care_readiness_change)"
                " FROM crm_lead WHERE id = %s",
                [lead.id],
            )
            self.assertEqual(self.env.cr.fetchall(), before)

    def test_some_give_what_all_give(self):
        with self._at(NOW):
            leads = self.leads.union(*(self._lead(p) for p in (5, 35, 75)))
            alone = [self._said(lead) for lead in leads]
            self.env.cr.execute(
                "UPDATE crm_lead SET care_readiness = NULL WHERE id = ANY(%s)",
                [list(leads.ids)],
            )
            self.leads._care_assess_all()
            self.assertEqual([self._said(lead) for lead in leads], alone)
            initial = [self._changes(lead)[-1][3] for lead in leads]
        self.assertEqual(initial, [True] * 3, "who was there before is no news")

    def test_silence(self):
        with self._at(NOW):
            silent = self.leads.sudo().with_context(care_silent=INTERNAL)
            lead = silent.create({"name": "Nhập", "type": "opportunity"})
            self.assertTrue(self._changes(lead)[0][3])
            loud = self.leads.with_user(self.user_admin)
            self.user_admin.group_ids += self.env.ref("sales_team.group_sale_manager")
            told = loud.with_context(care_silent=True).create({"name": "Mới"})
            self.assertFalse(
                self._changes(told.sudo())[0][3], "a request is not silent"
            )

    def test_queries_do_not_depend_on_leads(self):
        with self._at(NOW):
            few = self.leads.union(*(self._lead(20) for _n in range(2)))
            many = self.leads.union(*(self._lead(20) for _n in range(30)))
            counts = []
            for leads in (few, few, many):
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                leads._care_assess()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 6)

    def test_nobody_writes_it(self):
        with self._at(NOW):
            lead = self._lead()
            lead.care_readiness = "ready"
            self.assertEqual(self._said(lead)[0], "exploring")
            other = self._lead(care_readiness="ready")
            self.assertEqual(self._said(other)[0], "exploring")
            line = self.env["care.readiness.change"].search(
                [("lead_id", "=", lead.id)], limit=1
            )
            with self.assertRaises(UserError):
                line.write({"reason": "likely"})
            with self.assertRaises(UserError):
                line.unlink()

    def test_limits_of_the_settings(self):
        for values in (
            {"care_ready_days": 0},
            {"care_comparing_percent": 80},
            {"care_comparing_percent": 0},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(Exception) as raised,
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.company.write(values)
                self.env.flush_all()
            name = type(raised.exception).__name__
            self.assertIn(name, ("CheckViolation", ValidationError.__name__))

    def test_customer_is_as_ready_as_his_best_lead(self):
        person = self.env["res.partner"].create(
            {"name": "Nhân viên", "parent_id": self.buyer.id}
        )
        with self._at(NOW):
            self._lead(10)
            self._lead(80, partner_id=person.id)
            self._lead(99, company_id=self.other_company.id)
            none = self.customer_two
            self.assertEqual(self.buyer.care_readiness, "ready")
            self.assertEqual(person.care_readiness, "ready")
            self.assertFalse(none.care_readiness)
            both = self.buyer | person | none
            inside = [("id", "in", both.ids)]
            find = self.env["res.partner"].search
            self.assertEqual(
                find([*inside, ("care_readiness", "=", "ready")]), self.buyer | person
            )
            self.assertFalse(find([*inside, ("care_readiness", "=", "exploring")]))
            self.assertEqual(find([*inside, ("care_readiness", "=", False)]), none)
            there = self.buyer.with_company(self.other_company)
            self.assertEqual(there.care_readiness, "ready")

    def test_merge_forget_export(self):
        changes = self.env["care.readiness.change"]
        with self._at(NOW):
            lead = self._lead(80)
            told = changes._care_export_partners(self.buyer)
            self.assertEqual(told[0]["to"], "ready")
            count = len(self._changes(lead))
            changes._care_merge_partners(self.buyer, self.customer_two)
            self.assertEqual(
                changes.search_count([("partner_id", "=", self.customer_two.id)]), count
            )
            changes._care_forget_partners(self.customer_two)
        self.assertEqual(len(self._changes(lead)), count, "counts stay")
        self.assertFalse(lead.care_readiness_change_ids.partner_id)
