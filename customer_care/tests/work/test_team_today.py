from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestTeamToday(CareCommon):
    def _board(self, user, team_id=False):
        return self.env["care.team"].with_user(user).get_team_today(team_id)

    def _column(self, board, user):
        return next(c for c in board["columns"] if c["user_id"] == user.id)

    def test_people_with_their_load(self):
        """What waits for the customer is open but weighs on nobody."""
        self._create_ticket(user_id=self.user_own.id)
        self._create_ticket(user_id=self.user_own.id).stage_id = self.stage_pending
        self._create_ticket(user_id=self.user_own.id).action_solve()
        free = self._create_ticket()
        self._create_ticket(team_id=self.second_team.id)
        self.team.capacity = 7
        board = self._board(self.user_lead)
        column = self._column(board, self.user_own)
        self.assertEqual(
            (column["open_count"], column["load"], column["capacity"]), (2, 1, 7)
        )
        self.assertFalse(board["columns"][0]["user_id"])
        self.assertEqual([c["id"] for c in board["columns"][0]["cards"]], [free.id])
        people = {c["user_id"] for c in board["columns"]} - {False}
        self.assertEqual(people, set(self.team.member_ids.ids))

    def test_longest_waiting_card_first(self):
        with self._at("2026-03-02 03:00:00"):
            late = self._create_ticket(user_id=self.user_own.id)
            self._post(late, self.user_portal)
        with self._at("2026-03-02 02:00:00"):
            early = self._create_ticket(user_id=self.user_own.id)
            self._post(early, self.user_portal)
        calm = self._create_ticket(user_id=self.user_own.id)
        cards = self._column(self._board(self.user_lead), self.user_own)["cards"]
        self.assertEqual([c["id"] for c in cards], [early.id, late.id, calm.id])

    def test_figures_leave_spam_out(self):
        before = self._board(self.user_lead)["figures"]
        self._create_ticket()
        self._create_ticket().action_solve()
        self._create_ticket().action_mark_spam()
        after = self._board(self.user_lead)["figures"]
        self.assertEqual(after["new_today"] - before["new_today"], 2)
        self.assertEqual(after["solved_today"] - before["solved_today"], 1)

    def test_a_lead_sees_the_teams_he_leads_alone(self):
        self.assertEqual(
            [team["id"] for team in self._board(self.user_lead)["teams"]],
            [self.team.id],
        )
        with self.assertRaises(AccessError):
            self._board(self.user_lead, self.second_team.id)
        seen = {team["id"] for team in self._board(self.user_manager)["teams"]}
        self.assertLessEqual({self.team.id, self.second_team.id}, seen)
        self.assertNotIn(self.other_team.id, seen)

    def test_queries_depend_neither_on_tickets_nor_on_people(self):
        model = self.env["care.team"].with_user(self.user_lead)

        def count():
            # what changed in this transaction keeps the registry's cache out of use
            self.env.registry.clear_cache()
            self.env.flush_all()
            for _warm_up in range(2):
                self.env.invalidate_all()
                model.get_team_today(self.team.id)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.get_team_today(self.team.id)
            return self.env.cr.sql_log_count - before

        values = {"name": "x", "team_id": self.team.id}
        users = self.user_own | self.user_team
        self.env["care.ticket"].create(
            [dict(values, user_id=user.id) for user in users for _index in range(3)]
        )
        few = count()
        more = self.env["res.users"]
        for index in range(5):
            more |= self.user_team.copy({"login": f"agent{index}"})
        self.team.member_ids |= more
        self.env["care.ticket"].create(
            [dict(values, user_id=user.id) for user in more for _index in range(12)]
        )
        self.assertLessEqual(count(), few)
