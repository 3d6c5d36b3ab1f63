from odoo import models


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # read by the gate: who has an open complaint
    _gate_complaint_idx = models.Index(
        "(commercial_partner_id, company_id) WHERE is_open AND kind = 'complaint'"
    )
