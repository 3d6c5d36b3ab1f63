from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_forbidden_access(self, operation):
        """Keep customers to the public messages of tickets, and to reading them.

        Core hides notes from them by the type ``comment`` alone (a mail kept as a note,
        or a log line, would be open to everybody who guesses its number), and lets
        authors change and recipients create messages behind the conversation's back.
        """
        forbidden = super()._get_forbidden_access(operation)
        if self.env.su or self.env.user._is_internal():
            return forbidden
        checked = self - forbidden
        on_tickets = checked.sudo().filtered(lambda m: m.model == "care.ticket")
        if operation == "read" and on_tickets:
            on_tickets -= on_tickets.filtered_domain(
                self.env["care.ticket"]._get_public_message_domain()
            )
        return forbidden + on_tickets.sudo(False)
