from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import NOW, RuleCommon


@tagged("post_install", "-at_install")
class TestRulePreview(RuleCommon):
    """What a rule would do is told before it does anything."""

    def _seen(self, rule):
        """The rule as a care manager sees it."""
        return rule.with_user(self.user_manager)

    def test_counts_and_samples(self):
        with self._at("2026-05-01 05:00"):
            self.segment = self._world()
            self._come(self.people[2])  # 45 days before
        with self._at(NOW):
            self._come(*self.people[3:5])
            self.people[4].email = False
            self.people[:4].email = "a@customer.test"
            rule = self._rule(
                self.segment, start=False, domain="[('email', '!=', False)]"
            )
            seen = self._seen(rule)
            self.assertEqual(seen.preview_count, 4)
            self.assertEqual(seen.preview_past_count, 1)
            self.assertIn("Gọi Khách 3", seen.preview_samples)
            self.assertIn(self.user_own.name, seen.preview_samples)
            self.assertNotIn("Khách 4", seen.preview_samples)
            self.assertFalse(seen.problem)
            self.assertFalse(seen.doubt)
            self.assertFalse(self._tasks(), "a preview does nothing")
            self.assertFalse(self._told(rule))

    def test_samples_are_ten_at_most(self):
        people = self.env["res.partner"].create(
            [{"name": f"Người {n}", "care_customer_mark": "yes"} for n in range(15)]
        )
        with self._at(NOW):
            segment = self._world()
            self._refresh()
            people.city = "Huế"
            segment._refresh_and_note()
            rule = self._seen(self._rule(segment, start=False))
            self.assertEqual(rule.preview_samples.count("<tr>"), 10)
            self.assertEqual(rule.preview_count, 17)

    def test_names_are_no_markup(self):
        with self._at(NOW):
            segment = self._world()
            self.people[0].name = "<script>x</script>"
            rule = self._seen(self._rule(segment, start=False))
            self.assertNotIn("<script>", rule.preview_samples)
            self.assertIn("&lt;script&gt;", rule.preview_samples)

    def test_sentence(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        loyal = self.env.ref("customer_care.care_stage_loyal")
        segment = self._segment("[]", name="Mới")
        rule = self._rule(segment, start=False)
        self.assertEqual(rule.when_text, "When a customer comes into “Mới”")
        self.assertEqual(rule.who_text, "whoever it is")
        self.assertIn("Gọi {{customer_name}}", rule.do_text)
        rule.write(
            {
                "occasion": "stage",
                "from_stage_id": loyal.id,
                "to_stage_id": vip.id,
                "domain": "[('care_purchase_count', '>=', 3)]",
                "only_segment_ids": [(6, 0, segment.ids)],
                "action": "stage",
                "target_stage_id": loyal.id,
                "keep_days": 0,
            }
        )
        self.assertEqual(rule.when_text, "When a customer moves from “Loyal” to “VIP”")
        self.assertEqual(
            rule.who_text, "if the customer is: in any of: Mới; Purchases ≥ 3"
        )
        self.assertEqual(rule.do_text, "move the customer to “Loyal”")

    def test_rules_that_never_match_do_not_start(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        loyal = self.env.ref("customer_care.care_stage_loyal")
        gone = self.env["care.stage"].create(
            {"name": "Cũ", "phase": "loyal", "active": False}
        )
        archived = self._segment("[]", name="Cũ", active=False)
        hue = self._segment("[('city', '=', 'Huế')]", name="Huế")
        stage = {"occasion": "stage", "to_stage_id": vip.id}
        for values, message in (
            ({"segment_id": archived.id}, "is archived"),
            ({**stage, "to_stage_id": gone.id}, "is archived"),
            ({**stage, "from_stage_id": vip.id}, "to the same one"),
            (
                {**stage, "domain": f"[('care_stage_id', '=', {loyal.id})]"},
                "contradicts",
            ),
            (
                {"segment_id": hue.id, "domain": "[('city', '=', 'Vinh')]"},
                "contradicts",
            ),
            ({"segment_id": hue.id, "domain": "[('id', 'in', [])]"}, "contradicts"),
            (
                {"occasion": "birthday", "domain": "[('care_birthday', '=', False)]"},
                "contradicts",
            ),
            (
                {
                    "segment_id": hue.id,
                    "action": "segment_add",
                    "target_segment_id": hue.id,
                },
                "there already",
            ),
            (
                {
                    "segment_id": hue.id,
                    "only_segment_ids": [(6, 0, hue.ids)],
                    "except_segment_ids": [(6, 0, hue.ids)],
                },
                "the same segments",
            ),
        ):
            with self.subTest(values=values):
                rule = self._rule(start=False, **values)
                self.assertRegex(rule.problem, message)
                with self.assertRaisesRegex(ValidationError, message):
                    rule.action_start()

    def test_doubts_are_told_and_hinder_nothing(self):
        vip = self.env["care.stage"].create({"name": "Đặc biệt", "phase": "loyal"})
        with self._at(NOW):
            self._refresh()
            empty = self._segment("[('city', '=', 'Không đâu')]", name="Trống")
            empty._refresh_and_note()
            by_hand = self._segment(kind="manual", name="Tay")
            for values, message in (
                ({"segment_id": empty.id}, "Nobody is in “Trống”"),
                ({"segment_id": by_hand.id}, "Only people put"),
                ({"occasion": "stage", "to_stage_id": vip.id}, "by hand alone"),
            ):
                rule = self._rule(**values)
                self.assertRegex(self._seen(rule).doubt, message)
                self.assertEqual(rule.state, "running")

    def test_preview_while_writing(self):
        """Nothing is saved yet: counts follow, and a bad text is told."""
        with self._at(NOW):
            segment = self._world()
            form = Form(self.rules.with_user(self.user_manager))
            form.name = "Gọi"
            form.segment_id = segment
            form.subject = "Gọi {{customer_name}}"
            self.assertEqual(form.preview_count, 2)
            self.assertIn("Gọi Khách 0", form.preview_samples)
            form.subject = "Gọi {{password}}"
            self.assertIn("password", form.doubt)
            form.subject = "Gọi"
            form.domain = "[('nothing', '=', 1)]"
            self.assertIn("nothing", form.problem)
            with self.assertRaisesRegex(ValidationError, "no such field"):
                form.save()

    def test_try_on_a_customer(self):
        with self._at(NOW):
            segment = self._world()
            rule = self._rule(segment, start=False, domain="[('email', '!=', False)]")
            self.people[0].email = "a@customer.test"
            tried = self.env["care.rule.try"].with_user(self.user_lead)
            for person, verdict, answer in (
                (self.people[0], "would act", "Gọi Khách 0"),
                (self.people[1], "does not fulfil the condition", None),
                (self.people[2], "was over", None),
                (self.customer_two, "Not a customer", None),
            ):
                dialog = tried.create({"rule_id": rule.id, "partner_id": person.id})
                self.assertRegex(dialog.verdict.lower(), verdict.lower())
                if answer:
                    self.assertIn(answer, dialog.answer)
                else:
                    self.assertFalse(dialog.answer)
        self.assertFalse(self._tasks())
