from odoo import fields, models


class CareAway(models.Model):
    """Somebody is away on a day, as his team leader says; it ends with the day."""

    _name = "care.away"
    _description = "Away Today"
    _order = "day desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    day = fields.Date(required=True)

    _day_uniq = models.Constraint(
        "UNIQUE (user_id, company_id, day)", "This person is away on that day already."
    )


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
