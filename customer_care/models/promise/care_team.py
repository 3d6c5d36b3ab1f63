from odoo import api, fields, models


class CareTeam(models.Model):
    _inherit = "care.team"

    accountable_id = fields.Many2one(
        comodel_name="res.users",
        string="Accountable Person",
        domain=[("share", "=", False)],
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        check_company=True,
        help="Hears of promises that stay broken; empty: the team leader.",
    )

    @api.constrains("resource_calendar_id")
    def _check_countable_hours(self):
        """Refuse hours in which no clock can count."""
        for team in self.filtered("resource_calendar_id"):
            team.resource_calendar_id._check_care_countable(team.company_id)

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["care.sla.policy"]._wake_refresh()
        return result
