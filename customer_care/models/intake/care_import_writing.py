"""Checked lines become customers and purchases: a batch is one transaction.

What a line does is decided in memory first (who it is, whether the purchase is there
already), then written: new contacts through the ORM, purchases in one statement. The
constraints of ``care.purchase`` have the last word: a batch that another transaction
crossed is decided again.
"""

import logging
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import psycopg2

from odoo import models
from odoo.exceptions import ConcurrencyError

from ...lib.internal import INTERNAL
from .care_import_job import CROSSED
from .care_import_matching import Person

_logger = logging.getLogger(__name__)

WRITE_BATCH = 500
#: What is filled in on a known contact where it is empty; nothing is written over.
FILLED = {
    "phone": "phone",
    "email": "email",
    "street": "street",
    "city": "city",
    "ref": "ref",
    "birthday": "care_birthday",
}


@dataclass(slots=True)
class Taken:
    """A line on its way in, and what became of it."""

    id: int
    data: dict
    occurrence: int | None
    note: str | None
    person: Person | None = None
    reason: str | None = None
    detail: str | None = None
    outcome: str | None = None
    purchase: str | None = None

    @property
    def day(self):
        return date.fromisoformat(self.data["day"])

    @property
    def amount(self):
        return Decimal(self.data["amount"])


@dataclass(slots=True)
class Bought:
    """What is known of the imported purchases of the customers of a batch."""

    references: dict = field(default_factory=dict)
    equals: set = field(default_factory=set)
    openings: dict = field(default_factory=dict)
    first: dict = field(default_factory=dict)


