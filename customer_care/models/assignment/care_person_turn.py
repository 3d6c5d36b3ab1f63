from odoo import fields, models


class CarePersonTurn(models.Model):
    """How many tickets a person was given, by whichever team.

    A person's capacity counts his tickets of all teams. Every automatic assignment
    updates his row, so that two teams that choose him at once meet there, and the second
    is done again.
    """

    _name = "care.person.turn"
    _description = "Turn of a Person"
    _log_access = False
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users", required=True, ondelete="cascade"
    )
    count = fields.Integer(aggregator=None)

    _user_uniq = models.Constraint("UNIQUE (user_id)", "A person has one turn.")
