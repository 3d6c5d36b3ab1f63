"""Which contacts may be one person, kept up to date by set-based SQL."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

#: A number or address of more contacts than this is a switchboard, not a person.
GROUP_LIMIT = 10


class CareDuplicate(models.Model):
    """Two contacts that share a phone number or an e-mail address.

    Pairs are found when contacts change and nightly; that two contacts are *not* the same
    person is remembered.
    """

    _name = "care.duplicate"
    _description = "Duplicate Contact"
    _log_access = False
    _rec_name = "first_id"
    _order = "same_email desc, same_phone desc, id desc"

    first_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        index=True,
        ondelete="cascade",
    )
    second_id = fields.Many2one(
        comodel_name="res.partner",
        string="Possibly the Same",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", index="btree_not_null", ondelete="cascade"
    )
    same_phone = fields.Boolean()
    same_email = fields.Boolean(string="Same E-mail")
    reason = fields.Char(compute="_compute_reason")
    first_phone = fields.Char(
        related="first_id.phone", related_sudo=False, string="Phone"
    )
    first_email = fields.Char(
        related="first_id.email", related_sudo=False, string="E-mail"
    )
    second_phone = fields.Char(
        related="second_id.phone", related_sudo=False, string="Its Phone"
    )
    second_email = fields.Char(
        related="second_id.email", related_sudo=False, string="Its E-mail"
    )
    found_on = fields.Date(required=True)
    state = fields.Selection(
        selection=[("open", "To decide"), ("dismissed", "Not the same person")],
        required=True,
        default="open",
    )
    dismissed_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided By", ondelete="set null"
    )
    dismissed_on = fields.Datetime(string="Decided On")

    _pair_uniq = models.Constraint(
        "UNIQUE (first_id, second_id)", "These two contacts are a pair already."
    )
    _pair_order = models.Constraint(
        "CHECK (first_id < second_id)",
        "A pair names the older contact first, and two different ones.",
    )
    _open_idx = models.Index("(id) WHERE state = 'open'")

    @api.depends("same_phone", "same_email")
    @api.depends_context("lang")
    def _compute_reason(self):
        words = {
            (True, True): self.env._("Same phone number and e-mail"),
            (True, False): self.env._("Same phone number"),
            (False, True): self.env._("Same e-mail"),
        }
        for pair in self:
            pair.reason = words.get((pair.same_phone, pair.same_email), "")

    @api.depends("first_id", "second_id")
    def _compute_display_name(self):
        for pair in self:
            names = (pair.first_id.display_name, pair.second_id.display_name)
            pair.display_name = " · ".join(name or "" for name in names)

    # ------------------------------------------------------------------- actions
    def _check_decider(self):
        """Raise unless the caller is a lead who sees these pairs and their contacts."""
        if not self.env.user.has_group("customer_care.group_lead"):
            raise AccessError(
                self.env._("Only team leads and care managers decide about duplicates.")
            )
        self.check_access("read")
        (self.first_id | self.second_id).check_access("read")

    def action_merge(self):
        """Compare the contacts of this pair, and others that share what they share."""
        self.ensure_one()
        self._check_decider()
        return self.env["care.merge"]._open(self._connected())

    def action_dismiss(self):
        """Remember that these pairs are two persons; team leads may."""
        self._check_decider()
        self.sudo().write(
            {
                "state": "dismissed",
                "dismissed_by_id": self.env.uid,
                "dismissed_on": fields.Datetime.now(),
            }
        )

    def action_restore(self):
        """Ask again about these pairs; team leads may."""
        self._check_decider()
        self.sudo().write(
            {"state": "open", "dismissed_by_id": False, "dismissed_on": False}
        )

    @api.model
    def action_search(self):
        """Look through all contacts now; team leads may."""
        self._check_decider()
        counts = self.sudo()._refresh()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s new pairs were found.", count=counts["created"]
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _connected(self):
        """Return the contacts of these pairs and of open pairs that hang on them."""
        found = self.first_id | self.second_id
        wave = found
        while wave and len(found) < self._group_limit():
            pairs = self.search(
                [
                    ("state", "=", "open"),
                    "|",
                    ("first_id", "in", wave.ids),
                    ("second_id", "in", wave.ids),
                ]
            )
            wave = (pairs.first_id | pairs.second_id) - found
            found |= wave
        return found[: self._group_limit()]

    # ------------------------------------------------------------------- refresh
    @api.model
    def _group_limit(self):
        """Return how many contacts may share something and still be taken for one."""
        return GROUP_LIMIT

    @api.model
    def _cron_refresh(self):
        """Nightly: all contacts, in one transaction."""
        self._refresh()
        self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _refresh(self, partners=None):
        """Bring the pairs up to date. Writes only what differs.

        :param partners: commercial partners to look at, with their people; None: all
        :return: rows written, as ``{"created": n, "updated": n, "removed": n}``
        """
        self.env.flush_all()
        contacts = None
        if partners is not None:
            contacts = [
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        "SELECT id FROM res_partner"
                        " WHERE id = ANY(%(ids)s) OR commercial_partner_id = ANY(%(ids)s)",
                        ids=partners.ids,
                    )
                )
            ]
        self._compute_found(contacts)
        counts = self._write_found(contacts)
        self.env.cr.execute("DROP TABLE care_duplicate_found")
        self.invalidate_model()
        return counts

    @api.model
    def _compute_found(self, contacts):
        """Fill ``care_duplicate_found`` with the pairs as they should be."""
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE care_duplicate_found ON COMMIT DROP AS
                WITH keyed AS (
                    SELECT found.*, COUNT(*) OVER (PARTITION BY kind, key) AS sharers
                      FROM (%(keyed)s) found
                ), few AS (
                    SELECT * FROM keyed WHERE sharers BETWEEN 2 AND %(limit)s
                )
                SELECT one.id AS first_id, two.id AS second_id,
                       COALESCE(MAX(one.company_id), MAX(two.company_id)) AS company_id,
                       BOOL_OR(one.kind = 'phone') AS same_phone,
                       BOOL_OR(one.kind = 'email') AS same_email
                  FROM few one
                  JOIN few two ON two.kind = one.kind AND two.key = one.key
                              AND two.id > one.id
                 WHERE (one.company_id IS NULL OR two.company_id IS NULL
                        OR one.company_id = two.company_id)
                   AND one.is_company = two.is_company
                   AND one.parent_id IS DISTINCT FROM two.id
                   AND two.parent_id IS DISTINCT FROM one.id
                   AND (one.kind = 'email'
                        OR one.commercial_partner_id <> two.commercial_partner_id)
                   AND %(scope)s
                 GROUP BY one.id, two.id
                """,
                keyed=self._select_keyed(contacts),
                limit=self._group_limit(),
                scope=SQL("TRUE")
                if contacts is None
                else SQL(
                    "(one.id = ANY(%(ids)s) OR two.id = ANY(%(ids)s))", ids=contacts
                ),
            )
        )
        self.env.cr.execute("ANALYZE care_duplicate_found")

    @api.model
    def _select_keyed(self, contacts):
        """Return the query of contacts with what they may share, one row for each.

        :param contacts: only keys that one of these ids has; None: all
        """
        partners = self.env["res.partner"]
        phone, is_number = partners._care_phone_key_sql("partner")
        kinds = {
            "phone": (phone, is_number),
            "email": (
                SQL("partner.email_normalized"),
                SQL("partner.email_normalized IS NOT NULL"),
            ),
        }
        parts = []
        for kind, (key, condition) in kinds.items():
            if contacts is not None:
                rows = self.env.execute_query(
                    SQL(
                        "SELECT DISTINCT %s FROM res_partner partner"
                        " WHERE partner.id = ANY(%s) AND %s",
                        key,
                        contacts,
                        condition,
                    )
                )
                keys = [row[0] for row in rows]
                condition = SQL("%s AND %s = ANY(%s)", condition, key, keys)
            parts.append(
                SQL(
                    "SELECT partner.id, partner.commercial_partner_id,"
                    " partner.parent_id, partner.company_id,"
                    " COALESCE(partner.is_company, FALSE) AS is_company,"
                    " %s AS kind, %s AS key FROM res_partner partner WHERE %s AND %s",
                    kind,
                    key,
                    condition,
                    partners._care_mergeable_sql("partner"),
                )
            )
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _write_found(self, contacts):
        """Write what differs between ``care_duplicate_found`` and the pairs.

        Pairs that somebody decided about stay, whatever they share today.
        """
        cr = self.env.cr
        scope = SQL("TRUE")
        if contacts is not None:
            scope = SQL(
                "(pair.first_id = ANY(%(ids)s) OR pair.second_id = ANY(%(ids)s))",
                ids=contacts,
            )
        cr.execute(
            SQL(
                """
                DELETE FROM care_duplicate pair
                 WHERE pair.state = 'open' AND %(scope)s
                   AND NOT EXISTS (SELECT 1 FROM care_duplicate_found found
                                    WHERE found.first_id = pair.first_id
                                      AND found.second_id = pair.second_id)
                """,
                scope=scope,
            )
        )
        removed = cr.rowcount
        cr.execute(
            """
            UPDATE care_duplicate pair
               SET same_phone = found.same_phone, same_email = found.same_email,
                   company_id = found.company_id
              FROM care_duplicate_found found
             WHERE found.first_id = pair.first_id AND found.second_id = pair.second_id
               AND (pair.same_phone, pair.same_email, pair.company_id)
                   IS DISTINCT FROM
                   (found.same_phone, found.same_email, found.company_id)
            """
        )
        updated = cr.rowcount
        cr.execute(
            """
            INSERT INTO care_duplicate (first_id, second_id, company_id, same_phone,
                   same_email, found_on, state)
            SELECT found.first_id, found.second_id, found.company_id, found.same_phone,
                   found.same_email, %s, 'open'
              FROM care_duplicate_found found
              LEFT JOIN care_duplicate pair USING (first_id, second_id)
             WHERE pair.id IS NULL
                ON CONFLICT DO NOTHING
            """,
            [fields.Date.today()],
        )
        return {"created": cr.rowcount, "updated": updated, "removed": removed}

    # --------------------------------------------------------------------- merge
    @api.model
    def _care_merge_partners(self, sources, destination):
        """Let the pairs name the contact that stays; one stays of those that fall together.

        That two contacts are not the same person holds for what they became as well.
        """
        everybody = (sources | destination).ids
        self.env.cr.execute(
            SQL(
                "DELETE FROM care_duplicate"
                " WHERE first_id = ANY(%(ids)s) AND second_id = ANY(%(ids)s)",
                ids=everybody,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM care_duplicate WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (
                                   PARTITION BY CASE WHEN first_id = ANY(%(ids)s)
                                                THEN second_id ELSE first_id END
                                   ORDER BY state <> 'dismissed', id) AS turn
                          FROM care_duplicate
                         WHERE first_id = ANY(%(ids)s) OR second_id = ANY(%(ids)s)
                         ) doubles
                     WHERE turn > 1);
                UPDATE care_duplicate
                   SET first_id = LEAST(%(kept)s, CASE WHEN first_id = ANY(%(ids)s)
                                        THEN second_id ELSE first_id END),
                       second_id = GREATEST(%(kept)s, CASE WHEN first_id = ANY(%(ids)s)
                                            THEN second_id ELSE first_id END)
                 WHERE first_id = ANY(%(ids)s) OR second_id = ANY(%(ids)s)
                """,
                ids=everybody,
                kept=destination.id,
            )
        )
        self.invalidate_model()

    # ------------------------------------------------------------------- privacy
    @api.model
    def _care_forget_partners(self, partners):
        """Nobody is compared with somebody who was forgotten."""
        self.sudo().search(
            ["|", ("first_id", "in", partners.ids), ("second_id", "in", partners.ids)]
        ).unlink()

    @api.model
    def _care_export_partners(self, partners):
        """Nothing to tell: pairs are guesses about two contacts."""
        return []
