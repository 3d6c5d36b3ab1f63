"""What may stand in double braces, and what it says for a customer."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date

from ...lib import placeholder
from ...lib.plain_text import clean_line
from ...lib.salutation import UNKNOWN_TITLE, given_name

LAYOUT = "customer_care.message_layout"
#: Placeholders that only a message about a ticket can fill.
OF_TICKETS = frozenset({"ticket_number", "ticket_subject", "ticket_link"})
#: Placeholders that are links: an anchor in an e-mail, the address in an SMS.
LINKS = frozenset({"consent_link", "ticket_link"})


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail in one language: subject, what is written, and all of it in its frame."""

    subject: placeholder.Template
    content: placeholder.Template
    page: placeholder.Template

    @property
    def names(self):
        """Return the names of all placeholders in it."""
        return self.subject.names | self.page.names


class CareMessage(models.Model):
    _inherit = "care.message"

    # -------------------------------------------------------------------- list
    @api.model
    def _placeholders(self):
        """Return the white list: name → what it stands for, in the user's language.

        An addon that knows more extends this and :meth:`_prepare_values`.
        """
        return {
            "salutation": self.env._("Salutation"),
            "Salutation": self.env._("Salutation, First Word of a Sentence"),
            "customer_name": self.env._("Customer's Name"),
            "given_name": self.env._("Given Name"),
            "company_name": self.env._("Company"),
            "company_phone": self.env._("Company's Phone"),
            "care_manager": self.env._("Person in Charge"),
            "last_purchase_day": self.env._("Day of the Last Purchase"),
            "consent_link": self.env._("Link: What to Receive"),
            "ticket_number": self.env._("Ticket Number"),
            "ticket_subject": self.env._("Ticket Subject"),
            "ticket_link": self.env._("Link: Ticket"),
        }

    @api.model
    def _get_samples(self):
        """Return name → words of a customer who does not exist, for previews."""
        company = self.env.company
        is_vietnamese = (self.env.lang or "").startswith("vi")
        return {
            "salutation": "chị Mai" if is_vietnamese else "Anna Smith",
            "Salutation": "Chị Mai" if is_vietnamese else "Anna Smith",
            "customer_name": "Nguyễn Thị Mai" if is_vietnamese else "Anna Smith",
            "given_name": "Mai" if is_vietnamese else "Anna Smith",
            "company_name": company.name,
            "company_phone": company.phone or "1900 1234",
            "care_manager": self.env.user.name,
            "last_purchase_day": format_date(self.env, date(2026, 3, 12)),
            "consent_link": self._get_sample_link(),
            "ticket_number": "000123",
            "ticket_subject": self.env._("My washing machine does not spin"),
            "ticket_link": self._get_sample_link(),
        }

    @api.model
    def _get_sample_link(self):
        """Return an address as long as a customer's, that opens nothing."""
        return self.env["res.partner"]._care_choice_url("refuse", "x" * 28)

    # ------------------------------------------------------------------ values
    def _prepare_values(self, partners, company, lang, names, ticket=None):
        """Return what the placeholders say for customers who read ``lang``.

        A hook: what an addon adds must not cost a query per customer.

        :param partners: ``res.partner``, superuser
        :param names: placeholders that are asked for; others may be left out
        :param ticket: the ``care.ticket`` the message is about, or None
        :return: dict id of the partner → dict name → plain words
        """
        localized = self.with_context(lang=lang)
        partners = partners.with_context(lang=lang).with_company(company)
        common = {
            "company_name": company.name or "",
            "company_phone": company.phone or "",
        }
        if ticket and names & OF_TICKETS:
            common["ticket_number"] = ticket.number or ""
            common["ticket_subject"] = ticket.name or ""
        days = (
            localized._get_purchase_days(partners, company)
            if "last_purchase_day" in names
            else {}
        )
        values = {}
        for partner in partners:
            called = partner._care_get_salutation(lang) or localized._say_nameless()
            own = {
                **common,
                "salutation": called,
                "Salutation": called[:1].upper() + called[1:],
                "customer_name": partner.name or called,
                "given_name": given_name(partner.name)
                if lang.startswith("vi")
                else partner.name or called,
            }
            if "care_manager" in names:
                own["care_manager"] = (
                    partner.commercial_partner_id.care_manager_id.name
                    or localized._say_team(company)
                )
            if "last_purchase_day" in names:
                day = days.get(partner.commercial_partner_id.id)
                own["last_purchase_day"] = (
                    format_date(localized.env, day) if day else ""
                )
            # one line each: no value adds a header, a paragraph or a hidden sign
            values[partner.id] = {name: clean_line(own[name]) for name in own}
        return values

    def _say_nameless(self):
        """Return how somebody without a name is addressed."""
        if (self.env.lang or "").startswith("vi"):
            return UNKNOWN_TITLE
        return self.env._("customer")

    def _say_team(self, company):
        """Return who looks after a customer whom no person is in charge of."""
        return self.env._("%(company)s Team", company=company.name)

    @api.model
    def _get_purchase_days(self, partners, company):
        """Return id of the customer → day of the last purchase, from the profiles."""
        rows = (
            self.env["care.profile"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", partners.commercial_partner_id.ids),
                    ("company_id", "=", company.id),
                ],
                ["partner_id", "last_purchase_on"],
            )
        )
        return {row.partner_id.id: row.last_purchase_on for row in rows}

    # ------------------------------------------------------------------ frames
    def _prepare_letter(self, company, lang):
        """Return the e-mail in ``lang`` with its frame, ready to be filled in.

        The frame is drawn once per language and not once per customer.

        :return: :class:`Letter`
        """
        self.ensure_one()
        message = self.with_context(lang=lang)
        company = company.sudo().with_context(lang=lang)
        label = company._care_get_label() if self.purpose == "promotion" else ""
        subject = " ".join(filter(None, [label, message.subject or ""]))
        body = Markup(self._clean_html(message.body_html or ""))
        page = (
            message.env["ir.qweb"]
            .sudo()
            ._render(
                LAYOUT,
                {
                    "message": message,
                    "company": company,
                    "body": body,
                    "lang": lang.replace("_", "-"),
                    "is_promotion": self.purpose == "promotion",
                    "refusal_line": company._care_get_refusal_line(lang),
                },
            )
        )
        return Letter(*map(placeholder.parse, (subject, body, page)))

    def _get_sms_frame(self, company, link):
        """Return what the law and the company put before and after a text message.

        :param str link: address where to refuse
        :return: (before, after), both empty unless it advertises
        """
        if self.purpose != "promotion":
            return "", ""
        label = company._care_get_label()
        line = company._care_get_refusal_line(self.env.lang)
        return (f"{label} " if label else ""), f"\n{line} {link}"

    def _get_link_words(self):
        """Return what a link says in an e-mail, in the language of the message."""
        return {
            "consent_link": self.env._("Choose what you want to receive from us"),
            "ticket_link": self.env._("Open the conversation"),
        }
