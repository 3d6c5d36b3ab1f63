from odoo import fields, models


class CareFeedbackChoice(models.Model):
    """One of the reasons that a survey offers beside its free text."""

    _name = "care.feedback.choice"
    _inherit = ["care.shared.record"]
    _description = "Reason Offered by a Survey"
    _order = "sequence, id"

    survey_id = fields.Many2one(
        comodel_name="care.feedback.survey",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="survey_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Reason", required=True, translate=True)
    active = fields.Boolean(default=True)

    def _get_owner(self):
        return self.sudo().survey_id.company_id
