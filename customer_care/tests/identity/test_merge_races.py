"""Merges at the same moment as something else: real transactions, one in a thread.

They commit what they write, and take it away again.
"""

from contextlib import closing
from threading import Thread
from time import monotonic, sleep

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..races import RaceMixin

PATIENCE = 40  # seconds after which a lock or a thread counts as stuck
MARK = "care-merge-race"


@tagged("post_install", "-at_install")
class TestMergeRaces(RaceMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        with closing(self._cursor()) as cr:
            env = self._env(cr)
            partners = env["res.partner"].create(
                [{"name": name, "ref": MARK} for name in ("Lan", "Lan", "Lan")]
            )
            segment = env["care.segment"].create(
                {"name": MARK, "kind": "manual", "is_filled": True}
            )
            cr.commit()
        self.kept, self.gone, self.third = partners.ids
        self.segment = segment.id
        self.addCleanup(self._remove_rows)

    def _cursor(self):
        cr = db_connect(get_db_name()).cursor()
        cr.execute("SET LOCAL lock_timeout = %s", [f"{PATIENCE}s"])
        return cr

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove_rows(self):
        with closing(self._cursor()) as cr:
            env = self._env(cr)
            env["care.segment"].browse(self.segment).exists().unlink()
            env["res.partner"].with_context(active_test=False).search(
                [("ref", "=", MARK)]
            ).unlink()
            cr.commit()

    def _merge(self, cr, *ids):
        partners = self._env(cr)["res.partner"].browse(ids)
        partners._care_merge_into(partners[0])
        partners.env.flush_all()

    def _put_in(self, cr):
        """What a refresh writes for somebody who comes in."""
        segment = self._env(cr)["care.segment"].browse(self.segment)
        partner = segment.env["res.partner"].browse(self.gone)
        segment._set_override(partner, "include")

    def _while(self, first, second):
        """Run ``second`` while ``first`` is done and not committed; then commit that.

        :return: what ``second`` raised the first time, and what when it was run again
        """
        outcomes = []

        def run():
            for _turn in range(2):
                with closing(self._cursor()) as cr, mute_logger("odoo.sql_db"):
                    # its view of the database is that of before the other's commit
                    cr.execute("SELECT 1 FROM res_partner LIMIT 1")
                    try:
                        second(cr)
                        cr.commit()
                        outcomes.append(None)
                        return
                    except (SerializationFailure, UserError) as error:
                        outcomes.append(type(error))

        with closing(self._cursor()) as cr, mute_logger("odoo.sql_db"):
            first(cr)
            thread = Thread(target=run, daemon=True)
            thread.start()
            self._wait_for_lock(cr)
            cr.commit()
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), "stuck")
        return outcomes

    def _wait_for_lock(self, cr):
        """Wait until another transaction waits for this one."""
        until = monotonic() + PATIENCE
        while monotonic() < until:
            with closing(self._cursor()) as other:
                other.execute(
                    "SELECT 1 FROM pg_stat_activity"
                    " WHERE %s = ANY(pg_blocking_pids(pid))",
                    [cr._cnx.get_backend_pid()],
                )
                if other.rowcount:
                    return
            sleep(0.05)
        self.fail("nobody waited")

    def _left(self):
        with closing(self._cursor()) as cr:
            cr.execute(
                "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id",
                [[self.kept, self.gone, self.third]],
            )
            partners = [row[0] for row in cr.fetchall()]
            cr.execute(
                "SELECT partner_id, override FROM care_segment_member"
                " WHERE segment_id = %s",
                [self.segment],
            )
            return partners, cr.fetchall()

    def test_two_merges_of_one_contact(self):
        """The second waits, is run again by the server, and says what happened."""
        outcomes = self._while(
            lambda cr: self._merge(cr, self.kept, self.gone),
            lambda cr: self._merge(cr, self.third, self.gone),
        )
        self.assertEqual(outcomes, [SerializationFailure, UserError])
        self.assertEqual(self._left()[0], [self.kept, self.third])

    def test_merge_while_a_segment_takes_the_contact_in(self):
        """The member that the merge could not see is not lost: the merge is run again."""
        outcomes = self._while(
            self._put_in, lambda cr: self._merge(cr, self.kept, self.gone)
        )
        self.assertEqual(outcomes, [SerializationFailure, None])
        self.assertEqual(
            self._left(), ([self.kept, self.third], [(self.kept, "include")])
        )

    def test_refresh_while_a_merge_takes_the_contact_away(self):
        """The refresh fails in a way that it tries again, as its job does."""
        outcomes = self._while(
            lambda cr: self._merge(cr, self.kept, self.gone), self._put_in
        )
        self.assertEqual(outcomes[0], SerializationFailure)
        self.assertEqual(self._left()[0], [self.kept, self.third])
