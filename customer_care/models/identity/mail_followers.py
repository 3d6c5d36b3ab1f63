from odoo import api, models
from odoo.tools import SQL


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Let people who follow several of the merged contacts follow the one that stays.

        One who follows two of them would make Odoo drop every follower of the source.
        What the contacts themselves follow is a foreign key, looked after with those.
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mail_followers WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (
                                   PARTITION BY partner_id
                                   ORDER BY res_id <> %(kept)s, id) AS turn
                          FROM mail_followers
                         WHERE res_model = 'res.partner' AND res_id = ANY(%(ids)s)
                         ) doubles
                     WHERE turn > 1)
                """,
                kept=destination.id,
                ids=(sources | destination).ids,
            )
        )
        self.invalidate_model()
