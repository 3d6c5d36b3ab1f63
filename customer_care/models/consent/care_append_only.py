from odoo import api, models
from odoo.exceptions import UserError


class CareAppendOnly(models.AbstractModel):
    """What happened stays as it was: rows are added, never changed or deleted.

    Not even by the system; a row goes with its customer. Merging and forgetting
    customers work below the ORM.
    """

    _name = "care.append.only"
    _description = "History that Only Grows"

    @api.model
    def _refuse(self):
        """Hook: raise a UserError that says what to do instead."""
        raise UserError(
            self.env._(
                "“%(model)s” is a history: it cannot be changed or deleted.",
                model=self.env["ir.model"]._get(self._name).name,
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what happened stays as it was."""
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        """Refuse: a line goes with its customer alone."""
        self._refuse()
