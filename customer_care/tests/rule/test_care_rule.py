from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...lib.internal import INTERNAL
from ..customer.test_care_profile import TODAY
from .common import NOW, RuleCommon


@tagged("post_install", "-at_install")
class TestCareRule(RuleCommon):
    """When: what happens becomes work, once, and only from the start of the rule on."""

    def test_a_task_for_each_newcomer_and_for_nobody_else(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._work()
            self.assertFalse(self._tasks(), "those inside before are left alone")
            self._come(*self.people[2:4])
            self.assertEqual(
                self._told(rule),
                [(person, "waiting", None) for person in self.people[2:4]],
            )
            self._work()
        tasks = self._tasks()
        self.assertEqual(tasks.mapped("res_id"), self.people[2:4].ids)
        self.assertEqual(tasks.user_id, self.user_own)
        self.assertEqual(tasks.mapped("summary"), ["Gọi Khách 2", "Gọi Khách 3"])
        self.assertEqual(
            self._told(rule), [(person, "done", None) for person in self.people[2:4]]
        )
        runs = self.runs.search([("rule_id", "=", rule.id)], order="id")
        self.assertEqual(runs.mapped("result_id"), tasks.ids)
        self.assertEqual(runs[0].result_name, "Gọi Khách 2")
        self._work()
        self.assertEqual(len(self._tasks()), 2)

    def test_nothing_is_noted_for_rules_that_do_not_run(self):
        with self._at(NOW):
            self.segment = self._world()
            draft = self._rule(self.segment, start=False)
            paused = self._rule(self.segment)
            paused.action_pause()
            archived = self._rule(self.segment)
            archived.active = False
            other = self._rule(self._segment("[]", name="Khác"))
            leaving = self._rule(self.segment, occasion="leave")
            self._come(self.people[2])
        for rule in (draft, paused, archived, other, leaving):
            self.assertEqual(self._told(rule), [])

    def test_silent_members_start_nothing(self):
        """First fills, imports and changed conditions are no news."""
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self.people[2].city = "Huế"
            self.segment.with_context(care_silent=INTERNAL)._refresh()
            self.segment.domain = "[('city', 'in', ['Huế', 'Vinh'])]"
            self.people[3].city = "Vinh"
            self.segment._refresh_and_note()
            self.assertEqual(self._in(self.segment), self.people[:4])
            self.assertEqual(self._told(rule), [])
            self._come(self.people[4])
        self.assertEqual(self._told(rule), [(self.people[4], "waiting", None)])

    def test_a_request_cannot_ask_for_silence(self):
        """A context that was sent stays when code goes on as superuser; it says nothing."""
        loyal = self.env.ref("customer_care.care_stage_loyal")
        sent = {"care_silent": True}
        with self._at(NOW):
            self.segment = self._world()
            self._refresh()
            entered = self._rule(self.segment)
            moved = self._rule(occasion="stage", to_stage_id=loyal.id)
            self.people[2].city = "Huế"
            self.segment.with_context(**sent)._refresh()
            self.people[3].with_context(**sent).sudo()._care_move(loyal)
            touches = self.env["care.touch"].search([])
            self.people[4].with_context(**sent).sudo().city = "Vinh"
            self.env.cr.precommit.run()
            touched = self.env["care.touch"].search([]) - touches
            self._work()
        self.assertEqual(self._told(entered), [(self.people[2], "done", None)])
        self.assertEqual(self._told(moved), [(self.people[3], "done", None)])
        self.assertEqual(set(touched.mapped("is_silent")), {False})

    def test_leaving(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment, occasion="leave")
            self.people[0].city = "Vinh"
            self.segment._refresh_and_note()
            self._work()
        self.assertEqual(self._told(rule), [(self.people[0], "done", None)])

    def test_who_leaves_before_the_rule_acted(self):
        """Out again within the minute: nobody is called for that."""
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
            self.people[2].city = False
            self.segment._refresh_and_note()
            self._work()
            self.assertEqual(self._told(rule), [(self.people[2], "skipped", "passed")])
            self._come(self.people[2])
            self._work()
        self.assertEqual(
            self._told(rule)[1:],
            [(self.people[2], "done", None)],
            "coming in again is another occasion",
        )

    def test_two_occasions_of_one_customer_in_a_batch_count_once(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
            self.people[2].city = False
            self.segment._refresh_and_note()
            self._come(self.people[2])
            self._work()
        person = self.people[2]
        self.assertEqual(
            self._told(rule), [(person, "skipped", "passed"), (person, "done", None)]
        )
        self.assertEqual(len(self._tasks(person)), 1)

    # ---------------------------------------------------------------- care stages
    def test_care_stage_by_hand_and_by_its_rule(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        new = self.env.ref("customer_care.care_stage_new")
        by_hand, bought, other = self.people[:3]
        with self._at(NOW):
            self.profiles._refresh_all(self.company)
            to_loyal = self._rule(occasion="stage", to_stage_id=loyal.id)
            to_new = self._rule(occasion="stage", to_stage_id=new.id)
            potential = self.env.ref("customer_care.care_stage_potential")
            out = self._rule(occasion="stage", from_stage_id=potential.id)
            wrong = self._rule(
                occasion="stage", from_stage_id=new.id, to_stage_id=loyal.id
            )
            by_hand._care_move(loyal)
            self._buy(TODAY, partner=bought)
            self._refresh()
            self.env["care.stage"]._apply_rules(self.company)
            self.assertEqual(bought.care_stage_id, new)
            other.with_context(care_silent=INTERNAL).sudo()._care_move(loyal)
            self._work()
        self.assertEqual(self._told(to_loyal), [(by_hand, "done", None)])
        self.assertEqual(self._told(to_new), [(bought, "done", None)])
        self.assertEqual(
            self._told(out), [(by_hand, "done", None), (bought, "done", None)]
        )
        self.assertEqual(self._told(wrong), [])

    def test_first_care_stage_is_no_news(self):
        potential = self.env.ref("customer_care.care_stage_potential")
        with self._at(NOW):
            rule = self._rule(occasion="stage", to_stage_id=potential.id)
            self.profiles._refresh_all(self.company)
        self.assertEqual(self.people[0].care_stage_id, potential)
        self.assertEqual(self._told(rule), [])

    # ------------------------------------------------------------------- readiness
    def test_readiness_of_a_lead(self):
        """The lead of a person of a company tells of the company; silence tells nothing."""
        person = self.env["res.partner"].create(
            {"name": "Người của khách", "parent_id": self.people[0].id}
        )
        with self._at(NOW):
            self._refresh()
            rule = self._rule(occasion="readiness", to_readiness="ready")
            leads = self.env["crm.lead"].create(
                [
                    {"name": "A", "partner_id": person.id, "type": "opportunity"},
                    {
                        "name": "B",
                        "partner_id": self.people[1].id,
                        "type": "opportunity",
                    },
                ]
            )
            leads._care_assess()
            leads.flush_recordset()
            self.env.cr.execute(
                "UPDATE crm_lead SET probability = 95 WHERE id = ANY(%s)", [leads.ids]
            )
            leads.invalidate_recordset()
            leads[0]._care_assess()
            leads[1].with_context(care_silent=INTERNAL).sudo()._care_assess()
            self.assertEqual(set(leads.mapped("care_readiness")), {"ready"})
            self._work()
        self.assertEqual(
            [row for row in self._told(rule) if row[0] in self.people],
            [(self.people[0], "done", None)],
        )

    # ------------------------------------------------------------------- birthdays
    def _birthdays(self, rule, day):
        """Who is noted for ``rule`` by the job of a morning at seven in Hanoi."""
        before = self.runs.search([("rule_id", "=", rule.id)])
        with self._at(f"{day} 00:00"):
            self.rules._note_birthdays()
            self._work()
        new = self.runs.search([("rule_id", "=", rule.id)]) - before
        return new.partner_id & self.people

    def test_birthday_on_29_february(self):
        """Kept on the 28th in short years, on the 29th in leap years: once a year."""
        with self._at("2027-01-15 05:00"):
            self.people[0].care_birthday = date(2000, 2, 29)
            self.people[1].care_birthday = date(2001, 2, 28)
            self._refresh()
            rule = self._rule(occasion="birthday")
        self.assertFalse(self._birthdays(rule, "2027-02-27"))
        self.assertEqual(self._birthdays(rule, "2027-02-28"), self.people[:2])
        self.assertFalse(self._birthdays(rule, "2027-03-01"))
        self.assertEqual(self._birthdays(rule, "2028-02-28"), self.people[1])
        self.assertEqual(self._birthdays(rule, "2028-02-29"), self.people[0])
        self.assertFalse(self._birthdays(rule, "2028-03-01"))
        self.assertEqual(len(self._tasks()), 4)

    def test_birthday_days_before(self):
        with self._at(NOW):  # 15 June
            self.people[0].care_birthday = date(1990, 6, 18)
            self.people[1].care_birthday = date(1990, 6, 19)
            self.people[2].care_birthday = date(1990, 1, 1)
            self._refresh()
            rule = self._rule(occasion="birthday", days_before=3)
        self.assertFalse(
            self._birthdays(rule, "2026-06-15"), "the day of the start is before it"
        )
        self.assertEqual(self._birthdays(rule, "2026-06-16"), self.people[1])
        self.assertFalse(self._birthdays(rule, "2026-06-16"))
        self.assertEqual(self._birthdays(rule, "2026-12-29"), self.people[2])

    def test_birthdays_of_days_without_a_job(self):
        """Made up for until the birthday itself has passed."""
        with self._at(NOW):
            self.people[0].care_birthday = date(1990, 6, 20)
            self.people[1].care_birthday = date(1990, 6, 22)
            self._refresh()
            rule = self._rule(occasion="birthday", days_before=3)
        self.assertEqual(self._birthdays(rule, "2026-06-21"), self.people[1])

    def test_birthdays_wait_for_the_morning(self):
        with self._at(NOW):
            self.people[0].care_birthday = date(1990, 6, 20)
            self._refresh()
            rule = self._rule(occasion="birthday")
        with self._at("2026-06-19 18:00"):  # one o'clock in the night of the 20th
            self.rules._note_birthdays()
            self._work()
            self.assertEqual(self._told(rule), [(self.people[0], "waiting", None)])
        with self._at("2026-06-20 00:00"):
            self._work()
        self.assertEqual(self._told(rule), [(self.people[0], "done", None)])

    # --------------------------------------------------- between event and action
    def test_rule_paused_changed_archived_or_deleted_meanwhile(self):
        with self._at(NOW):
            self.segment = self._world()
            paused = self._rule(self.segment)
            archived = self._rule(self.segment)
            changed = self._rule(self.segment)
            resumed = self._rule(self.segment)
            edited = self._rule(self.segment)
            deleted = self._rule(self.segment)
            self._come(self.people[2])
        with self._at("2026-06-15 05:10"):
            paused.action_pause()
            archived.active = False
            changed.occasion = "leave"
            resumed.action_pause()
            resumed.action_start()
            edited.subject = "Nhắn {{customer_name}}"
            deleted.unlink()
            self._work()
        person = self.people[2]
        self.assertEqual(self._told(paused), [(person, "skipped", "paused")])
        self.assertEqual(self._told(archived), [(person, "skipped", "paused")])
        self.assertEqual(self._told(changed), [(person, "skipped", "changed")])
        self.assertEqual(self._told(resumed), [(person, "skipped", "changed")])
        self.assertEqual(self._told(edited), [(person, "done", None)])
        self.assertEqual(self._tasks().mapped("summary"), ["Nhắn Khách 2"])

    def test_log_is_not_deleted_with_its_rule(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
            self._work()
            with self.assertRaisesRegex(UserError, "Archive them"):
                rule.unlink()

    def test_what_waited_too_long_is_left_out(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
        with self._at("2026-06-30 05:00"):
            self._work()
        self.assertEqual(self._told(rule), [(self.people[2], "skipped", "late")])

    def test_used_segments_and_stages_are_not_deleted(self):
        stage = self.env["care.stage"].create({"name": "Đặc biệt", "phase": "loyal"})
        with self._at(NOW):
            self.segment = self._world()
            self._rule(self.segment, name="Gọi ngay")
            other = self._segment("[]", name="Khác")
            self._rule(
                self.segment,
                name="Đưa vào",
                action="segment_add",
                target_segment_id=other.id,
            )
            self._rule(occasion="stage", to_stage_id=stage.id, name="Đổi hạng")
        for record, name in (
            (self.segment, "Gọi ngay"),
            (other, "Đưa vào"),
            (stage, "Đổi hạng"),
        ):
            with self.assertRaisesRegex(UserError, name):
                record.unlink()

    # ---------------------------------------------------------------- already inside
    def test_also_start_those_inside(self):
        """Each of them once, by preview and button; who was served is not again."""
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
            self._work()
            dialog = (
                self.env["care.rule.start"]
                .with_user(self.user_manager)
                .create({"rule_id": rule.id})
            )
            self.assertEqual(dialog.present_count, 2)
            self.assertIn("Gọi Khách 1", dialog.samples)
            dialog.action_start()
            self._work()
            self.assertEqual(
                sorted(self._tasks().mapped("res_id")), self.people[:3].ids
            )
            self.assertEqual(rule._count_present(), 0)
            dialog.action_start()
            self._work()
        self.assertEqual(len(self._tasks()), 3)

    def test_also_start_those_in_a_care_stage(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        with self._at(NOW):
            self._refresh()
            self.people[0]._care_move(loyal)
            rule = self._rule(occasion="stage", to_stage_id=loyal.id)
            self.people[1]._care_move(loyal)
            self._work()
            self.assertEqual(self._told(rule), [(self.people[1], "done", None)])
            rule._note_present()
            self._work()
        told = [row for row in self._told(rule) if row[0] in self.people]
        self.assertEqual(told[1:], [(self.people[0], "done", None)])

    def test_a_rule_that_does_not_run_starts_with_nobody(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment, start=False)
            dialog = self.env["care.rule.start"].create({"rule_id": rule.id})
            with self.assertRaisesRegex(UserError, "Start the rule first"):
                dialog.action_start()

    # -------------------------------------------------------------------- bad input
    def test_incomplete_rules_do_not_start(self):
        stage = {"occasion": "stage"}
        for values, message in (
            ({"subject": False}, "Say what is to be done"),
            ({"getter_id": False}, "who gets the task"),
            (stage, "Choose a care stage"),
            ({"occasion": "leave", "segment_id": False}, "Choose the segment"),
            ({"action": "ticket"}, "Choose the team"),
            ({"action": "tag_add"}, "Choose the tag"),
            ({"action": "segment_add"}, "which segment"),
            ({"action": "stage"}, "Choose the care stage"),
            ({"action": "contact"}, "how the contact was made"),
        ):
            with self.subTest(values=values):
                segment = self._segment("[]", name="x")
                rule = self._rule(segment, start=False, **values)
                with self.assertRaisesRegex(ValidationError, message):
                    rule.action_start()

    def test_condition_is_checked_as_in_a_segment(self):
        for domain, message in (
            ("[('nothing', '=', 1)]", "no such field"),
            ("[('signup_type', '=', 'x')]", "not for your eyes"),
            ("not a list", "cannot be read"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self._rule(start=False, domain=domain)

    def test_placeholders_are_checked(self):
        for text in ("{{password}}", "{{object.env}}", "{{ name"):
            with self.assertRaisesRegex(ValidationError, "double braces"):
                self._rule(start=False, subject=text)
        rule = self._rule(start=False)
        with self.assertRaisesRegex(ValidationError, "password"):
            rule.text = "{{password}}"

    def test_state_is_nobodys_to_write(self):
        rule = self._rule(start=False, state="running")
        self.assertEqual(rule.state, "draft")
        rule.write({"state": "running", "running_since": NOW})
        self.assertEqual(rule.state, "draft")

    def test_owner_works_in_the_company(self):
        with self.assertRaisesRegex(ValidationError, "does not work in"):
            self._rule(start=False, user_id=self.user_other.id)
