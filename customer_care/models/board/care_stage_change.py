from odoo import models


class CareStageChange(models.Model):
    _inherit = "care.stage.change"

    #: Read by the Care Board: what changed this month.
    _company_on_idx = models.Index('(company_id, "on") WHERE NOT initial')
