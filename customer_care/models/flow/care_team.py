from odoo import api, fields, models

#: Settings that watch for silence → the field that says since when.
WATCHES = {
    "solved_watch_since": ("close_after_days",),
    "pending_watch_since": ("remind_after_days", "solve_after_days"),
}


class CareTeam(models.Model):
    """What a team does when a customer says thanks, or nothing at all."""

    _inherit = "care.team"

    is_thanks_read = fields.Boolean(
        string="Thanks Do Not Reopen",
        default=True,
        help="A reply that says nothing but thanks leaves a solved ticket solved. The"
        " ticket shows it, and an agent can reopen it after all.",
    )
    close_after_days = fields.Integer(
        string="Close Solved after (days)",
        default=5,
        help="A solved ticket closes by itself when nobody has written for so many days;"
        " 0: never. Tickets that were solved before this was turned on close without a"
        " word to the customer.",
    )
    remind_after_days = fields.Integer(
        string="Remind after (days)",
        default=0,
        help="A customer who owes us an answer is reminded once after so many days of"
        " silence; 0: never. Nobody is reminded of what waited before this was turned"
        " on.",
    )
    solve_after_days = fields.Integer(
        string="Solve after (days more)",
        default=0,
        help="A ticket that waits for the customer is solved by itself so many days after"
        " the reminder, or of silence where nobody is reminded; 0: never. Tickets that"
        " waited before this was turned on are solved without a word to the customer.",
    )
    solved_watch_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When solved tickets began to close by themselves.",
    )
    pending_watch_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the team began to watch for customers who do not answer.",
    )

    _silence_days_positive = models.Constraint(
        "CHECK (close_after_days >= 0 AND remind_after_days >= 0"
        " AND solve_after_days >= 0)",
        "Days of silence cannot be negative; 0 turns a step off.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        teams._note_watches(dict.fromkeys(teams.ids, frozenset()))
        return teams

    def write(self, vals):
        touched = {name for names in WATCHES.values() for name in names}
        if touched.isdisjoint(vals):
            return super().write(vals)
        before = {team.id: team._get_watches() for team in self}
        result = super().write(vals)
        self._note_watches(before)
        return result

    def _get_watches(self):
        """Return the names of the fields whose watch is on."""
        self.ensure_one()
        return frozenset(
            name
            for name, settings in WATCHES.items()
            if any(self[setting] > 0 for setting in settings)
        )

    def _note_watches(self, before):
        """Note since when a watch is on: what was silent before is left in peace.

        :param dict before: team id → watches that were on
        """
        now = self.env.cr.now().replace(microsecond=0)
        for team in self:
            on = team._get_watches()
            changes = dict.fromkeys(on - before[team.id], now)
            changes |= dict.fromkeys(before[team.id] - on, False)
            if changes:
                team.write(changes)
