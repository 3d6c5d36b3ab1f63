from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestUrgencyRule(UrgencyCommon):
    def test_words_that_say_nothing_are_refused(self):
        for words in (False, "", "  \n ", "!!!\n...", "a", "x, y;z"):
            with (
                self.subTest(words=words),
                self.assertRaisesRegex(ValidationError, "at least one word"),
            ):
                self._rule("words", 10, words=words)

    def test_too_many_words_are_refused(self):
        many = "\n".join(f"word{index}" for index in range(201))
        with self.assertRaisesRegex(ValidationError, "201 words"):
            self._rule("words", 10, words=many)
        self._rule("words", 10, words=many.rpartition("\n")[0])

    def test_points_have_limits(self):
        for points in (-100, -1, 1, 100):
            self._rule("reopened", points)
        for points in (-101, 0, 101):
            with (
                self.subTest(points=points),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                self._rule("reopened", points)

    def test_days_and_minutes_have_limits(self):
        self._rule("again", 5, days=1)
        self._rule("deadline", 5, minutes=0)
        for kind, values in (
            ("again", {"days": 0}),
            ("again", {"days": 91}),
            ("deadline", {"minutes": -1}),
            ("deadline", {"minutes": 43_201}),
        ):
            with (
                self.subTest(kind=kind, **values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                self._rule(kind, 5, **values)

    def test_what_a_kind_asks_for_must_be_there(self):
        for kind, values in (
            ("stage", {"care_stage_ids": []}),
            ("mood", {"mood": False}),
            ("kind", {"ticket_kind": False}),
            ("priority", {"priority": False}),
        ):
            with self.subTest(kind=kind), self.assertRaises(ValidationError):
                self._rule(kind, 5, **values)

    def test_a_rule_says_its_condition(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        said = [
            self._rule("words", 5, words="Luật sư\nkiện").condition,
            self._rule("mood", 5, mood="angry").condition,
            self._rule("stage", 5, care_stage_ids=vip.ids).condition,
            self._rule("deadline", 5, minutes=30).condition,
            self._rule("deadline", 5, minutes=0).condition,
        ]
        self.assertEqual(
            said,
            ["Luật sư, kiện", "Angry", vip.name, "at most 30 minutes left", "over"],
        )

    def test_managers_write_their_companies_rules_and_agents_read(self):
        rule = self._rule("reopened", 5)
        theirs = self._rule("reopened", 5, company_id=self.other_company.id)
        self.assertEqual(rule.with_user(self.user_own).points, 5)
        rule.with_user(self.user_manager).points = 7
        self.assertEqual(rule.points, 7)
        with self.assertRaises(AccessError):
            rule.with_user(self.user_lead).points = 8
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_manager).read(["points"])
