"""Every combination of what the gate looks at, against a table of decisions.

``gate_matrix.csv`` is read from top to bottom; the first line that fits decides, ``*``
fits everything. It was written from the definition of the gate.
"""

import csv
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

from odoo.tests import tagged

from .common import DAY, NIGHT, NOON, GateCommon

AXES = {
    "consent": ("unknown", "granted", "withdrawn"),
    "blacklist": ("no", "yes"),
    "address": ("valid", "missing", "bad"),
    "complaint": ("none", "open"),
    "cap": ("free", "full", "worn_out"),
}
CHANNELS = ("email", "sms", "call", "zalo")
PURPOSES = ("transactional", "care", "promotion")
HOURS = {"open": NOON, "closed": NIGHT}
CAP = 2


def read_table():
    """Return the lines of the table as dicts."""
    with Path(__file__).with_name("gate_matrix.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def fits(line, case):
    """Tell whether a line of the table is about a case."""
    return all(line[name] in ("*", value) for name, value in case.items())


class _Undo(Exception):
    """Ends a savepoint so that nothing stays."""


@tagged("post_install", "-at_install")
class TestGateMatrix(GateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = read_table()
        cls.cases = {}
        cls.env["care.limit.line"].create(
            [
                {
                    "limit_id": cls.limit.id,
                    "channel": channel,
                    "purpose": purpose,
                    "hour_from": 8,
                    "hour_to": 20,
                    "day_cap": CAP,
                }
                for channel, purpose in product(CHANNELS, PURPOSES)
            ]
        )
        for number, values in enumerate(product(*AXES.values())):
            cls._create_case(number, dict(zip(AXES, values, strict=True)))
        cls.partners = cls.env["res.partner"].browse(cls.cases)

    @classmethod
    def _create_case(cls, number, case):
        addresses = {
            "valid": {},
            "missing": {"email": False, "phone": " "},
            "bad": {"email": "khach tai nha", "phone": "12"},
        }[case["address"]]
        person = cls._person(number, **addresses)
        cls.cases[person.id] = case
        if case["consent"] != "unknown":
            for channel, purpose in product(CHANNELS, PURPOSES):
                cls._agree(person, channel, purpose, case["consent"] == "granted")
        if case["blacklist"] == "yes" and case["address"] == "valid":
            cls.env["mail.blacklist"]._add(person.email)
            cls.env["phone.blacklist"]._add([person.phone_sanitized])
        if case["complaint"] == "open":
            cls._create_ticket(partner_id=person.id, kind="complaint")
        if case["cap"] != "free" and case["address"] == "valid":
            cls.counters.create(
                [
                    {
                        "company_id": cls.company.id,
                        "channel": channel,
                        "address": person.email
                        if channel == "email"
                        else person.phone_sanitized,
                        "day": DAY,
                        "hits": CAP,
                    }
                    for channel in CHANNELS
                ]
            )

    def _due(self, now):
        """Return since when the messages are due: those that are worn out, for long."""
        return {
            ref: now - timedelta(days=5 if case["cap"] == "worn_out" else 0)
            for ref, case in self.cases.items()
        }

    def _decide_and_undo(self, channel, purpose, now, reserve):
        decided = {}
        try:
            with self.env.cr.savepoint():
                decided = self._decide(
                    self.partners,
                    channel,
                    purpose,
                    due=self._due(now),
                    reserve=reserve,
                )
                raise _Undo
        except _Undo:
            self.env.invalidate_all(flush=False)
        return decided

    def test_every_case_is_in_the_table_and_every_line_is_used(self):
        used = set()
        for values in product(*AXES.values(), HOURS, PURPOSES):
            case = dict(zip([*AXES, "hours", "purpose"], values, strict=True))
            lines = [at for at, line in enumerate(self.table) if fits(line, case)]
            self.assertTrue(lines, case)
            used.add(lines[0])
        self.assertEqual(used, set(range(len(self.table))))

    def test_gate_decides_as_the_table_says(self):
        decided = 0
        for (hours, moment), channel, purpose, reserve in product(
            HOURS.items(), CHANNELS, PURPOSES, (True, False)
        ):
            with self._at(moment):
                found = self._decide_and_undo(
                    channel, purpose, datetime.fromisoformat(moment), reserve
                )
            self.assertEqual(list(found), self.partners.ids)
            wrong = []
            for ref, case in self.cases.items():
                case = {**case, "hours": hours, "purpose": purpose}
                line = next(line for line in self.table if fits(line, case))
                expected = (line["verdict"], line["reason"])
                if expected != (found[ref].verdict, found[ref].reason):
                    wrong.append((case, expected, found[ref]))
                decided += 1
            self.assertFalse(wrong, (channel, purpose, reserve))
        self.assertEqual(decided, 3 * 2 * 3 * 2 * 3 * 2 * 4 * 3 * 2)

    def test_who_waits_knows_until_when(self):
        """Quiet hours end at eight the next morning; a full day at eight as well."""
        for moment in HOURS.values():
            with self._at(moment):
                found = self._decide(
                    self.partners, "sms", "care", due=None, reserve=False
                )
            waiting = {row.until for row in found.values() if row.until}
            self.assertEqual(waiting, {datetime(2026, 3, 3, 1, 0)})
            for row in found.values():
                self.assertEqual(bool(row.until), row.verdict == "postpone")
