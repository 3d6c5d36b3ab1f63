from odoo.tests import tagged

from .common import NOW, RuleCommon


@tagged("post_install", "-at_install")
class TestRuleWho(RuleCommon):
    """Who: condition, segments, hold-out, rest and limits, asked when the rule acts."""

    def test_condition_is_asked_when_the_rule_acts(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment, domain="[('email', '!=', False)]")
            self.people[2:4].email = "a@customer.test"
            self._come(*self.people[2:5])
            self.people[2].email = False
            self.people[4].email = "late@customer.test"
            self._work()
        self.assertEqual(
            self._told(rule),
            [
                (self.people[2], "skipped", "condition"),
                (self.people[3], "done", None),
                (self.people[4], "done", None),
            ],
        )

    def test_only_customers(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2], self.people[3])
            self.people[2].active = False
            self.people[3].care_customer_mark = "no"
            self._refresh()
            self._work()
        self.assertEqual(
            self._told(rule),
            [
                (self.people[2], "skipped", "no_customer"),
                (self.people[3], "skipped", "no_customer"),
            ],
        )

    def test_segments_beside_the_occasion(self):
        with self._at(NOW):
            self.segment = self._world()
            good = self._segment(kind="manual", name="Tốt")
            bad = self._segment(kind="manual", name="Xấu")
            good.action_include(self.people[2:4])
            bad.action_include(self.people[3])
            rule = self._rule(
                self.segment,
                only_segment_ids=[(6, 0, good.ids)],
                except_segment_ids=[(6, 0, bad.ids)],
            )
            self._come(*self.people[2:5])
            self._work()
        self.assertEqual(
            self._told(rule),
            [
                (self.people[2], "done", None),
                (self.people[3], "skipped", "condition"),
                (self.people[4], "skipped", "condition"),
            ],
        )

    def test_held_out_are_left_out(self):
        """The buckets say who; the expected ones are read from the members."""
        with self._at(NOW):
            self.segment = self._world()
            self.segment.hold_out_percent = 50
            rule = self._rule(self.segment)
            self._come(*self.people[2:])
            self._work()
        members = self.env["care.segment.member"].search(
            [("segment_id", "=", self.segment.id), ("state", "=", "in")]
        )
        for person, state, reason in self._told(rule):
            member = members.filtered(lambda one, who=person: one.partner_id == who)
            expected = ("skipped", "held_out") if member.bucket < 50 else ("done", None)
            self.assertEqual((state, reason), expected)
        self.assertEqual(len(self._told(rule)), 4)

    def test_everybody_held_out_of_a_segment_in_between(self):
        with self._at(NOW):
            self.segment = self._world()
            good = self._segment(kind="manual", name="Tốt", hold_out_percent=90)
            good.action_include(self.people[2:4])
            self.env.cr.execute(
                "UPDATE care_segment_member SET bucket = CASE partner_id"
                " WHEN %s THEN 89 ELSE 90 END WHERE segment_id = %s",
                [self.people[2].id, good.id],
            )
            rule = self._rule(self.segment, only_segment_ids=[(6, 0, good.ids)])
            self._come(*self.people[2:4])
            self._work()
        self.assertEqual(
            self._told(rule),
            [(self.people[2], "skipped", "held_out"), (self.people[3], "done", None)],
        )

    def test_left_in_peace_for_so_many_days(self):
        person = self.people[2]
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment, again_after_days=30)
            self._come(person)
            self._work()
        for moment, expected in (
            ("2026-07-15 04:59", ("skipped", "again")),
            ("2026-07-15 05:01", ("done", None)),
        ):
            with self._at(moment):
                person.city = False
                self.segment._refresh_and_note()
                self._come(person)
                self._work()
            self.assertEqual(self._told(rule)[-1], (person, *expected))

    def test_rules_that_wake_each_other_stop(self):
        """In by one rule, out by the other: three times a day and no more."""
        with self._at(NOW):
            self._refresh()
            segment = self._segment(kind="manual", name="Vòng")
            segment._refresh_and_note()
            into = self._rule(
                segment,
                occasion="leave",
                action="segment_add",
                target_segment_id=segment.id,
            )
            out = self._rule(
                segment,
                occasion="enter",
                action="segment_remove",
                target_segment_id=segment.id,
            )
            segment.action_include(self.people[0])
            self._work()
        self.assertLessEqual(len(self._told(into)), 4)
        self.assertEqual(
            [row[1:] for row in self._told(out)],
            [("done", None)] * 3 + [("skipped", "loop")],
        )

    def test_limit_of_the_day(self):
        """Two a day in the company's time: the third comes after its midnight."""
        with self._at("2026-06-15 16:30"):  # 23:30 in Hanoi
            self.segment = self._world()
            rule = self._rule(self.segment, daily_limit=2)
            self._come(*self.people[2:5])
            self._work()
            self.assertEqual(
                self._told(rule),
                [
                    (self.people[2], "done", None),
                    (self.people[3], "done", None),
                    (self.people[4], "waiting", "limit"),
                ],
            )
            self._come(self.people[5])
            self._work()
            self.assertEqual(self._told(rule)[-1], (self.people[5], "waiting", "limit"))
        with self._at("2026-06-15 16:59"):
            self._work()
            self.assertEqual(len(self._tasks()), 2)
        with self._at("2026-06-15 17:01"):
            self._work()
        self.assertEqual(len(self._tasks()), 4)
        self.assertEqual((rule.limit_count, str(rule.limit_day)), (2, "2026-06-16"))
