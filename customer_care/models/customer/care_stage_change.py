from odoo import api, fields, models
from odoo.exceptions import UserError

from ...fields import LooseMany2one

REASONS = [
    ("rule", "By its rule"),
    ("hand", "By hand"),
    ("first", "First fill"),
    ("merge", "Merged contacts"),
    ("automation", "By an automatic rule"),
]


class CareStageChange(models.Model):
    """A customer moved from one care stage to another. Append-only."""

    _name = "care.stage.change"
    _description = "Care Stage Change"
    _log_access = False
    _rec_name = "partner_id"
    _order = "id desc"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = LooseMany2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    on = fields.Datetime(string="When", required=True)
    from_id = fields.Many2one(comodel_name="care.stage", ondelete="set null")
    to_id = fields.Many2one(comodel_name="care.stage", ondelete="set null")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Moved By", ondelete="set null"
    )
    reason = fields.Selection(selection=REASONS, required=True)
    note = fields.Char(string="Why")
    initial = fields.Boolean(help="Came with a first fill; nothing follows from it.")

    # one after the other in a company: a fill appends to the index
    _company_idx = models.Index("(company_id, id)")

    @api.model
    def _refuse(self):
        raise UserError(
            self.env._(
                "The history of care stages cannot be changed or deleted. Move the "
                "customer again instead: that is a new line."
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what happened stays as it was."""
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        """Refuse: a line goes with its customer alone."""
        self._refuse()
