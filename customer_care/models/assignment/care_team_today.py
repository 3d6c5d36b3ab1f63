"""What Team Today says of people who are there, and of promises."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, format_datetime


class CareTeam(models.Model):
    _inherit = "care.team"

    def _get_today_columns(self):
        """Add to each column whether its person is there."""
        columns = super()._get_today_columns()
        users = self.env["res.users"].browse(
            column["user_id"] for column in columns if column["user_id"]
        )
        absences = {}
        for company in self.company_id:
            absences.update(self._get_absences(users, company))
        labels = self._get_absence_labels()
        outside = self._get_people_outside_hours()
        assigned = self._count_assigned_today()
        for column in columns:
            word = absences.get(column["user_id"]) or ""
            word = word or ("hours" if column["user_id"] in outside else "")
            column["assigned_today"] = assigned.get(column["user_id"], 0)
            column["absence"] = word
            column["absence_label"] = labels.get(word, "")
        return columns

    def _get_absence_labels(self):
        return {
            "away": self.env._("Away today"),
            "leave": self.env._("On leave"),
            "office": self.env._("Out of office"),
            "hours": self.env._("Outside hours"),
        }

    def _get_people_outside_hours(self):
        """Return the ids of members none of whose teams here works now."""
        working = self.filtered(lambda team: team._is_working_now())
        return set((self - working).member_ids.ids) - set(working.member_ids.ids)

    def _count_assigned_today(self):
        """Return user id → tickets that rules gave him today, in the company's day."""
        if not self:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT user_ref, count(DISTINCT ticket_id) FROM care_ticket_event"
                    " WHERE date >= %s AND kind = 'assigned' AND actor = 'system'"
                    " AND user_ref > 0 AND team_ref IN %s GROUP BY user_ref",
                    self.env["care.ticket"]._get_start_of_today(),
                    tuple(self.ids),
                )
            )
        )

    def _get_today_figures(self):
        """Add what is late, what is due soon, and what goes to and fro."""
        figures = super()._get_today_figures()
        now = fields.Datetime.now()
        due = self.env["care.ticket"].search_count(
            [
                ("team_id", "in", self.ids),
                ("is_open", "=", True),
                ("sla_deadline", "<=", now + timedelta(hours=2)),
            ]
        )
        domain = [("team_id", "in", self.ids), ("is_late", "=", True)]
        late = self.env["care.ticket"].search_count(domain)
        domain = [("team_id", "in", self.ids), ("is_open", "=", True)]
        figures.update(
            late=late,
            soon=due - late,
            ping_pong=self.env["care.ticket"].search_count(
                [*domain, ("ping_pong", "!=", False)]
            ),
            note=self._say_nobody_here(),
        )
        return figures

    def _say_nobody_here(self):
        """Return the sentences that say that tickets wait, one a line and team."""
        notes = [(team, team._say_why_waiting()) for team in self]
        notes = [(team, note) for team, note in notes if note]
        if len(self) == 1:
            return notes[0][1] if notes else ""
        return "\n".join(
            self.env._("%(team)s: %(note)s", team=team.name, note=note)
            for team, note in notes
        )

    def _say_why_waiting(self):
        """Return why new tickets of this team wait now, empty when they do not."""
        self.ensure_one()
        if self.assignment == "manual":
            return ""
        if not self._is_working_now():
            opening = self._get_opening()
            if not opening:
                return self.env._("The hours of the team have ended: tickets wait.")
            return self.env._(
                "Outside working hours: new tickets are shared out from %(when)s on.",
                when=format_datetime(self.env, opening, dt_format="short"),
            )
        candidates = self._get_candidates()
        if not candidates:
            return self.env._("Nobody is here: new tickets wait until somebody comes.")
        if all(candidate.is_full for candidate in candidates):
            return self.env._(
                "Everybody who is here is full: new tickets wait until somebody has"
                " room. Raise the number of tickets per person, or take some yourself."
            )
        return ""
