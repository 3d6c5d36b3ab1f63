"""Step 3: where purchases are found, how many, and who is no customer and why."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CareStart(models.Model):
    _inherit = "care.start"

    @api.model
    def _say_sources(self, company):
        counting = self.env["care.purchase.source"]._counting(company)
        return self.env._("%(count)s sources count.", count=len(counting))

    @api.model
    def get_sources(self):
        """Return the sources of purchases with what they hold, counting or not.

        :return: dict with ``sources`` (id, code, name, is_present, is_on, purchases,
            customers, since), ``customers`` (how many are known), ``left_out`` (code,
            label and count) and ``may_switch``
        :raises AccessError: the user is no care manager
        """
        self._check_manager()
        company = self.env.company
        sources = (
            self.env["care.purchase.source"]
            .with_context(active_test=False)
            .search(
                ["|", ("company_ids", "=", False), ("company_ids", "in", company.ids)]
            )
        )
        found = {row["source"].id: row for row in sources._found(company)}
        return {
            "sources": [
                self._prepare_source(source, found.get(source.id, {}))
                for source in sources
            ],
            "customers": self.env["care.profile"].search_count(
                [("company_id", "=", company.id)]
            ),
            "left_out": [row for row in sources._left_out(company) if row["count"]],
            "may_switch": not (sources - sources._filtered_access("write")),
        }

    @api.model
    def _prepare_source(self, source, row):
        since = row.get("since")
        return {
            "id": source.id,
            "code": source.code,
            "name": source.name,
            "is_present": source.is_present,
            "is_on": source.active,
            "purchases": row.get("purchases", 0),
            "customers": row.get("customers", 0),
            "since": format_date(self.env, since) if since else "",
        }

    @api.model
    def action_switch_source(self, source_id, is_on):
        """Have a source of purchases count, or not.

        :param int source_id: a source of the current company or of all
        :param bool is_on: whether it shall count
        :return: the sources, as :meth:`get_sources`
        :raises AccessError: the user may not change what all companies use
        :raises UserError: there is no such source
        """
        self._check_manager()
        source = (
            self.env["care.purchase.source"]
            .with_context(active_test=False)
            .search([("id", "=", source_id)])
        )
        if not source:
            raise UserError(
                self.env._("There is no such source. Reload the page and try again.")
            )
        source.active = bool(is_on)
        return self.action_know_customers()

    @api.model
    def action_know_customers(self):
        """Find the customers of the company and their figures, in silence.

        Moves nobody and tells nobody: care stages are applied in the next step.

        :return: the sources, as :meth:`get_sources`
        :raises AccessError: the user is no care manager
        """
        self._check_manager()
        company = self.env.company
        self.env["care.profile"]._as_silent_system(company)._refresh(company)
        return self.get_sources()
