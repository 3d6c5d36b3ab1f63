from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class LoyaltyTier(models.Model):
    """A level of a loyalty program, reached with so many points.

    A member stands in the highest tier whose threshold his points reach; nothing is
    stored on the member, so a changed threshold counts at once.
    """

    _name = "loyalty.tier"
    _inherit = ["care.shared.record"]
    _description = "Loyalty Tier"
    _order = "program_id, threshold, id"

    # identity
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("program_type", "=", "loyalty")],
        default=lambda self: self.env.company._get_care_loyalty_program(),
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, precompute=True, index=True
    )
    # what it takes
    threshold = fields.Float(
        string="Points to Reach It",
        digits=(16, 2),
        required=True,
        help="A member with at least so many points stands in this tier.",
    )
    point_name = fields.Char(related="program_id.portal_point_name")
    # display
    color = fields.Integer()
    image = fields.Image(max_width=256, max_height=256)
    member_count = fields.Integer(
        string="Members",
        compute="_compute_member_count",
        groups="customer_care.group_agent_own",
        help="Customers who stand in this tier now.",
    )

    _threshold_uniq = models.UniqueIndex(
        "(program_id, threshold) WHERE active IS TRUE",
        "Another tier of this program starts with the same number of points.",
    )
    _threshold_positive = models.Constraint(
        "CHECK (threshold >= 0)", "The points of a tier cannot be negative."
    )

    def _get_owner(self):
        return self.sudo().company_id

    def _compute_member_count(self):
        counts = {}
        for program in self.sudo().program_id:
            members = program._get_member_sql()
            counts.update(
                self.env.execute_query(
                    SQL(
                        "SELECT tier_id, COUNT(*) FROM (%s) AS member"
                        " WHERE tier_id IS NOT NULL GROUP BY tier_id",
                        members,
                    )
                )
            )
        for tier in self:
            tier.member_count = counts.get(tier.id, 0)

    @api.constrains("program_id")
    def _check_program_type(self):
        for tier in self:
            if tier.program_id.sudo().program_type != "loyalty":
                raise ValidationError(
                    self.env._(
                        "“%(program)s” is no program of loyalty cards: its points are"
                        " spent and not kept, so it has no tiers. Choose a program of"
                        " the type “Loyalty Cards”.",
                        program=tier.program_id.sudo().name,
                    )
                )

    def copy_data(self, default=None):
        """Copies start at a free threshold, one point above the highest of the program."""
        vals_list = super().copy_data(default)
        for tier, vals in zip(self, vals_list, strict=True):
            if "threshold" not in (default or {}):
                tiers = tier.program_id.with_context(active_test=False).tier_ids
                vals["threshold"] = max(tiers.mapped("threshold")) + 1
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=tier.name)
        return vals_list

    def action_view_members(self):
        """Open the members who stand in this tier now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care_loyalty.loyalty_member_action"
        )
        action["domain"] = [
            ("care_is_member", "=", True),
            ("care_tier_id", "=", self.id),
        ]
        action["display_name"] = self.env._("Members: %(tier)s", tier=self.name)
        return action
