from odoo import fields, models


class CareTeamTurn(models.Model):
    """When a member of a team was given a ticket last.

    Every automatic assignment updates the row, so that two that choose the same person at
    once meet there, and the second is done again.
    """

    _name = "care.team.turn"
    _description = "Turn of a Team Member"
    _log_access = False
    _rec_name = "user_id"

    team_id = fields.Many2one(
        comodel_name="care.team", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, ondelete="cascade"
    )
    last_on = fields.Datetime()
    count = fields.Integer(aggregator=None)

    _member_uniq = models.Constraint(
        "UNIQUE (team_id, user_id)", "A member of a team has one turn."
    )
