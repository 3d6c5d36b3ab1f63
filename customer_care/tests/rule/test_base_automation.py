from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import NOW, RuleCommon


@tagged("post_install", "-at_install")
class TestBaseAutomation(RuleCommon):
    """Automations of administrators read the same outbox, in batches."""

    def _automation(self, code, **values):
        model = self.env["ir.model"]._get("res.partner")
        return self.env["base.automation"].create(
            {
                "name": "Tự động",
                "model_id": model.id,
                "trigger": "on_care_segment_enter",
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Làm",
                            "model_id": model.id,
                            "state": "code",
                            "code": code,
                            "usage": "base_automation",
                        },
                    )
                ],
                **values,
            }
        )

    def _runs(self, automation):
        runs = self.runs.search([("automation_id", "=", automation.id)], order="id")
        return [(run.partner_id, run.state, run.reason or None) for run in runs]

    def test_one_call_for_a_batch(self):
        code = "records.write({'function': ','.join(str(r.id) for r in records)})"
        with self._at(NOW):
            self.segment = self._world()
            automation = self._automation(code, care_segment_id=self.segment.id)
            self._work()
            self.assertFalse(self.people[0].function)
            self._come(*self.people[2:5])
            self._work()
        together = ",".join(str(ref) for ref in self.people[2:5].ids)
        self.assertEqual(self.people[2:5].mapped("function"), [together] * 3)
        self.assertEqual(
            self._runs(automation),
            [(person, "done", None) for person in self.people[2:5]],
        )

    def test_leaving_and_care_stages(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        with self._at(NOW):
            self.segment = self._world()
            leaving = self._automation(
                "records.write({'ref': 'left'})",
                trigger="on_care_segment_leave",
                care_segment_id=self.segment.id,
            )
            moving = self._automation(
                "records.write({'function': env.company.name})",
                trigger="on_care_stage_change",
                care_to_stage_id=loyal.id,
            )
            self.people[0].city = False
            self.segment._refresh_and_note()
            self.people[1]._care_move(loyal)
            self._work()
        self.assertEqual(self.people[0].ref, "left")
        self.assertEqual(self.people[1].function, self.company.name)
        self.assertEqual(self._runs(leaving), [(self.people[0], "done", None)])
        self.assertEqual(self._runs(moving), [(self.people[1], "done", None)])

    def test_condition_and_one_bad_record(self):
        code = (
            "if any(r.ref == 'bad' for r in records): raise UserError('Hỏng')\n"
            "records.write({'function': 'done'})"
        )
        with self._at(NOW):
            self.segment = self._world()
            automation = self._automation(
                code,
                care_segment_id=self.segment.id,
                filter_domain="[('ref', '!=', 'out')]",
            )
            self.people[2].ref = "out"
            self.people[3].ref = "bad"
            self._come(*self.people[2:])
            self._work()
        self.assertEqual(
            self._runs(automation),
            [
                (self.people[2], "skipped", "condition"),
                (self.people[3], "waiting", "error"),
                (self.people[4], "done", None),
                (self.people[5], "done", None),
            ],
        )
        self.assertEqual(
            self.people[2:].mapped("function"), [False, False, *["done"] * 2]
        )

    def test_changed_and_archived_meanwhile(self):
        with self._at(NOW):
            self.segment = self._world()
            gone = self._automation("x = 1", care_segment_id=self.segment.id)
            changed = self._automation("x = 1", care_segment_id=self.segment.id)
            self._come(self.people[2])
        with self._at("2026-06-15 05:01"):
            gone.active = False
            changed.trigger = "on_care_segment_leave"
            changed.care_segment_id = self.segment
            self._work()
        self.assertEqual(self._runs(gone), [(self.people[2], "skipped", "paused")])
        self.assertEqual(self._runs(changed), [(self.people[2], "skipped", "changed")])

    def test_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "choose which"):
            self._automation("x = 1")
        segment = self._segment("[]", name="Đoạn")
        model = self.env["ir.model"]._get("care.ticket")
        with self.assertRaisesRegex(ValidationError, "must be Contact"):
            self.env["base.automation"].create(
                {
                    "name": "Sai",
                    "model_id": model.id,
                    "trigger": "on_care_segment_enter",
                    "care_segment_id": segment.id,
                }
            )
        self._automation("x = 1", care_segment_id=segment.id, name="Đang dùng")
        with self.assertRaisesRegex(UserError, "Đang dùng"):
            segment.unlink()
