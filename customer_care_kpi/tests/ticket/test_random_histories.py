"""Random histories: the fold, the rebuild and a second implementation agree."""

import random
from datetime import timedelta

from odoo.tests import tagged

from ..common import MONDAY, FactCommon
from .second_opinion import DONE, OPEN, SecondOpinion

HISTORIES = 600
SEED = 20260302
#: Kind, actor, is public, is automatic: what may happen beside a change of holder or stage.
MESSAGES = [
    ("customer_message", "customer", True, False),
    ("customer_message", "customer", True, False),
    ("customer_message", "customer", False, False),
    ("agent_message", "agent", True, False),
    ("agent_message", "agent", True, False),
    ("agent_message", "agent", True, True),
    ("note", "agent", False, False),
    ("automatic_message", "system", True, True),
    ("automatic_message", "customer", True, True),
    ("bot_message", "bot", True, True),
    ("bot_handover", "bot", False, True),
]
VOIDS = ("spam", "not_spam", "voided", "restored", "merged", "unmerged")
STAGES = (*OPEN, *DONE, *DONE, "cancelled")


@tagged("post_install", "-at_install")
class TestRandomHistories(FactCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(SEED)
        cls.users = [None, *(cls.user_own | cls.user_team | cls.user_lead).ids]
        third = cls.env["care.team"].create({"name": "Sales"})
        cls.teams = [None, *(cls.team | cls.second_team | third).ids]
        cls.tickets = cls.env["care.ticket"].create(
            [
                {
                    "name": "Ticket",
                    "partner_id": cls.customer.id,
                    "team_id": cls.team.id,
                }
                for _number in range(HISTORIES)
            ]
        )
        cls.env.flush_all()
        cls._forget_history()

    @classmethod
    def _forget_history(cls):
        """Empty the log of these tickets, which no code can do, and their facts."""
        cls.env.cr.execute(
            "ALTER TABLE care_ticket_event DISABLE TRIGGER care_ticket_event_guard;"
            "DELETE FROM care_ticket_event WHERE ticket_id = ANY(%(ids)s);"
            "DELETE FROM care_ticket_fact WHERE ticket_id = ANY(%(ids)s);"
            "ALTER TABLE care_ticket_event ENABLE TRIGGER care_ticket_event_guard;",
            {"ids": cls.tickets.ids},
        )
        cls.facts.invalidate_model(flush=False)

    def _make_history(self, ticket):
        """Return rows of 1 to 24 events in order; several may share a second."""
        chance = self.random
        moment = MONDAY + timedelta(seconds=chance.randrange(86400))
        base = ticket._prepare_event_values("created")
        base.update(
            date=moment,
            actor=chance.choice(("customer", "customer", "agent", "bot")),
            actor_id=chance.choice(self.users[1:]),
            stage_category=chance.choice(("new", "new", "new", "open", "solved")),
            is_public=True,
            channel_id=self.env.ref("customer_care.channel_email").id,
        )
        self._set_holders(base)
        rows = [base]
        for _number in range(chance.randrange(24)):
            moment += timedelta(seconds=chance.choice((0, 0, 60, 3600, 90000)))
            rows.append(self._make_event(rows[-1], moment))
        return rows

    def _make_event(self, last, moment):
        chance = self.random
        row = dict(last, date=moment, actor_id=chance.choice(self.users[1:]))
        draw = chance.random()
        if draw < 0.65:
            names = ("kind", "actor", "is_public", "is_automatic")
            row.update(zip(names, chance.choice(MESSAGES), strict=True))
        else:
            row.update(actor=chance.choice(("agent", "customer", "system")))
            row.update(is_public=False, is_automatic=False)
            if draw < 0.8:
                row.update(kind="stage_changed", stage_category=chance.choice(STAGES))
            elif draw < 0.92:
                row["kind"] = chance.choice(("assigned", "team_changed"))
                self._set_holders(row)
            elif draw < 0.94:
                row["kind"] = chance.choice(VOIDS)
            else:
                row.update(kind="priority_changed", priority=chance.choice(("low",)))
        if chance.random() < 0.05:
            row["stage_category"] = chance.choice(STAGES)
        return row

    def _set_holders(self, row):
        row["user_id"] = row["user_ref"] = self.random.choice(self.users)
        row["team_id"] = row["team_ref"] = self.random.choice(self.teams)

    def _append(self, rows):
        """Append rows as the event writer does."""
        self.env["care.ticket.event"]._insert(rows)
        self.tickets._after_events(rows)

    def _check(self, histories):
        """Compare every fact with the second opinion."""
        names = self._get_measure_names()
        facts = {fact.ticket_id.id: fact for fact in self._find_facts(self.tickets)}
        self.assertEqual(facts.keys(), histories.keys())
        for ticket_id, rows in histories.items():
            opinion, fact = SecondOpinion(rows), facts[ticket_id]
            measured = {name: fact[name] for name in names}
            self.assertEqual(measured, opinion.measures(), rows)
            credited = opinion.credits()
            found = {name: fact[name].id or None for name in credited}
            self.assertEqual(found, credited, rows)
            self.assertEqual(fact.is_void, opinion.is_void, rows)
            last = {name: rows[-1][name] for name in ("user_id", "team_id")}
            self.assertEqual({name: fact[name].id or None for name in last}, last)
            self.assertEqual(fact.stage_category, rows[-1]["stage_category"])

    def test_live_rebuilt_and_second_implementation_agree(self):
        histories = {t.id: self._make_history(t) for t in self.tickets}
        for step in range(max(map(len, histories.values()))):
            self._append(
                [rows[step] for rows in histories.values() if len(rows) > step]
            )
        self._check(histories)
        self._check_variety(histories)
        self.assertFalse(self.facts._find_differences(self.tickets.ids))
        self.env.cr.execute(
            "DELETE FROM care_ticket_fact WHERE ticket_id = ANY(%s)", [self.tickets.ids]
        )
        self.facts.invalidate_model(flush=False)
        self.assertEqual(len(self.facts._find_differences(self.tickets.ids)), HISTORIES)
        self.assertEqual(self.facts._rebuild(self.tickets.ids), HISTORIES)
        self._check(histories)

    def _check_variety(self, histories):
        """The histories reach every figure: a test over empty columns proves nothing."""
        domain = [("ticket_id", "in", list(histories))]
        for name in self._get_measure_names():
            known = self.facts.search_count([*domain, (name, "!=", False)])
            self.assertGreater(known, HISTORIES // 20, name)
            positive = self.facts.search_count([*domain, (name, ">", 0)])
            self.assertGreater(positive, 5, name)

    def test_order_of_insertion_does_not_matter(self):
        """Events that arrive late, in any order, give what they give in order."""
        histories = {t.id: self._make_history(t) for t in self.tickets[:100]}
        for number, rows in enumerate(histories.values()):
            for index, row in enumerate(rows):
                row["date"] = MONDAY + timedelta(minutes=index, seconds=number)
        for rows in histories.values():
            shuffled = rows[1:]
            self.random.shuffle(shuffled)
            self._append([rows[0]])
            for row in shuffled:
                self._append([row])
        (self.tickets - self.tickets.browse(histories)).unlink()
        self.tickets = self.tickets.browse(histories)
        self._check(histories)

    def test_stays_add_up_to_the_resolution(self):
        histories = {t.id: self._make_history(t) for t in self.tickets}
        self._append([row for rows in histories.values() for row in rows])
        solved = self._find_facts(self.tickets).filtered("resolution_seconds")
        self.assertGreater(len(solved), 100)
        for fact in solved:
            stays = ("new", "open", "pending", "hold", "rest")
            total = sum(fact[f"{name}_seconds"] for name in stays)
            self.assertEqual(total, fact.resolution_seconds)
