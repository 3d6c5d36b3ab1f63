"""What Team Today says of people who are there, and of promises."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_datetime


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
        for column in columns:
            word = absences.get(column["user_id"]) or ""
            column["absence"] = word
            column["absence_label"] = labels.get(word, "")
        return columns

    def _get_absence_labels(self):
        return {
            "away": self.env._("Away today"),
            "leave": self.env._("On leave"),
            "office": self.env._("Out of office"),
        }

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
        """Return the sentence that says that tickets wait, empty when they do not."""
        automatic = self.filtered(lambda team: team.assignment != "manual")
        if not automatic:
            return ""
        closed = automatic.filtered(lambda team: not team._is_working_now())
        if closed == automatic:
            moments = [team._get_opening() for team in closed]
            moments = [moment for moment in moments if moment]
            if not moments:
                return self.env._("The hours of the team have ended: tickets wait.")
            when = format_datetime(self.env, min(moments), dt_format="short")
            return self.env._(
                "Outside working hours: new tickets are shared out from %(when)s on.",
                when=when,
            )
        if not any(team._get_candidates() for team in automatic - closed):
            return self.env._("Nobody is here: new tickets wait until somebody comes.")
        return ""
