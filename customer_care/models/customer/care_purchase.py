from odoo import api, fields, models


class CarePurchase(models.Model):
    """A purchase that was made outside this Odoo and brought in from a file."""

    _name = "care.purchase"
    _description = "Imported Purchase"
    _inherit = ["care.touch.mixin"]
    _order = "day desc, id desc"
    _rec_name = "reference"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(string="Bought on", required=True)
    amount = fields.Monetary(
        required=True,
        help="Without taxes, in the currency of the company. Negative: money given back.",
    )
    purchase_count = fields.Integer(
        string="Purchases",
        default=1,
        required=True,
        help="More than one when the line sums up what was bought until that day.",
    )
    is_opening = fields.Boolean(
        string="Sum until that Day",
        help="One line for everything bought until that day; it says nothing of the "
        "days between purchases.",
    )
    reference = fields.Char(
        index="trigram",
        help="Number of the receipt or order. The same number is taken in only once.",
    )
    delivered_on = fields.Date()

    _reference_uniq = models.UniqueIndex(
        "(company_id, reference) WHERE reference IS NOT NULL",
        "A purchase with this reference has been imported already.",
    )
    _purchase_count_positive = models.Constraint(
        "CHECK (purchase_count >= 1)",
        "A line stands for at least one purchase.",
    )

    @api.model
    def _care_touch_fields(self):
        return super()._care_touch_fields() | {"day", "amount", "purchase_count"}
