"""Merging contacts so that nothing of them vanishes.

Odoo moves what hangs on a contact table by table. Where a UNIQUE constraint is in the
way it deletes *every* row of the merged contact in that table without a word, and a
unique index that is no constraint stops the merge. So every model of the suite resolves
its conflicts first, and what is left of true doubles goes row by row.
"""

from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self._care_prepare_merge(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Keep a contact of all companies one of all companies.

        Odoo takes the company of the merged contact where the other has none, which
        hides the contact, and the documents with it, from every other company.
        """
        is_shared = not all(
            partner.company_id for partner in src_partners | dst_partner
        )
        result = super()._update_values(src_partners, dst_partner)
        if is_shared and dst_partner.company_id:
            dst_partner.company_id = False
        return result

    def _log_merge_operation(self, src_partners, dst_partner):
        result = super()._log_merge_operation(src_partners, dst_partner)
        src_partners.sudo()._care_after_merge(dst_partner.sudo())
        return result

    @api.model
    def _care_prepare_merge(self, src_partners, dst_partner):
        """Have every model resolve what would collide, and take off true doubles.

        Two merges of one contact cannot cross: the second waits for the rows here, then
        fails to read them in its snapshot and is run again by the server.
        """
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        sources = partners.browse(src_partners.ids)
        destination = partners.browse(dst_partner.ids)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                (sources | destination).ids,
            ),
            # whoever comes second is run again; that is no error in the log
            log_exceptions=False,
        )
        for model in partners._care_models_with("_care_merge_partners"):
            model._care_merge_partners(sources, destination)
        self._care_drop_doubles(sources, destination)
        self.env.invalidate_all()

    @api.model
    def _care_drop_doubles(self, sources, destination):
        """Delete rows of the sources that say the same as a row that stays.

        For the tables of others, after the models of the suite have had their turn: of
        the rows that a unique index would not let stand side by side one stays, that of
        the destination before others. Odoo would delete all of the source.
        """
        self.env.flush_all()
        for table, column, keys, condition in self._care_unique_columns():
            others = [key for key in keys if key != column]
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM %(table)s WHERE ctid IN (
                        SELECT place FROM (
                            SELECT ctid AS place, ROW_NUMBER() OVER (
                                       PARTITION BY %(keys)s
                                       ORDER BY %(column)s <> %(kept)s, ctid) AS turn
                              FROM %(table)s
                             WHERE %(column)s = ANY(%(everybody)s) AND %(condition)s
                             ) doubles
                         WHERE turn > 1)
                    """,
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    keys=SQL(", ").join(map(SQL, others)) if others else SQL("NULL"),
                    condition=SQL(" AND ").join(
                        [
                            SQL("TRUE"),
                            *(SQL("(%s) IS NOT NULL", SQL(key)) for key in others),
                            *([SQL("(%s)", SQL(condition))] if condition else []),
                        ]
                    ),
                    kept=destination.id,
                    everybody=(sources | destination).ids,
                )
            )

    @api.model
    def _care_unique_columns(self):
        """Return the unique indexes in which a foreign key to contacts takes part.

        :return: list of (table, column, expressions of the index, its condition or None),
            as the catalogue of the database writes them
        """
        self.env.cr.execute(
            """
            SELECT holder.relname, attribute.attname,
                   ARRAY(SELECT replace(
                                    pg_get_indexdef(index.indexrelid, place, TRUE),
                                    '%', '%%')
                           FROM generate_series(1, index.indnkeyatts) place),
                   replace(pg_get_expr(index.indpred, index.indrelid), '%', '%%')
              FROM pg_constraint key
              JOIN pg_class holder ON holder.oid = key.conrelid
              JOIN pg_attribute attribute
                ON attribute.attrelid = key.conrelid AND attribute.attnum = key.conkey[1]
              JOIN pg_index index
                ON index.indrelid = key.conrelid AND index.indisunique
               AND NOT index.indisprimary AND key.conkey[1] = ANY(index.indkey)
             WHERE key.contype = 'f' AND key.confrelid = 'res_partner'::regclass
               AND holder.relname NOT LIKE 'base_partner_merge_%'
             ORDER BY holder.relname, attribute.attname, index.indexrelid
            """
        )
        return self.env.cr.fetchall()
