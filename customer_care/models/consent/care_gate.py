"""One gate for every message: who gets it now, who later, who not, and why.

Checks are methods, asked in the order of ``_get_checks``. Each looks at those on whom
nothing is decided yet, with a number of statements that does not depend on how many they
are, and decides on some of them. Nothing is decided twice.
"""

from odoo import api, models
from odoo.tools import SQL, email_normalize, format_datetime

from ...lib import gate, quiet_hours
from .selections import CHANNELS, PURPOSES


class CareGate(models.AbstractModel):
    _name = "care.gate"
    _description = "Gate for Messages to Customers"

    # ------------------------------------------------------------------ deciding
    @api.model
    def _decide(
        self,
        company,
        channel,
        purpose,
        partners,
        *,
        addresses=None,
        reserve=True,
        due=None,
        subjects=None,
    ):
        """Decide for a batch of messages, at the moment of sending.

        Who goes takes a place of the day of his address, in the caller's transaction;
        where another job takes one at the same moment, PostgreSQL makes one of them fail
        (``SerializationFailure``): the caller runs its whole transaction again, as
        requests do by themselves. Nothing is logged here, see :meth:`_log_decisions`.

        :param company: ``res.company`` of one, on whose behalf it is sent
        :param str channel: a code of ``care.contact.log.channel``
        :param str purpose: ``transactional``, ``care`` or ``promotion``
        :param partners: ``res.partner``, persons; rights are not looked at
        :param dict addresses: id → address to use instead of that of the contact
        :param bool reserve: False: a preview, which writes nothing
        :param due: when the message was due for the first time, as naive UTC, or a dict
            of id → that; default: now. A message that finds no free day within the
            company's days of patience from then on is skipped (``cap_over``)
        :param dict subjects: id → whatever checks of other features want to know
        :return: dict id → :class:`~odoo.addons.customer_care.lib.gate.Decision`, in the
            order of ``partners``
        """
        if channel not in dict(CHANNELS) or purpose not in dict(PURPOSES):
            raise ValueError(f"no such channel or purpose: {channel}, {purpose}")
        checker = self.sudo()
        batch = gate.Batch(
            company=company.sudo(),
            channel=channel,
            purpose=purpose,
            now=self.env.cr.now().replace(microsecond=0),
            reserve=reserve,
            subjects=subjects or {},
            limit=company._get_care_limit(channel, purpose),
        )
        checker._fill_batch(batch, partners, addresses or {}, due)
        for name in self._get_checks():
            if not batch.waiting:
                break
            getattr(checker, name)(batch)
        return batch.close()

    @api.model
    def _get_checks(self):
        """Return the names of the checks in the order in which they are asked.

        A hook: what knows more than the contact (is the process running, is the case
        active, is its goal met) puts its checks in front. A check gets the
        :class:`~odoo.addons.customer_care.lib.gate.Batch` and calls its ``skip`` and
        ``postpone``; its reasons are added to ``care.contact.log.reason``.
        """
        return [
            "_check_contact",
            "_check_consent",
            "_check_blacklist",
            "_check_suppressed",
            "_check_address",
            "_check_complaint",
            "_check_hours",
            "_check_cap",
        ]

    @api.model
    def _gate_suppressed(self, addresses):
        """Return which of these addresses belong to people who were erased.

        A hook: whoever keeps the suppression list overrides it.

        :param list addresses: normalised e-mail addresses, or phone numbers (``+84…``)
        :return: set of some of ``addresses``
        """
        return set()

    @api.model
    def _log_decisions(self, company, channel, purpose, decisions, **values):
        """Write refusals and postponements of :meth:`_decide` into the contact log.

        :param dict decisions: what ``_decide`` returned
        :param values: more values for every row: ``ticket_id``, ``source_model`` …
        :return: the new rows of ``care.contact.log``
        """
        states = {gate.SKIP: "refused", gate.POSTPONE: "postponed"}
        return self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": ref,
                    "company_id": company.id,
                    "channel": channel,
                    "purpose": purpose,
                    "state": states[decision.verdict],
                    "reason": decision.reason,
                    "until": decision.until,
                    "address": decision.address,
                    **values,
                }
                for ref, decision in decisions.items()
                if decision.verdict in states and decision.reason != "gone"
            ]
        )

    # --------------------------------------------------------------- the batch
    @api.model
    def _fill_batch(self, batch, partners, addresses, due):
        """Read what the checks need of the contacts, in one statement."""
        model = self.env["res.partner"]
        names = ["active", "tz", "email", "email_normalized", "phone"]
        names += ["phone_sanitized", "country_id", "commercial_partner_id"]
        model.flush_model(names)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM res_partner WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                list(partners._ids),
            )
        )
        found = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
        company_zone = batch.company.care_tz
        for ref in partners._ids:
            values = found.get(ref, {})
            given = addresses.get(ref)
            address = self._find_address(batch, ref, values, given)
            batch.add(
                gate.Recipient(
                    id=ref,
                    address=address or "",
                    has_address=bool(given or self._has_address(batch, values)),
                    active=bool(values.get("active")),
                    commercial_id=values.get("commercial_partner_id") or 0,
                    zone=quiet_hours.zone_of(values.get("tz"), company_zone),
                    due=due.get(ref) if isinstance(due, dict) else due,
                )
            )
            if not values:
                batch.skip(ref, "gone")

    @api.model
    def _has_address(self, batch, values):
        """Tell whether something is written where the address belongs."""
        kind = gate.ADDRESS_KINDS.get(batch.channel)
        return kind is None or bool((values.get(kind) or "").strip())

    @api.model
    def _find_address(self, batch, ref, values, given):
        """Return the address of a contact on the channel of the batch, in one spelling.

        What Odoo keeps normalised is used; another address, and a phone number that could
        not be read when it was written, are normalised here.
        """
        kind = gate.ADDRESS_KINDS.get(batch.channel)
        if kind == "email":
            if given:
                return email_normalize(given, strict=False)
            return values.get("email_normalized")
        if kind == "phone":
            if not given and values.get("phone_sanitized"):
                return values["phone_sanitized"]
            number = given or values.get("phone")
            return number and self._read_phone(batch, values.get("country_id"), number)
        return given

    @api.model
    def _read_phone(self, batch, country_id, number):
        """Return a phone number as ``+84…``, or False where it cannot be one."""
        country = self.env["res.country"].browse(country_id or ())
        country = country or batch.company.country_id or self.env.ref("base.vn")
        return self.env["res.partner"]._phone_format(number=number, country=country)

    # ------------------------------------------------------------------ in words
    @api.model
    def _explain(self, reason, until=None, address=""):
        """Say why nothing was sent, and the way out, in the reader's language.

        :param str reason: a code of ``care.contact.log.reason``
        :param until: naive UTC, when it is tried again
        :param str address: in one spelling
        :return: a sentence or two; the words of the reason where nothing more is known
        """
        when = format_datetime(self.env, until, dt_format="short") if until else ""
        return self._get_explanations(when, address).get(
            reason, self.env["care.contact.log"]._reason_text(reason)
        )

    @api.model
    def _get_explanations(self, when, address):
        """Return sentences by reason. A hook: features add those of their reasons.

        :param str when: in words, when it is tried again
        """
        _ = self.env._
        return {
            "gone": _(
                "The contact was merged or deleted: nobody is there to write to."
            ),
            "archived": _(
                "The contact is archived: only what the customer waits for himself is "
                "sent. Restore the contact to write to him again."
            ),
            "withdrawn": _(
                "The customer, or somebody with the same address, said no to this. Only "
                "his own new yes opens this way again."
            ),
            "no_consent": _(
                "The customer never agreed to promotion on this channel. Ask him, and "
                "write his answer down."
            ),
            "blacklist": _(
                "%(address)s is on Odoo's blacklist. It comes off there, when the "
                "customer asks for it.",
                address=address,
            ),
            "suppressed": _(
                "Whoever has this address asked to be forgotten. Nobody writes to him "
                "unless he comes back by himself."
            ),
            "no_address": _(
                "The contact has no address for this channel. Ask for the phone number "
                "or e-mail address and add it."
            ),
            "bad_address": _(
                "The address of the contact cannot be right. Correct the phone number or "
                "e-mail address."
            ),
            "complaint": _(
                "A complaint of the customer is open. Promotion goes again when it is "
                "solved."
            ),
            "quiet_hours": _(
                "It is outside of the hours for this channel where the customer lives. "
                "Next try: %(when)s.",
                when=when,
            ),
            "cap": _(
                "This address got enough for that day. Next try: %(when)s.",
                when=when,
            ),
            "cap_over": _(
                "This address got enough on every day that the message could wait, so it "
                "was not sent. Send less, or let messages wait longer."
            ),
        }
