from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_keep_ticket_months = fields.Integer(
        string="Keep Words of Finished Tickets (months)",
        help="So long after a ticket was finished its texts, messages and files are kept;"
        " 0: for ever. Number, times and figures stay.",
    )
    care_keep_log_months = fields.Integer(
        string="Keep Words of the Contact Log (months)",
        help="So long the words and addresses of a logged contact are kept; 0: for ever."
        " That there was a contact stays.",
    )

    _care_keep_positive = models.Constraint(
        "CHECK (COALESCE(care_keep_ticket_months, 0) >= 0"
        " AND COALESCE(care_keep_log_months, 0) >= 0)",
        "Months cannot be negative; 0 keeps for ever.",
    )
