from odoo import models

from ..rule.outcome import Outcome


class CareRule(models.Model):
    _inherit = "care.rule"

    def _do_message(self, partners):
        """Send nothing by itself to a customer who is angry: a person writes to him."""
        angry = self._get_angry(partners)
        results = super()._do_message(partners - angry) if partners - angry else {}
        return {
            **results,
            **{ref: Outcome("skipped", "angry") for ref in angry.ids},
        }

    def _sample_message(self, partners):
        """Say in the preview whom the message would not reach for that reason."""
        angry = self._get_angry(partners)
        words = super()._sample_message(partners - angry)
        if self.message_id:
            text = self.env._("Nothing would be sent: the customer is angry.")
            words.update(dict.fromkeys(angry.ids, text))
        return words

    def _get_angry(self, partners):
        """Return those of ``partners`` who have an open ticket and are angry."""
        tickets = self.env["care.ticket"].sudo()
        rows = tickets._read_group(
            [
                ("commercial_partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "=", self.company_id.id),
                ("is_open", "=", True),
                ("mood", "=", "angry"),
            ],
            ["commercial_partner_id"],
        )
        angry = {customer.id for (customer,) in rows}
        return partners.filtered(lambda one: one.commercial_partner_id.id in angry)
