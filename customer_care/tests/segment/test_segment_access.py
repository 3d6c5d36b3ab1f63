from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ...lib.internal import INTERNAL
from ..customer.test_care_profile import NOW, TODAY
from .test_care_segment import SegmentCommon

ROLES = ("user_reader", "user_own", "user_team", "user_lead", "user_manager")


@tagged("post_install", "-at_install")
class TestSegmentAccess(SegmentCommon):
    """Agents read, care managers decide, and figures are nobody's to write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.segments.create(
            {"name": "Đoạn", "company_id": cls.company.id}
        )
        cls.purchase = cls.env["care.purchase"].create(
            {"partner_id": cls.people[0].id, "day": TODAY, "amount": 100}
        )
        cls.profiles._refresh(cls.company)
        cls.segment._refresh_and_note()
        cls.profile = cls.profiles.search([("partner_id", "=", cls.people[0].id)])
        cls.member = cls.segment.member_ids[:1]
        cls.event = cls.env["care.segment.event"].search(
            [("segment_id", "=", cls.segment.id)], limit=1
        )

    def _rights(self, record, user):
        theirs = record.with_user(user)
        return [
            operation
            for operation in ("read", "write", "create", "unlink")
            if theirs.has_access(operation)
        ]

    def test_who_decides(self):
        everything = ["read", "write", "create", "unlink"]
        for record in (self.segment, self.purchase):
            for role in ROLES:
                expected = ["read"]
                if role == "user_reader":
                    expected = []
                elif role == "user_manager":
                    expected = everything
                with self.subTest(model=record._name, role=role):
                    rights = self._rights(record, getattr(self, role))
                    self.assertEqual(rights, expected)

    def test_nobody_writes_what_the_system_keeps(self):
        for record in (self.profile, self.member, self.event, self.segment.size_ids):
            self.assertTrue(record)
            for role in (*ROLES, "user_admin"):
                expected = [] if role == "user_reader" else ["read"]
                with self.subTest(model=record._name, role=role):
                    self.assertEqual(
                        self._rights(record, getattr(self, role)), expected
                    )

    def test_other_companies_see_nothing(self):
        for record in (
            self.segment,
            self.purchase,
            self.profile,
            self.member,
            self.event,
            self.segment.size_ids,
        ):
            with self.subTest(model=record._name):
                self.assertEqual(self._rights(record, self.user_other), [])

    def test_decisions_are_for_care_managers(self):
        for act in (
            lambda segment: segment.action_include(self.people[1]),
            lambda segment: segment.action_exclude(self.people[1]),
            lambda segment: segment.action_follow_rule(self.people[1]),
            lambda segment: segment.action_refresh(),
            lambda segment: segment.member_ids[:1].action_exclude(),
        ):
            for user in (self.user_reader, self.user_lead, self.user_other):
                with self.assertRaises(AccessError):
                    act(self.segment.with_user(user))

    def test_put_in_by_dialog(self):
        stranger = self.customer_two
        put = self.env["care.segment.put"].with_context(
            active_model="res.partner", active_ids=stranger.ids
        )
        with self.assertRaises(AccessError):
            put.with_user(self.user_lead).create({"segment_id": self.segment.id})
        dialog = put.with_user(self.user_manager).create(
            {"segment_id": self.segment.id}
        )
        self.assertEqual(dialog.partner_count, 1)
        dialog.action_put()
        self.assertIn(stranger, self.segment.member_ids.partner_id)
        self.segment._refresh_and_note()
        self.assertIn(stranger, self.segment.member_ids.partner_id)

    def test_previews_are_for_care_managers(self):
        """A condition nobody saved yet would count anything for anybody."""
        fields = ["preview_count", "preview_partner_ids", "preview_error"]
        with self.assertRaises(AccessError):
            self.segment.with_user(self.user_lead).read(fields)
        form = self.segment.with_user(self.user_lead).get_view(view_type="form")
        self.assertNotIn("preview_count", form["arch"])
        manager = Form(self.segments.with_user(self.user_manager))
        manager.name, manager.domain = "x", "[('id', '=', 0)]"
        self.assertEqual(manager.preview_count, 0)
        manager.domain = "[]"
        self.assertEqual(manager.preview_count, len(self.segment.member_ids))

    def test_agents_are_told_why(self):
        why = self.env["care.segment.why"].with_user(self.user_own)
        told = why.create(
            {"segment_id": self.segment.id, "partner_id": self.people[0].id}
        )
        self.assertIn("is in", told.verdict)
        with self.assertRaises(AccessError):
            why.with_user(self.user_reader).create({"segment_id": self.segment.id})

    def test_names_in_a_condition_are_not_shown_to_everybody(self):
        """A condition by number says the name to whom may read the record."""
        rule = self.env["ir.rule"].create(
            {
                "name": "Nobody's contact",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.customer_two.id})]",
                "groups": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        self.assertTrue(rule)
        self.segment.domain = f"[('parent_id', '=', {self.customer_two.id})]"
        words = self.segment.with_user(self.user_own).condition_text
        self.assertNotIn(self.customer_two.name, words)
        self.assertIn(self.customer_two.name, self.segment.sudo().condition_text)

    def test_shared_source_is_not_for_a_manager_of_one_company(self):
        shared = self.env.ref("customer_care.purchase_source_sale")
        theirs = shared.with_user(self.user_manager)
        with self.assertRaisesRegex(AccessError, "All companies use"):
            theirs.active = False
        shared.company_ids = self.company
        theirs.active = False
        self.assertFalse(shared.active)
        for companies in (self.env["res.company"], self.other_company):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                theirs.company_ids = companies

    def test_context_of_a_request_hides_no_move(self):
        """Only the system may say that a care stage is written without a move."""
        editor = self.user_manager
        editor.group_ids += self.env.ref("base.group_partner_manager")
        loyal = self.env.ref("customer_care.care_stage_loyal")
        person = self.people[0].with_user(editor)
        with self._at(NOW):
            person.with_context(care_stage_moved=INTERNAL).write(
                {"care_stage_id": loyal.id, "care_stage_lock_until": "2099-01-01"}
            )
        change = person.care_stage_change_ids[:1]
        self.assertEqual((change.to_id, change.user_id), (loyal, editor))
        self.assertEqual(str(person.care_stage_lock_until), "2026-09-13")
        with self.assertRaises(AccessError):
            self.people[0].with_user(self.user_own).care_stage_id = loyal

    def test_stage_of_a_new_contact_has_a_history(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        with self._at(NOW):
            new = self.env["res.partner"].create(
                {"name": "Mới", "care_stage_id": vip.id, "care_customer_mark": "yes"}
            )
            self.profiles._refresh_all(self.company)
        self.assertEqual(new.care_stage_id, vip)
        self.assertEqual(str(new.care_stage_lock_until), "2026-09-13")
        change = new.care_stage_change_ids
        self.assertEqual((change.to_id, change.reason), (vip, "hand"))
        self.assertTrue(change.initial)

    def test_who_joins_a_company_locks_nothing(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        company = self.env["res.partner"].create(
            {"name": "Công ty", "is_company": True}
        )
        with self._at(NOW):
            company._care_move(loyal, TODAY)
            self.people[0].parent_id = company
        self.assertEqual(company.care_stage_lock_until, TODAY)
        self.assertEqual(len(company.care_stage_change_ids), 1)
        self.assertEqual(self.people[0].care_stage_id, loyal)
        self.assertEqual(self.people[0].care_stage_lock_until, TODAY)
