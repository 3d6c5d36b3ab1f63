"""What the sources of purchases hold, and who was left out: for the set-up and its page."""

from odoo import api, fields, models
from odoo.tools import SQL


class CarePurchaseSource(models.Model):
    _inherit = "care.purchase.source"

    found_customers = fields.Integer(string="Customers", compute="_compute_found")
    found_purchases = fields.Integer(string="Purchases", compute="_compute_found")
    found_since = fields.Date(string="Since", compute="_compute_found")

    @api.depends_context("company")
    def _compute_found(self):
        found = {row["source"].id: row for row in self._found(self.env.company)}
        for source in self:
            row = found.get(source._origin.id, {})
            source.found_customers = row.get("customers", 0)
            source.found_purchases = row.get("purchases", 0)
            source.found_since = row.get("since", False)

    @api.model
    def _found(self, company):
        """Return what each source holds for a company, one SELECT each.

        A source that does not count yet is counted as if it did. An order, its invoice
        and its receipt count once, as they do in profiles.

        :param company: a ``res.company`` of one
        :return: list of dicts: source (record), is_counting, customers, purchases
            (int), since (date or False), of the sources whose app is installed
        """
        self.env.flush_all()
        counting = self._counting(company)
        found = []
        sources = (
            self.sudo().with_context(active_test=False).search([("code", "!=", False)])
        )
        for source in sources:
            code = source.code
            if not source.is_present or not hasattr(self, f"_select_{code}"):
                continue
            select = getattr(self, f"_select_{code}")(company, None, counting | {code})
            [(customers, purchases, since)] = self.env.execute_query(
                SQL(
                    """
                    SELECT COUNT(DISTINCT partner_id),
                           COALESCE(SUM(purchases) FILTER (WHERE NOT is_refund), 0)::int,
                           MIN(day)
                      FROM (%s) purchase
                    """,
                    select,
                )
            )
            found.append(
                {
                    "source": source.with_env(self.env),
                    "is_counting": code in counting,
                    "customers": customers,
                    "purchases": purchases,
                    "since": since or False,
                }
            )
        return found

    @api.model
    def _left_out(self, company):
        """Return who is no customer of a company and why, in one SELECT.

        Contacts are counted once, by the first reason that holds; people and addresses
        of a company count with it.

        :param company: a ``res.company`` of one
        :return: list of dicts: code, label (in words), count, in the order in which they are asked
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT why, COUNT(*) FROM (
                    SELECT CASE
                           WHEN contact.id IN (
                                SELECT partner_id FROM res_users
                                 WHERE NOT COALESCE(share, FALSE)) THEN 'internal'
                           WHEN contact.id IN (
                                SELECT partner_id FROM res_company) THEN 'own_company'
                           WHEN NOT contact.active THEN 'archived'
                           WHEN contact.care_customer_mark = 'no' THEN 'never'
                           WHEN COALESCE(contact.supplier_rank, 0) > 0
                                AND COALESCE(contact.customer_rank, 0) = 0
                           THEN 'supplier' ELSE 'no_sign' END AS why
                      FROM res_partner contact
                      LEFT JOIN care_profile profile
                        ON profile.partner_id = contact.id
                       AND profile.company_id = %(company)s
                     WHERE contact.commercial_partner_id = contact.id
                       AND COALESCE(contact.company_id, %(company)s) = %(company)s
                       AND profile.id IS NULL) left_out
                 GROUP BY why
                """,
                company=company.id,
            )
        )
        counts = dict(rows)
        return [
            {"code": code, "label": label, "count": counts.get(code, 0)}
            for code, label in self._left_out_labels()
        ]

    @api.model
    def _left_out_labels(self):
        """Return why a contact is no customer, in words, in the order they are asked."""
        words = {
            "internal": self.env._("Colleagues"),
            "own_company": self.env._("Our own companies"),
            "archived": self.env._("Archived contacts"),
            "never": self.env._("Marked as never a customer"),
            "supplier": self.env._("Suppliers who buy nothing"),
            "no_sign": self.env._("No purchase, ticket, lead or login so far"),
        }
        return list(words.items())
