"""Two workers, and a job that dies: every effect once. Real cursors and threads."""

import threading
from contextlib import contextmanager
from unittest.mock import patch

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..races import RaceMixin, drop_company

PEOPLE = 60


class Killed(BaseException):
    """The job is gone, without a word."""


@tagged("post_install", "-at_install")
class TestRuleRaces(RaceMixin, BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean)
        with cls._transaction() as env:
            cls._create_world(env)

    @classmethod
    @contextmanager
    def _transaction(cls):
        """A transaction of its own, committed at the end unless something is raised."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @classmethod
    def _create_world(cls, env):
        company = env["res.company"].create({"name": "Races"})
        people = env["res.partner"].create(
            [
                {
                    "name": f"Race {number}",
                    "care_customer_mark": "yes",
                    "company_id": company.id,
                }
                for number in range(PEOPLE)
            ]
        )
        env["care.profile"]._refresh_all(company)
        segment = env["care.segment"].create(
            {
                "name": "Races",
                "company_id": company.id,
                "domain": "[('city', '=', 'Đua')]",
            }
        )
        segment._refresh_and_note()
        owner = env.ref("base.user_admin")
        owner.company_ids = [(4, company.id)]
        cls.company, cls.people, cls.segment = company.id, people.ids, segment.id
        cls.owner = owner.id

    @classmethod
    def _clean(cls):
        with cls._transaction() as env:
            env.cr.execute(
                """
                DELETE FROM mail_activity
                 WHERE res_model = 'res.partner' AND res_id = ANY(%(people)s);
                DELETE FROM care_rule_run WHERE company_id = %(company)s;
                """,
                {"people": cls.people, "company": cls.company},
            )
            env["care.rule"].search([("company_id", "=", cls.company)]).unlink()
            env["care.segment"].with_context(active_test=False).search(
                [("company_id", "=", cls.company)]
            ).unlink()
            env.ref("base.user_admin").company_ids = [(3, cls.company)]
            env["res.partner"].browse(cls.people).unlink()
            drop_company(env, env["res.company"].browse(cls.company))

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            rule = env["care.rule"].create(
                {
                    "name": f"Race {self.id()}",
                    "company_id": self.company,
                    "user_id": self.owner,
                    "segment_id": self.segment,
                    "subject": "Gọi {{customer_name}}",
                }
            )
            rule.action_start()
            self.rule = rule.id
        self.addCleanup(self._leave)

    def _leave(self):
        """Everybody goes out again, and the rule stops."""
        with self._transaction() as env:
            env["care.rule"].browse(self.rule).action_pause()
            env["care.rule.run"].search([("rule_id", "=", self.rule)]).unlink()
            people = env["res.partner"].browse(self.people)
            people.city = False
            env["care.segment"].browse(self.segment)._refresh()
            env["mail.activity"].search(
                [("res_model", "=", "res.partner"), ("res_id", "in", self.people)]
            ).unlink()

    def _come(self):
        with self._transaction() as env:
            env["res.partner"].browse(self.people).city = "Đua"
            env["care.segment"].browse(self.segment)._refresh()

    def _figures(self):
        """(states of the runs, tasks, customers with one) as committed."""
        with self._transaction() as env:
            runs = env["care.rule.run"].search([("rule_id", "=", self.rule)])
            tasks = env["mail.activity"].search(
                [("res_model", "=", "res.partner"), ("res_id", "in", self.people)]
            )
            return (
                sorted(set(runs.mapped("state"))),
                len(runs),
                len(tasks),
                len(set(tasks.mapped("res_id"))),
            )

    def _batches_of(self, size):
        module = "odoo.addons.customer_care.models.rule.care_rule_run_work"
        patcher = patch(f"{module}.BATCH", size)
        patcher.start()
        self.addCleanup(patcher.stop)

    def _work(self):
        """What the job does, with a commit after each batch."""
        with self.registry.cursor() as cr:
            runs = api.Environment(cr, SUPERUSER_ID, {})["care.rule.run"]
            while runs._work_batch():
                cr.commit()

    def test_two_workers(self):
        """Four threads on one set: each customer gets one task."""
        self._batches_of(7)
        self._come()
        barrier, problems = threading.Barrier(4), []

        def work():
            barrier.wait()
            try:
                for _turn in range(5):  # who was crossed three times comes again
                    self._work()
            except Exception as error:  # noqa: BLE001 - told in the main thread
                problems.append(error)

        threads = [threading.Thread(target=work) for _number in range(4)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(problems, [])
        self.assertEqual(self._figures(), (["done"], PEOPLE, PEOPLE, PEOPLE))

    def test_what_one_worker_holds_the_other_leaves(self):
        self._come()
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one = api.Environment(first, SUPERUSER_ID, {})["care.rule.run"]
            two = api.Environment(second, SUPERUSER_ID, {})["care.rule.run"]
            claimed = one._claim(), two._claim()
            self.assertEqual(len(claimed[0]), PEOPLE)
            self.assertFalse(claimed[1])
            first.rollback()
            second.rollback()
            self.assertEqual(len(two._claim()), PEOPLE)

    def test_killed_in_the_middle_of_a_batch(self):
        """Before the states are written, before the commit, and between two batches."""
        self._batches_of(7)
        self._come()
        runs = self.registry["care.rule.run"]

        def killed_after(name):
            original = getattr(runs, name)

            def method(records, *args):
                original(records, *args)
                raise Killed

            return patch.object(runs, name, method)

        for name in ("_note_outcomes", "_outcomes", "_claim"):
            with killed_after(name), self.assertRaises(Killed):
                self._work()
            self.assertEqual(self._figures(), (["waiting"], PEOPLE, 0, 0))
        calls = []
        original = runs._claim

        def third_time(records):
            calls.append(1)
            if len(calls) == 3:
                raise Killed
            return original(records)

        with patch.object(runs, "_claim", third_time), self.assertRaises(Killed):
            self._work()
        self.assertEqual(self._figures(), (["done", "waiting"], PEOPLE, 14, 14))
        self._work()
        self.assertEqual(self._figures(), (["done"], PEOPLE, PEOPLE, PEOPLE))

    def test_refresh_that_is_killed_leaves_no_work(self):
        with self.assertRaises(Killed), self._transaction() as env:
            env["res.partner"].browse(self.people).city = "Đua"
            env["care.segment"].browse(self.segment)._refresh()
            self.assertEqual(
                env["care.rule.run"].search_count([("rule_id", "=", self.rule)]), PEOPLE
            )
            raise Killed
        self.assertEqual(self._figures(), ([], 0, 0, 0))
        self._come()
        self.assertEqual(self._figures()[:2], (["waiting"], PEOPLE))

    def test_limit_of_the_day_holds_under_two_workers(self):
        with self._transaction() as env:
            env["care.rule"].browse(self.rule).daily_limit = 10
        self._batches_of(4)
        self._come()
        barrier, problems = threading.Barrier(3), []

        def work():
            barrier.wait()
            try:
                for _turn in range(6):
                    self._work()
            except Exception as error:  # noqa: BLE001 - told in the main thread
                problems.append(error)

        threads = [threading.Thread(target=work) for _number in range(3)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(problems, [])
        self.assertEqual(self._figures(), (["done", "waiting"], PEOPLE, 10, 10))

    def test_a_crossed_batch_is_begun_anew_and_nobody_is_blamed(self):
        self._come()
        runs = self.registry["care.rule.run"]
        original, calls = runs._note_outcomes, []

        def crossed_once(records, outcomes):
            calls.append(1)
            if len(calls) == 1:
                raise errors.SerializationFailure
            return original(records, outcomes)

        with patch.object(runs, "_note_outcomes", crossed_once):
            self._work()
        self.assertEqual(self._figures(), (["done"], PEOPLE, PEOPLE, PEOPLE))

    def test_a_rule_started_during_a_refresh_takes_those_after_it(self):
        """The refresh that began before does not see the rule; nothing is lost or doubled."""
        with self._transaction() as env:
            env["care.rule"].browse(self.rule).action_pause()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            half = env["res.partner"].browse(self.people[:30])
            half.city = "Đua"
            env.flush_all()
            with self._transaction() as other:
                other["care.rule"].browse(self.rule).action_start()
            env["care.segment"].browse(self.segment)._refresh()
            cr.commit()
        self.assertEqual(self._figures()[1], 0)
        self._come()
        self.assertEqual(self._figures()[1], PEOPLE - 30)
