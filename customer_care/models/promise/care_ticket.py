from odoo import api, fields, models

from .selections import METRICS

#: Columns that follow from the clocks.
PROMISE_FIELDS = frozenset({"terms_ref", "sla_deadline", "sla_metric", "sla_is_paused"})


class CareTicket(models.Model):
    _inherit = "care.ticket"

    clock_ids = fields.One2many(
        comodel_name="care.sla.clock",
        inverse_name="ticket_id",
        string="Promises",
        groups="base.group_user",
    )
    terms_ref = fields.Integer(
        string="Terms",
        readonly=True,
        copy=False,
        aggregator=None,
        groups="base.group_user",
        help="What is promised for this ticket now: a row of the terms, 0 for nothing.",
    )
    sla_deadline = fields.Datetime(
        string="Due",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the next promise to the customer ends.",
    )
    sla_metric = fields.Selection(
        selection=METRICS,
        string="What Is Due",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    sla_is_paused = fields.Boolean(
        string="Promise Paused",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="A promise stands still, for instance while we wait for the customer.",
    )

    _open_by_deadline_idx = models.Index(
        "(sla_deadline, id) WHERE is_open IS TRUE AND sla_deadline IS NOT NULL"
    )
    _open_for_terms_idx = models.Index("(company_id, id) WHERE is_open IS TRUE")

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | PROMISE_FIELDS

    def write(self, vals):
        """Write, and see whether something else is promised now."""
        result = super().write(vals)
        if vals and not self._get_derived_fields().issuperset(vals):
            self._refresh_terms_after(vals)
        return result
