from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Write; who leaves the company leaves his open tickets to his colleagues."""
        leaving = self.browse()
        if vals.get("active") is False:
            leaving = self.filtered("active")
        result = super().write(vals)
        if leaving:
            leaving._leave_care_tickets()
        return result

    def _leave_care_tickets(self):
        """Free the open tickets of people who are gone; rules assign them anew."""
        tickets = (
            self.env["care.ticket"]
            .sudo()
            .search([("user_id", "in", self.ids), ("is_open", "=", True)])
        )
        for user, group in tickets.grouped("user_id").items():
            group.with_context(care_actor="system").user_id = False
            for ticket in group:
                ticket.message_post(
                    body=self.env._(
                        "%(person)s does not work here any more: the ticket is free.",
                        person=user.name,
                    ),
                    message_type="notification",
                    subtype_xmlid="mail.mt_note",
                )
        tickets._assign_by_rule()
