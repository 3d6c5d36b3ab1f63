from odoo import api, fields, models
from odoo.exceptions import UserError


class CareForget(models.TransientModel):
    """Says what forgetting customers means, asks, and does it."""

    _name = "care.forget"
    _description = "Forget a Customer"

    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        required=True,
        context={"active_test": False},
    )
    people_count = fields.Integer(
        string="Contacts", compute="_compute_counts", help="With all below them."
    )
    ticket_count = fields.Integer(string="Tickets", compute="_compute_counts")
    order_count = fields.Integer(string="Orders", compute="_compute_counts")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_counts")
    is_sure = fields.Boolean(string="I have read this; it cannot be undone")

    @api.depends("partner_ids")
    def _compute_counts(self):
        """Count what will be touched; for those who may forget, whatever they may read."""
        for wizard in self:
            partners = wizard.partner_ids._origin
            partners._care_check_privacy()
            family = partners._care_family()
            env = family.env
            moves = [("partner_id", "in", family.ids), ("state", "=", "posted")]
            wizard.people_count = len(family)
            wizard.ticket_count = len(family._care_records("care.ticket"))
            wizard.order_count = len(env["sale.order"]._care_of(family))
            wizard.invoice_count = env["account.move"].search_count(moves)

    def action_forget(self):
        """Forget these customers, as the person who asks; his role decides."""
        self.ensure_one()
        if not self.is_sure:
            raise UserError(
                self.env._("Tick the box first: forgetting cannot be undone.")
            )
        self.partner_ids._care_forget()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
