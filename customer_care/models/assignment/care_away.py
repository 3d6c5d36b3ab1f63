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
