from random import randint

from odoo import fields, models


class CareTicketTag(models.Model):
    _name = "care.ticket.tag"
    _inherit = ["care.shared.setting"]
    _description = "Ticket Tag"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: randint(1, 11))
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "((name->>'en_US'), COALESCE(company_id, 0))",
        "A tag of this name exists already.",
    )
