from odoo import api, fields, models
from odoo.exceptions import UserError

from .readiness import REASONS, STATES


class CareReadinessChange(models.Model):
    """A lead became more, or less, ready to buy. Append-only; rules read it."""

    _name = "care.readiness.change"
    _description = "Readiness Change"
    _log_access = False
    _rec_name = "lead_id"
    _order = "id desc"

    lead_id = fields.Many2one(
        comodel_name="crm.lead", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, ondelete="cascade"
    )
    on = fields.Datetime(string="When", required=True)
    from_state = fields.Selection(selection=STATES, string="From")
    to_state = fields.Selection(
        selection=STATES, string="To", help="Empty: the lead was won or lost."
    )
    reason = fields.Selection(selection=REASONS, required=True)
    initial = fields.Boolean(help="Came with a first fill; nothing follows from it.")

    @api.model
    def _refuse(self):
        raise UserError(
            self.env._(
                "The history of readiness cannot be changed or deleted. It goes with its "
                "lead."
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what happened stays as it was."""
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        """Refuse: a line goes with its lead alone."""
        self._refuse()

    # ------------------------------------------------------- merge, forget, export
    @api.model
    def _care_merge_partners(self, sources, destination):
        """Have the lines of merged contacts follow the contact that stays.

        :param sources: ``res.partner`` that go
        :param destination: ``res.partner`` of one that stays
        """
        self.env.cr.execute(
            "UPDATE care_readiness_change SET partner_id = %s WHERE partner_id = ANY(%s)",
            [destination.id, list(sources.ids)],
        )
        self.invalidate_model(["partner_id"])

    @api.model
    def _care_forget_partners(self, partners):
        """Keep the lines, without saying whom they are about.

        :param partners: ``res.partner`` whose identity is removed
        """
        self.env.cr.execute(
            "UPDATE care_readiness_change SET partner_id = NULL WHERE partner_id = ANY(%s)",
            [list(partners.ids)],
        )
        self.invalidate_model(["partner_id"])

    @api.model
    def _care_export_partners(self, partners):
        """Return what these lines say of contacts, for their export.

        :param partners: ``res.partner``
        :return: list of dicts
        """
        return [
            {
                "model": self._name,
                "lead": line.lead_id.name,
                "on": fields.Datetime.to_string(line.on),
                "from": line.from_state or "",
                "to": line.to_state or "",
                "reason": line.reason,
            }
            for line in self.sudo().search([("partner_id", "in", partners.ids)])
        ]
