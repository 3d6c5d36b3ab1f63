from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

KEPT_DAYS = 3  # a day is over everywhere on earth after two


class CareContactCounter(models.Model):
    """How many messages one address got on one day of its own calendar.

    The row is counted up by the statement that checks it, so that two jobs at once cannot
    both take the last place: the second waits for the first, fails, and is run again.
    """

    _name = "care.contact.counter"
    _description = "Messages per Day"
    _log_access = False
    _order = "day desc, id desc"
    _rec_name = "address"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    channel = fields.Char(required=True)
    address = fields.Char(required=True)
    day = fields.Date(required=True)
    hits = fields.Integer(string="Messages", required=True)

    _address_day_uniq = models.Constraint(
        "UNIQUE (company_id, channel, address, day)",
        "This address is counted on this day already.",
    )
    _day_idx = models.Index("(day)")

    @api.model
    def _count(self, company, channel, keys):
        """Return how many messages went to some addresses.

        :param keys: (address, day) pairs
        :return: dict (address, day) → number, without those that got none
        """
        self.flush_model()
        addresses, days = _columns(keys)
        self.env.cr.execute(
            """
            SELECT counter.address, counter.day, counter.hits
              FROM care_contact_counter counter
              JOIN unnest(%s::varchar[], %s::date[]) wanted (address, day)
                ON wanted.address = counter.address AND wanted.day = counter.day
             WHERE counter.company_id = %s AND counter.channel = %s
            """,
            [addresses, days, company.id, channel],
        )
        return {(address, day): hits for address, day, hits in self.env.cr.fetchall()}

    @api.model
    def _take(self, company, channel, wanted, cap):
        """Take places of some addresses, all or none.

        Whoever calls has read with ``_count`` in the same transaction that they are free.

        :param dict wanted: (address, day) → places
        :param int cap: places that an address has on a day
        :raises ConcurrencyError: somebody else took a place meanwhile; run the whole
            transaction again. PostgreSQL mostly says so itself
            (``SerializationFailure``)
        """
        # one order for everybody, so that nobody waits for another in a ring
        keys = sorted(wanted)
        addresses, days = _columns(keys)
        self.env.cr.execute(
            """
            INSERT INTO care_contact_counter AS counter
                   (company_id, channel, address, day, hits)
            SELECT %(company)s, %(channel)s, wanted.address, wanted.day, wanted.places
              FROM unnest(%(addresses)s::varchar[], %(days)s::date[], %(places)s::int[])
                   WITH ORDINALITY wanted (address, day, places, rank)
             ORDER BY wanted.rank
            ON CONFLICT (company_id, channel, address, day) DO UPDATE
               SET hits = counter.hits + EXCLUDED.hits
             WHERE counter.hits + EXCLUDED.hits <= %(cap)s
            """,
            {
                "company": company.id,
                "channel": channel,
                "addresses": addresses,
                "days": days,
                "places": [wanted[key] for key in keys],
                "cap": cap,
            },
            # of two jobs at the same moment one is counted, the other runs again
            log_exceptions=False,
        )
        if self.env.cr.rowcount < len(keys):
            raise ConcurrencyError(
                self.env._("Somebody else wrote to one of these customers just now.")
            )
        self.invalidate_model()

    @api.model
    def _care_forget_partners(self, partners):
        """Forget how much went to the addresses that these people have now.

        :param partners: ``res.partner`` that are being forgotten
        """
        people = partners.sudo()
        addresses = {f"contact {ref}" for ref in people.ids}
        addresses.update(people.mapped("email_normalized"))
        addresses.update(people.mapped("phone_sanitized"))
        self.sudo().search([("address", "in", list(addresses - {False}))]).unlink()

    @api.autovacuum
    def _gc_days(self):
        """Forget days that are over."""
        self.env.cr.execute(
            "DELETE FROM care_contact_counter WHERE day < %s",
            [self.env.cr.now().date() - timedelta(days=KEPT_DAYS)],
        )
        self.invalidate_model()


def _columns(keys):
    """Return (address, day) pairs as two lists."""
    keys = list(keys)
    return [address for address, _day in keys], [day for _address, day in keys]
