from odoo import api, models


class CareTicket(models.Model):
    _inherit = "care.ticket"

    @api.model
    def action_open_care(self):
        """Return the first screen of the app for the role of the user.

        A care manager starts with the set-up until that is done, then with the Care
        Board.
        """
        if not self.env.user.has_group("customer_care.group_manager"):
            return super().action_open_care()
        is_done = self.env["care.start"]._is_done(self.env.company)
        name = "care_board_action" if is_done else "care_start_action"
        return self.env["ir.actions.actions"]._for_xml_id(f"customer_care.{name}")
