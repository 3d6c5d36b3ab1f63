"""Contacts that may be one person: the same phone number or e-mail address."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, email_normalize

from ...lib.identity import MIN_DIGITS, SIGNIFICANT_DIGITS, phone_key


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_duplicate_text = fields.Char(
        string="Duplicates",
        compute="_compute_care_duplicate_text",
        groups="customer_care.group_agent_own",
    )

    _care_phone_key_idx = models.Index(
        "(RIGHT(LTRIM(care_phone_digits, '0'), 9))"
        " WHERE LENGTH(LTRIM(care_phone_digits, '0')) >= 8"
    )
    _care_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    # -------------------------------------------------------------------- finding
    @api.model
    def _care_phone_key_sql(self, alias):
        """Return the key and the condition of :func:`phone_key` for the row ``alias``."""
        stripped = SQL("LTRIM(%s, '0')", SQL.identifier(alias, "care_phone_digits"))
        key = SQL("RIGHT(%s, %s)", stripped, SQL(str(SIGNIFICANT_DIGITS)))
        return key, SQL("LENGTH(%s) >= %s", stripped, SQL(str(MIN_DIGITS)))

    @api.model
    def _care_mergeable_sql(self, alias):
        """Return the condition that the row ``alias`` may be a duplicate of another.

        Addresses, colleagues and our own companies are none, whatever they share.
        """
        return SQL(
            """
            %(row)s.active
            AND NOT (%(row)s.parent_id IS NOT NULL AND %(row)s.type <> 'contact')
            AND NOT EXISTS (SELECT 1 FROM res_users colleague
                             WHERE colleague.partner_id = %(row)s.id
                               AND NOT COALESCE(colleague.share, FALSE))
            AND NOT EXISTS (SELECT 1 FROM res_company company
                             WHERE company.partner_id = %(row)s.id)
            """,
            row=SQL.identifier(alias),
        )

    @api.depends("phone", "email", "parent_id", "is_company", "company_id")
    def _compute_care_duplicate_text(self):
        """Say who else has this phone number or address, while it is typed as well."""
        for partner in self:
            twins = partner._care_twins()
            partner.care_duplicate_text = (
                partner.env._(
                    "%(count)s other contacts share this phone number or e-mail:"
                    " %(names)s",
                    count=len(twins),
                    names=", ".join(twins[:3].mapped("display_name")),
                )
                if len(twins) > 1
                else partner.env._(
                    "%(name)s has the same phone number or e-mail",
                    name=twins.display_name,
                )
                if twins
                else False
            )

    def _care_twins(self):
        """Return the contacts that may be the same person, as far as the user may read.

        The rule of ``care.duplicate``, for one contact that need not be saved.
        """
        self.ensure_one()
        email = email_normalize(self.email or "") or None
        phone = phone_key(self.phone) or None
        if not (email or phone):
            return self.browse()
        self.env["res.partner"].flush_model()
        key, is_number = self._care_phone_key_sql("other")
        own = self._origin
        found = self.env.execute_query(
            SQL(
                """
                SELECT other.id FROM res_partner other
                 WHERE (%(is_number)s AND %(key)s = %(phone)s
                        AND other.commercial_partner_id <> %(family)s
                        OR other.email_normalized = %(email)s)
                   AND other.id <> %(own)s AND other.id <> %(parent)s
                   AND COALESCE(other.parent_id, 0) <> %(own)s
                   AND COALESCE(other.is_company, FALSE) = %(is_company)s
                   AND (other.company_id IS NULL OR %(company)s IS NULL
                        OR other.company_id = %(company)s)
                   AND %(mergeable)s
                   AND NOT EXISTS (
                       SELECT 1 FROM care_duplicate pair
                        WHERE pair.state = 'dismissed'
                          AND pair.first_id = LEAST(other.id, %(own)s)
                          AND pair.second_id = GREATEST(other.id, %(own)s))
                 ORDER BY other.id LIMIT %(limit)s
                """,
                is_number=is_number,
                key=key,
                phone=phone,
                email=email,
                own=own.id or -1,  # not saved yet: above and below nobody
                parent=self.parent_id._origin.id or 0,
                family=self.commercial_partner_id._origin.id or own.id or 0,
                is_company=bool(self.is_company),
                company=self.company_id._origin.id or None,
                mergeable=self._care_mergeable_sql("other"),
                limit=self.env["care.duplicate"]._group_limit(),
            )
        )
        return (
            self.env["res.partner"]
            .browse(row[0] for row in found)
            ._filtered_access("read")
        )

    def action_care_open_merge(self):
        """Compare this contact with those that share its number or address.

        :raises AccessError: the caller is no team lead, or may not read the contact
        """
        self.ensure_one()
        self._care_check_merger()
        return self.env["care.merge"]._open(self | self._care_twins())

    # -------------------------------------------------------------------- merging
    def _care_check_merger(self):
        """Raise an AccessError unless the caller is a team lead who sees these contacts."""
        if not self.env.user.has_group("customer_care.group_lead"):
            raise AccessError(
                self.env._(
                    "Only team leads and care managers merge contacts. Ask your team"
                    " lead to do it."
                )
            )
        if self.exists() != self:
            raise UserError(
                self.env._(
                    "There is nothing to merge any more: somebody else merged or"
                    " deleted one of these contacts. Reload the page."
                )
            )
        self.check_access("read")

    def _care_check_merge(self):
        """Raise a UserError with the reason why these contacts cannot become one."""
        contacts = self.sudo().with_context(active_test=False)
        if len(contacts) < 2:
            raise UserError(self.env._("Choose at least two contacts."))
        own = self._care_own_companies(contacts)
        if own:
            raise UserError(
                self.env._(
                    "%(name)s is one of your own companies and is no customer. Take it"
                    " out of the selection.",
                    name=own[0].display_name,
                )
            )
        users = contacts.user_ids
        colleague = users.filtered(lambda user: not user.share)[:1]
        if colleague:
            raise UserError(
                self.env._(
                    "%(name)s is a colleague with a login. Merging would hand the login"
                    " to a customer's contact. Take that contact out of the selection.",
                    name=colleague.name,
                )
            )
        if len(users) > 1:
            raise UserError(
                self.env._(
                    "%(names)s each have a portal login, and one contact can keep only"
                    " one. Ask an administrator to delete the login that is no longer"
                    " used.",
                    names=", ".join(users.mapped("name")),
                )
            )
        contacts._care_check_relations()

    @api.model
    def _care_own_companies(self, contacts):
        """Return which of these contacts are our own companies."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("partner_id", "in", contacts.ids)]).partner_id

    def _care_check_relations(self):
        """Raise where the contacts stand in different companies or above each other."""
        companies = self.company_id
        if len(companies) > 1:
            raise UserError(
                self.env._(
                    "These contacts belong to different companies: %(companies)s. Each"
                    " company keeps its own contact.",
                    companies=", ".join(companies.mapped("name")),
                )
            )
        for contact in self:
            above = contact.parent_id
            while above:
                if above in self:
                    raise UserError(
                        self.env._(
                            "%(person)s is a contact of %(company)s: a person and the"
                            " company are not the same. Take one of them out of the"
                            " selection.",
                            person=contact.name or contact.display_name,
                            company=above.display_name,
                        )
                    )
                above = above.parent_id
        if len({bool(contact.is_company) for contact in self}) > 1:
            raise UserError(
                self.env._(
                    "One of these contacts is a company and another a person. Mark both"
                    " as the same kind first if they are really one."
                )
            )

    def _care_choose_survivor(self):
        """Return the contact that should stay: most purchases, then the oldest."""
        profiles = self.env["care.profile"].sudo()
        counts = {
            partner.id: count
            for partner, count in profiles._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["purchase_count:sum"],
            )
        }
        return self.sorted(
            lambda partner: (
                not partner.active,
                -counts.get(partner.commercial_partner_id.id, 0),
                partner.create_date or fields.Datetime.now(),
                partner.id,
            )
        )[:1]

    def _care_merge_into(self, destination):
        """Merge these contacts into one of them, for a lead who may.

        Odoo's wizard does the work as the system: it asks for rights that people of
        customer care do not need, and for equal addresses.

        :param destination: one of the contacts, the one that stays
        """
        contacts = self | destination
        contacts._care_check_merger()
        contacts._care_check_merge()
        destination = destination.sudo()
        sources = contacts.sudo().with_context(active_test=False) - destination
        lost = {
            value
            for partner in sources
            for value in (partner.phone, partner.email)
            if value and value not in (destination.phone, destination.email)
        }
        merger = self.env["base.partner.merge.automatic.wizard"].sudo()
        for start in range(0, len(sources), 2):  # three at a time is Odoo's limit
            some = sources[start : start + 2]
            merger._merge((some | destination).ids, destination)
        lost -= {destination.phone, destination.email}
        if lost:
            destination._message_log(
                body=self.env._(
                    "Known before by %(addresses)s as well.",
                    addresses=", ".join(sorted(lost)),
                )
            )
