from odoo import api, models


class CareContactLog(models.Model):
    _inherit = "care.contact.log"

    @api.model
    def _care_due_domain(self, company, before):
        """Return which contacts of before that moment still hold words or addresses."""
        return [
            ("company_id", "=", company.id),
            ("on", "<", before),
            "|",
            "|",
            ("summary", "!=", False),
            ("address", "!=", False),
            ("mail_message_id", "!=", False),
        ]

    def _care_expire(self):
        """Take words and addresses away; that there was a contact stays."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE care_contact_log SET summary = NULL, address = NULL,"
            " mail_message_id = NULL WHERE id = ANY(%s)",
            [self.ids],
        )
        self.invalidate_recordset()
