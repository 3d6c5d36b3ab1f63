from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    care_team_ids = fields.Many2many(
        comodel_name="care.team",
        relation="care_team_res_users_rel",
        column1="user_id",
        column2="team_id",
        string="Care Teams",
        context={"active_test": False},
        groups="customer_care.group_agent_own",
    )
