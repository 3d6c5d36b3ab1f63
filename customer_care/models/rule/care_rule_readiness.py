"""When: a lead is more, or less, ready to buy."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..board.readiness import STATES


class CareRule(models.Model):
    _inherit = "care.rule"

    to_readiness = fields.Selection(
        selection=STATES,
        help="How ready the lead has become. Empty: whatever it was before and is now.",
    )

    @api.model
    def _occasion_fields(self):
        return super()._occasion_fields() | {"to_readiness"}

    @api.model
    def _words_depends(self):
        return [*super()._words_depends(), "to_readiness"]

    def _say_when(self):
        if self.occasion != "readiness":
            return super()._say_when()
        if not self.to_readiness:
            return self.env._("When the readiness of a customer's lead changes")
        words = dict(self._fields["to_readiness"]._description_selection(self.env))
        return self.env._(
            "When a customer's lead becomes “%(readiness)s”",
            readiness=words[self.to_readiness],
        )

    def _standing_domain(self):
        """A lead that fell back, or was won or lost meanwhile, is over."""
        if self.occasion != "readiness":
            return super()._standing_domain()
        return self._population_domain()

    def _population_domain(self):
        if self.occasion != "readiness":
            return super()._population_domain()
        asked = (
            Domain("care_readiness", "=", self.to_readiness)
            if self.to_readiness
            else Domain("care_readiness", "!=", False)
        )
        leads = self.env["crm.lead"]._search(
            asked
            & Domain("partner_id", "!=", False)
            & Domain("company_id", "in", (False, self.company_id.id))
        )
        contacts = leads.subselect("partner_id")
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT commercial_partner_id FROM res_partner WHERE id IN %s)",
                contacts,
            ),
        )

    def _past_sql(self, since, fitting):
        if self.occasion != "readiness":
            return super()._past_sql(since, fitting)
        return SQL(
            """
            SELECT COUNT(*) FROM care_readiness_change change
              JOIN res_partner contact ON contact.id = change.partner_id
             WHERE COALESCE(change.company_id, %(company)s) = %(company)s
               AND change."on" >= %(since)s AND NOT COALESCE(change.initial, FALSE)
               AND contact.commercial_partner_id IN %(fitting)s
               AND change.to_state IS NOT NULL
               AND change.to_state = COALESCE(%(wanted)s, change.to_state)
            """,
            company=self.company_id.id,
            since=since,
            fitting=fitting,
            wanted=self.to_readiness or None,
        )

    @api.model
    def _note_readiness(self):
        """Note whose lead became more, or less, ready in this transaction.

        Lines of the same second that were noted before have their runs: the key of the
        line keeps them from getting another.
        """
        takers = SQL(
            """
            SELECT id AS rule_id, company_id, to_readiness FROM care_rule
             WHERE active AND state = 'running' AND occasion = 'readiness'
            """
        )
        if not self._is_taken(takers):
            return
        self._insert_runs(
            SQL(
                """
                SELECT taker.rule_id, NULL::int, contact.commercial_partner_id,
                       taker.company_id, 'readiness:' || change.id
                  FROM care_readiness_change change
                  JOIN res_partner contact ON contact.id = change.partner_id
                  JOIN (%(takers)s) taker
                    ON taker.company_id = COALESCE(change.company_id, taker.company_id)
                   AND change.to_state = COALESCE(taker.to_readiness, change.to_state)
                 WHERE change."on" = %(now)s AND NOT COALESCE(change.initial, FALSE)
                """,
                takers=takers,
                now=self.env.cr.now().replace(microsecond=0),
            )
        )
