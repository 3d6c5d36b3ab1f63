from odoo import fields, models


class CareContactLog(models.Model):
    _inherit = "care.contact.log"

    reason = fields.Selection(
        selection_add=[("quiet_period", "The customer was asked a short while ago")]
    )
