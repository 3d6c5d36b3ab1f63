from odoo import api, fields, models

from ..models.consent.care_limit_line import LIMITED
from ..models.consent.selections import CONSENT_STATES, PURPOSES


class CareConsentSet(models.TransientModel):
    """Writes down what a customer told an agent: yes or no, with the evidence."""

    _name = "care.consent.set"
    _description = "Set a Consent"

    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Contacts",
        required=True,
        default=lambda self: self._default_partner_ids(),
    )
    channel = fields.Selection(selection=LIMITED, required=True, default="sms")
    purpose = fields.Selection(selection=PURPOSES, required=True, default="promotion")
    state = fields.Selection(
        selection=CONSENT_STATES, string="Answer", required=True, default="granted"
    )
    evidence = fields.Text(
        required=True, help="What the customer said, where and to whom."
    )

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    def action_set(self):
        """Write it down, as the person who asks. It holds at once."""
        self.ensure_one()
        self.partner_ids._check_care_agent()
        self.partner_ids._care_set_consent(
            self.channel,
            self.purpose,
            self.state == "granted",
            source="hand",
            evidence=self.evidence,
        )
        return {"type": "ir.actions.act_window_close"}
