"""Who is there to take work, and why somebody is not."""

from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.assignment import Candidate
from ...lib.business_time import HorizonError
from ..work.care_team_work import LOAD_CATEGORIES


class CareTeam(models.Model):
    _inherit = "care.team"

    # ------------------------------------------------------------------ presence

    def _get_care_hours(self):
        """Return the hours of the team as clocks count in them; none are always open."""
        self.ensure_one()
        pair = (self.sudo().resource_calendar_id.id, self.company_id.id)
        versions = self.env["care.calendar.version"].sudo()
        version = versions._get_current_ids([pair] if pair[0] else []).get(pair, 0)
        return versions._get_hours([version])[version]

    def _is_working_now(self):
        """Whether the hours of the team are running; without hours they always are."""
        now = fields.Datetime.now()
        try:
            following = fields.Datetime.add(now, seconds=1)
            return self._get_care_hours().seconds(now, following) > 0
        except HorizonError:
            return False

    def _get_opening(self):
        """Return when the hours of the team begin next, naive UTC, None if never."""
        try:
            second = self._get_care_hours().deadline(fields.Datetime.now(), 1)
        except HorizonError:
            return None
        return fields.Datetime.subtract(second, seconds=1)

    def _add_working_minutes(self, start, minutes):
        """Return when so many working minutes of the team have passed.

        :param datetime start: naive UTC
        :return: naive UTC; the end of time where the team never works again
        """
        try:
            return self._get_care_hours().deadline(start, minutes * 60)
        except HorizonError:
            return start.max

    @api.model
    def _get_absences(self, users, company):
        """Return user id → word that says why he is away; who is there is missing.

        ``away``: his leader said so for today; ``leave``: a day off of his own;
        ``office``: his out-of-office note is on.

        :param users: ``res.users``
        :param company: ``res.company``, whose day it is
        """
        users = users.sudo()
        now = fields.Datetime.now()
        absences = {user.id: "office" for user in users if user.is_out_of_office}
        leaves = self.env["resource.calendar.leaves"].sudo()
        domain = Domain("resource_id.user_id", "in", users.ids)
        domain &= Domain("date_from", "<=", now) & Domain("date_to", ">=", now)
        domain &= Domain("time_type", "=", "leave")
        for leave in leaves.search(domain):
            absences[leave.resource_id.user_id.id] = "leave"
        today = self.env["care.profile"]._today(company)
        away = self.env["care.away"].sudo()
        domain = [
            ("user_id", "in", users.ids),
            ("company_id", "=", company.id),
            ("day", "=", today),
        ]
        absences.update({row.user_id.id: "away" for row in away.search(domain)})
        return absences

    # ------------------------------------------------------------------ candidates

    def _get_candidates(self, without=()):
        """Return who can take tickets of this team now, as :class:`Candidate`.

        :param without: ids of people who are left out
        """
        self.ensure_one()
        team = self.sudo()
        members = team.member_ids.filtered(
            lambda user: (
                user.active
                and team.company_id in user.company_ids
                and user.id not in without
            )
        )
        if not members:
            return []
        absences = self._get_absences(members, team.company_id)
        present = members.filtered(lambda user: user.id not in absences)
        loads = self._get_loads(present)
        turns = dict(
            self.env.execute_query(
                SQL(
                    "SELECT user_id, last_on FROM care_team_turn WHERE team_id = %s",
                    team.id,
                )
            )
        )
        return [
            Candidate(user.id, loads.get(user.id, 0), team.capacity, turns.get(user.id))
            for user in present
        ]

    @api.model
    def _get_loads(self, users):
        """Return user id → how many tickets weigh on him; waiting ones do not."""
        groups = (
            self.env["care.ticket"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "in", users.ids),
                    ("is_open", "=", True),
                    ("stage_category", "in", LOAD_CATEGORIES),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        return {user.id: count for user, count in groups}

    def _note_turns(self, user_ids):
        """Write down that these people were given tickets; meets others who do so.

        :param list user_ids: ids, one per ticket, in the order of the tickets
        """
        self.ensure_one()
        if not user_ids:
            return
        counts = sorted(Counter(user_ids).items())
        now = self.env.cr.now().replace(microsecond=0)
        # in the order of ids: two at once wait for each other, never crosswise
        for statement in (
            SQL(
                "INSERT INTO care_person_turn AS turn (user_id, count) VALUES %s"
                " ON CONFLICT (user_id) DO UPDATE"
                " SET count = turn.count + EXCLUDED.count",
                SQL(", ").join(counts),
            ),
            SQL(
                "INSERT INTO care_team_turn AS turn (team_id, user_id, last_on, count)"
                " VALUES %s ON CONFLICT (team_id, user_id) DO UPDATE"
                " SET last_on = EXCLUDED.last_on, count = turn.count + EXCLUDED.count",
                SQL(", ").join((self.id, ref, now, count) for ref, count in counts),
            ),
        ):
            # two at once is nobody's error: done again
            self.env.cr.execute(statement, log_exceptions=False)
