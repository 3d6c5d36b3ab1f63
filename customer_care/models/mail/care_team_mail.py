from odoo import api, fields, models

#: Calendar days in which a reply reopens, where nobody says otherwise.
REOPEN_DAYS = 7


class CareTeam(models.Model):
    _inherit = "care.team"

    reopen_policy = fields.Selection(
        selection=[
            ("days", "Reopens for some days"),
            ("always", "Always reopens"),
            ("never", "Always opens a new ticket"),
        ],
        string="Reply to a Solved Ticket",
        required=True,
        default="days",
        help="What happens when a customer answers a ticket that is solved or closed. A"
        " new ticket is linked to the old one; a ticket that reopens goes back to the"
        " person who had it.",
    )
    reopen_days = fields.Integer(
        string="Reopen within (days)",
        default=REOPEN_DAYS,
        help="Calendar days since the ticket was solved. A later reply opens a new ticket"
        " that is linked to the old one.",
    )
    intake_warning = fields.Char(
        string="Incoming Mail",
        compute="_compute_intake_warning",
        help="What is missing before customers can write to this team; empty when"
        " nothing is.",
    )

    _reopen_days_positive = models.Constraint(
        "CHECK (reopen_days >= 0)", "The number of days cannot be negative."
    )

    @api.depends("alias_name", "alias_domain_id")
    def _compute_intake_warning(self):
        has_server = bool(
            self.env["fetchmail.server"].sudo().search_count([("state", "=", "done")])
        )
        has_mail = bool(self.env["care.inbound"].sudo().search_count([], limit=1))
        for team in self:
            if not team.alias_name:
                warning = self.env._("The team has no e-mail address yet.")
            elif not team.alias_domain_id:
                warning = self.env._(
                    "The company has no e-mail domain, so the address is not complete."
                    " Set one under Settings › General Settings › Alias Domain."
                )
            elif not has_server and not has_mail:
                warning = self.env._(
                    "No mail has come in so far, and no incoming mail server is set up."
                )
            else:
                warning = False
            team.intake_warning = warning
