from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...lib import signed

#: A form must have been open so long before a person can have filled it in.
MIN_SECONDS = 3
#: A form that was open longer is drawn anew; the text stays.
MAX_HOURS = 24


class CareFormStamp(models.Model):
    """A form that was sent: its number is used once, so a double click counts once."""

    _name = "care.form.stamp"
    _description = "Sent Form"
    _order = "id desc"
    _rec_name = "nonce"

    nonce = fields.Char(required=True, readonly=True)
    ticket_id = fields.Many2one(
        comodel_name="care.ticket", required=True, ondelete="cascade", index=True
    )

    _nonce_uniq = models.Constraint("UNIQUE (nonce)", "This form was sent already.")

    @api.model
    def _issue(self, form):
        """Return a fresh stamp for one drawing of ``form``."""
        secret = self.env["care.ticket"]._get_link_secret()
        return signed.make_stamp(secret, form, self.env.cr.now())

    @api.model
    def _read(self, form, word):
        """Return what the stamp ``word`` of ``form`` says, and what is wrong with it.

        :return: (nonce, problem); problem is ``""``, ``"unknown"``, ``"old"`` or
            ``"fast"``, and nonce is empty for the first two
        """
        secret = self.env["care.ticket"]._get_link_secret()
        stamp = signed.read_stamp(secret, form, word)
        if not stamp:
            return "", "unknown"
        age = self.env.cr.now() - stamp.issued
        if age > timedelta(hours=MAX_HOURS):
            return "", "old"
        if age < timedelta(seconds=MIN_SECONDS):
            return stamp.nonce, "fast"
        return stamp.nonce, ""

    @api.model
    def _find_ticket(self, nonce):
        """Return the ticket that the form with ``nonce`` made or answered, or none."""
        return self.sudo().search([("nonce", "=", nonce)], limit=1).ticket_id

    @api.model
    def _claim(self, nonce, ticket):
        """Use up ``nonce`` for ``ticket``.

        :raises ConcurrencyError: another request used it a moment ago; the web server
            then runs the request again, which finds that ticket and writes nothing
        """
        try:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO care_form_stamp"
                    " (nonce, ticket_id, create_uid, create_date, write_uid, write_date)"
                    " VALUES (%(nonce)s, %(ticket)s, %(uid)s, %(now)s, %(uid)s, %(now)s)",
                    nonce=nonce,
                    ticket=ticket.id,
                    uid=self.env.uid,
                    now=self.env.cr.now(),
                ),
                # a double click is no error in the log
                log_exceptions=False,
            )
        except UniqueViolation as error:
            raise ConcurrencyError("form sent twice at once") from error

    @api.autovacuum
    def _gc_stamps(self):
        """Forget numbers whose stamps are too old to be accepted anyway."""
        limit = self.env.cr.now() - timedelta(hours=2 * MAX_HOURS)
        self.sudo().search([("create_date", "<", limit)], limit=10_000).unlink()
