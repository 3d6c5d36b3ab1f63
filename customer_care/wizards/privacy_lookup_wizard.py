"""Odoo's look-up of what is known of a person: by phone number as well, and all of ours."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ..lib.identity import phone_key


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    email = fields.Char(required=False)
    phone = fields.Char(help="Any way of writing it; numbers are compared by digits.")

    def _get_query(self):
        """Ask Odoo by name and address, and the suite by address and number.

        Odoo leaves out what goes with the contact; a person who asks what we know wants
        to see it.
        """
        self.ensure_one()
        phone = phone_key(self.phone)
        if self.phone and not phone:
            raise UserError(
                self.env._(
                    "“%(phone)s” is too short for a phone number. Give at least eight"
                    " digits.",
                    phone=self.phone,
                )
            )
        if not self.email and not phone:
            raise UserError(self.env._("Give an e-mail address or a phone number."))
        parts = [self._care_query(email_normalize(self.email or ""), phone)]
        if self.email:
            parts.append(super()._get_query())
        return SQL(
            "SELECT DISTINCT ON (res_model_id, res_id) * FROM (%s) found",
            SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts),
        )

    @api.model
    def _care_query(self, email, phone):
        """Return the query of contacts with that address or number and all about them."""
        partners = self._care_people(email, phone)
        parts = [self._care_rows("res.partner", partners.ids)]
        for name in sorted(self._care_personal_models()):
            model = self.env[name].sudo().with_context(active_test=False)
            ids = set(
                partners._care_ids_by_address(
                    name, {email} - {"", False}, {phone} - {""}
                )
            )
            for column in self._care_contact_columns(model):
                ids.update(model.search([(column, "in", partners.ids)]).ids)
            if ids:
                parts.append(self._care_rows(name, sorted(ids)))
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _care_people(self, email, phone):
        """Return the contacts with that address or number."""
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        partners.flush_model()
        key, is_number = partners._care_phone_key_sql("partner")
        rows = self.env.execute_query(
            SQL(
                "SELECT partner.id FROM res_partner partner"
                " WHERE partner.email_normalized = %s OR (%s AND %s = %s)",
                email or None,
                is_number,
                key,
                phone or None,
            )
        )
        return partners.browse([row[0] for row in rows])

    @api.model
    def _care_personal_models(self):
        """Return the models of the suite, and of others under whose numbers we look."""
        return {
            name
            for name, model in self.env.registry.items()
            if name.startswith("care.")
            and not model._abstract
            and not model._transient
            and model._auto
            and self._care_contact_columns(model)
        } | {"care.inbound", "care.receipt", "crm.lead", "sms.sms", "phone.blacklist"}

    @api.model
    def _care_contact_columns(self, model):
        """Return the stored columns of ``model`` that name a contact."""
        return [
            name
            for name, field in model._fields.items()
            if field.type == "many2one"
            and field.comodel_name == "res.partner"
            and field.store
        ]

    @api.model
    def _care_rows(self, model_name, ids):
        """Return the lines of the look-up for these records."""
        model = self.env[model_name]
        return SQL(
            "SELECT %(model)s AS res_model_id, id AS res_id, %(active)s AS is_active"
            " FROM %(table)s WHERE id = ANY(%(ids)s)",
            model=self.env["ir.model"]._get_id(model_name),
            active=SQL.identifier("active") if "active" in model else SQL("TRUE"),
            table=SQL.identifier(model._table),
            ids=list(ids),
        )
