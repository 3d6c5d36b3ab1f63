from odoo import api, models
from odoo.tools import SQL


class CareProfile(models.Model):
    _inherit = "care.profile"

    @api.model
    def _select_asked(self, company, customers):
        """Count contacts that were made, in both directions, as last contact too."""
        only = self.env["care.purchase.source"]._only(
            SQL("log.commercial_partner_id"), customers
        )
        return SQL(
            """
            SELECT COALESCE(ticket.partner_id, contact.partner_id) AS partner_id,
                   ticket.tickets, ticket.open, ticket.complaints,
                   GREATEST(ticket.last_on, contact.last_on) AS last_on,
                   ticket.channel_id
              FROM (%(tickets)s) ticket
              FULL JOIN (
                    SELECT log.commercial_partner_id AS partner_id,
                           MAX(log."on") AS last_on
                      FROM care_contact_log log
                     WHERE log.company_id = %(company)s AND log.state = 'done'
                       AND log.commercial_partner_id IS NOT NULL AND %(only)s
                     GROUP BY log.commercial_partner_id) contact
                ON contact.partner_id = ticket.partner_id
            """,
            tickets=super()._select_asked(company, customers),
            company=company.id,
            only=only,
        )
