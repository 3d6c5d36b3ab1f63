from odoo import api, models
from odoo.tools import SQL


class CareStage(models.Model):
    _inherit = "care.stage"

    @api.model
    def _after_moves(self, values):
        """Hand on who moved to the rules that wait for it."""
        result = super()._after_moves(values)
        if not values["silent"]:
            self.env["care.rule"]._note_stage_changes(
                SQL(
                    """
                    SELECT change.id, change.partner_id, change.company_id,
                           change.from_id, change.to_id, change.initial
                      FROM care_stage_move move
                      JOIN care_stage_change change
                        ON change.partner_id = move.partner_id
                       AND change.company_id = %(company)s AND change."on" = %(now)s
                       AND change.to_id = move.wanted_id
                       AND change.from_id IS NOT DISTINCT FROM move.current_id
                    """,
                    company=values["company"],
                    now=values["now"],
                )
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_a_rule_waits(self):
        self.env["care.rule"]._refuse_to_lose(
            self,
            ["from_stage_id", "to_stage_id", "target_stage_id"],
            ["care_from_stage_id", "care_to_stage_id"],
        )
