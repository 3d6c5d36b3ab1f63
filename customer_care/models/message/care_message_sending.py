"""From a text to rows of the mail and SMS queues, through the gate, in batches."""

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ...lib import placeholder
from ...lib.gate import Decision
from ...lib.plain_text import as_html
from .care_message_placeholder import OF_TICKETS

#: Rendered samples of a preview.
SAMPLES = 10


class CareMessage(models.Model):
    _inherit = "care.message"

    # ---------------------------------------------------------------- sending
    def _send(self, partners, channel, company, *, source=None, ticket=None, key=None):
        """Send this message to customers through the gate, now or when it may go.

        In the caller's transaction: rows of the mail or SMS queue, of the contact log
        and of the outbox come together or not at all. Nothing is sent to a server here.
        What the gate postpones stays in the outbox, and the job asks the gate again.

        :param partners: ``res.partner``, each gets it once
        :param str channel: ``email`` or ``sms``
        :param company: ``res.company`` that speaks
        :param source: the record that caused it, such as a ``care.rule``
        :param ticket: the ``care.ticket`` of all these customers that it is about
        :param str key: names the occasion; with the same key nobody gets it twice
        :return: dict of counts: ``sent``, ``postponed``, ``skipped`` (the gate said no)
            and ``repeated`` (the key was used before)
        :raises UserError: the message has no text for this channel, or needs a ticket
        """
        self.ensure_one()
        self._check_sendable(channel, company, ticket)
        deliveries = self.env["care.message.delivery"]._claim(
            self, partners, channel, company, source=source, ticket=ticket, key=key
        )
        counts = deliveries._deliver()
        counts["repeated"] = len(set(partners.ids)) - len(deliveries)
        return counts

    def _queue(self, partners, channel, company, *, source=None, key=None):
        """Put this message into the outbox for customers; the job sends it in batches.

        For audiences nobody wants to wait for. Parameters as in :meth:`_send`.

        :return: how many are in the outbox now because of this call
        """
        self.ensure_one()
        self._check_sendable(channel, company)
        outbox = self.env["care.message.delivery"]
        deliveries = outbox._claim(
            self, partners, channel, company, source=source, key=key
        )
        outbox._wake()
        return len(deliveries)

    def _check_sendable(self, channel, company, ticket=None):
        """Raise a UserError unless this message can go out on ``channel``."""
        message = self.sudo()
        if message.company_id and message.company_id != company:
            raise UserError(
                self.env._(
                    "“%(message)s” belongs to %(owner)s and cannot be sent by"
                    " %(company)s. Copy it there, or share it between all companies.",
                    message=message.name,
                    owner=message.company_id.name,
                    company=company.name,
                )
            )
        if not message._has_text(channel):
            if channel == "sms":
                text = self.env._(
                    "“%(message)s” has no text for an SMS. Write one under “SMS”, or"
                    " choose e-mail.",
                    message=message.name,
                )
            else:
                text = self.env._(
                    "“%(message)s” has no subject or no text for an e-mail. Write both"
                    " under “E-mail”, or choose SMS.",
                    message=message.name,
                )
            raise UserError(text)
        if not ticket and message._get_names(channel) & OF_TICKETS:
            raise UserError(
                self.env._(
                    "“%(message)s” names a ticket, so it can only be sent about one."
                    " Take the placeholders of tickets out to send it otherwise.",
                    message=message.name,
                )
            )

    def _get_names(self, channel):
        """Return the placeholders used on ``channel`` in any language."""
        self.ensure_one()
        names = ("sms_text",) if channel == "sms" else ("subject", "body_html")
        found = set()
        for name in names:
            stored = self._fields[name]._get_stored_translations(self) or {}
            for text in stored.values():
                found |= placeholder.parse(text).names
        return found

    # ---------------------------------------------------------------- preview
    def _preview(self, partners, channel, company):
        """Say what would happen now, and write nothing.

        :return: dict with ``counts`` (verdict → number: ``go``, ``postpone``, ``skip``),
            ``reasons`` (code → number, of those postponed or refused) and ``samples``
            (list of dicts ``partner``, ``address``, ``subject``, ``body``: HTML in an
            e-mail, words in an SMS, and ``content``: HTML without its frame)
        """
        self.ensure_one()
        decisions = self._decide(partners, channel, company, reserve=False)
        counts = {"go": 0, "postpone": 0, "skip": 0}
        reasons = {}
        chosen = []
        for partner in partners:
            verdict, reason, _until, _address = decisions[partner.id]
            counts[verdict] += 1
            if reason:
                reasons[reason] = reasons.get(reason, 0) + 1
            if verdict == "go" and len(chosen) < SAMPLES:
                chosen.append(partner.id)
        samples = self._render_samples(partners.browse(chosen), channel, company)
        for sample in samples:
            sample["address"] = decisions[sample["partner"].id].address
        return {"counts": counts, "reasons": reasons, "samples": samples}

    def _render_samples(self, partners, channel, company, ticket=None):
        """Return what these customers would read, without links that open something."""
        found = []
        for lang, some in self._by_language(partners, company):
            message = self.sudo().with_context(lang=lang)
            values = message._prepare_values(
                some.sudo(), company, lang, message._get_names(channel), ticket
            )
            letter = channel == "email" and message._prepare_letter(company, lang)
            link = self._get_sample_link()
            for partner in some:
                own = {**values[partner.id], "consent_link": link, "ticket_link": link}
                if letter:
                    shown = message._as_html_values(own, dead=True)
                    found.append(
                        {
                            "partner": partner,
                            "subject": letter.subject.fill(own),
                            "body": letter.page.fill_html(shown),
                            "content": letter.content.fill_html(shown),
                        }
                    )
                else:
                    text = message._fill_sms(company, own)
                    sample = {"partner": partner, "subject": "", "body": text}
                    found.append({**sample, "content": as_html(text)})
        return found

    def _decide(self, partners, channel, company, *, reserve=True, due=None):
        """Ask the gate; of several contacts with one address one gets the message.

        A contact whom the gate refuses makes room for the next one with his address.

        :param dict due: id → when it was asked for, so that nothing waits for ever
        :return: dict id → ``Decision`` of the gate, also with the reason ``duplicate``
        """
        gate = self.env["care.gate"]
        addresses = partners._get_care_addresses(channel, company)
        decisions, taken, waiting = {}, set(), partners
        while waiting:
            first = {addresses.get(ref) or ref: ref for ref in reversed(waiting.ids)}
            asked = waiting.browse(sorted(first.values()))
            found = gate._decide(
                company, channel, self.purpose, asked, reserve=reserve, due=due
            )
            decisions |= found
            taken |= {
                addresses.get(ref)
                for ref, decision in found.items()
                if decision.verdict != "skip"
            }
            waiting -= asked
            for ref in waiting.ids:
                if addresses.get(ref) in taken:
                    decisions[ref] = Decision("skip", "duplicate", None, addresses[ref])
            waiting = waiting.browse([r for r in waiting.ids if r not in decisions])
        return decisions

    # ----------------------------------------------------------------- pieces
    @api.model
    def _by_language(self, partners, company):
        """Return (language, partners) pairs: the customer's, else the company's."""
        languages = {}
        for partner in partners.sudo():
            languages.setdefault(partner.lang, None)
        for code in languages:
            languages[code] = company._get_care_lang(
                self.env["res.partner"].new({"lang": code}) if code else None
            )
        return list(
            partners.sudo().grouped(lambda partner: languages[partner.lang]).items()
        )

    def _as_html_values(self, values, dead=False):
        """Return values for HTML: links become anchors with words.

        :param bool dead: links open nothing, for previews and for our own people
        """
        words = self._get_link_words()
        shown = dict(values)
        for name, text in words.items():
            url = "#" if dead else values.get(name)
            if url:
                shown[name] = Markup('<a href="%s">%s</a>') % (url, text)
        if dead:
            shown["refuse_url"] = shown["choice_url"] = "#"
        return shown
