from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .ranking import top_records

#: Cards that one column of Team Today shows at most.
COLUMN_LIMIT = 15
#: Stage categories in which a ticket weighs on the person who has it.
LOAD_CATEGORIES = ("new", "open")


class CareTeam(models.Model):
    _inherit = "care.team"

    @api.model
    def get_team_today(self, team_id=False):
        """Return who has which open tickets, under the rights of the reader.

        A lead sees the teams he leads, a care manager all of them. The number of
        queries depends neither on the tickets nor on the people.

        :param int team_id: one of the reader's teams; False for all of them together
        :return: dict with ``teams`` to choose from, ``team_id``, ``columns`` (people,
            the unassigned tickets first) and ``figures`` of today
        :raises AccessError: the team is not one the reader leads
        """
        teams = self._get_led_teams()
        chosen = teams
        if team_id:
            chosen = teams.filtered(lambda team: team.id == team_id)
            if not chosen:
                raise AccessError(
                    self.env._("You can look at the teams you lead, not at this one.")
                )
        return {
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "team_id": chosen.id if len(chosen) == 1 else False,
            "columns": chosen._get_today_columns(),
            "figures": chosen._get_today_figures(),
            "limit": COLUMN_LIMIT,
        }

    @api.model
    def _get_led_teams(self):
        """Return the teams whose work the user shares out."""
        domain = Domain("company_id", "in", self.env.companies.ids)
        if not self.env.user.has_group("customer_care.group_manager"):
            domain &= Domain("leader_id", "=", self.env.uid)
        return self.search(domain)

    def _get_today_columns(self):
        """Return one column per person, after one of the tickets nobody has."""
        tickets = self.env["care.ticket"]
        domain = [("team_id", "in", self.ids), ("is_open", "=", True)]
        counts = {}
        for user, category, count in tickets._read_group(
            domain, ["user_id", "stage_category"], ["__count"]
        ):
            open_count, load = counts.get(user, (0, 0))
            load += count if category in LOAD_CATEGORIES else 0
            counts[user] = open_count + count, load
        cards = {}
        order = SQL(
            "sla_deadline NULLS LAST, waiting_since NULLS LAST, priority_rank DESC"
        )
        for ticket in top_records(tickets, domain, "user_id", order, COLUMN_LIMIT):
            cards.setdefault(ticket.user_id, []).append(ticket._prepare_work_row())
        capacity = self._get_capacity_by_user()
        users = self.env["res.users"]
        people = users.union(*capacity, *counts).sorted(lambda user: user.name or "")
        return [
            {
                "user_id": user.id,
                "name": user.name or "",
                "open_count": counts.get(user, (0, 0))[0],
                "load": counts.get(user, (0, 0))[1],
                "capacity": capacity.get(user, 0),
                "cards": cards.get(user, []),
            }
            for user in [users, *people]
        ]

    def _get_capacity_by_user(self):
        """Return member → how many tickets he can look after, the most of his teams."""
        capacity = {}
        for team in self:
            for user in team.member_ids:
                capacity[user] = max(capacity.get(user, 0), team.capacity)
        return capacity

    def _get_today_figures(self):
        """Return what happened today, in the days of the company."""
        tickets = self.env["care.ticket"]
        today = tickets._get_start_of_today()
        mine = Domain("team_id", "in", self.ids) & Domain("void_reason", "=", False)
        waiting = tickets._read_group(
            mine & Domain("is_open", "=", True) & Domain("waiting_since", "!=", False),
            [],
            ["__count", "waiting_since:min"],
        )[0]
        return {
            "new_today": tickets.search_count(
                mine & Domain("create_date", ">=", today)
            ),
            "solved_today": tickets.search_count(
                mine & Domain("solved_on", ">=", today)
            ),
            "waiting": waiting[0],
            "oldest_waiting": fields.Datetime.to_string(waiting[1]) or False,
        }
