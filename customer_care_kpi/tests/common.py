"""What the tests of the figures share."""

from datetime import datetime, timedelta

from odoo.addons.customer_care.fields import Measure
from odoo.addons.customer_care.tests.common import CareCommon

HOUR = 3600
MINUTE = 60
#: 2 March 2026 is a Monday; the company counts in Asia/Ho_Chi_Minh, seven hours ahead.
MONDAY = datetime(2026, 3, 2)
UTC_OFFSET = timedelta(hours=7)


class FactCommon(CareCommon):
    """Clock times are local, as in the definitions; the company is in Hanoi."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.care_tz = "Asia/Ho_Chi_Minh"
        cls.facts = cls.env["care.ticket.fact"]

    @classmethod
    def _get_measure_names(cls):
        """Return the names of the stored figures: durations, counts and flags."""
        return [
            name
            for name, field in cls.facts._fields.items()
            if field.store and isinstance(field, Measure)
        ]

    def _local(self, clock, day=0):
        """Freeze time at a local clock time, ``day`` days after Monday.

        :param str clock: ``HH:MM``
        """
        hours, minutes = map(int, clock.split(":"))
        moment = MONDAY + timedelta(days=day, hours=hours, minutes=minutes) - UTC_OFFSET
        return self._at(moment.isoformat(" "))

    def _open(self, clock, day=0, **values):
        """A customer opens a ticket at a local clock time."""
        with self._local(clock, day):
            system = self.env["care.ticket"].with_context(care_actor="customer")
            return system.create(
                {
                    "name": "Máy giặt không chạy",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                    **values,
                }
            )

    def _reply(self, ticket, clock, day=0, user=None, stage=None):
        """An agent answers, and moves the ticket to ``stage`` with it."""
        with self._local(clock, day):
            self._post(ticket, user or self.user_team)
            if stage:
                ticket.with_user(user or self.user_team).write({"stage_id": stage.id})

    def _write_customer(self, ticket, clock, day=0):
        """The customer writes."""
        with self._local(clock, day):
            self._post(ticket, self.user_portal)

    def _solve(self, ticket, clock, day=0, user=None):
        """An agent solves the ticket."""
        with self._local(clock, day):
            ticket.with_user(user or self.user_team).action_solve()

    def _fact(self, ticket):
        """Return the fact of ``ticket``, after checking it against its events."""
        fact = self._find_facts(ticket)
        self.assertEqual(len(fact), 1)
        self.assertFalse(self.facts._find_differences(ticket.ids))
        return fact

    @classmethod
    def _find_facts(cls, tickets):
        """Return the facts of ``tickets``, in the same order."""
        facts = cls.facts.search([("ticket_id", "in", tickets.ids)])
        return facts.sorted(lambda fact: tickets.ids.index(fact.ticket_id.id))

    def _mean(self, tickets, measure):
        """Return a mean as pivot and graph show it."""
        domain = [("ticket_id", "in", tickets.ids)]
        [[mean]] = self.facts._read_group(domain, [], [f"{measure}:avg"])
        return mean
