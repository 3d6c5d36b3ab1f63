from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, RuleCommon


@tagged("post_install", "-at_install")
class TestServerActions(RuleCommon):
    """Ready-made actions about customers, in lists and in automations."""

    def _action(self, state, **values):
        return self.env["ir.actions.server"].create(
            {
                "name": "Việc",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "state": state,
                "group_ids": [
                    (6, 0, self.env.ref("customer_care.group_agent_own").ids)
                ],
                **values,
            }
        )

    def _run(self, action, user, people=None):
        people = self.people[:2] if people is None else people
        return (
            action.with_user(user)
            .with_context(
                active_model="res.partner",
                active_ids=people.ids,
                active_id=people.ids[0],
            )
            .sudo(False)
            .run()
        )

    def test_care_stage(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        action = self._action("care_stage", care_stage_id=loyal.id, care_keep_days=7)
        with self._at(NOW):
            self._run(action, self.user_own)
        self.assertEqual(self.people[:2].care_stage_id, loyal)
        self.assertEqual(str(self.people[0].care_stage_lock_until), "2026-06-22")
        self.assertEqual(
            self.people[0].care_stage_change_ids[:1].user_id, self.user_own
        )

    def test_segment_is_for_care_managers(self):
        segment = self._segment(kind="manual", name="Tay")
        put = self._action("care_segment_add", care_segment_id=segment.id)
        take = self._action("care_segment_remove", care_segment_id=segment.id)
        with self.assertRaises(AccessError):
            self._run(put, self.user_own)
        self._run(put, self.user_manager)
        self.assertEqual(self._in(segment), self.people[:2])
        self._run(take, self.user_manager, self.people[1])
        self.assertEqual(self._in(segment), self.people[0])

    def test_task(self):
        action = self._action("care_task", care_summary="Gọi lại", care_due_days=3)
        self.people[0].care_manager_id = self.user_team
        with self._at(NOW):
            self._run(action, self.user_own)
        tasks = self._tasks()
        self.assertEqual(
            [(task.user_id, task.summary, str(task.date_deadline)) for task in tasks],
            [
                (self.user_team, "Gọi lại", "2026-06-18"),
                (self.user_own, "Gọi lại", "2026-06-18"),
            ],
        )

    def test_contact(self):
        action = self._action(
            "care_contact", care_channel="visit", care_summary="Đã ghé"
        )
        self._run(action, self.user_own)
        rows = self.env["care.contact.log"].search(
            [("partner_id", "in", self.people.ids)]
        )
        self.assertEqual(rows.partner_id, self.people[:2])
        self.assertEqual(
            (set(rows.mapped("channel")), rows.user_id, set(rows.mapped("summary"))),
            ({"visit"}, self.user_own, {"Đã ghé"}),
        )

    def test_who_has_no_role_runs_none(self):
        for state, values in (
            ("care_task", {"care_summary": "x"}),
            ("care_contact", {"care_channel": "call"}),
            ("care_stage", {"care_stage_id": self.env["care.stage"].search([])[0].id}),
        ):
            action = self._action(
                state,
                group_ids=[(6, 0, self.env.ref("base.group_user").ids)],
                **values,
            )
            with self.subTest(state=state), self.assertRaises(AccessError):
                self._run(action, self.user_reader)

    def test_what_is_missing_is_told(self):
        for state, message in (
            ("care_stage", "Choose the care stage"),
            ("care_segment_add", "Choose the segment"),
            ("care_task", "what is to be done"),
        ):
            self.assertIn(message, self._action(state).warning)
        ticket = self.env["ir.model"]._get("care.ticket")
        action = self._action("care_task", care_summary="x", model_id=ticket.id)
        self.assertIn("must be Contact", action.warning)

    def test_shipped_actions_are_in_the_list_of_agents(self):
        bound = self.env["ir.actions.actions"].with_user(self.user_own)
        names = {
            action["name"]
            for action in bound.get_bindings("res.partner").get("action", [])
        }
        self.assertLessEqual({"Give a Task: Call", "Log a Call"}, names)

    def test_in_an_automation(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        model = self.env["ir.model"]._get("res.partner")
        with self._at(NOW):
            self.segment = self._world()
            self.env["base.automation"].create(
                {
                    "name": "Tự động",
                    "model_id": model.id,
                    "trigger": "on_care_segment_enter",
                    "care_segment_id": self.segment.id,
                    "action_server_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Chuyển",
                                "model_id": model.id,
                                "state": "care_stage",
                                "care_stage_id": loyal.id,
                                "usage": "base_automation",
                            },
                        )
                    ],
                }
            )
            self._come(*self.people[2:4])
            self._work()
        self.assertEqual(self.people[2:4].care_stage_id, loyal)
