"""Odoo's own composer, for mass mail to contacts: it asks the gate as well."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .selections import PURPOSES


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    care_purpose = fields.Selection(
        selection=PURPOSES,
        string="Purpose",
        help="Advertising goes only to those who agreed, and carries its label and a way"
        " to refuse. Whoever the gate refuses gets nothing.",
    )

    care_message_id = fields.Many2one(
        comodel_name="care.message",
        string="Kept As",
        readonly=True,
        ondelete="set null",
        help="Stands for what this composer sends, on the list of what was sent.",
    )

    @api.model
    def default_get(self, fields):
        """Ask for the purpose where people write to many contacts."""
        result = super().default_get(fields)
        context = self.env.context
        if (
            "care_purpose" in fields
            and not result.get("care_purpose")
            and context.get("active_model") == "res.partner"
            and context.get("default_composition_mode") == "mass_mail"
        ):
            result["care_purpose"] = "care"
        return result

    def _manage_mail_values(self, mail_values_all):
        """Leave out whom the gate refuses, and log everybody."""
        values = super()._manage_mail_values(mail_values_all)
        is_ours = self.model == "res.partner" and self.composition_mode == "mass_mail"
        if not (is_ours and self.care_purpose and values):
            return values
        self._care_check_sender()
        company = self.env.company
        partners = self.env["res.partner"].sudo().browse(list(values))
        message = self._care_get_message(company)
        rows = self.env["care.message.delivery"]._claim(
            message, partners, "email", company
        )
        decisions = message._decide(partners, "email", company)
        # this composer cannot wait: what would be postponed is not sent
        decisions = {
            ref: decision._replace(verdict="skip", until=None)
            if decision.verdict == "postpone"
            else decision
            for ref, decision in decisions.items()
        }
        rows._note_decisions(
            decisions, dict.fromkeys(rows.ids, (None, self.subject or ""))
        )
        for row in rows:
            ref = row.partner_id.id
            if decisions[ref].verdict == "go":
                row._care_frame(values[ref], message)
            else:
                values.pop(ref)
        return values

    def _care_check_sender(self):
        """Raise unless the user may send this: as when writing to customers elsewhere."""
        user = self.env.user
        if not user.has_group("customer_care.group_agent_own"):
            raise AccessError(self.env._("Only people of customer care write to many."))
        if self.care_purpose == "promotion" and not user.has_group(
            "customer_care.group_manager"
        ):
            raise AccessError(
                self.env._(
                    "Advertising is for care managers. Ask one of them to send it."
                )
            )

    def _care_get_message(self, company):
        """Return the message that stands for what this composer sends."""
        if not self.care_message_id:
            subject = self.subject or self.env._("Written")
            self.care_message_id = (
                self.env["care.message"]
                .sudo()
                .create(
                    {
                        "name": subject,
                        "active": False,
                        "is_once": True,
                        "company_id": company.id,
                        "purpose": self.care_purpose,
                    }
                )
            )
        return self.care_message_id.sudo()
