from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

COMPARED = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_customer_reason = fields.Selection(
        selection_add=[("import", "Came with a list of customers"), ("manual",)],
        ondelete={"import": "set null"},
    )
    care_import_line_ids = fields.One2many(
        comodel_name="care.import.line",
        inverse_name="partner_id",
        string="Imported With",
        groups="customer_care.group_manager",
    )
    care_delivered_on = fields.Date(
        string="Last Delivery",
        compute="_compute_care_delivered_on",
        search="_search_care_delivered_on",
        groups="customer_care.group_agent_own",
        help="When the customer last received what he had bought: see the field "
        "“Delivered on” of orders. Also as a condition of segments.",
    )

    @api.model
    def _care_customer_signs(self, company):
        """Whoever came with a list of customers is one."""
        return [
            *super()._care_customer_signs(company),
            (
                "import",
                SQL(
                    "SELECT contact.commercial_partner_id AS partner_id"
                    " FROM care_import_line line"
                    " JOIN res_partner contact ON contact.id = line.partner_id"
                    " WHERE line.company_id = %s AND line.state = 'done'",
                    company.id,
                ),
            ),
        ]

    # ----------------------------------------------------------------- delivered
    @api.depends_context("company")
    def _compute_care_delivered_on(self):
        roots = self.commercial_partner_id
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, MAX(day) FROM (%s) delivered"
                " WHERE partner_id = ANY(%s) GROUP BY partner_id",
                self._care_deliveries_sql(),
                list(roots.ids),
            )
        )
        days = dict(rows)
        for partner in self:
            partner.care_delivered_on = days.get(partner.commercial_partner_id.id)

    @api.model
    def _search_care_delivered_on(self, operator, value):
        if operator == "in":
            return Domain.OR(self._care_delivered_in(day) for day in value)
        if operator not in COMPARED or not value:
            return NotImplemented
        return self._care_delivered_where(
            SQL("MAX(day) %s %s", COMPARED[operator], value)
        )

    @api.model
    def _care_delivered_in(self, day):
        if not day:
            return ~self._care_delivered_where(SQL("TRUE"))
        return self._care_delivered_where(SQL("MAX(day) = %s", day))

    @api.model
    def _care_delivered_where(self, condition):
        return Domain(
            "commercial_partner_id",
            "in",
            SQL(
                "(SELECT partner_id FROM (%s) delivered GROUP BY partner_id HAVING %s)",
                self._care_deliveries_sql(),
                condition,
            ),
        )

    @api.model
    def _care_deliveries_sql(self):
        """Return (partner_id, day) of everything delivered in the current company.

        A hook: what else is delivered is added with UNION ALL.
        """
        company = self.env.company
        return SQL(
            "SELECT buyer.commercial_partner_id AS partner_id, delivery.day"
            " FROM (%s) delivery"
            " JOIN sale_order sold ON sold.id = delivery.order_id"
            " JOIN res_partner buyer ON buyer.id = sold.partner_id"
            " UNION ALL %s",
            self.env["sale.order"]._care_delivered_sql(company),
            self.env["care.purchase"]._care_delivered_sql(company),
        )
