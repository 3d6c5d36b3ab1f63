"""The QR code at the counter: customers leave an address and say what they agree to."""

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.urls import urljoin

from ...lib import signed

#: What the page offers, and by which word of the form the address is typed.
OFFERED = {"zalo": "phone", "sms": "phone", "call": "phone", "email": "email"}
#: Uses per hour; system parameters ``customer_care.limit_<word>`` change them.
#: Everybody in a shop may share its network.
LIMITS = {"counter_ip": 120, "counter_address": 3, "counter_company": 600}


class CareCounter(models.AbstractModel):
    """Reads and writes what customers leave behind the QR code. It has no table.

    Nobody has shown that the address is his own. So nothing of what is known of it is
    told, no contact is changed but by a consent with its evidence, and where a customer
    said no before, a link goes to his own address instead of a yes into the consents.
    """

    _name = "care.counter"
    _description = "QR Code at the Counter"

    # ----------------------------------------------------------------- the code
    @api.model
    def _get_url(self, company):
        """Return the address behind the code of ``company``."""
        token = signed.make_counter(
            self.env["care.ticket"]._get_link_secret(),
            company.id,
            company.sudo().care_counter_version,
        )
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return urljoin(base, f"/care/counter/{token}")

    @api.model
    def _find(self, token):
        """Return the company whose code this is, empty when it is shut or replaced."""
        companies = self.env["res.company"].sudo()
        found = signed.read_counter(self.env["care.ticket"]._get_link_secret(), token)
        if not found:
            return companies
        company = companies.browse(found[0]).exists()
        is_open = company.active and company.is_care_counter_open
        return (
            company
            if is_open and company.care_counter_version == found[1]
            else companies
        )

    # ----------------------------------------------------------------- reading
    @api.model
    def _get_names(self):
        """Return the names of the fields that the page may send."""
        return {"name", "phone", "email", *(f"promotion_{code}" for code in OFFERED)}

    @api.model
    def _prepare(self, values, company):
        """Read what somebody typed; nothing is written.

        :param dict values: of :meth:`_get_names`, as sent
        :return: (wish, errors): dict ``name``, ``phone`` (``+84…``), ``email``
            (normalised) and ``channels``; dict field → sentence
        """
        tickets = self.env["care.ticket"]
        words = tickets._clean_words(values)
        errors = tickets._check_words(words)
        tickets._check_contact(words, errors, self.env["res.partner"])
        if "contact" in errors:
            errors["contact"] = self.env._(
                "Please give your phone number or your e-mail address."
            )
        country = company.country_id or self.env.ref("base.vn")
        phone = words["phone"] and self.env["res.partner"]._phone_format(
            number=words["phone"], country=country
        )
        if words["phone"] and not phone:
            errors.setdefault(
                "phone",
                self.env._("This is not a phone number. Example: 0912 345 678."),
            )
        channels = {code for code in OFFERED if values.get(f"promotion_{code}") == "on"}
        if not channels:
            errors["channels"] = self.env._(
                "Please tick how we may write to you. Without a tick we keep nothing."
            )
        asked = {
            "phone": self.env._("You ticked a message to your phone: which number?"),
            "email": self.env._("You ticked e-mail: to which address?"),
        }
        for code in channels:
            if not words[OFFERED[code]] and "contact" not in errors:
                errors.setdefault(OFFERED[code], asked[OFFERED[code]])
        wish = {
            "name": words["name"],
            "phone": phone or "",
            "email": email_normalize(words["email"]) or "",
            "channels": channels,
        }
        return wish, errors

    @api.model
    def _take_place(self, wish, company, address):
        """Count one use by this visitor; False when the hour is used up."""
        caps = {
            ("counter_ip", address or ""): self._get_limit("counter_ip"),
            ("counter_company", str(company.id)): self._get_limit("counter_company"),
        }
        for typed in filter(None, (wish["phone"], wish["email"])):
            caps["counter_address", typed] = self._get_limit("counter_address")
        return self.env["care.rate.counter"]._take(caps)

    @api.model
    def _get_limit(self, word):
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param(f"customer_care.limit_{word}", "")
        return int(value) if value.isdecimal() else LIMITS[word]

    # ----------------------------------------------------------------- writing
    @api.model
    def _take(self, wish, company, evidence):
        """Write down what a customer agreed to; twice is once.

        :param dict wish: as :meth:`_prepare` returns it, found good
        :param str evidence: what proves it
        """
        open_channels = [
            code
            for code in OFFERED
            if code in wish["channels"] and not self._is_refused(wish, company, code)
        ]
        owners = self._find_owners(wish, company)
        self._create_missing(owners, wish, company, open_channels)
        for code in OFFERED:
            if code not in wish["channels"]:
                continue
            owner = owners[OFFERED[code]]
            current = self.env["care.choice"]._get_current(owner, company)
            row = owner and current.get((code, "promotion"))
            if code not in open_channels or (row and row.state == "withdrawn"):
                if code == "email" and owner:
                    self._send_link(owner, company)
            elif owner and not row:
                owner._care_set_consent(
                    code, "promotion", True, "counter", evidence, company=company
                )

    @api.model
    def _find_owners(self, wish, company):
        """Return the contact of each typed address: dict ``phone``, ``email``."""
        tickets = self.env["care.ticket"]
        nothing = self.env["res.partner"].sudo()
        owners = {"phone": nothing, "email": nothing}
        for word in owners:
            if wish[word]:
                alone = {"phone": "", "email": "", word: wish[word]}
                owners[word] = tickets._recognise_customer(alone, company)
        return owners

    @api.model
    def _create_missing(self, owners, wish, company, channels):
        """Create a contact for addresses that nobody has and that may be written to.

        An address that comes with one of somebody we know makes a contact of its own:
        who typed both need not be that person. People of ours may merge the two.
        """
        wanted = {OFFERED[code] for code in channels}
        missing = {
            word: wish[word]
            for word, owner in owners.items()
            if wish[word] and not owner
        }
        if not wanted & missing.keys():
            return
        partner = (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": wish["name"] or wish["phone"] or wish["email"],
                    "lang": self.env.lang,
                    "country_id": company.country_id.id,
                    **missing,
                }
            )
        )
        for word in missing:
            owners[word] = partner

    @api.model
    def _is_refused(self, wish, company, channel):
        """Whether this address was refused before, by whomever, or is on a list."""
        gate = self.env["care.gate"].sudo()
        addresses = [wish[OFFERED[channel]]]
        self.env["care.consent"].flush_model()
        return bool(
            gate._get_refused_addresses(addresses, company, channel, "promotion")
            or gate._get_listed_addresses(addresses, channel)
        )

    @api.model
    def _send_link(self, partner, company):
        """Let who once said no choose anew, by a mail to the address he has with us."""
        lang = company._get_care_lang(partner)
        counter = self.with_context(lang=lang).with_company(company)
        body = counter.env["ir.qweb"]._render(
            "customer_care.counter_mail",
            {
                "company": company,
                "called": counter.env["care.choice"]._get_name(partner, lang),
                "url": partner._care_get_choice_url(company),
            },
            lang=lang,
        )
        self.env["mail.mail"].sudo().create(
            {
                "subject": counter.env._(
                    "%(company)s: would you like to hear from us again?",
                    company=company.name,
                ),
                "email_from": company._care_get_sender(),
                "email_to": partner.email_formatted,
                "body_html": body,
                "auto_delete": True,
            }
        )
