"""What merging contacts means for the contact himself: his care stage and his company."""

from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL

#: Columns that say where a customer stands; they are kept or left together.
STANDING = ("care_stage_id", "care_stage_since", "care_stage_lock_until")
MANAGER = "care_manager_id"


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _care_models_with(self, method):
        """Return the models that take part in something, as the system sees them.

        :param str method: name of the method that they define, such as
            ``_care_merge_partners``
        """
        return [
            self.env[name].sudo().with_context(active_test=False)
            for name in sorted(self.env.registry)
            if hasattr(self.env.registry[name], method)
            and not self.env.registry[name]._abstract
        ]

    def _care_merge_home(self, destination):
        """Return the customer for whom will count what these contacts were.

        The commercial partner of ``destination`` after the merge: Odoo gives it the
        parent of a merged contact when it has none of its own.

        :param destination: the contact that stays
        """
        parents = destination.parent_id or self.parent_id[-1:]
        if not parents or any(partner.is_company for partner in self | destination):
            return destination
        return parents.commercial_partner_id

    def _care_move_rows(self, table, column, target):
        """Let rows that name these contacts name ``target``, where nothing collides.

        :param str table: table of the rows
        :param str column: their column with the contact
        :param target: ``res.partner`` of one
        """
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(target)s"
                " WHERE %(column)s = ANY(%(ids)s)",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                target=target.id,
                ids=(self - target).ids,
            )
        )

    # ------------------------------------------------------------------- standing
    @api.model
    def _care_merge_partners(self, sources, destination):
        """Decide where the merged customer stands, in every company.

        Who was put somewhere by hand stays there; else the place of the destination
        holds. Stage, since and lock are kept together: filled one by one, as Odoo does
        it, the lock of one contact would hold the stage of another.
        """
        home = sources._care_merge_home(destination)
        known = self._care_read_standing(sources | destination | home)
        merged = [home]
        if home == destination:
            merged += sources.filtered(lambda p: p.commercial_partner_id == p)
        keys = {key for partner in merged for key in known[partner.id][STANDING[0]]}
        result = {name: dict(known[home.id][name]) for name in (*STANDING, MANAGER)}
        for key in sorted(keys):
            own, kept = self._care_choose_standing(key, merged, known)
            for name, value in zip(STANDING, kept, strict=True):
                result[name][key] = value
            if kept[0] != own[0]:
                self._care_note_merge(home, int(key), own[0], kept)
        for partner in merged:
            for key, manager in known[partner.id][MANAGER].items():
                result[MANAGER][key] = result[MANAGER].get(key) or manager
        self._care_write_standing(home, result)
        for partner in (sources | destination) - home:
            self._care_write_standing(partner, {})
        self.env["res.partner"].invalidate_model([*STANDING, MANAGER])

    @api.model
    def _care_read_standing(self, partners):
        """Return id → column → company (as the database writes it) → value."""
        names = (*STANDING, MANAGER)
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, %s FROM res_partner WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                partners.ids,
            )
        )
        return {
            row["id"]: {
                name: {key: value for key, value in (row[name] or {}).items() if value}
                for name in names
            }
            for row in rows
        }

    @api.model
    def _care_choose_standing(self, key, partners, known):
        """Return where the first of ``partners`` stands and where he shall, in a company.

        :return: two tuples of stage, since and lock
        """
        company = self.env["res.company"].browse(int(key))
        today = str(self.env["care.profile"]._today(company))
        standings = [
            tuple(known[partner.id][name].get(key) for name in STANDING)
            for partner in partners
        ]
        own = standings[0]
        locked = [entry for entry in standings if entry[2] and entry[2] >= today]
        if own in locked:
            return own, own
        if locked:
            return own, max(locked, key=lambda entry: entry[2])
        placed = [entry for entry in standings if entry[0]]
        return own, own if own[0] else max(placed, key=lambda entry: entry[1] or "")

    @api.model
    def _care_note_merge(self, customer, company_id, before, kept):
        """Write into the history that a merge put the customer somewhere else.

        Nothing follows from it: it happened to the merged contact when he was moved.
        """
        self.env["care.stage.change"].create(
            {
                "partner_id": customer.id,
                "company_id": company_id,
                "on": self.env.cr.now().replace(microsecond=0),
                "from_id": before,
                "to_id": kept[0],
                "user_id": self.env.uid,
                "reason": "merge",
                "initial": True,
            }
        )

    @api.model
    def _care_write_standing(self, partner, values):
        """Write the columns as they are in the table: of every company at once."""
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s WHERE id = %s",
                SQL(", ").join(
                    SQL(
                        "%s = %s::jsonb",
                        SQL.identifier(name),
                        Json(values[name]) if values.get(name) else None,
                    )
                    for name in (*STANDING, MANAGER)
                ),
                partner.id,
            )
        )

    # ---------------------------------------------------------------------- after
    def _care_after_merge(self, destination):
        """Bring up to date what depends on the contact that stays.

        The merge moves rows in SQL, which no computed field hears of.

        :param destination: the contact that took these over
        """
        self.env.flush_all()
        destination.invalidate_recordset()
        destination.modified(["parent_id"])
        tickets = self.env["care.ticket"].sudo().with_context(active_test=False)
        tickets.search([("partner_id", "=", destination.id)]).modified(["partner_id"])
        self.env.flush_all()
        home = destination.commercial_partner_id
        self.env["care.touch"]._touch(home)
        profiles = self.env["care.profile"].sudo()
        companies = self.env["res.company"].sudo()
        for company in companies.search([("care_filled_on", "!=", False)]):
            profiles._refresh(company, home | destination)
