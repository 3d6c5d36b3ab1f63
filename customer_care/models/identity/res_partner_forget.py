"""Forgetting a customer: who it was goes, what happened stays."""

from odoo import api, models
from odoo.tools import SQL

from ...lib.internal import INTERNAL

#: Fields of text that say nothing of the person, or that a contact cannot be without.
KEPT_TEXTS = frozenset({"name", "signup_type"})
#: Further fields of the person himself.
PERSONAL = ("care_birthday", "care_title", "category_id")
#: Types of fields that may hold words about the person.
TEXT_TYPES = ("char", "text", "html", "binary", "properties", "json")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_care_open_forget(self):
        """Show what forgetting these contacts means, and ask.

        :raises AccessError: the caller is no care manager of all their companies
        """
        self._care_check_privacy()
        wizard = self.env["care.forget"].create({"partner_ids": [(6, 0, self.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Forget This Customer"),
            "res_model": "care.forget",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _care_forget(self):
        """Take away who these contacts are, for a care manager who may.

        Counts and sums stay: purchases, tickets with their times, figures. Names,
        addresses, texts, files and messages go, here and on everything about them. The
        addresses are kept as fingerprints, so that no import brings the person back.

        :return: the contacts that were forgotten, with those below them
        """
        self._care_check_privacy()
        self._care_check_person()
        partners = self._care_family()
        partners._care_check_person()
        self._care_log_privacy(partners)
        partners = partners.with_context(
            tracking_disable=True, mail_notrack=True, care_silent=INTERNAL
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                partners.ids,
            ),
            log_exceptions=False,
        )
        emails, phones = partners._care_addresses()
        self.env["care.suppression"].sudo()._add(emails | phones)
        for model in self._care_models_with("_care_forget_partners"):
            if model._name != self._name:  # others find their records by its addresses
                model.with_context(**partners.env.context)._care_forget_partners(
                    partners
                )
        partners._care_forget_partners(partners)
        self.env.flush_all()
        self.env.invalidate_all()
        return partners

    def _care_log_privacy(self, partners):
        """Note who forgot whom, with the names as Odoo's privacy log hides them."""
        for partner in self.sudo():
            self.env["privacy.log"].sudo().create(
                {
                    "anonymized_name": partner.name or "-",
                    "anonymized_email": partner.email or "-",
                    "execution_details": self.env._("Forgotten in Customer Care"),
                    "records_description": self.env._(
                        "Contacts %(ids)s",
                        ids=", ".join(f"#{ref}" for ref in partners.ids),
                    ),
                }
            )

    @api.model
    def _care_forget_partners(self, partners):
        """Empty the contacts themselves and archive them; last of all models."""
        for partner in partners:
            partner.write(
                {
                    **partner._care_prepare_forgotten_values(),
                    "name": partner.env._("Forgotten customer %(ref)s", ref=partner.id),
                }
            )
        dependent = [
            name
            for name, field in self._fields.items()
            if field.company_dependent and field.type in TEXT_TYPES
        ]
        self.env.flush_all()
        for name in dependent:
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET %s = NULL WHERE id = ANY(%s)",
                    SQL.identifier(name),
                    partners.ids,
                )
            )
        # an import that knows the row of an old file must not fill it again
        self.env["ir.model.data"].sudo().search(
            [("model", "=", self._name), ("res_id", "in", partners.ids)]
        ).unlink()
        # Odoo looks for logins that are in use, in the context of the caller
        partners.filtered("active").with_context(active_test=True).action_archive()

    def _care_prepare_forgotten_values(self):
        """Return the values that empty a contact. A hook: addons add what they know."""
        values = {
            name: False
            for name, field in self._fields.items()
            if field.type in TEXT_TYPES
            and field.store
            and not field.company_dependent
            and not (field.compute and not field.inverse and field.readonly)
            and not field.related
            and not field.required
            and name not in KEPT_TEXTS
        }
        for name in PERSONAL:
            values[name] = False
        for name in ("partner_latitude", "partner_longitude"):
            if name in self._fields:
                values[name] = 0
        return values
