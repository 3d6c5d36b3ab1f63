from odoo import api, fields, models


class CareSharedSetting(models.AbstractModel):
    """Set-up records of one company, or of all where none is named.

    What somebody creates who may not change shared records starts as his company's.
    """

    _name = "care.shared.setting"
    _inherit = ["care.shared.record"]
    _description = "Setting of One or All Companies"

    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        default=lambda self: self._get_default_setting_company(),
        help="Leave empty to share it between all companies.",
    )

    @api.model
    def _get_default_setting_company(self):
        """Return the company of a new record: none where the user may share it."""
        return False if self._may_change_shared() else self.env.company

    def write(self, vals):
        if not vals.get("company_id", True) and not self._may_change_shared():
            raise self._make_shared_error()
        return super().write(vals)

    def _get_owner(self):
        return self.sudo().company_id
