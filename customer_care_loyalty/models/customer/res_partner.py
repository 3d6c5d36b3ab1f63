from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.customer_care.fields import Measure

#: Who knows the balance of a customer; the tier is for every internal user.
POINTS_GROUPS = "customer_care.group_agent_own,sales_team.group_sale_salesman"
INEQUALITIES = {
    "<": SQL("<"),
    "<=": SQL("<="),
    ">": SQL(">"),
    ">=": SQL(">="),
}


class Membership(NamedTuple):
    """What a customer has in the program of a company."""

    points: float
    #: With unit, in the reader's language, such as “1,250 points”.
    text: str
    tier_id: int | None


class ResPartner(models.Model):
    """Points and tier of a customer, read from the loyalty cards when they are shown.

    They belong to the customer company: cards of all its contacts count together, and
    all its contacts show them. Searching, sorting, grouping and sums are answered by the
    database (:meth:`loyalty.program._get_member_sql`), no contact is loaded for them.
    """

    _inherit = "res.partner"

    care_is_member = fields.Boolean(
        string="Loyalty Member",
        compute="_compute_care_membership",
        search="_search_care_is_member",
        groups="base.group_user",
        help="Has a card of the loyalty program of this company.",
    )
    care_tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        string="Tier",
        compute="_compute_care_membership",
        search="_search_care_tier_id",
        groups="base.group_user",
        help="The highest tier whose threshold the points reach.",
    )
    care_tier_color = fields.Integer(
        related="care_tier_id.color", groups="base.group_user"
    )
    care_points = Measure(
        string="Points",
        digits=(16, 2),
        compute="_compute_care_membership",
        search="_search_care_points",
        groups=POINTS_GROUPS,
        help="Balance of the loyalty cards in the program of this company.",
    )
    care_points_text = fields.Char(
        string="Point Balance",
        compute="_compute_care_membership",
        groups=POINTS_GROUPS,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_care_membership(self):
        members = self._read_care_memberships(self.env.company)
        for partner in self:
            customer = partner.commercial_partner_id._origin
            found = members.get(customer.id)
            partner.care_is_member = bool(found) and customer == partner._origin
            partner.care_tier_id = found.tier_id if found else False
            partner.care_points = found.points if found else None
            partner.care_points_text = found.text if found else False

    def _read_care_memberships(self, company):
        """Return commercial partner id → :class:`Membership` in the company's program.

        Numbers and tiers only, read as the system: who may see them is decided by the
        groups of the fields that show them.
        """
        program = company.sudo()._get_care_loyalty_program()
        customers = self.sudo().commercial_partner_id._origin
        if not program or not customers:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT customer_id, points, tier_id FROM (%s) AS member",
                program._get_member_sql(customers.ids),
            )
        )
        return {
            customer: Membership(points, program._format_care_points(points), tier)
            for customer, points, tier in rows
        }

    # ------------------------------------------------------------------ search

    def _search_care_members(self, field_name, condition):
        """Return the domain of contacts whose customer fulfils ``condition``.

        :param str field_name: what is searched; Odoo itself would let everybody find
            the value of a field that he may not read, by guessing
        :param SQL condition: over the columns of :meth:`loyalty.program._get_member_sql`
        :raises AccessError: the reader may not read the field
        """
        self._check_field_access(self._fields[field_name], "read")
        program = self.env.company.sudo()._get_care_loyalty_program()
        if not program:
            return Domain.FALSE
        members = SQL(
            "SELECT customer_id FROM (%s) AS member WHERE %s",
            program._get_member_sql(),
            condition,
        )
        return Domain("commercial_partner_id", "any!", members)

    @api.model
    def _search_care_is_member(self, operator, value):
        if operator != "in":
            return NotImplemented
        is_customer = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = %s",
                model._field_to_sql(alias, "commercial_partner_id", query),
                SQL.identifier(alias, "id"),
            ),
            predicate=lambda partner: partner.commercial_partner_id == partner,
        )
        members = self._search_care_members("care_is_member", SQL("TRUE")) & is_customer
        domain = Domain.FALSE
        if True in value:
            domain |= members
        if False in value:
            domain |= ~members
        return domain

    @api.model
    def _search_care_points(self, operator, value):
        if operator in INEQUALITIES:
            return self._search_care_members(
                "care_points", SQL("points %s %s", INEQUALITIES[operator], value)
            )
        if operator != "in":
            return NotImplemented
        known = [item for item in value if item is not False and item is not None]
        domain = Domain.FALSE
        if known:
            domain |= self._search_care_members(
                "care_points", SQL("points IN %s", tuple(known))
            )
        if len(known) < len(value):
            domain |= ~self._search_care_members("care_points", SQL("TRUE"))
        return domain

    @api.model
    def _search_care_tier_id(self, operator, value):
        tiers = self.env["loyalty.tier"].with_context(active_test=False)
        if operator in ("any", "any!"):
            if isinstance(value, Domain):
                value = tiers.sudo(operator == "any!" or self.env.su)._search(value)
            found = value if isinstance(value, SQL) else value.subselect()
            return self._search_care_members(
                "care_tier_id", SQL("tier_id IN %s", found)
            )
        if operator != "in":
            return NotImplemented
        words = [item for item in value if isinstance(item, str)]
        ids = [item for item in value if item and not isinstance(item, str)]
        if words:
            ids += tiers.search([("name", "in", words)]).ids
        domain = Domain.FALSE
        if ids:
            domain |= self._search_care_members(
                "care_tier_id", SQL("tier_id IN %s", tuple(ids))
            )
        if False in value:
            domain |= ~self._search_care_members(
                "care_tier_id", SQL("tier_id IS NOT NULL")
            )
        return domain

    # ------------------------------------------------------------------ group, sort, sum

    def _join_care_members(self, alias, query):
        """Join the members of the company's program to ``query``; return their alias."""
        program = self.env.company.sudo()._get_care_loyalty_program()
        members = program._get_member_sql() if program else NO_MEMBER_SQL
        member_alias = query.make_alias(alias, "care_member")
        query.add_join(
            "LEFT JOIN",
            member_alias,
            SQL("(%s)", members),
            SQL(
                "%s = %s",
                SQL.identifier(member_alias, "customer_id"),
                self._field_to_sql(alias, "commercial_partner_id", query),
            ),
        )
        return member_alias

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "care_tier_id":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        return SQL.identifier(self._join_care_members(alias, query), "tier_id")

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, aggregator = aggregate_spec.partition(":")
        if name != "care_points" or aggregator not in ("sum", "avg", "max", "min"):
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields[name], "read")
        alias = self._join_care_members(self._table, query)
        return SQL("%s(%s)", SQL(aggregator.upper()), SQL.identifier(alias, "points"))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Who has no points, or no tier, stands at the end, whatever the direction."""
        columns = {"care_points": "points", "care_tier_id": "tier_threshold"}
        if field_name not in columns:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        self._check_field_access(self._fields[field_name], "read")
        member = self._join_care_members(alias, query)
        column = SQL.identifier(member, columns[field_name])
        query._order_groupby.append(column)
        return SQL("%s %s NULLS LAST", column, direction)

    # ------------------------------------------------------------------ actions

    def action_view_care_cards(self):
        """Open the loyalty cards of this customer and of its contacts."""
        self.ensure_one()
        return self.commercial_partner_id.action_view_loyalty_cards()


#: Joined where a company has no program: nobody is a member.
NO_MEMBER_SQL = SQL(
    "SELECT NULL::int4 AS customer_id, NULL::numeric AS points,"
    " NULL::int4 AS tier_id, NULL::numeric AS tier_threshold WHERE FALSE"
)
