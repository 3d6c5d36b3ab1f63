"""Who asked to be forgotten: fingerprints, so that nobody is brought back by an import."""

import secrets

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from ...lib.identity import fingerprint, phone_key

#: System parameter that holds the salt of the fingerprints; only administrators read it.
SALT_KEY = "customer_care.suppression_salt"


class CareSuppression(models.Model):
    """An address or number of somebody who was forgotten, as a salted fingerprint.

    It cannot be read back. A list of addresses can only be asked which of them are on it.
    """

    _name = "care.suppression"
    _description = "Forgotten Address"
    _log_access = False
    _order = "id desc"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=[("email", "E-mail"), ("phone", "Phone")],
        required=True,
        readonly=True,
    )
    fingerprint = fields.Char(required=True, readonly=True)
    forgotten_on = fields.Date(required=True, readonly=True)

    _fingerprint_uniq = models.Constraint(
        "UNIQUE (fingerprint)", "This address is on the list already."
    )

    @api.model
    def _get_salt(self):
        """Return the salt of this database, made when it is first needed."""
        parameters = self.env["ir.config_parameter"].sudo()
        salt = parameters.get_param(SALT_KEY)
        if not salt:
            salt = secrets.token_hex(32)
            parameters.set_param(SALT_KEY, salt)
        return salt

    @api.model
    def _fingerprints(self, values):
        """Return (kind, fingerprint) → what it was made of.

        :param values: addresses and phone numbers, written in any way
        """
        salt = self._get_salt()
        found = {}
        for value in values:
            text = value or ""
            email = email_normalize(text) if "@" in text else ""
            if email:
                found.setdefault(
                    ("email", fingerprint(salt, "email", email)), set()
                ).add(value)
            elif "@" not in text and phone_key(text):
                key = ("phone", fingerprint(salt, "phone", phone_key(text)))
                found.setdefault(key, set()).add(value)
        return found

    @api.model
    def _suppressed(self, values):
        """Return which of these addresses and numbers belong to forgotten people.

        One query for any number of them.

        :param values: e-mail addresses and phone numbers, written in any way
        :return: those of ``values`` that are on the list
        :rtype: set
        """
        if not self.env["ir.config_parameter"].sudo().get_param(SALT_KEY):
            return set()  # nobody was forgotten yet, and looking writes nothing
        prints = self._fingerprints(values)
        if not prints:
            return set()
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, fingerprint FROM care_suppression"
                " WHERE fingerprint = ANY(%s)",
                [entry for _kind, entry in prints],
            )
        )
        return set().union(*(prints.get(row, ()) for row in rows))

    @api.model
    def _add(self, values):
        """Put these addresses and numbers on the list."""
        today = fields.Date.today()
        for kind, entry in sorted(self._fingerprints(values)):
            self.env.cr.execute(
                "INSERT INTO care_suppression (kind, fingerprint, forgotten_on)"
                " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [kind, entry, today],
            )
        self.invalidate_model()
