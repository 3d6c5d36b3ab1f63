"""Two requests at the same moment, on two connections of their own."""

from threading import Barrier, Thread

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

KEY = "race"
PEOPLE = 8


@tagged("post_install", "-at_install")
class TestPortalRaces(BaseCase):
    """Works on committed rows and takes them away again."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(get_db_name())
        self.addCleanup(self._clean)
        self._clean()

    def _clean(self):
        with self.connection.cursor() as cr:
            cr.execute("DELETE FROM care_rate_counter")
            cr.execute("DELETE FROM care_form_stamp WHERE nonce = %s", [KEY])

    def _run_again(self, call):
        """Do ``call(env)`` in transactions of its own, again when the database says so.

        This is what the web server does with a request.
        """
        for _try in range(PEOPLE * MAX_TRIES_ON_CONCURRENCY_FAILURE):
            try:
                with self.connection.cursor() as cr:
                    return call(api.Environment(cr, SUPERUSER_ID, {}))
            except (SerializationFailure, ConcurrencyError):
                continue
        raise AssertionError("never got through")

    def _all_at_once(self, call):
        """Run ``call(env)`` for :data:`PEOPLE` at the same moment; return the answers."""
        barrier, answers = Barrier(PEOPLE), []

        def run():
            barrier.wait()
            answers.append(self._run_again(call))

        threads = [Thread(target=run) for _person in range(PEOPLE)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return answers

    def test_the_last_place_is_taken_once(self):
        caps = {("ip", "192.0.2.1"): 3, ("session", "x"): 100}
        answers = self._all_at_once(lambda env: env["care.rate.counter"]._take(caps))
        self.assertEqual(sorted(answers), [False] * (PEOPLE - 3) + [True] * 3)

    def test_a_form_sent_eight_times_at_once_counts_once(self):
        """Each request looks first, makes its ticket, and then uses up the number."""
        made = []
        self.addCleanup(self._delete_tickets, made)

        def send(env):
            stamps = env["care.form.stamp"]
            found = stamps._find_ticket(KEY)
            if not found:
                found = env["care.ticket"].create({"name": "Race"})
                stamps._claim(KEY, found)
            return found.id

        made.extend(self._all_at_once(send))
        self.assertEqual(len(made), PEOPLE)
        self.assertEqual(len(set(made)), 1)
        with self.connection.cursor() as cr:
            cr.execute("SELECT count(*) FROM care_ticket WHERE name = 'Race'")
            self.assertEqual(cr.fetchone(), (1,))

    def _delete_tickets(self, ids):
        with self.connection.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["care.ticket"].browse(set(ids)).unlink()
