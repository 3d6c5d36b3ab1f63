"""The big composer carries the scripts that the small one was filled with."""

from odoo import fields, models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    care_script_variant_ids = fields.Many2many(
        comodel_name="care.script.variant",
        relation="mail_compose_message_care_script_variant_rel",
        column1="composer_id",
        column2="variant_id",
        string="Scripts",
    )

    def _prepare_mail_values(self, res_ids):
        """Say to the ticket which scripts its message was made of."""
        values = super()._prepare_mail_values(res_ids)
        if self.model == "care.ticket" and self.composition_mode == "comment":
            for own in values.values():
                if self.care_script_variant_ids:
                    own["care_script_variant_ids"] = self.care_script_variant_ids.ids
        return values
