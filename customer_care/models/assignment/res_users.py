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

    def unlink(self):
        """Delete; the open tickets of who is deleted go to his colleagues."""
        tickets = self._free_care_tickets()
        result = super().unlink()
        tickets._assign_by_rule()
        return result

    def _leave_care_tickets(self):
        """Free the open tickets of people who are gone; rules assign them anew."""
        self._free_care_tickets()._assign_by_rule()

    def _free_care_tickets(self):
        """Free the open tickets of these people, with an event and a note on each.

        :return: the tickets
        """
        tickets = (
            self.env["care.ticket"]
            .sudo()
            .with_context(active_test=False, care_actor="system")
            .search([("user_id", "in", self.ids), ("is_open", "=", True)])
        )
        for company, group in tickets.grouped("company_id").items():
            group = group.with_context(lang=company.partner_id.lang or self.env.lang)
            bodies = {
                ticket.id: group.env._(
                    "%(person)s does not work here any more: the ticket is free.",
                    person=ticket.user_id.name,
                )
                for ticket in group
            }
            group.user_id = False
            group._message_log_batch(bodies)
        return tickets
