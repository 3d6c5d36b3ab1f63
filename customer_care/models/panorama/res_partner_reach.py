"""How a customer is reached: by phone, Zalo, SMS and e-mail."""

from odoo import api, models

from ...lib.text import digits, phone_needle

VIETNAM_CODE = 84


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Let agents write to customers whom they see, without a right to edit them."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "create" and self.env.user.has_group(
            "customer_care.group_agent_own"
        ):
            return dict.fromkeys(operations, "read")
        return operations

    def _prepare_care_reach(self, ticket=None, phone=None, email=None):
        """Return what the buttons Call, Zalo, SMS, E-mail and Log a Contact need.

        :param ticket: ``care.ticket`` that the contact is about, or None
        :param str phone: number known from elsewhere, where the contact has none
        :param str email: address known from elsewhere, likewise
        """
        self.ensure_one()
        phone = (phone or self.phone or "").strip()
        return {
            "partner_id": self.id,
            "ticket_id": ticket.id if ticket else False,
            "phone": phone,
            "zalo": self._get_care_zalo_number(phone),
            "email": email or self.email or "",
            "greeting": self._say_care_greeting(ticket),
        }

    @api.model
    def _get_care_zalo_number(self, phone):
        """Return the digits that open a chat on zalo.me, empty without a phone.

        Vietnamese numbers are written from their 0 on, others with the country code.
        """
        phone = (phone or "").strip()
        number = digits(phone)
        if phone.startswith("+") and not number.startswith(str(VIETNAM_CODE)):
            return number
        needle = phone_needle(phone, VIETNAM_CODE)
        return f"0{needle}" if needle else ""

    def get_care_greeting(self):
        """Return the first words of a chat with this customer, in his language.

        :raises AccessError: the caller is no agent, or may not see the contact
        """
        self.ensure_one()
        self._check_care_reader()
        return self._say_care_greeting()

    def _say_care_greeting(self, ticket=None):
        """Return the first words of a chat, in the language of the customer."""
        lang = self.lang or self.env.company.partner_id.lang or self.env.lang
        customer = self.with_context(lang=lang)
        words = {
            "customer": customer.care_salutation or customer.display_name or "",
            "agent": self.env.user.name,
            "company": (ticket or self).env.company.name,
        }
        if ticket:
            return customer.env._(
                "Hello %(customer)s, this is %(agent)s of %(company)s. I am writing about"
                " your request %(number)s: %(subject)s.",
                number=ticket.number,
                subject=ticket.name,
                **words,
            )
        return customer.env._(
            "Hello %(customer)s, this is %(agent)s of %(company)s.", **words
        )
