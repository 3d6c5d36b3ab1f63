from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, RuleCommon


@tagged("post_install", "-at_install")
class TestRuleDo(RuleCommon):
    """Do: each action for a batch, and one bad customer that holds up nobody."""

    def _run(self, *people, **values):
        """Let a rule with these values act for people, and return it."""
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment, **values)
            self._come(*people or self.people[2:4])
            self._work()
        return rule

    # ------------------------------------------------------------------------- task
    def test_task_for_the_person_in_charge_else_leader_else_owner(self):
        one, two = self.people[2:4]
        one.care_manager_id = self.user_team
        two.care_manager_id = self.user_lead
        self.user_lead.active = False
        self.team.leader_id = self.user_own
        self._run(*self.people[2:5], getter="manager", team_id=self.team.id)
        tasks = self._tasks()
        self.assertEqual(
            [(task.res_id, task.user_id) for task in tasks],
            [
                (one.id, self.user_team),
                (two.id, self.user_own),
                (self.people[4].id, self.user_own),
            ],
        )

    def test_task_for_the_owner_where_nobody_else_is(self):
        self.people[2].care_manager_id = self.user_other
        self._run(self.people[2], getter="manager")
        self.assertEqual(self._tasks().user_id, self.user_manager)

    def test_nobody_can_get_the_task(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment, getter="manager")
            self.people[3].care_manager_id = self.user_team
            self.user_manager.active = False
            self._come(*self.people[2:4])
            self._work()
        run = self.runs.search([("rule_id", "=", rule.id)], order="id", limit=1)
        self.assertIn("Nobody can get the task", run.note)
        self.assertEqual(self._told(rule)[1], (self.people[3], "done", None))

    def test_task_is_due_in_working_days(self):
        """Monday to Friday, one Monday off: from Friday two days on is Wednesday."""
        calendar = self.env["resource.calendar"].create(
            {"name": "Tuần", "tz": "Asia/Ho_Chi_Minh", "company_id": self.company.id}
        )
        self.company.resource_calendar_id = calendar
        leaves = self.env["resource.calendar.leaves"]
        leaves.create(
            {
                "name": "Nghỉ bù",
                "calendar_id": calendar.id,
                "date_from": "2026-06-21 17:00:00",
                "date_to": "2026-06-22 16:59:59",
            }
        )
        leaves.create(
            {
                "name": "Của công ty khác",
                "date_from": "2026-06-22 17:00:00",
                "date_to": "2026-06-23 16:59:59",
            }
        ).company_id = self.other_company
        rule = self._rule(start=False, deadline_days=2)
        for moment, expected in (
            ("2026-06-19 05:00", date(2026, 6, 24)),  # Friday: Tuesday, Wednesday
            ("2026-06-20 05:00", date(2026, 6, 25)),  # Saturday counts from Tuesday
            ("2026-06-15 05:00", date(2026, 6, 17)),
        ):
            with self._at(moment):
                self.assertEqual(rule._as_system()._deadline(), expected)
        rule.deadline_unit = "calendar"
        with self._at("2026-06-19 05:00"):
            self.assertEqual(rule._as_system()._deadline(), date(2026, 6, 21))

    def test_task_speaks_the_language_of_who_gets_it(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.user_own.lang = "vi_VN"
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(
                self.segment, getter="manager", subject="Call {{customer_name}}"
            )
            rule.with_context(lang="vi_VN").subject = "Gọi cho {{customer_name}}"
            self.people[2].care_manager_id = self.user_own
            self._come(*self.people[2:4])
            self._work()
        self.assertEqual(
            self._tasks().mapped("summary"), ["Gọi cho Khách 2", "Call Khách 3"]
        )

    def test_words_of_a_customer_are_no_markup(self):
        self.people[2].name = "<b>Mai</b> {{phone}}"
        self._run(
            self.people[2],
            subject="{{customer_name}}",
            text="Tên: {{customer_name}}\n<i>x</i>",
        )
        task = self._tasks()
        self.assertEqual(task.summary, "<b>Mai</b> {{phone}}")
        self.assertIn("&lt;b&gt;Mai&lt;/b&gt;", task.note)
        self.assertNotIn("<i>", task.note)

    def test_nobody_gets_a_mail_for_a_task(self):
        with self._at(NOW):
            self.segment = self._world()
            self._rule(self.segment)
            self._come(*self.people[2:4])
            told = [
                ("mail.mail", [("model", "=", "res.partner")]),
                (
                    "mail.message",
                    [
                        ("model", "=", "res.partner"),
                        ("res_id", "in", self.people.ids),
                    ],
                ),
            ]
            before = [self.env[model].search(domain) for model, domain in told]
            self._work()
        self.assertEqual(len(self._tasks()), 2)
        for (model, domain), known in zip(told, before, strict=True):
            self.assertEqual(self.env[model].search(domain), known)

    # ---------------------------------------------------------------------- the others
    def test_ticket_says_nothing_to_the_customer(self):
        template = self.env["mail.template"].create(
            {
                "name": "x",
                "model_id": self.env["ir.model"]._get("care.ticket").id,
                "subject": "x",
                "body_html": "x",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        self.stage_new.template_id = template
        self.people[2].email = "khach@customer.test"
        rule = self._run(
            action="ticket", team_id=self.team.id, subject="Hỏi thăm {{customer_name}}"
        )
        tickets = self.env["care.ticket"].search(
            [("partner_id", "in", self.people.ids)], order="id"
        )
        self.assertEqual(
            tickets.mapped("name"), ["Hỏi thăm Khách 2", "Hỏi thăm Khách 3"]
        )
        self.assertEqual(tickets.team_id, self.team)
        said = self.env["mail.message"].search(
            [("model", "=", "care.ticket"), ("res_id", "in", tickets.ids)]
        )
        self.assertFalse(said)
        runs = self.runs.search([("rule_id", "=", rule.id)], order="id")
        self.assertEqual(runs.mapped("result_id"), tickets.ids)
        self.assertEqual(runs[0].action_open_result()["res_model"], "care.ticket")

    def test_segment(self):
        with self._at(NOW):
            other = self._segment(kind="manual", name="Khác")
            other._refresh_and_note()
        self._run(action="segment_add", target_segment_id=other.id)
        self.assertEqual(self._in(other), self.people[2:4])
        with self._at(NOW):
            self._rule(
                self.segment,
                action="segment_remove",
                target_segment_id=other.id,
                occasion="leave",
            )
            self.people[2].city = False
            self.segment._refresh_and_note()
            self._work()
        self.assertEqual(self._in(other), self.people[3])

    def test_tag(self):
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        self.people[2].category_id = tags[1]
        self._run(action="tag_add", tag_ids=[(6, 0, tags[0].ids)])
        self.assertEqual(self.people[2].category_id, tags)
        self.assertEqual(self.people[3].category_id, tags[0])
        with self._at(NOW):
            self._rule(
                self.segment,
                action="tag_remove",
                tag_ids=[(6, 0, tags.ids)],
                occasion="leave",
            )
            self.people[2].city = False
            self.segment._refresh_and_note()
            self._work()
        self.assertFalse(self.people[2].category_id)
        self.assertEqual(self.people[3].category_id, tags[0])

    def test_care_stage_with_and_without_lock(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        vip = self.env.ref("customer_care.care_stage_vip")
        rule = self._run(action="stage", target_stage_id=loyal.id, keep_days=10)
        person = self.people[2]
        self.assertEqual(person.care_stage_id, loyal)
        self.assertEqual(str(person.care_stage_lock_until), "2026-06-25")
        self.assertEqual(str(person.care_stage_since), "2026-06-15")
        change = person.care_stage_change_ids[:1]
        self.assertEqual(
            (change.to_id, change.reason, change.note, change.user_id.id),
            (loyal, "automation", rule.name, False),
        )
        with self._at(NOW):
            self._rule(
                self.segment, action="stage", target_stage_id=vip.id, keep_days=0
            )
            self._come(self.people[4])
            rule.action_pause()
            self._work()
        self.assertEqual(self.people[4].care_stage_id, vip)
        self.assertFalse(self.people[4].care_stage_lock_until)

    def test_contact_log(self):
        rule = self._run(
            action="contact", contact_channel="zalo", subject="Chào {{customer_name}}"
        )
        rows = self.env["care.contact.log"].search(
            [("partner_id", "in", self.people.ids)], order="id"
        )
        self.assertEqual(rows.mapped("summary"), ["Chào Khách 2", "Chào Khách 3"])
        self.assertEqual(set(rows.mapped("channel")), {"zalo"})
        self.assertEqual(set(rows.mapped("source_id")), {rule.id})

    # --------------------------------------------------------------------- isolation
    def _failing_for(self, *bad):
        """Let the action fail, after it was done, where a batch has one of these."""
        original = type(self.rules)._do_task

        def do_task(rule, partners):
            result = original(rule, partners)
            if set(bad) & set(partners.ids):
                raise UserError("Hỏng rồi")
            return result

        return patch.object(type(self.rules), "_do_task", do_task)

    def test_one_bad_customer_is_isolated_and_tried_again(self):
        people = self.env["res.partner"].create(
            [{"name": f"Người {n}", "care_customer_mark": "yes"} for n in range(30)]
        )
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._refresh()
            self._come(*people)
            with self._failing_for(people[7].id, people[20].id):
                self._work()
        told = {row[0]: row[1:] for row in self._told(rule)}
        for person in people:
            bad = person in (people[7] | people[20])
            expected = ("waiting", "error") if bad else ("done", None)
            self.assertEqual(told[person], expected)
        self.assertEqual(
            len(self._tasks(people)), 28, "nothing is left of the attempts"
        )
        run = self.runs.search([("partner_id", "=", people[7].id)])
        self.assertEqual((run.note, run.attempts), ("Hỏng rồi", 1))
        self.assertEqual(str(run.due_on), "2026-06-15 05:05:00")
        with self._at("2026-06-15 05:04"):
            self._work()
            self.assertEqual(len(self._tasks(people)), 28)
        with self._at("2026-06-15 05:06"):
            self._work()
        self.assertEqual(len(self._tasks(people)), 30)
        self.assertEqual((run.state, run.reason), ("done", False))

    def test_attempts_end_and_can_be_begun_again(self):
        with self._at(NOW) as now:
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
        run = self.runs.search([("rule_id", "=", rule.id)])
        waits = []
        with self._failing_for(self.people[2].id):
            for _attempt in range(5):
                with self._at(str(now)[:19]):
                    self._work()
                waits.append((run.due_on - now).total_seconds() / 60)
                now = run.due_on + timedelta(seconds=1)
        self.assertEqual(run.state, "failed")
        self.assertEqual([round(wait) for wait in waits[:4]], [5, 30, 120, 720])
        self.assertEqual(rule.failed_count, 1)
        with self._at(str(now)[:19]):
            self._work()
            self.assertEqual(run.state, "failed")
            run.with_user(self.user_manager).action_try_again()
            self._work()
        self.assertEqual(run.state, "done")

    def test_leave_out_by_hand(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(*self.people[2:4])
            runs = self.runs.search([("rule_id", "=", rule.id)], order="id")
            runs[0].with_user(self.user_manager).action_leave_out()
            self._work()
        self.assertEqual(
            self._told(rule),
            [(self.people[2], "skipped", "hand"), (self.people[3], "done", None)],
        )
        with self.assertRaisesRegex(UserError, "failed or was left out"):
            runs[1].action_try_again()

    # -------------------------------------------------------------- merge and privacy
    def test_merge_leaves_one_that_waits(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(*self.people[2:5])
            self.runs._care_merge_partners(self.people[2], self.people[3])
            runs = self.runs.search([("rule_id", "=", rule.id)], order="id")
            runs[0].partner_id = self.people[3]
            self._work()
        self.assertEqual(
            [row[1:] for row in self._told(rule)],
            [("skipped", "merged"), ("done", None), ("done", None)],
        )

    def test_forget_and_export(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(*self.people[2:4])
            told = self.runs._care_export_partners(self.people[2])
            self.runs._care_forget_partners(self.people[2])
            self._work()
        self.assertEqual(
            [(row["rule"], row["state"]) for row in told], [(rule.name, "Waiting")]
        )
        self.assertEqual(
            self._told(rule),
            [
                (self.people[2], "skipped", "no_customer"),
                (self.people[3], "done", None),
            ],
        )
