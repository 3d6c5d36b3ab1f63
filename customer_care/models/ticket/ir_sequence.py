from odoo import models


class IrSequence(models.Model):
    """The format of ticket numbers is cached (see care_ticket_opening.py)."""

    _name = "ir.sequence"
    _inherit = ["ir.sequence", "care.setup.cache"]
