"""A message, customers of every kind, and what was sent, shared by the tests."""

import ast

from ..common import CareCommon

BODY = "<p>Chào {{salutation}}, {{company_name}} cảm ơn {{salutation}}.</p>"


class MessageCommon(CareCommon):
    """Customers reached by everything, by e-mail, by phone alone, and by nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.messages = cls.env["care.message"]
        cls.outbox = cls.env["care.message.delivery"]
        cls.env["res.lang"]._activate_lang("vi_VN")
        cls.company.write({"name": "Hoa Sen", "email": "shop@hoasen.test"})
        cls.mai, cls.hung, cls.phone_only, cls.unreachable = cls.env[
            "res.partner"
        ].create(
            [
                {
                    "name": "Nguyễn Thị Mai",
                    "email": "mai.message@customer.test",
                    "phone": "+84 903 000 001",
                    "lang": "vi_VN",
                },
                {
                    "name": "Trần Văn Hùng",
                    "email": "hung.message@customer.test",
                    "phone": "+84 903 000 002",
                    "lang": "en_US",
                },
                {"name": "Phạm Minh", "phone": "+84 903 000 003", "lang": "vi_VN"},
                {"name": "Lê An", "lang": False},
            ]
        )
        cls.everybody = cls.mai | cls.hung | cls.phone_only | cls.unreachable
        cls.message = cls.messages.create(
            {
                "name": "Sau giao hàng",
                "purpose": "care",
                "subject": "{{Salutation}}, is everything all right?",
                "body_html": "<p>Dear {{salutation}}, thank you from {{company_name}}.</p>",
                "sms_text": "{{company_name}}: {{salutation}}, all right?",
            }
        )
        cls.message.with_context(lang="vi_VN").write(
            {
                "subject": "{{Salutation}} ơi, mọi thứ ổn chứ ạ?",
                "body_html": BODY,
                "sms_text": "{{company_name}}: {{Salutation}} ơi, máy chạy tốt không ạ?",
            }
        )
        cls.promotion = cls.messages.create(
            {
                "name": "Ưu đãi",
                "purpose": "promotion",
                "subject": "An offer for {{salutation}}",
                "body_html": "<p>Dear {{salutation}}</p>",
                "sms_text": "{{salutation}}: -20%",
            }
        )

    def _mails(self, partner):
        """Return the mails to this contact, the newest first."""
        return self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )

    def _texts(self, partner):
        """Return the text messages to this contact, the newest first."""
        return self.env["sms.sms"].search([("partner_id", "=", partner.id)])

    def _lines(self, partner):
        """Return the contact log of this contact, the newest first."""
        return self.env["care.contact.log"].search(
            [("partner_id", "=", partner.id)], order="id desc"
        )

    def _headers(self, mail):
        return ast.literal_eval(mail.headers)

    @classmethod
    def _grant(cls, partners, channel="email", purpose="promotion"):
        partners._care_set_consent(
            channel, purpose, True, "hand", "asked at the counter", company=cls.company
        )
