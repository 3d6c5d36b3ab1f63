"""Several tickets at the same moment, and one place left."""

from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..promise.race_common import PromiseRaceMixin
from ..races import committing


@tagged("post_install", "-at_install")
class TestAssignmentRaces(PromiseRaceMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        with committing() as env:
            user = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": "Đồng hồ",
                        "login": "care_one_place",
                        "company_id": self.company_id,
                        "company_ids": [(6, 0, [self.company_id])],
                    }
                )
            )
            env["care.team"].browse(self.team_id).write(
                {
                    "assignment": "round_robin",
                    "capacity": 1,
                    "resource_calendar_id": False,
                    "leader_id": False,
                    "member_ids": [(6, 0, user.ids)],
                }
            )
            self.user_id = user.id

    def _remove_rows(self):
        with committing() as env:
            user = env["res.users"].browse(self.user_id)
            domain = [("company_id", "=", self.company_id)]
            env["care.ticket"].search(domain).unlink()
            env["care.team"].search(domain).member_ids = [(5, 0, 0)]
            partner = user.partner_id
            user.unlink()
            partner.unlink()
        super()._remove_rows()

    def _prepare(self, teams):
        """Commit a free ticket of each of ``teams``, which have rules from now on."""
        with committing() as env:
            teams = env["care.team"].browse(teams)
            teams.assignment = "manual"
            refs = [
                env["care.ticket"].create({"name": "Việc", "team_id": team.id}).id
                for team in teams
            ]
            teams.assignment = "round_robin"
        return refs

    def _assign_at_once(self, refs):
        """Let the rules assign each ticket in a transaction of its own, all at once.

        :return: number of tickets that found somebody
        """

        def work(ref):
            return lambda env: env["care.ticket"].browse(ref)._assign_by_rule()

        self._run(*map(work, refs))
        with committing() as env:
            return len(env["care.ticket"].browse(refs).filtered("user_id"))

    def _add_team(self):
        with committing() as env:
            team = env["care.team"].browse(self.team_id)
            return team.copy({"name": "Thứ hai", "member_ids": team.member_ids.ids}).id

    def test_one_place_is_given_once(self):
        self.assertEqual(self._assign_at_once(self._prepare([self.team_id] * 3)), 1)

    def test_one_place_for_two_teams_is_given_once(self):
        refs = self._prepare([self.team_id, self._add_team()])
        self.assertEqual(self._assign_at_once(refs), 1)

    def test_the_turns_decide(self):
        """Nothing else keeps them apart: without the note the place is given twice."""
        model = (
            "odoo.addons.customer_care.models.assignment.care_team_presence.CareTeam"
        )
        with patch(f"{model}._note_turns"):
            refs = self._prepare([self.team_id] * 3)
            self.assertEqual(self._assign_at_once(refs), 3)
