from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A low score is followed up when its activity is done; the words are kept."""
        rows = (
            self.env["care.feedback"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("follow_up_state", "=", "todo")])
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        rows._finish_follow_up(False, feedback, with_activity=False)
        return result
