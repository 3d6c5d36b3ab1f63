from odoo import api, models
from odoo.tools import SQL


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    @api.model
    def _care_of(self, partners):
        accounts = self.sudo().with_context(active_test=False)
        return accounts.search([("partner_id", "in", partners.ids)])

    @api.model
    def _care_forget_partners(self, partners):
        """Make account numbers unreadable; payments that name them keep their record."""
        accounts = self._care_of(partners)
        accounts.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner_bank SET acc_number = 'FORGOTTEN' || id,"
                " sanitized_acc_number = 'FORGOTTEN' || id, acc_holder_name = NULL"
                " WHERE id = ANY(%s)",
                accounts.ids,
            )
        )
        accounts.invalidate_recordset()

    @api.model
    def _care_export_partners(self, partners):
        """Return the bank accounts of these people."""
        return [
            {"record": "bank account", "number": account.acc_number}
            for account in self._care_of(partners)
        ]
