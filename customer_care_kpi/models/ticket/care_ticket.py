from odoo import models


class CareTicket(models.Model):
    _inherit = "care.ticket"

    def _after_events(self, rows):
        """Keep the facts in the transaction of the events they follow from."""
        result = super()._after_events(rows)
        self.env["care.ticket.fact"].sudo()._fold(rows)
        return result

    def _rebuild_state(self):
        """Rebuild the facts together with the state they are folded from."""
        result = super()._rebuild_state()
        self.env["care.ticket.fact"].sudo()._rebuild(self.ids)
        return result
