from odoo import api, fields, models

RULES = [
    ("manual", "By hand"),
    ("round_robin", "In turn: who has waited longest for one"),
    ("least_loaded", "To whom has the most room"),
]


class CareTeam(models.Model):
    _inherit = "care.team"

    assignment = fields.Selection(
        selection=RULES,
        string="New Tickets Are Assigned",
        required=True,
        default="manual",
        tracking=True,
        help="Only people who are there and not full get tickets; outside working hours"
        " tickets wait. A VIP's person in charge comes first.",
    )
    take_back_minutes = fields.Integer(
        string="Take Back After (working minutes)",
        default=0,
        help="Who does nothing for so long while the customer waits loses the ticket to"
        " a colleague. 0: never.",
    )
    ping_pong_limit = fields.Integer(
        string="Hand-offs That Are Too Many",
        default=4,
        help="So many changes of person, or one back to a former one, are reported to"
        " the team leader.",
    )
    assignment_note = fields.Char(compute="_compute_assignment_note")

    _take_back_positive = models.Constraint(
        "CHECK (take_back_minutes >= 0)",
        "The minutes until a ticket is taken back cannot be negative; 0 means never.",
    )
    _ping_pong_positive = models.Constraint(
        "CHECK (ping_pong_limit >= 2)",
        "At least two hand-offs are needed to be too many.",
    )

    @api.model
    def _wake_assignment(self, moments=None):
        """Have the job assign at these moments (naive UTC), at once without any."""
        cron = self.env.ref("customer_care.ir_cron_care_assign").sudo()
        known = self.env["ir.cron.trigger"].sudo()
        domain = [("cron_id", "=", cron.id), ("call_at", "in", list(moments or ()))]
        missing = set(moments or ()) - set(known.search(domain).mapped("call_at"))
        if missing or not moments:
            cron._trigger(at=sorted(missing) or None)

    def _wake_at_opening(self):
        """Have the job assign when the hours of these teams begin, once per moment."""
        closed = self.filtered(lambda team: not team._is_working_now())
        moments = {team._get_opening() for team in closed} - {None}
        if moments:
            self._wake_assignment(moments)

    @api.depends("assignment", "member_ids.active")
    def _compute_assignment_note(self):
        """Say why tickets of the team would wait."""
        for team in self:
            team.assignment_note = False
            if team.assignment != "manual" and not team.member_ids.filtered("active"):
                team.assignment_note = self.env._(
                    "This team has no people: its tickets wait until somebody takes"
                    " them. Add members, or let tickets be assigned by hand."
                )
