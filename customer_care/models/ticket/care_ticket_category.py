from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .selections import KINDS, PRIORITIES

#: Deeper trees are cut in names, so that a broken tree cannot hang a page.
MAX_DEPTH = 10


class CareTicketCategory(models.Model):
    """What a request is about; decides the team, kind and priority it starts with."""

    _name = "care.ticket.category"
    _inherit = ["care.setup.cache", "care.shared.setting"]
    _description = "Ticket Category"
    _rec_names_search = ["name", "parent_id.name"]
    _order = "sequence, name, id"

    # identity
    name = fields.Char(required=True, translate=True)
    parent_id = fields.Many2one(
        comodel_name="care.ticket.category", index=True, ondelete="restrict"
    )
    child_ids = fields.One2many(
        comodel_name="care.ticket.category", inverse_name="parent_id"
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    # what a ticket starts with
    team_id = fields.Many2one(
        comodel_name="care.team",
        check_company=True,
        help="Tickets of this category go to this team.",
    )
    kind = fields.Selection(selection=KINDS)
    priority = fields.Selection(selection=PRIORITIES)
    # portal
    is_portal_visible = fields.Boolean(
        string="Offered to Customers",
        default=True,
        help="Customers can choose this category on the form and on the portal.",
    )

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for category in self:
            names, current = [], category
            while current and len(names) < MAX_DEPTH:
                names.append(current.name or "")
                current = current.parent_id
            category.display_name = " / ".join(reversed(names))

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A category cannot be its own parent. Choose another parent."
                )
            )
