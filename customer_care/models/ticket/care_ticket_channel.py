from odoo import fields, models


class CareTicketChannel(models.Model):
    """The way a request reached the company."""

    _name = "care.ticket.channel"
    _inherit = ["care.shared.record"]
    _description = "Ticket Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short word that integrations use; it never changes.",
    )
    icon = fields.Char(default="fa-comment", help="Font Awesome icon class.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "Another channel has this code already."
    )
