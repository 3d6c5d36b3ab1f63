"""Requests at the same moment: real ones, on connections of their own.

Other tests answer every request on the cursor of the test, one after the other, and so
cannot show a race. These commit what they write, and take it away again.
"""

from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from threading import Barrier, Thread
from unittest.mock import patch

import requests

from odoo import SUPERUSER_ID, api, fields
from odoo.http import Request
from odoo.service import model as service_model
from odoo.sql_db import db_connect
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from ...lib import signed
from ..races import RaceMixin

PEOPLE = 6
#: Places of the limiter in this test; fewer than people.
PLACES = 2
#: Nobody's phone number, by which the tickets of these tests are found again.
PHONE = "0900 123 000 321"
FORM = "/help/contact"
#: Seconds after which a request, a lock or a thread counts as stuck.
PATIENCE = 40


@tagged("post_install", "-at_install")
class TestPortalRaces(RaceMixin, HttpCase):
    registry_test_mode = False

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        # the tests' stand-in for a replica is none that a request could read
        self.startPatcher(patch.object(self.registry, "_db_readonly", None))
        # the web server's tries, with waits of milliseconds
        self.startPatcher(
            patch.object(service_model, "MAX_TRIES_ON_CONCURRENCY_FAILURE", 50)
        )
        self.startPatcher(
            patch.object(service_model.random, "uniform", lambda _low, _high: 0.01)
        )
        with self._committing() as env:
            self.secret = env["care.ticket"]._get_link_secret()
        self._set_limits(ip=0, session=0, contact=0, reply_ip=0, reply_ticket=0)
        self.addCleanup(self._remove_rows)

    # ------------------------------------------------------------ committed rows

    @contextmanager
    def _committing(self):
        """Yield an environment whose writes are committed at the end."""
        with closing(db_connect(get_db_name()).cursor()) as cr:
            cr.execute("SET LOCAL lock_timeout = %s", [f"{PATIENCE}s"])
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            yield env
            env.flush_all()
            cr.commit()
            env.registry.signal_changes()

    def _remove_rows(self):
        with self._committing() as env:
            tickets = env["care.ticket"].with_context(active_test=False)
            tickets.search([("phone", "=", PHONE)]).unlink()
            env.cr.execute("DELETE FROM care_rate_counter")

    def _set_limits(self, **limits):
        """Set limits per hour by their system parameters, until the end of the test."""
        with self._committing() as env:
            parameters = env["ir.config_parameter"]
            before = {
                word: parameters.get_param(f"customer_care.limit_{word}")
                for word in limits
            }
            for word, limit in limits.items():
                parameters.set_param(f"customer_care.limit_{word}", str(limit))
        self.addCleanup(self._restore_limits, before)

    def _restore_limits(self, before):
        with self._committing() as env:
            for word, limit in before.items():
                env["ir.config_parameter"].set_param(
                    f"customer_care.limit_{word}", limit
                )

    # ------------------------------------------------------------ at once

    def _stamp(self, form):
        issued = fields.Datetime.now() - timedelta(minutes=1)
        return signed.make_stamp(self.secret, form, issued)

    @contextmanager
    def _meeting_at(self, model, method):
        """Hold every request before ``method`` ends until all have come that far.

        Each has its view of the database by then, in which nobody has written yet. A
        request that is run again does not wait once more.
        """
        original = getattr(self.registry[model], method)
        barrier, arrivals = Barrier(PEOPLE), count()

        def held(records, *args):
            result = original(records, *args)
            if next(arrivals) < PEOPLE:
                barrier.wait(timeout=PATIENCE)
            return result

        with patch.object(self.registry[model], method, held):
            yield

    def _post_at_once(self, path, bodies):
        """Post every body in a thread of its own; return the answers."""
        token, answers = Request.csrf_token(self), []

        def post(body):
            answers.append(
                requests.post(
                    self.base_url() + path,
                    data={**body, "csrf_token": token},
                    cookies={"session_id": self.session.sid},
                    allow_redirects=False,
                    timeout=PATIENCE,
                )
            )

        threads = [
            Thread(target=post, args=(body,), daemon=True, name=f"visitor {at}")
            for at, body in enumerate(bodies)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=PATIENCE)
        self.assertFalse([thread.name for thread in threads if thread.is_alive()])
        self.assertEqual(len(answers), len(bodies))
        return answers

    def _get_ticket_id(self, answer):
        """Return the ticket that an answer leads to."""
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        place = answer.headers["Location"].partition("?")[0]
        return signed.read_link(self.secret, place.rpartition("/")[2]).record_id

    def _body(self, stamp):
        return {"text": "Race", "phone": PHONE, "stamp": stamp}

    def _count_tickets(self):
        with self._committing() as env:
            return env["care.ticket"].search_count([("phone", "=", PHONE)])

    # ------------------------------------------------------------ tests

    def test_one_form_sent_at_once_makes_one_ticket_and_everybody_is_told_of_it(self):
        bodies = [self._body(self._stamp("contact"))] * PEOPLE
        with self._meeting_at("care.form.stamp", "_find_ticket"):
            answers = self._post_at_once(FORM, bodies)
        self.assertEqual(len({self._get_ticket_id(answer) for answer in answers}), 1)
        self.assertEqual(self._count_tickets(), 1)

    # a try that another one crossed is logged by the cursor, then made again
    @mute_logger("odoo.sql_db")
    def test_one_reply_sent_at_once_is_posted_once(self):
        with self._committing() as env:
            ticket = env["care.ticket"].create({"name": "Race", "phone": PHONE})
            token, ticket_id = ticket._get_conversation_token(), ticket.id
        bodies = [{"text": "Race", "stamp": self._stamp(f"link reply {ticket_id}")}]
        with self._meeting_at("care.form.stamp", "_find_ticket"):
            answers = self._post_at_once(f"/help/t/{token}/reply", bodies * PEOPLE)
        self.assertEqual(
            {self._get_ticket_id(answer) for answer in answers}, {ticket_id}
        )
        with self._committing() as env:
            said = env["care.ticket"].browse(ticket_id)._get_public_messages()
            self.assertEqual(len(said), 1)

    def test_different_forms_sent_at_once_are_different_requests(self):
        bodies = [self._body(self._stamp("contact")) for _person in range(PEOPLE)]
        with self._meeting_at("care.form.stamp", "_find_ticket"):
            answers = self._post_at_once(FORM, bodies)
        found = {self._get_ticket_id(answer) for answer in answers}
        self.assertEqual(len(found), PEOPLE)
        self.assertEqual(self._count_tickets(), PEOPLE)

    def test_the_last_places_of_the_limiter_are_taken_once(self):
        for word in ("session", "ip", "contact"):
            with self.subTest(word):
                self._remove_rows()
                self._set_limits(**{word: PLACES})
                bodies = [self._body(self._stamp("contact")) for _ in range(PEOPLE)]
                with self._meeting_at("care.form.stamp", "_find_ticket"):
                    answers = self._post_at_once(FORM, bodies)
                found = sorted(answer.status_code for answer in answers)
                self.assertEqual(found, [303] * PLACES + [429] * (PEOPLE - PLACES))
                self.assertEqual(self._count_tickets(), PLACES)
                self._set_limits(**{word: 0})
