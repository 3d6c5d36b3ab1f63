from datetime import timedelta

from odoo import api, fields, models

from ..models.customer.res_partner_stage import KEEP_DAYS


class CareStageMove(models.TransientModel):
    """Puts customers into a care stage, and asks until when that shall hold."""

    _name = "care.stage.move"
    _description = "Move to a Care Stage"

    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        required=True,
        default=lambda self: self._default_partner_ids(),
    )
    partner_count = fields.Integer(
        string="Selected Customers", compute="_compute_partner_count"
    )
    stage_id = fields.Many2one(
        comodel_name="care.stage",
        string="Care Stage",
        required=True,
        domain="[('company_id', 'in', [False, allowed_company_ids[0]])]",
        ondelete="cascade",
    )
    until = fields.Date(
        string="Keep Until",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + timedelta(days=KEEP_DAYS)
        ),
        help="After this day the rules of the care stages decide again.",
    )
    note = fields.Char(string="Why")

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard.partner_ids)

    def action_move(self):
        """Move the customers, as the person who asks."""
        self.ensure_one()
        self.partner_ids.action_care_move(self.stage_id.id, self.until, self.note)
        return {"type": "ir.actions.act_window_close"}
