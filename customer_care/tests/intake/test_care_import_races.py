"""Two workers at the same moment, on connections of their own, with real commits.

They commit what they write, and take it away again.
"""

import base64
from contextlib import closing
from threading import Barrier, Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..races import RaceMixin

PATIENCE = 60  # seconds after which a lock or a thread counts as stuck
COUNT = 60
#: The numbers of these tests begin like this, and nobody else's do.
START = "0886555"
WRITING = "odoo.addons.customer_care.models.intake.care_import_writing"
JOB = "odoo.addons.customer_care.models.intake.care_import_job"


@tagged("post_install", "-at_install")
class TestCareImportRaces(RaceMixin, BaseCase):
    def setUp(self):
        super().setUp()
        with self._committing() as env:
            kind = type(env["care.import"])
        # figures of everybody else are not what is raced for, and would stay behind
        self.startPatcher(patch.object(kind, "_look_at", lambda *_args: None))
        self.startPatcher(
            patch.object(
                kind, "_count_all", lambda this: this.write({"state": "done"}) and 0
            )
        )
        self.startPatcher(patch(f"{WRITING}.WRITE_BATCH", 5))
        self.addCleanup(self._remove_rows)

    def _remove_rows(self):
        with self._committing() as env:
            partners = env["res.partner"].search([("phone", "=like", f"{START}%")])
            env["care.purchase"].search([("partner_id", "in", partners.ids)]).unlink()
            imports = env["care.import"].search([("name", "=", "races.csv")])
            imports.line_ids.unlink()
            imports.unlink()
            partners.unlink()

    def _send(self):
        """Commit an import that is about to be written; return its id."""
        rows = "".join(
            f"{START}{number:03d},2025-03-05,{number + 1}\n" for number in range(COUNT)
        )
        with self._committing() as env:
            batch = env["care.import"].create(
                {
                    "name": "races.csv",
                    "file": base64.b64encode(f"phone,date,amount\n{rows}".encode()),
                }
            )
            batch.write({"state": "checking", "started_on": env.cr.now()})
            return batch.id

    def _work(self, ids):
        """Have one worker on each of these imports start at the same moment."""
        barrier, errors = Barrier(len(ids)), []

        def worker(batch_id):
            try:
                with closing(db_connect(get_db_name()).cursor()) as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    barrier.wait(PATIENCE)
                    env["care.import"].browse(batch_id)._as_system()._run_isolated()
                    cr.commit()
            except Exception as error:  # noqa: BLE001 - the test tells
                errors.append(error)

        threads = [Thread(target=worker, args=[batch_id]) for batch_id in ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), "a worker is stuck")
        self.assertEqual(errors, [])

    def _work_to_the_end(self, ids):
        """Start together; who was crossed too often is taken up by the next run."""
        self._work(ids)
        with self._committing() as env:
            imports = env["care.import"].browse(dict.fromkeys(ids))
            left = imports.filtered(lambda batch: batch.state != "done").ids
        for batch_id in left:
            self._work([batch_id])

    def _amounts(self, env):
        partners = env["res.partner"].search([("phone", "=like", f"{START}%")])
        purchases = env["care.purchase"].search([("partner_id", "in", partners.ids)])
        return len(partners), sorted(purchases.mapped("amount"))

    @mute_logger("odoo.sql_db", JOB)
    def test_two_workers_on_one_import(self):
        """Each line is taken in once, by one or the other."""
        batch_id = self._send()
        self._work_to_the_end([batch_id, batch_id, batch_id])
        with self._committing() as env:
            batch = env["care.import"].browse(batch_id)
            self.assertEqual(self._amounts(env), (COUNT, list(range(1, COUNT + 1))))
            self.assertEqual(batch.state, "done")
            self.assertEqual((batch.created_count, batch.left_out_count), (COUNT, 0))

    @mute_logger("odoo.sql_db", JOB)
    def test_known_purchases_of_two_imports_at_once(self):
        """The same purchases of known customers in two files at once come in once."""
        with self._committing() as env:
            env["res.partner"].create(
                [
                    {"name": f"R{number}", "phone": f"{START}{number:03d}"}
                    for number in range(COUNT)
                ]
            )
        ids = [self._send(), self._send()]
        self._work_to_the_end(ids)
        with self._committing() as env:
            imports = env["care.import"].browse(ids)
            self.assertEqual(self._amounts(env), (COUNT, list(range(1, COUNT + 1))))
            self.assertEqual(imports.mapped("state"), ["done", "done"])
            self.assertEqual(sum(imports.mapped("purchase_count")), COUNT)
            self.assertEqual(sum(imports.mapped("known_purchase_count")), COUNT)
