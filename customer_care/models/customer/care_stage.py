from odoo import fields, models

PHASES = [
    ("presale", "Before the sale"),
    ("aftersale", "After the sale"),
    ("loyal", "Loyal"),
    ("lapsed", "Lapsed"),
]


class CareStage(models.Model):
    """Where a customer stands with the company, from potential to former."""

    _name = "care.stage"
    _inherit = ["care.shared.setting"]
    _description = "Care Stage"
    _order = "sequence, id"

    # identity
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        help="Short word that rules and imports use; it never changes.",
        copy=False,
    )
    phase = fields.Selection(selection=PHASES, required=True, default="aftersale")
    description = fields.Text(translate=True)
    # display
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    fold = fields.Boolean(string="Folded on the board")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another care stage of this company has this code already.",
    )
