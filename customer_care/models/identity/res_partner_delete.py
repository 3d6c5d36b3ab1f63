"""Deleting and archiving customers."""

from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _care_blocks_deletion(self):
        """Return why these contacts cannot be deleted. A hook: addons add their reasons.

        :return: dict contact → list of what there is of him, in words ("3 tickets")
        """
        tickets = self.env["care.ticket"].sudo().with_context(active_test=False)
        return {
            partner: [partner.env._("%(count)s tickets", count=count)]
            for partner, count in tickets._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_care_tickets(self):
        """Keep customers of whom there is something that would be lost."""
        for partner, reasons in self._care_blocks_deletion().items():
            raise UserError(
                self.env._(
                    "%(customer)s has %(reasons)s and cannot be deleted, since these"
                    " would be lost. Archive the contact, or let a care manager choose"
                    " “Forget This Customer”: that takes name, addresses and texts away"
                    " and keeps the figures.",
                    customer=partner.name,
                    reasons=", ".join(reasons),
                )
            )

    def write(self, vals):
        """Archiving tells what runs for these customers that it is over.

        They leave every segment that is kept by a rule within a minute (``care.touch``);
        their tickets stay.
        """
        leaving = self.browse()
        if vals.get("active") is False:
            leaving = self.filtered("active")
        result = super().write(vals)
        if leaving:
            leaving._care_archived()
        return result

    def _care_archived(self):
        """These customers were archived. A hook for what runs for them: it ends."""
