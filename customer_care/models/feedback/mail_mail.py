from odoo import api, fields, models
from odoo.fields import Domain


class MailMail(models.Model):
    _inherit = "mail.mail"

    care_feedback_id = fields.Many2one(
        comodel_name="care.feedback",
        string="Question to a Customer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )

    @api.model
    def _care_domain(self):
        """Look after mails of surveys too when they could not be sent."""
        return super()._care_domain() | Domain("care_feedback_id", "!=", False)
