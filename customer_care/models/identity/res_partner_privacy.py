"""What is known under somebody's addresses: the base of look-up, export and erasure."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, email_normalize

from ...lib.identity import phone_key

#: Models without messages that know something of a customer of one company.
KNOWN_BY = (
    "care.profile",
    "care.purchase",
    "care.consent",
    "care.contact.log",
    "care.message.delivery",
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    # ------------------------------------------------------------------ who may
    def _care_check_privacy(self):
        """Raise unless the caller may export or forget these contacts.

        Care managers may, for customers whose records lie in their own companies;
        administrators of Customer Care for all.
        """
        user = self.env.user
        if not user.has_group("customer_care.group_manager"):
            raise AccessError(
                self.env._(
                    "Only care managers export or forget what is known of a customer."
                )
            )
        self.check_access("read")
        if user.has_group("customer_care.group_admin"):
            return
        foreign = self.sudo()._care_known_in() - user.company_ids
        if foreign:
            raise AccessError(
                self.env._(
                    "%(companies)s know this customer too, and you do not work there."
                    " Ask an administrator of Customer Care.",
                    companies=", ".join(foreign.mapped("name")),
                )
            )

    def _care_known_in(self):
        """Return the companies in which something is known of these contacts.

        Of those below them too, and under their addresses: what an export gives out and
        forgetting takes away.
        """
        family = self._care_family() | self.sudo().commercial_partner_id
        companies = family.company_id
        records = family._care_threads()
        for name in KNOWN_BY:
            records[name] = family._care_records(name).ids
        for name, ids in records.items():
            if "company_id" in self.env[name]._fields:
                companies |= self.env[name].sudo().browse(ids).company_id
        return companies

    def _care_check_person(self):
        """Raise where one of these is no customer's contact: a colleague, or ourselves."""
        own = self._care_own_companies(self)
        colleague = self.sudo().with_context(active_test=False).user_ids
        colleague = colleague.filtered(lambda user: not user.share)
        if own or colleague:
            raise UserError(
                self.env._(
                    "%(name)s is a colleague or one of your own companies, not a"
                    " customer. Their contacts are not forgotten here.",
                    name=(own or colleague)[0].name,
                )
            )

    # -------------------------------------------------------------------- whose
    def _care_family(self):
        """Return these contacts with all addresses and people below them."""
        everybody = self.sudo().with_context(active_test=False)
        return everybody.search([("id", "child_of", self.ids)])

    def _care_addresses(self):
        """Return the e-mail addresses and phone numbers of these contacts.

        :return: two sets: normalised addresses, keys of numbers
        """
        emails = {email_normalize(partner.email or "") for partner in self}
        phones = {phone_key(partner.phone) for partner in self}
        return emails - {"", False}, phones - {""}

    @api.model
    def _care_ids_by_address(self, model_name, emails, phones):
        """Return the ids of records under one of these addresses, in whatever field.

        :param str model_name: a model that names people by ``email_from`` or ``phone``
        :param set emails: normalised addresses
        :param set phones: keys of numbers
        """
        model = self.env[model_name]
        model.flush_model()
        conditions = []
        for name in ("email_normalized", "email_from", "email", "address"):
            if name in model._fields and model._fields[name].store:
                # “Lan <lan@a.vn>”, several addresses, or the address alone
                conditions.append(
                    SQL(
                        "EXISTS (SELECT 1 FROM unnest(%s::text[]) wanted WHERE"
                        " POSITION(wanted IN LOWER(%s)) > 0 AND wanted = ANY("
                        "regexp_split_to_array(LOWER(%s), '[\\s<>,;\"]+')))",
                        list(emails),
                        SQL.identifier(name),
                        SQL.identifier(name),
                    )
                )
        for name in ("phone", "phone_sanitized", "number", "address"):
            if name in model._fields and model._fields[name].store:
                conditions.append(
                    SQL(
                        "(LENGTH(LTRIM(regexp_replace(%(column)s, '\\D', '', 'g'), '0'))"
                        " >= 8 AND RIGHT(LTRIM(regexp_replace(%(column)s, '\\D', '', 'g'),"
                        " '0'), 9) = ANY(%(phones)s::text[]))",
                        column=SQL.identifier(name),
                        phones=list(phones),
                    )
                )
        if not conditions or not (emails or phones):
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE %s ORDER BY id",
                SQL.identifier(model._table),
                SQL(" OR ").join(conditions),
            )
        )
        return [row[0] for row in rows]

    def _care_records(self, model_name, column="partner_id"):
        """Return what ``model_name`` knows of these contacts: by name or by address.

        Records that name another contact are his, whatever address stands on them.
        """
        model = self.env[model_name].sudo().with_context(active_test=False)
        found = model.browse()
        if column in model._fields:
            found = model.search([(column, "in", self.ids)])
        ids = self._care_ids_by_address(model_name, *self._care_addresses())
        loose = model.browse(ids) - found
        if column in model._fields:
            loose = loose.filtered(lambda record: not record[column])
        return found | loose

    def _care_threads(self):
        """Return the records about these contacts that carry messages.

        :return: dict model name → ids; the contacts themselves among them
        """
        threads = {"res.partner": list(self.ids)}
        for name, model in self.env.registry.items():
            field = model._fields.get("partner_id")
            if (
                not model._abstract
                and not model._transient
                and model._auto
                and "message_ids" in model._fields
                and field is not None
                and field.store
                and field.comodel_name == "res.partner"
                and name not in ("res.users", "res.company")
            ):
                threads[name] = (
                    self.env[name]
                    .sudo()
                    .with_context(active_test=False)
                    .search([("partner_id", "in", self.ids)])
                    .ids
                )
        for name in ("care.ticket", "crm.lead"):
            threads[name] = self._care_records(name).ids
        threads["care.inbound"] = self.env["care.inbound"].sudo()._care_of(self).ids
        return {name: ids for name, ids in threads.items() if ids}
