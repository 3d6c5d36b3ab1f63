from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...lib import signed


class CareRateCounter(models.Model):
    """How often one visitor used a form within an hour.

    The row is counted up by the statement that checks it, so two requests at once
    cannot both take the last place: the second is run again and finds it taken.
    """

    _name = "care.rate.counter"
    _description = "Visits per Hour"
    _order = "hour desc, id desc"
    _rec_name = "key"

    key = fields.Char(
        required=True,
        readonly=True,
        help="Fingerprint of address, session or contact; they are not stored.",
    )
    hour = fields.Datetime(required=True, readonly=True)
    hits = fields.Integer(required=True, readonly=True)

    _key_hour_uniq = models.Constraint(
        "UNIQUE (key, hour)", "This visitor is counted in this hour already."
    )
    _hour_idx = models.Index("(hour)")

    @api.model
    def _take(self, caps):
        """Count one use per key of ``caps``, unless one of them is used up.

        :param dict caps: tuple of words that name a visitor → uses allowed per hour;
            0 switches the limit off
        :return: whether every key had a place left
        """
        secret = self.env["care.ticket"]._get_link_secret()
        hour = self.env.cr.now().replace(minute=0, second=0, microsecond=0)
        keys = {
            signed.fingerprint(secret, *words): cap
            for words, cap in caps.items()
            if cap > 0
        }
        # one order for all requests, so that they cannot wait for each other in a ring
        return all(self._count_up(key, hour, keys[key]) for key in sorted(keys))

    def _count_up(self, key, hour, cap):
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_rate_counter AS counter (key, hour, hits)"
                " VALUES (%(key)s, %(hour)s, 1)"
                " ON CONFLICT (key, hour) DO UPDATE SET hits = counter.hits + 1"
                " WHERE counter.hits < %(cap)s RETURNING hits",
                key=key,
                hour=hour,
                cap=cap,
            ),
            # of visitors at the same moment one is counted, the others run again
            log_exceptions=False,
        )
        return bool(self.env.cr.rowcount)

    @api.autovacuum
    def _gc_hours(self):
        """Forget hours that are over."""
        limit = self.env.cr.now() - timedelta(hours=2)
        self.sudo().search([("hour", "<", limit)], limit=10_000).unlink()
