"""Who is given tickets is told: of several at once in one message."""

from markupsafe import Markup

from odoo import models


class CareTicket(models.Model):
    _inherit = "care.ticket"

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Tell people that these tickets are theirs; one message for several."""
        is_silent = self.env.context.get("mail_auto_subscribe_no_notify")
        if len(self) < 2 or is_silent or not self.env.registry.ready:
            return super()._message_auto_subscribe_notify(partner_ids, template)
        for partner in self.env["res.partner"].browse(partner_ids):
            thread = self.env["mail.thread"].with_context(
                lang=partner.lang or self.env.lang, mail_notify_force_send=False
            )
            items = Markup().join(
                Markup('<li><a href="%s">%s</a></li>')
                % (f"/odoo/care.ticket/{ticket.id}", ticket.display_name)
                for ticket in self
            )
            thread.message_notify(
                partner_ids=partner.ids,
                subject=thread.env._(
                    "Tickets that are yours now: %(count)s", count=len(self)
                ),
                body=self.env["mail.render.mixin"]._replace_local_links(
                    Markup("<p>%s</p><ul>%s</ul>")
                    % (thread.env._("You have been assigned to:"), items)
                ),
            )
        return None
