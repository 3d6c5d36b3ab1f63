from odoo import api, models
from odoo.tools import SQL


class CareProfile(models.Model):
    _inherit = "care.profile"

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep one profile per company; the merge refreshes it from what moved.

        Where the destination had none it takes over one of a merged contact, so that it
        is a customer without a gap.
        """
        home = sources._care_merge_home(destination)
        values = {
            "home": home.id,
            "others": ((sources | destination) - home).ids,
        }
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_profile kept SET is_top_tier = TRUE
                  FROM care_profile gone
                 WHERE (kept.partner_id = %(home)s OR kept.partner_id = ANY(%(others)s))
                   AND kept.company_id = gone.company_id
                   AND gone.partner_id = ANY(%(others)s) AND gone.is_top_tier
                   AND kept.is_top_tier IS NOT TRUE
                """,
                **values,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM care_profile gone
                 WHERE gone.partner_id = ANY(%(others)s)
                   AND EXISTS (SELECT 1 FROM care_profile kept
                                WHERE kept.company_id = gone.company_id
                                  AND (kept.partner_id = %(home)s
                                       OR kept.partner_id = ANY(%(others)s)
                                       AND kept.id < gone.id))
                """,
                **values,
            )
        )
        (sources | destination)._care_move_rows(self._table, "partner_id", home)
        self.invalidate_model()

    @api.model
    def _care_forget_partners(self, partners):
        """Nothing to take away: figures alone."""

    @api.model
    def _care_export_partners(self, partners):
        """Return the figures, company by company."""
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.type not in ("many2one", "one2many")
        ]
        profiles = self.sudo().search(
            [("partner_id", "in", (partners | partners.commercial_partner_id).ids)]
        )
        return [
            {
                "record": "profile",
                "company": profile.company_id.name,
                **{name: str(profile[name] or "") for name in names if name != "id"},
            }
            for profile in profiles
        ]
