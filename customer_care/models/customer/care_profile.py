from odoo import api, fields, models

from ...fields import LooseMany2one, Measure
from ...lib.rfm import GROUPS


class CareProfile(models.Model):
    """What is known of one customer of one company, in figures.

    Written by set-based SQL alone (see care_profile_refresh.py): people read it. Nothing
    here drifts from day to day by itself except what a window of 365 days counts.
    """

    _name = "care.profile"
    _description = "Customer Profile"
    _log_access = False
    _rec_name = "partner_id"
    _order = "id"

    # identity
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
    )
    company_id = LooseMany2one(
        comodel_name="res.company",
        required=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_reason = fields.Selection(
        selection="_get_customer_reasons",
        string="Customer Because",
        help="The strongest reason why this contact is a customer of the company.",
    )
    # purchases
    first_purchase_on = fields.Date(string="First Purchase")
    last_purchase_on = fields.Date(string="Last Purchase")
    purchase_count = fields.Integer(string="Purchases")
    purchase_count_365 = fields.Integer(string="Purchases in 365 Days")
    revenue = fields.Monetary(help="All purchases less refunds, without taxes.")
    revenue_365 = fields.Monetary(
        string="12-Month Value",
        help="Purchases less refunds of the last 365 days, without taxes.",
    )
    refund_amount = fields.Monetary(string="Refunds", help="Money given back so far.")
    average_purchase = fields.Monetary(help="Purchases less refunds, per purchase.")
    # rhythm
    gap_days = Measure(
        string="Own Rhythm (days)",
        digits=(8, 1),
        help="Median of the days between two days of purchase; from three purchases on.",
    )
    expected_on = fields.Date(
        string="Next Purchase Expected",
        help="Last purchase plus the customer's own rhythm.",
    )
    silence_on = fields.Date(
        string="Silent From",
        help="Last purchase plus one and a half times the customer's own rhythm.",
    )
    risk_on = fields.Date(
        string="At Risk From",
        help="Last purchase plus twice the customer's own rhythm.",
    )
    # tickets and contacts
    ticket_count = fields.Integer(string="Tickets")
    open_ticket_count = fields.Integer(string="Open Tickets")
    open_complaint_count = fields.Integer(string="Open Complaints")
    last_contact_on = fields.Datetime(string="Last Contact")
    preferred_channel_id = fields.Many2one(
        comodel_name="care.ticket.channel",
        ondelete="set null",
        help="The channel this customer writes on most.",
    )
    # scores, of all customers of the company together
    value_percent = Measure(
        string="Top % by Value",
        digits=(5, 2),
        help="1 means: among the one percent with the highest 12-month value.",
    )
    recency_score = fields.Integer()
    frequency_score = fields.Integer()
    monetary_score = fields.Integer(string="Value Score")
    rfm_group = fields.Selection(selection=list(GROUPS), string="Group")
    # care stage
    stage_outside_on = fields.Date(
        string="Outside Since",
        help="Since when the rule of another care stage fits; the customer moves when "
        "that lasted as long as his care stage asks.",
    )
    is_top_tier = fields.Boolean(
        string="Highest Tier",
        help="Stands on the highest tier of a loyalty program.",
    )

    _partner_company_uniq = models.Constraint(
        "UNIQUE (partner_id, company_id)",
        "A customer has one profile per company.",
    )
    _company_value_idx = models.Index("(company_id, revenue_365)")

    @api.model
    def _get_customer_reasons(self):
        """Return the reasons to be a customer, with their labels."""
        reasons = self.env["res.partner"]._fields["care_customer_reason"]
        return reasons._description_selection(self.env)
