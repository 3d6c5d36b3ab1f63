"""What a customer chose to receive: found by a link, shown in words, changed by him."""

from odoo import api, models

from ...lib import signed
from ...lib.salutation import UNKNOWN_TITLE

#: What the page asks, in its order; about orders and requests nobody is asked.
CHANNELS = ("email", "sms", "call", "zalo")
PURPOSES = ("promotion", "care")
#: What holds while the customer has said nothing.
UNSAID = {"promotion": False, "care": True}
#: Lines of the history on the page.
HISTORY = 12
#: Uses per hour; system parameters ``customer_care.limit_<word>`` change them.
LIMITS = {"choice_ip": 120, "choice_customer": 30}


class CareChoice(models.AbstractModel):
    """Reads and writes consents for the customer himself. It has no table.

    Nothing here searches by an id from outside: the link is signed, or the login says
    who it is.
    """

    _name = "care.choice"
    _description = "Choices of a Customer"

    # ----------------------------------------------------------------- finding
    @api.model
    def _find(self, token):
        """Return what ``token`` opens.

        :return: (partner, company, delivery) with superuser rights; all empty when the
            link is unknown, changed, too old or shut
        """
        partners = self.env["res.partner"].sudo()
        deliveries = self.env["care.message.delivery"].sudo()
        companies = self.env["res.company"].sudo()
        nothing = partners, companies, deliveries
        choice = signed.read_choice(self.env["care.ticket"]._get_link_secret(), token)
        if not choice or choice.expires < self.env.cr.now().date():
            return nothing
        company = companies.browse(choice.company_id).exists()
        partner, delivery = partners, deliveries
        if choice.kind == "message":
            delivery = deliveries.browse(choice.record_id).exists()
            if delivery.is_link_closed or delivery.company_id != company:
                return nothing
            partner = delivery.partner_id
        elif choice.kind == "customer":
            partner = partners.browse(choice.record_id).exists()
        if not (company and partner):
            return nothing
        return partner, company, delivery

    @api.model
    def _take_place(self, partner, address):
        """Count one change by this customer; False when the hour is used up."""
        return self.env["care.rate.counter"]._take(
            {
                ("choice_ip", address or ""): self._get_limit("choice_ip"),
                ("choice", str(partner.id)): self._get_limit("choice_customer"),
            }
        )

    @api.model
    def _get_limit(self, word):
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param(f"customer_care.limit_{word}", "")
        return int(value) if value.isdecimal() else LIMITS[word]

    # ----------------------------------------------------------------- reading
    @api.model
    def _get_current(self, partner, company):
        """Return (channel, purpose) → the row of ``care.consent`` in force."""
        rows = (
            self.env["care.consent"]
            .sudo()
            .search(
                [("partner_id", "=", partner.id), ("company_id", "=", company.id)],
                order="on desc, id desc",
            )
        )
        current = {}
        for row in rows:
            current.setdefault((row.channel, row.purpose), row)
        return current

    @api.model
    def _get_switches(self, partner, company):
        """Return what the page shows, per purpose: the channels and whether they are on.

        :return: list of dicts ``purpose``, ``title``, ``text`` and ``channels``, a list
            of dicts ``name`` (of the field), ``label`` and ``is_on``
        """
        current = self._get_current(partner, company)
        labels = self._get_labels()
        return [
            {
                "purpose": purpose,
                "title": title,
                "text": text,
                "channels": [
                    {
                        "name": f"{purpose}_{channel}",
                        "label": labels[channel],
                        "is_on": current[channel, purpose].state == "granted"
                        if (channel, purpose) in current
                        else UNSAID[purpose],
                    }
                    for channel in CHANNELS
                ],
            }
            for purpose, title, text in self._get_purposes()
        ]

    @api.model
    def _get_labels(self):
        return {
            "email": self.env._("By e-mail"),
            "sms": self.env._("By text message (SMS)"),
            "call": self.env._("By phone call"),
            "zalo": self.env._("By Zalo"),
            "visit": self.env._("By a visit"),
            "chat": self.env._("By chat"),
            "other": self.env._("In another way"),
        }

    @api.model
    def _get_purposes(self):
        """Return (purpose, title, sentence) in the customer's words."""
        return [
            (
                "promotion",
                self.env._("Offers and news"),
                self.env._("Discounts, new products, invitations."),
            ),
            (
                "care",
                self.env._("After your purchase"),
                self.env._(
                    "Is everything all right? Reminders, tips, birthday wishes."
                ),
            ),
        ]

    @api.model
    def _get_history(self, partner, company):
        """Return the last answers of this customer, in sentences, the newest first.

        :return: list of (datetime, sentence, how we know)
        """
        rows = (
            self.env["care.consent"]
            .sudo()
            .search(
                [("partner_id", "=", partner.id), ("company_id", "=", company.id)],
                order="on desc, id desc",
                limit=HISTORY,
            )
        )
        labels = self._get_labels()
        titles = {purpose: title for purpose, title, _text in self._get_purposes()}
        titles["transactional"] = self.env._("Orders and requests")
        sources = dict(
            rows._fields["source"]._description_selection(rows.with_env(self.env).env)
        )
        result = []
        for row in rows:
            words = {"what": titles[row.purpose], "how": labels.get(row.channel, "")}
            if row.state == "granted":
                sentence = self.env._("%(what)s – %(how)s: yes", **words)
            else:
                sentence = self.env._("%(what)s – %(how)s: no", **words)
            result.append((row.on, sentence, sources.get(row.source, "")))
        return result

    @api.model
    def _get_name(self, partner, lang):
        """Return how the page addresses the customer: no more than a message says."""
        called = partner._care_get_salutation(lang)
        if not called and lang.startswith("vi"):
            called = UNKNOWN_TITLE
        return called[:1].upper() + called[1:]

    @api.model
    def _mask(self, partner, delivery):
        """Return the address this is about, readable only for who knows it."""
        address = delivery.address or partner.email_normalized or partner.phone or ""
        name, at, domain = address.partition("@")
        if at:
            return f"{name[:1]}•••@{domain}"
        return f"•••{address[-3:]}" if address else ""

    # ----------------------------------------------------------------- writing
    @api.model
    def _save(self, partner, company, wanted, source, evidence):
        """Write down what differs from what holds; it holds at once.

        :param set wanted: names of the switches that are on
        :param str source: a code of ``care.consent.source``
        :return: how many answers were written
        """
        count = 0
        for group in self._get_switches(partner, company):
            for switch in group["channels"]:
                is_on = switch["name"] in wanted
                if is_on != switch["is_on"]:
                    channel = switch["name"].partition("_")[2]
                    self._write_choice(
                        partner,
                        company,
                        channel,
                        group["purpose"],
                        is_on,
                        source,
                        evidence,
                    )
                    count += 1
        return count

    @api.model
    def _refuse(self, partner, company, channel, purpose, source, evidence):
        """Take back the consent to ``purpose`` on ``channel``; twice is once.

        :return: whether something was written
        """
        row = self._get_current(partner, company).get((channel, purpose))
        if row and row.state == "withdrawn":
            return False
        self._write_choice(partner, company, channel, purpose, False, source, evidence)
        return True

    @api.model
    def _write_choice(
        self, partner, company, channel, purpose, granted, source, evidence
    ):
        partner.sudo()._care_set_consent(
            channel, purpose, granted, source, evidence, company=company
        )

    @api.model
    def _get_names(self):
        """Return the names of all switches: the fields the page may send."""
        return {f"{purpose}_{channel}" for purpose in PURPOSES for channel in CHANNELS}

    @api.model
    def _prepare_evidence(self, text, address, agent, delivery=None):
        """Return what proves an answer given on a page: how, from where, with what.

        :param str text: a sentence
        :param str address: of the network, as the web server saw it
        :param str agent: how the browser calls itself
        """
        lines = [text]
        if delivery:
            lines.append(
                self.env._(
                    "Message “%(message)s” of %(day)s to %(address)s.",
                    message=delivery.message_id.name,
                    day=delivery.done_on or delivery.created_on,
                    address=delivery.address or "?",
                )
            )
        lines.append(
            self.env._(
                "From %(address)s with %(browser)s.",
                address=address or "?",
                browser=(agent or "?")[:200],
            )
        )
        return "\n".join(lines)