class CareImport(models.Model):
    _inherit = "care.import"

    def _write_batch(self):
        """Take in the next lines; return how many.

        When one line makes the batch fail, its lines are taken in one by one, and that
        line is left out with what it says.
        """
        lines = self._next_lines()
        try:
            with self.env.cr.savepoint():
                self._take_in(lines)
        except CROSSED:
            raise
        except Exception:
            _logger.info(
                "A batch of import %s goes line by line", self.id, exc_info=True
            )
            for line in self._next_lines():
                self._take_in_alone(line)
        if len(lines) < WRITE_BATCH:
            self.write({"state": "counting"})
        return len(lines)

    def _take_in_alone(self, line):
        """Take in one line; one that is refused is left out with what was said."""
        try:
            with self.env.cr.savepoint():
                self._take_in([line])
        except CROSSED:
            raise
        except Exception as error:  # noqa: BLE001 - one bad line holds up none
            _logger.info("A line of import %s was refused: %s", self.id, error)
            refused = Taken(line.id, line.data, line.occurrence, line.note)
            refused.reason, refused.detail = "error", str(error)[:200]
            self._note_results([refused])

    def _next_lines(self):
        """Return the next lines, sums until a day before single purchases."""
        self.env.cr.execute(
            """
            SELECT id, data, occurrence, note FROM care_import_line
             WHERE import_id = %s AND state = 'ready'
             ORDER BY is_opening DESC, row LIMIT %s
            """,
            [self.id, WRITE_BATCH],
        )
        return [Taken(*row) for row in self.env.cr.fetchall()]

    def _take_in(self, lines):
        """Decide about these lines, write contacts and purchases, note the results."""
        phones = {line.data["phone_key"] for line in lines if "phone_key" in line.data}
        emails = {line.data["email"] for line in lines if "email" in line.data}
        people = self._find_people(phones, emails)
        bought = self._find_bought(lines, people)
        hushed = self._suppressed(phones | emails)
        for line in lines:
            self._decide(line, people, bought, hushed)
        taken = [line for line in lines if not line.reason]
        self._write_people(taken)
        # in silence: a savepoint flushes in the environment of the transaction
        self.env.flush_all()
        self._write_purchases([line for line in taken if line.purchase == "new"])
        self._note_results(lines)
        self._look_at({line.person.id for line in taken})

    # ------------------------------------------------------------------ deciding
    def _decide(self, line, people, bought, hushed):
        """Say who is on a line and whether it is taken in."""
        phone, email = line.data.get("phone_key", ""), line.data.get("email", "")
        person, is_several = people.find(phone, email)
        if person and person.blocked:
            line.reason = person.blocked
            return
        if not person and {phone, email} & hushed:
            line.reason = "suppressed"
            return
        line.outcome = "matched" if person else "created"
        person = person or Person()
        if "amount" in line.data:
            self._decide_purchase(line, person, bought)
            if line.reason:
                line.outcome = None
                return
        line.person = person
        if is_several:
            line.note = "duplicates"
        self._learn(line, person, people)

    def _learn(self, line, person, people):
        """Note what a line says of a person; later lines find him by it.

        A phone or e-mail becomes his where he has none and nobody else has it.
        """
        said = dict(line.data)
        phone, email = said.get("phone_key", ""), said.get("email", "")
        if person.has_phone or people.by_phone.get(phone):
            said.pop("phone", None)
        elif phone:
            person.phone, person.has_phone = phone, True
        if person.has_email or people.by_email.get(email):
            said.pop("email", None)
        elif email:
            person.email, person.has_email = email, True
        for name in ("name", *FILLED):
            if said.get(name):
                person.values.setdefault(name, said[name])
        people.add(person)

    def _decide_purchase(self, line, person, bought):
        """Say whether a purchase is new, was there already, or contradicts another."""
        day, amount = line.day, line.amount
        opening = bought.openings.get(person)
        if line.data.get("opening"):
            if opening:
                same = opening == (day, amount)
                line.purchase = "known" if same else None
                line.reason = None if same else "opening_exists"
            elif bought.first.get(person, date.max) <= day:
                line.reason = "opening_overlap"
            else:
                line.purchase = "new"
                bought.openings[person] = (day, amount)
            return
        reference = line.data.get("reference")
        if reference in bought.references:
            same = bought.references[reference] == (person, day, amount)
            line.purchase = "known" if same else None
            line.reason = None if same else "reference_taken"
            line.detail = None if same else reference
            return
        key = (person, day, amount, line.occurrence)
        if not reference and key in bought.equals:
            line.purchase = "known"
            return
        if opening and day <= opening[0]:
            line.reason = "before_opening"
            return
        line.purchase = "new"
        bought.first[person] = min(day, bought.first.get(person, date.max))
        if reference:
            bought.references[reference] = (person, day, amount)
        else:
            bought.equals.add(key)

    def _find_bought(self, lines, people):
        """Return the imported purchases that decide about these lines."""
        bought = Bought()
        references = [
            line.data["reference"] for line in lines if "reference" in line.data
        ]
        self.env.cr.execute(
            """
            SELECT partner_id, day, amount::text, reference, occurrence,
                   COALESCE(is_opening, FALSE)
              FROM care_purchase
             WHERE company_id = %s AND (partner_id = ANY(%s) OR reference = ANY(%s))
            """,
            [self.company_id.id, list(people.by_id), references],
        )
        for row in self.env.cr.fetchall():
            partner, day, amount, reference, occurrence, opening = row
            person, amount = people.by_id.get(partner, partner), Decimal(amount)
            if reference:
                bought.references[reference] = (person, day, amount)
            if opening:
                bought.openings[person] = (day, amount)
            else:
                bought.equals.add((person, day, amount, occurrence))
                bought.first[person] = min(day, bought.first.get(person, date.max))
        return bought

    # ------------------------------------------------------------------- writing
    def _write_people(self, lines):
        """Create who is new, and fill in what is empty on who is known."""
        people = dict.fromkeys(line.person for line in lines)
        new = [person for person in people if not person.id]
        partners = (
            self.env["res.partner"]
            .with_context(care_stage_moved=INTERNAL, _partners_skip_fields_sync=True)
            .create([self._prepare_partner_values(person.values) for person in new])
        )
        for person, partner in zip(new, partners, strict=True):
            person.id = partner.id
        created = set(partners.ids)
        said = {person.id: person for person in people if person.id not in created}
        known = self.env["res.partner"].browse(said)
        known.fetch(list(FILLED.values()))
        for partner in known:
            person = said[partner.id]
            missing = {
                name: person.values[key]
                for key, name in FILLED.items()
                if key in person.values and not partner[name]
            }
            if missing:
                partner.write(missing)

    def _prepare_partner_values(self, values):
        """Return the values of a new contact: a hook.

        :param dict values: what the lines of one person say
        """
        return {
            "name": values["name"],
            "lang": self.company_id.partner_id.lang or self.env.lang,
            "country_id": self.company_id.country_id.id,
            **{name: values[key] for key, name in FILLED.items() if key in values},
        }

    def _write_purchases(self, lines):
        """Insert purchases in one statement.

        :raises ConcurrencyError: one of them was brought in by somebody else just now
        """
        if not lines:
            return
        rows = [
            (
                line.person.id,
                line.day,
                line.amount,
                line.data["count"],
                bool(line.data.get("opening")),
                line.data.get("reference"),
                line.data.get("delivered"),
                line.occurrence,
            )
            for line in lines
        ]
        try:
            self.env.cr.execute(
                """
                INSERT INTO care_purchase (company_id, import_id, create_uid,
                       create_date, write_uid, write_date, partner_id, day, amount,
                       purchase_count, is_opening, reference, delivered_on, occurrence)
                SELECT %s, %s, %s, now() AT TIME ZONE 'UTC', %s,
                       now() AT TIME ZONE 'UTC', *
                  FROM unnest(%s::int[], %s::date[], %s::numeric[], %s::int[],
                              %s::bool[], %s::varchar[], %s::date[], %s::int[])
                """,
                [
                    self.company_id.id,
                    self.id,
                    self.user_id.id,
                    self.user_id.id,
                    *(list(column) for column in zip(*rows, strict=True)),
                ],
            )
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError(
                f"Purchases of import {self.id} were brought in by somebody else"
            ) from error
        self.env["care.purchase"].invalidate_model()
        partners = self.env["res.partner"].browse({line.person.id for line in lines})
        self.env["care.touch"]._touch(partners)

    def _note_results(self, lines):
        """Write on the lines what became of them, and empty those taken in."""
        rows = [
            (
                line.id,
                "out" if line.reason else "done",
                line.reason,
                line.detail,
                line.note,
                line.outcome,
                line.purchase,
                line.person.id if line.person else None,
            )
            for line in lines
        ]
        names = {
            "state": "varchar",
            "reason": "varchar",
            "detail": "varchar",
            "note": "varchar",
            "outcome": "varchar",
            "purchase": "varchar",
            "partner_id": "int",
        }
        self.env["care.import.line"]._set(names, rows)
        self.env.cr.execute(
            """
            UPDATE care_import_line
               SET data = NULL,
                   cells = CASE WHEN state = 'out' OR note IS NOT NULL THEN cells END
             WHERE id = ANY(%s)
            """,
            [[line.id for line in lines]],
        )

    def _look_at(self, ids):
        """Bring the figures of these customers up to date in the same transaction.

        Otherwise a nightly run between this batch and the silent touches it leaves
        would tell of what the import brought as if it were news. Where a segment is
        being refreshed just now, the touches do it within a minute.
        """
        customers = self.env["res.partner"].browse(ids).commercial_partner_id
        try:
            with self.env.cr.savepoint():
                self.env["care.touch"]._look_at(customers, silent=True)
        except CROSSED:
            _logger.info("Customers of import %s are looked at by the touches", self.id)

    def _count_all(self):
        """Compare all customers with each other, silently, and finish.

        What an import brought decides on the places by value of everybody else; what
        follows from that is no news either.
        """
        company = self.company_id
        self.env["care.profile"]._refresh_all(company)
        segments = self.env["care.segment"].search([("company_id", "=", company.id)])
        for segment in segments._in_order(segments):
            segment._refresh_some(None)
        self.write({"state": "done", "finished_on": self.env.cr.now(), "error": False})
        return 0
