from datetime import timedelta

from odoo.tests import HttpCase, tagged

from ..customer.test_care_profile import TODAY
from .common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleTours(RuleCommon, HttpCase):
    def test_a_rule_opens_a_task_for_each_newcomer(self):
        """A segment, its preview, a rule for it; then somebody buys and the job runs."""
        inside, newcomer = self.people[:2]
        inside.write({"name": "Vũ Thị Lan", "email": "lan@customer.test"})
        newcomer.name = "Trần Thị Mơ"
        self._buy(TODAY, 1234567, inside)
        self._refresh()
        self.start_tour(
            "/odoo/care-segments", "care_rule_path", login="care_manager_test"
        )
        segment = self.segments.search([("name", "=", "Khách mới mua")])
        rule = self.rules.search([("segment_id", "=", segment.id)])
        self.assertEqual(rule.state, "running")
        self.assertFalse(self._tasks())
        # requests of a test have the clock of the wall, its own transaction has not
        with self._at(str(rule.running_since + timedelta(minutes=1))):
            self._buy(TODAY, 500000, newcomer)
            self._refresh()
            segment._refresh_and_note()
            self._work()
        tasks = self._tasks()
        self.assertEqual(tasks.mapped("res_id"), newcomer.ids)
        self.assertEqual(tasks.user_id, self.user_manager, "nobody else is in charge")
        self.assertIn("Mơ", tasks.summary)
        self.start_tour("/odoo/care-rules", "care_rule_log", login="care_manager_test")

    def test_automation_waits_for_a_segment(self):
        """Odoo's own list of triggers shows ours, and its form stays alive."""
        segment = self._segment("[]", name="Đoạn")
        automation = self.env["base.automation"].create(
            {
                "name": "Tự động",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "trigger": "on_care_segment_enter",
                "care_segment_id": segment.id,
            }
        )
        action = self.env.ref("base_automation.base_automation_act")
        self.env.ref("base.user_admin").lang = "en_US"
        self.start_tour(
            f"/odoo/action-{action.id}/{automation.id}",
            "care_automation_triggers",
            login="admin",
        )
        self.assertEqual(automation.trigger, "on_care_stage_change")
