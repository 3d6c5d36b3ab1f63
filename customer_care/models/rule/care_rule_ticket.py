"""Do: open a ticket for the customer."""

from odoo import fields, models
from odoo.tools import plaintext2html


class CareRule(models.Model):
    _inherit = "care.rule"

    ticket_category_id = fields.Many2one(
        comodel_name="care.ticket.category",
        string="Category",
        check_company=True,
        ondelete="restrict",
    )

    def _missing_ticket(self):
        missing = []
        if not (self.subject or "").strip():
            missing.append(self.env._("Say what the ticket is about."))
        if not self.team_id:
            missing.append(self.env._("Choose the team that answers the ticket."))
        return missing

    def _say_ticket(self):
        """Return the action in one sentence."""
        return self.env._(
            "open the ticket “%(what)s” for %(team)s",
            what=self.subject or "…",
            team=self.team_id.name or "…",
        )

    def _sample_ticket(self, partners):
        """Return what would happen for each customer: dict of id → words."""
        return {
            ref: self.env._(
                "Ticket for %(team)s: “%(what)s”",
                team=self.team_id.name or "…",
                what=subject,
            )
            for ref, (subject, _text) in self._fill(partners).items()
        }

    def _do_ticket(self, partners):
        """Open the tickets; the customers are told nothing by that.

        :return: dict of partner id → ``care.ticket``
        """
        texts = self._fill(partners)
        tickets = (
            self.env["care.ticket"]
            .with_context(care_by_rule=True)
            .create(
                [
                    {
                        "name": texts[partner.id][0],
                        "description": plaintext2html(texts[partner.id][1] or ""),
                        "partner_id": partner.id,
                        "team_id": self.team_id.id,
                        "category_id": self.ticket_category_id.id,
                        "company_id": self.company_id.id,
                    }
                    for partner in partners
                ]
            )
        )
        return dict(zip(partners.ids, tickets, strict=True))
