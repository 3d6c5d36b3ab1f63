from odoo import models


class CareTicketEvent(models.Model):
    _inherit = "care.ticket.event"

    def _say_event(self):
        """Return thanks, overrules and reminders as sentences."""
        self.ensure_one()
        _ = self.env._
        if self.kind == "thanked":
            return _(
                "The customer said thanks, so it stayed in “%(stage)s”",
                stage=self._say_reference(self.stage_id),
            )
        if self.kind == "not_thanks":
            return _("An agent found that it was more than thanks")
        if self.kind == "only_thanks":
            return _("An agent found that it was only thanks")
        if self.kind == "reminded":
            return _("The customer was reminded that we wait for an answer")
        return super()._say_event()
