"""How facts are kept, rebuilt, shared and drilled into."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...hooks import post_init_hook
from ...models.ticket import care_ticket_fact_store
from ..common import HOUR, MINUTE, FactCommon


@tagged("post_install", "-at_install")
class TestCareTicketFact(FactCommon):
    def _solved_ticket(self):
        """A ticket that ``user_team`` answered after 30 min and solved after an hour."""
        ticket = self._open("09:00", user_id=self.user_own.id)
        self._reply(ticket, "09:30")
        self._solve(ticket, "10:00")
        return ticket

    # ------------------------------------------------------------------ credit

    def test_credit(self):
        """First reply and solution go to who did them, in the team of that moment."""
        ticket = self._open("09:00", user_id=self.user_own.id)
        self._reply(ticket, "09:30", user=self.user_team)
        with self._local("09:40"):
            ticket.team_id = self.second_team
        self._solve(ticket, "10:00", user=self.user_manager)
        with self._local("11:00"):
            ticket.team_id = self.team
        fact = self._fact(ticket)
        self.assertEqual(fact.first_team_id, self.team)
        self.assertEqual(fact.reply_user_id, self.user_team)
        self.assertEqual(fact.reply_team_id, self.team)
        self.assertEqual(fact.solver_id, self.user_manager)
        self.assertEqual(fact.solver_team_id, self.second_team)
        self.assertEqual((fact.team_id, fact.user_id), (self.team, self.user_own))

    def test_answer_by_mail(self):
        """The system posts the mail of an agent; the credit is the agent's."""
        ticket = self._open("09:00")
        with self._local("09:30"):
            mail = {
                "body": "Em kiểm tra rồi ạ",
                "author_id": self.user_team.partner_id.id,
                "message_type": "email",
                "subtype_xmlid": "mail.mt_comment",
            }
            ticket.with_context(care_actor=None).message_post(**mail)
        fact = self._fact(ticket)
        self.assertEqual(fact.first_response_seconds, 30 * MINUTE)
        self.assertEqual(fact.reply_user_id, self.user_team)

    def test_customer_closes(self):
        """Where the customer or a rule solves it, the credit is of who was in charge."""
        ticket = self._open("09:00", user_id=self.user_own.id)
        with self._local("10:00"):
            ticket.with_context(care_actor="customer").action_solve()
        self.assertEqual(self._fact(ticket).solver_id, self.user_own)

    def test_closing_a_solved_ticket_changes_nothing(self):
        ticket = self._solved_ticket()
        with self._local("17:00"):
            ticket.with_user(self.user_manager).action_close()
        fact = self._fact(ticket)
        self.assertEqual(fact.stage_category, "closed")
        self.assertEqual(fact.resolution_seconds, HOUR)
        self.assertEqual(fact.solver_id, self.user_team)

    def test_current_values_follow_the_ticket(self):
        ticket = self._open("09:00")
        category = self.env["care.ticket.category"].create({"name": "Bảo hành"})
        ticket.write(
            {
                "category_id": category.id,
                "kind": "complaint",
                "priority": "urgent",
                "partner_id": self.customer_two.id,
            }
        )
        fact = self._fact(ticket)
        self.assertEqual(fact.category_id, category)
        self.assertEqual((fact.kind, fact.priority), ("complaint", "urgent"))
        self.assertEqual(fact.partner_id, self.customer_two)

    def test_care_stage_at_opening(self):
        stages = self.env["care.stage"].search([], limit=2)
        self.customer.care_stage_id = stages[0]
        ticket = self._open("09:00")
        self.customer.care_stage_id = stages[1]
        fact = self._fact(ticket)
        self.assertEqual(fact.care_stage_id, stages[0])
        groups = self.facts._read_group(
            [("ticket_id", "=", ticket.id)], ["care_stage_id"], ["__count"]
        )
        self.assertEqual(groups, [(stages[0], 1)])

    # ------------------------------------------------------------------ means

    def test_next_response_is_weighed_by_responses(self):
        """Waits of 10 and 20 min on one ticket and 60 min on another: 30 min."""
        one = self._open("08:00")
        self._reply(one, "08:00")
        for asked, answered in (("09:00", "09:10"), ("10:00", "10:20")):
            self._write_customer(one, asked)
            self._reply(one, answered)
        two = self._open("08:00")
        self._reply(two, "08:00")
        self._write_customer(two, "09:00")
        self._reply(two, "10:00")
        none = self._open("08:00")
        both = one | two | none
        self.assertEqual(self._mean(both, "next_response_seconds"), 30 * MINUTE)
        self.assertIs(self._mean(none, "next_response_seconds"), False)

    def test_response_rate(self):
        """Two of three answered; the open one that waits is not decided yet.

        A ticket in which no customer asked anything counts in neither rate.
        """
        answered = self._open("08:00") | self._open("08:00")
        for ticket in answered:
            self._reply(ticket, "09:00")
        unanswered = self._open("08:00")
        self._solve(unanswered, "09:00")
        waiting = self._open("08:00")
        with self._local("08:00"):
            internal = self._create_ticket()
        self._solve(internal, "09:00")
        tickets = answered | unanswered | waiting | internal
        self.assertAlmostEqual(self._mean(tickets, "is_answered"), 2 / 3)
        self.assertAlmostEqual(self._mean(tickets, "is_unanswered"), 1)
        fact = self._fact(internal)
        self.assertEqual((fact.is_answered, fact.is_unanswered), (None, None))

    # ------------------------------------------------------------------ other records

    def test_deleting_a_ticket_takes_its_fact(self):
        ticket = self._solved_ticket()
        fact = self._fact(ticket)
        ticket.unlink()
        self.assertFalse(fact.exists())

    def test_deleting_people_and_teams(self):
        """What is gone is gone in the fact too, and the next event finds its way."""
        agent = self.user_reader.copy(
            {"login": "leaving", "email": "leaving@care.test"}
        )
        agent.group_ids = [(4, self.env.ref("customer_care.group_manager").id)]
        team = self.env["care.team"].create({"name": "Short-lived"})
        ticket = self._open("09:00", team_id=team.id, user_id=agent.id)
        self._reply(ticket, "09:30", user=agent)
        self._solve(ticket, "10:00", user=agent)
        with self._local("10:30"):
            ticket.write({"team_id": self.team.id, "user_id": self.user_own.id})
        fact = self._fact(ticket)
        self.assertEqual((fact.reply_user_id, fact.solver_id), (agent, agent))
        self.assertEqual((fact.first_team_id, fact.solver_team_id), (team, team))
        agent.unlink()
        team.unlink()
        self.env.invalidate_all()
        fact = self._fact(ticket)
        self.assertFalse(fact.reply_user_id | fact.solver_id)
        self.assertFalse(fact.first_team_id | fact.solver_team_id)
        self._write_customer(ticket, "11:00")
        self._reply(ticket, "11:20")
        fact = self._fact(ticket)
        self.assertEqual(fact.first_response_seconds, 30 * MINUTE)
        self.assertEqual(fact.next_response_seconds, 20 * MINUTE)
        self.assertEqual((fact.handoff_count, fact.transfer_count), (1, 1))

    def test_merging_customers(self):
        ticket = self._open("09:00", partner_id=self.customer_two.id)
        target = self.env["res.partner"].create({"name": "Trần Văn Hùng"})
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer_two | target).ids, target)
        self.env.invalidate_all()
        self.assertEqual(self._fact(ticket).partner_id, target)

    # ------------------------------------------------------------------ rebuild

    def test_backfill_at_install(self):
        """Tickets that were there before the addon get their facts, batch by batch."""
        tickets = self._solved_ticket() | self._solved_ticket() | self._open("09:00")
        before = self._find_facts(tickets).mapped("first_response_seconds")
        self.env.cr.execute("DELETE FROM care_ticket_fact")
        self.env.invalidate_all()
        with patch.object(care_ticket_fact_store, "REBUILD_BATCH", 2):
            post_init_hook(self.env)
            self.assertFalse(self.facts._find_differences())
        self.env.invalidate_all()
        after = self._find_facts(tickets).mapped("first_response_seconds")
        self.assertEqual((before, after), ([1800, 1800, None], [1800, 1800, None]))
        self.assertEqual(
            self.facts.search_count([]),
            self.env["care.ticket"].with_context(active_test=False).search_count([]),
        )

    def test_ticket_without_fact_gets_one_with_its_next_event(self):
        """A ticket opened while the addon was being installed elsewhere."""
        ticket = self._open("09:00")
        self.env.cr.execute(
            "DELETE FROM care_ticket_fact WHERE ticket_id = %s", [ticket.id]
        )
        self.env.invalidate_all()
        self._reply(ticket, "09:30")
        self.assertEqual(self._fact(ticket).first_response_seconds, 30 * MINUTE)

    def test_differences_are_found_and_rebuilt(self):
        ticket = self._solved_ticket()
        self.env.cr.execute(
            "UPDATE care_ticket_fact SET reply_count = 7, solver_id = NULL"
            " WHERE ticket_id = %s",
            [ticket.id],
        )
        found = self.facts._find_differences(ticket.ids)
        expected = {"reply_count": (7, 1), "solver_id": (None, self.user_team.id)}
        self.assertEqual(found, {ticket.id: expected})
        ticket._rebuild_state()
        self.env.invalidate_all()
        self.assertEqual(self._fact(ticket).solver_id, self.user_team)

    def test_rolled_back_event_leaves_no_trace(self):
        """Event and fact stand in one transaction."""
        ticket = self._open("09:00")
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._reply(ticket, "09:30")
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertIsNone(self._fact(ticket).first_response_seconds)

    # ------------------------------------------------------------------ cost

    def test_query_count(self):
        """One statement for new tickets, two for others, whatever their number."""
        fresh = self.env["care.ticket"].create(
            [{"name": "Ticket", "team_id": self.team.id} for _number in range(30)]
        )
        self.env.flush_all()
        created = [ticket._prepare_event_values("created") for ticket in fresh]
        notes = [ticket._prepare_event_values("note") for ticket in fresh]
        facts = self.facts.sudo()
        for count in (1, 30):
            self.env.cr.execute(
                "DELETE FROM care_ticket_fact WHERE ticket_id = ANY(%s)", [fresh.ids]
            )
            with self.assertQueryCount(1):
                facts._fold(created[:count])
            for number, row in enumerate(notes):
                row["date"] = created[0]["date"].replace(year=2030 + count + number % 2)
            with self.assertQueryCount(2):
                facts._fold(notes[:count])

    # ------------------------------------------------------------------ access

    def test_who_sees_what(self):
        """Facts are seen by who sees their tickets, in the same companies."""
        own = self._open("09:00", user_id=self.user_own.id)
        free = self._open("09:00")
        colleague = self._open("09:00", user_id=self.user_team.id)
        elsewhere = self._open("09:00", team_id=self.second_team.id)
        other = self._open("09:00", team_id=self.other_team.id)
        everything = own | free | colleague | elsewhere | other
        expected = {
            self.user_own: own | free,
            self.user_team: own | free | colleague,
            self.user_lead: own | free | colleague,
            self.user_manager: own | free | colleague | elsewhere,
            self.user_admin: own | free | colleague | elsewhere,
            self.user_other: other,
        }
        for user, tickets in expected.items():
            domain = [("ticket_id", "in", everything.ids)]
            facts = self.facts.with_user(user).search(domain)
            self.assertEqual(facts.sudo().ticket_id, tickets, user.login)
            seen = self.env["care.ticket"].with_user(user)
            self.assertEqual(seen.search([("id", "in", everything.ids)]), tickets)

    def test_nobody_else_reads(self):
        ticket = self._open("09:00")
        for user in (
            self.user_reader,
            self.user_portal,
            self.env.ref("base.public_user"),
        ):
            with self.assertRaises(AccessError):
                self.facts.with_user(user).search([])
            with self.assertRaises(AccessError):
                self._find_facts(ticket).with_user(user).read(["reply_count"])

    def test_nobody_writes(self):
        """Figures follow from events; not even the administrator sets them."""
        fact = self._fact(self._open("09:00")).with_user(self.user_admin)
        with self.assertRaises(AccessError):
            fact.write({"reply_count": 9})
        with self.assertRaises(AccessError):
            fact.unlink()
        with self.assertRaises(AccessError):
            fact.create({"ticket_id": fact.ticket_id.id})
        with self.assertRaises(AccessError):
            fact.read(["fold_state"])
        with self.assertRaises(AccessError):
            fact.search([("fold_state", "!=", False)])

    # ------------------------------------------------------------------ screens

    def test_drill_down(self):
        ticket = self._open("09:00", user_id=self.user_own.id)
        fact = self._fact(ticket).with_user(self.user_own)
        action = fact.action_open_ticket()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("care.ticket", ticket.id)
        )
        action = fact.action_view_tickets()
        found = (
            self.env["care.ticket"].with_user(self.user_own).search(action["domain"])
        )
        self.assertEqual(found, ticket)
