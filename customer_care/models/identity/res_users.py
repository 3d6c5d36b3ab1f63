from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _care_forget_partners(self, partners):
        """End the portal logins of these people and take their names off them."""
        users = self.sudo().with_context(active_test=False)
        users = users.search([("partner_id", "in", partners.ids), ("share", "=", True)])
        users.filtered("active").action_archive()
        users._care_empty_login()

    def _care_empty_login(self):
        """Make it impossible to sign in again, whatever becomes of the login.

        In SQL: Odoo would write a mail about a changed login to the old address.
        """
        if self:
            self.flush_recordset()
            self.env.cr.execute(
                "UPDATE res_users SET login = 'forgotten-' || id, signature = NULL,"
                " password = NULL WHERE id = ANY(%s)",
                [self.ids],
            )
            self.api_key_ids._remove()
            self.invalidate_recordset()
            self.env.registry.clear_cache()

    @api.model
    def _care_export_partners(self, partners):
        """Return the portal logins of these people."""
        users = self.sudo().with_context(active_test=False)
        return [
            {
                "record": "login",
                "login": user.login,
                "active": user.active,
                "since": str(user.create_date or ""),
            }
            for user in users.search(
                [("partner_id", "in", partners.ids), ("share", "=", True)]
            )
        ]
