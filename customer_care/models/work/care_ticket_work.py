from odoo import api, models


class CareTicket(models.Model):
    _inherit = "care.ticket"

    @api.model
    def action_open_care(self):
        """Return the first screen of the app for the role of the user.

        An agent starts with My Work, whoever leads a team or all of them with Team
        Today.
        """
        leads = self.env.user.has_group("customer_care.group_lead")
        name = "care_team_today_action" if leads else "care_my_work_action"
        return self.env["ir.actions.actions"]._for_xml_id(f"customer_care.{name}")
