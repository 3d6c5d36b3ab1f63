"""Do: write a contact with the customer into the log."""

from odoo import fields, models

from ..consent.selections import CHANNELS


class CareRule(models.Model):
    _inherit = "care.rule"

    contact_channel = fields.Selection(
        selection=CHANNELS,
        string="Channel",
        help="How the contact was made that is written down.",
    )

    def _missing_contact(self):
        missing = []
        if not self.contact_channel:
            missing.append(self.env._("Choose how the contact was made."))
        if not (self.subject or "").strip():
            missing.append(self.env._("Say what the contact was about."))
        return missing

    def _say_contact(self):
        """Return the action in one sentence."""
        channels = dict(
            self._fields["contact_channel"]._description_selection(self.env)
        )
        return self.env._(
            "write “%(what)s” into the contact log (%(channel)s)",
            what=self.subject or "…",
            channel=channels.get(self.contact_channel, "…"),
        )

    def _sample_contact(self, partners):
        """Return what would happen for each customer: dict of id → words."""
        texts = self._fill(partners)
        return {
            ref: self.env._("Contact log: “%(what)s”", what=subject)
            for ref, (subject, _text) in texts.items()
        }

    def _do_contact(self, partners):
        """Write one line for each customer.

        :return: dict of partner id → ``care.contact.log``
        """
        texts = self._fill(partners)
        rows = self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "channel": self.contact_channel,
                    "summary": "\n".join(filter(None, texts[partner.id])),
                    "source_model": self._name,
                    "source_id": self.id,
                }
                for partner in partners
            ]
        )
        return dict(zip(partners.ids, rows, strict=True))
