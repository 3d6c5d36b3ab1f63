from odoo import fields, models


class CareContactLog(models.Model):
    _inherit = "care.contact.log"

    reason = fields.Selection(
        selection_add=[
            ("duplicate", "Another contact with the same address got it"),
        ]
    )
