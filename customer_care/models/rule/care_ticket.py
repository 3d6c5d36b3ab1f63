from odoo import models


class CareTicket(models.Model):
    _inherit = "care.ticket"

    def _send_first_stage_message(self):
        """The customer did not write: what a rule opens says nothing to him."""
        if self.env.su and self.env.context.get("care_by_rule"):
            return None
        return super()._send_first_stage_message()
