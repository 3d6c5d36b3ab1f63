"""Two workers on one outbox, a kill between two batches, one bad row: on connections of
their own, with rows that are committed and taken away again.
"""

from contextlib import closing
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch

from psycopg2 import errors

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ...models.message import care_message_delivery_job as job
from ...models.message.care_message_delivery_rows import (
    CareMessageDelivery as DeliveryRows,
)
from ..races import RaceMixin, drop_company

MARK = "outbox race"
PEOPLE = 12
PATIENCE = 40


@tagged("post_install", "-at_install")
class TestOutboxRaces(RaceMixin, BaseCase):
    """What is in the outbox goes out once, whoever works on it and whatever breaks."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._remove_rows)
        with self._committing() as env:
            company = env["res.company"].create({"name": MARK})
            message = env["care.message"].create(
                {"name": MARK, "subject": "S", "body_html": "<p>B</p>"}
            )
            people = env["res.partner"].create(
                [
                    {"name": f"{MARK} {i}", "email": f"race{i}@customer.test"}
                    for i in range(PEOPLE)
                ]
            )
            self.ids = company.id, message.id, people.ids

    def _remove_rows(self):
        company, message, people = self.ids
        with self._committing() as env:
            env.cr.execute(
                """
                DELETE FROM care_message_delivery WHERE message_id = %(message)s;
                DELETE FROM care_contact_log WHERE partner_id = ANY(%(people)s);
                DELETE FROM care_contact_counter WHERE company_id = %(company)s;
                """,
                {"company": company, "message": message, "people": people},
            )
            env["res.partner"].browse(people).unlink()
            env["care.message"].browse(message).unlink()
            drop_company(env, env["res.company"].browse(company))

    def _records(self, env):
        company, message, people = self.ids
        return (
            env["care.message"].browse(message),
            env["res.partner"].browse(people),
            env["res.company"].browse(company),
        )

    def _queue(self):
        with self._committing() as env:
            message, people, company = self._records(env)
            message._queue(people, "email", company, key=MARK)

    def _count_mails(self):
        """Return id of the customer → mails to him."""
        with self._committing() as env:
            rows = env["mail.mail"]._read_group(
                [("model", "=", "res.partner"), ("res_id", "in", self.ids[2])],
                ["res_id"],
                ["__count"],
            )
            return dict(rows)

    def _states(self):
        with self._committing() as env:
            rows = env["care.message.delivery"].search(
                [("message_id", "=", self.ids[1])]
            )
            return sorted(rows.mapped("state"))

    def _work(self, env):
        """Work as the job does until nothing of ours is due; commit after each batch."""
        last = 0
        while True:
            rows = env["care.message.delivery"]._deliver_some(last)
            env.cr.commit()
            if not rows:
                return
            last = max(rows)

    def _race(self, act, count):
        """Run ``act(env, number)`` on ``count`` connections at once; return errors."""
        barrier, failures = Barrier(count), []

        def run(number):
            try:
                with closing(db_connect(get_db_name()).cursor()) as cr:
                    cr.execute("SET LOCAL lock_timeout = %s", [f"{PATIENCE}s"])
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    barrier.wait(PATIENCE)
                    act(env, number)
                    env.flush_all()
                    cr.commit()
            except Exception as error:  # noqa: BLE001 - told to the test
                failures.append(error)

        threads = [Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertFalse(any(thread.is_alive() for thread in threads), "stuck")
        return failures

    # -------------------------------------------------------------------- races
    def test_two_workers_on_one_outbox(self):
        self._queue()
        with patch.object(job, "BATCH", 2):
            failures = self._race(lambda env, _number: self._work(env), 2)
            self.assertFalse(failures)
            with self._committing() as env:
                self._work(env)  # what one of them left to the next run
        self.assertEqual(self._count_mails(), dict.fromkeys(self.ids[2], 1))
        self.assertEqual(self._states(), ["sent"] * PEOPLE)

    @mute_logger("odoo.sql_db")  # who comes second is told so
    def test_one_key_by_two_at_once(self):
        """The second finds the first one's rows, or is told to run again."""

        def send(env, _number):
            message, people, company = self._records(env)
            message._send(people, "email", company, key=MARK)

        failures = self._race(send, 2)
        for failure in failures:
            self.assertIsInstance(failure, errors.SerializationFailure)
        self.assertLess(len(failures), 2)
        with self._committing() as env:
            send(env, 0)
        self.assertEqual(self._count_mails(), dict.fromkeys(self.ids[2], 1))

    def test_killed_between_two_batches(self):
        """A run that dies leaves whole batches: sent and noted, or waiting still."""
        self._queue()
        with patch.object(job, "BATCH", 5):
            with closing(db_connect(get_db_name()).cursor()) as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                outbox = env["care.message.delivery"]
                first = outbox._deliver_some()
                cr.commit()
                outbox._deliver_some(max(first))
                cr.rollback()  # killed before the commit
            self.assertEqual(sum(self._count_mails().values()), 5)
            self.assertEqual(self._states(), ["sent"] * 5 + ["waiting"] * (PEOPLE - 5))
            with self._committing() as env:
                self._work(env)
        self.assertEqual(self._count_mails(), dict.fromkeys(self.ids[2], 1))

    def test_one_bad_row_holds_up_none(self):
        self._queue()
        bad = self.ids[2][3]
        prepare = DeliveryRows._prepare_mails

        def stumble(rows, message, values):
            if bad in rows.partner_id.ids:
                raise ValueError("a bad record")
            return prepare(rows, message, values)

        with (
            patch.object(DeliveryRows, "_prepare_mails", stumble),
            patch.object(self.registry["ir.cron"], "_commit_progress", self._commit),
            self._committing() as env,
        ):
            self._work(env)
        good = [ref for ref in self.ids[2] if ref != bad]
        self.assertEqual(self._count_mails(), dict.fromkeys(good, 1))
        with self._committing() as env:
            row = env["care.message.delivery"].search([("partner_id", "=", bad)])
            self.assertEqual(
                (row.state, row.attempts, row.error), ("waiting", 1, "a bad record")
            )
            self.assertGreater(row.due_on, fields.Datetime.now() + timedelta(minutes=4))

    @staticmethod
    def _commit(cron, *_args, **_options):
        cron.env.flush_all()
        cron.env.cr.commit()
        return 1
