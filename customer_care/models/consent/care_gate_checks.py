"""The checks of the gate, in the order in which it asks them."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...lib import gate, quiet_hours

#: Where core keeps the addresses that want nothing, by kind of address.
BLACKLISTS = {
    "email": ("mail.blacklist", "email"),
    "phone": ("phone.blacklist", "number"),
}


class CareGate(models.AbstractModel):
    _inherit = "care.gate"

    @api.model
    def _check_contact(self, batch):
        """An archived contact gets what he is waiting for himself, nothing else."""
        if batch.purpose == "transactional":
            return
        for recipient in list(batch.waiting.values()):
            if not recipient.active:
                batch.skip(recipient.id, "archived")

    # ------------------------------------------------------------------ consent
    @api.model
    def _check_consent(self, batch):
        """The latest answer holds; without one, promotion does not go.

        A refusal speaks for its address too: it holds for another contact with that
        address unless he agreed later.
        """
        self.env["care.consent"].flush_model()
        answers = self._get_answers(batch)
        refusals = self._get_refused_addresses(
            batch.addresses(), batch.company, batch.channel, batch.purpose
        )
        for recipient in list(batch.waiting.values()):
            state, on = answers.get(recipient.id, ("unknown", None))
            refused_on = refusals.get(recipient.address)
            if refused_on and (on is None or refused_on > on):
                state = "withdrawn"
            if state == "withdrawn":
                batch.skip(recipient.id, "withdrawn")
            elif state == "unknown" and batch.purpose == "promotion":
                batch.skip(recipient.id, "no_consent")

    @api.model
    def _get_answers(self, batch):
        """Return the latest answer of each contact: dict id → (state, when)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) partner_id, state, "on"
                  FROM care_consent
                 WHERE partner_id = ANY(%s)
                   AND company_id = %s AND channel = %s AND purpose = %s
                 ORDER BY partner_id, "on" DESC, id DESC
                """,
                list(batch.waiting),
                batch.company.id,
                batch.channel,
                batch.purpose,
            )
        )
        return {ref: (state, on) for ref, state, on in rows}

    @api.model
    def _get_refused_addresses(self, addresses, company, channel, purpose):
        """Return when each of these addresses was refused last: dict address → when.

        Refusals that the same person took back are none.

        :param list addresses: in one spelling, as ``care.consent.address``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT refusal.address, MAX(refusal."on")
                  FROM care_consent refusal
                 WHERE refusal.state = 'withdrawn' AND refusal.address = ANY(%(who)s)
                   AND refusal.company_id = %(company)s
                   AND refusal.channel = %(channel)s AND refusal.purpose = %(purpose)s
                   AND NOT EXISTS (
                       SELECT 1 FROM care_consent later
                        WHERE later.partner_id = refusal.partner_id
                          AND later.company_id = refusal.company_id
                          AND later.channel = refusal.channel
                          AND later.purpose = refusal.purpose
                          AND later.state = 'granted'
                          AND (later."on", later.id) > (refusal."on", refusal.id))
                 GROUP BY refusal.address
                """,
                who=addresses,
                company=company.id,
                channel=channel,
                purpose=purpose,
            )
        )
        return dict(rows)

    # ------------------------------------------------------------------ address
    @api.model
    def _check_blacklist(self, batch):
        """Odoo's own lists of addresses that want nothing, for every purpose."""
        listed = self._get_listed_addresses(batch.addresses(), batch.channel)
        batch.skip_addresses(listed, "blacklist")

    @api.model
    def _get_listed_addresses(self, addresses, channel):
        """Return the set of those of these addresses that are on a list of core.

        :param list addresses: in one spelling
        :param str channel: a code of ``care.consent.channel``
        """
        kind = gate.ADDRESS_KINDS.get(channel)
        if not kind:
            return set()
        name, column = BLACKLISTS[kind]
        model = self.env[name]
        model.flush_model([column, "active"])
        rows = self.env.execute_query(
            SQL(
                "SELECT %(column)s FROM %(table)s"
                " WHERE active AND %(column)s = ANY(%(who)s)",
                column=SQL.identifier(column),
                table=SQL.identifier(model._table),
                who=addresses,
            )
        )
        return {row[0] for row in rows}

    @api.model
    def _check_suppressed(self, batch):
        """Who was erased and came back by an import is not written to."""
        addresses = batch.addresses()
        if addresses:
            batch.skip_addresses(self._gate_suppressed(addresses), "suppressed")

    @api.model
    def _check_address(self, batch):
        """Nothing is sent to nobody."""
        if batch.channel not in gate.ADDRESS_KINDS:
            return
        for recipient in list(batch.waiting.values()):
            if not recipient.address:
                reason = "bad_address" if recipient.has_address else "no_address"
                batch.skip(recipient.id, reason)

    # ---------------------------------------------------------------- complaint
    @api.model
    def _check_complaint(self, batch):
        """Who has an open complaint, or whose company has one, gets no promotion."""
        if batch.purpose != "promotion":
            return
        tickets = self.env["care.ticket"]
        tickets.flush_model(
            ["commercial_partner_id", "company_id", "is_open", "kind", "active"]
        )
        customers = {row.commercial_id for row in batch.waiting.values()}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT commercial_partner_id FROM care_ticket
                 WHERE commercial_partner_id = ANY(%s) AND company_id = %s
                   AND is_open AND kind = 'complaint' AND active
                """,
                sorted(customers),
                batch.company.id,
            )
        )
        complaining = {row[0] for row in rows}
        for recipient in list(batch.waiting.values()):
            if recipient.commercial_id in complaining:
                batch.skip(recipient.id, "complaint")

    # ------------------------------------------------------------ hours and caps
    @api.model
    def _check_hours(self, batch):
        """Outside of the hours it waits until they begin, where the customer is."""
        window = batch.limit.window
        if window is None:
            return
        opening = {}
        for recipient in list(batch.waiting.values()):
            zone = recipient.zone
            if zone not in opening:
                opening[zone] = quiet_hours.next_open(window, zone, batch.now)
            if opening[zone] > batch.now:
                batch.postpone(recipient.id, "quiet_hours", opening[zone])

    @api.model
    def _check_cap(self, batch):
        """An address gets so many a day; the rest waits for a day that is free."""
        cap = batch.limit.cap
        if not cap:
            return
        zones = {row.zone for row in batch.waiting.values()}
        days = {zone: quiet_hours.local_day(zone, batch.now) for zone in zones}
        keys = {
            row.id: (row.address or f"contact {row.id}", days[row.zone])
            for row in batch.waiting.values()
        }
        counter = self.env["care.contact.counter"]
        company, channel = batch.company, batch.channel
        taken = counter._count(company, channel, set(keys.values()))
        wanted, waits = defaultdict(int), []
        for recipient in batch.waiting.values():
            key = keys[recipient.id]
            if taken.get(key, 0) + wanted[key] < cap:
                wanted[key] += 1
            else:
                waits.append(recipient)
        self._await_free_day(batch, waits)
        wanted = {key: places for key, places in wanted.items() if places}
        if batch.reserve and wanted:
            counter._take(company, channel, wanted, cap)

    @api.model
    def _await_free_day(self, batch, recipients):
        """Postpone to the next day of each of them, or give up after the patience.

        :param recipients: :class:`~odoo.addons.customer_care.lib.gate.Recipient` who got
            enough for this day
        """
        patience = timedelta(days=batch.limit.patience)
        free = {}
        for recipient in recipients:
            zone = recipient.zone
            if zone not in free:
                tomorrow = quiet_hours.next_day(zone, batch.now)
                free[zone] = quiet_hours.next_open(batch.limit.window, zone, tomorrow)
            if free[zone] > (recipient.due or batch.now) + patience:
                batch.skip(recipient.id, "cap_over")
            else:
                batch.postpone(recipient.id, "cap", free[zone])
