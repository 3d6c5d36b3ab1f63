from odoo import api, models
from odoo.tools import SQL

from ...lib.internal import is_internal


class CareStageChange(models.Model):
    _inherit = "care.stage.change"

    @api.model_create_multi
    def create(self, vals_list):
        """Hand on moves by hand and by rules; those of the care stages come in SQL."""
        changes = super().create(vals_list)
        told = changes.filtered(lambda change: not change.initial)
        if told and not (self.env.su and is_internal(self.env.context, "care_silent")):
            changes.flush_recordset()
            self.env["care.rule"]._note_stage_changes(
                SQL(
                    "SELECT id, partner_id, company_id, from_id, to_id, initial"
                    " FROM care_stage_change WHERE id = ANY(%s)",
                    told.ids,
                )
            )
        return changes
