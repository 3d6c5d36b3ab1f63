from odoo import fields, models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    care_filled_on = fields.Datetime(
        string="Customers Known Since",
        readonly=True,
        copy=False,
        help="When the profiles of this company's customers were filled for the first "
        "time; from then on what changes is news.",
    )

    def unlink(self):
        """Profiles and history go with their company; they have no foreign key to it."""
        result = super().unlink()
        for table in ("care_profile", "care_stage_change"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE company_id = ANY(%s)",
                    SQL.identifier(table),
                    list(self.ids),
                )
            )
        return result

    def _care_hold(self):
        """Keep the company from being deleted until this transaction ends.

        Once for all of the rows that a refresh writes without a foreign key to it.
        """
        self.env.cr.execute(
            "SELECT 1 FROM res_company WHERE id = %s FOR KEY SHARE", [self.id]
        )
