"""Mail for the tests: addresses, a builder of sources, and delivery by the gateway."""

from email.message import EmailMessage
from email.utils import make_msgid

from ..common import CareCommon

DOMAIN = "care.example"


class CareMailCommon(CareCommon):
    """The world of :class:`CareCommon` with an e-mail domain for both companies.

    Addresses: ``support-test@care.example`` and ``warranty@care.example`` of the first
    company, ``hue@care.example`` of the other one. Deliveries open cursors of their own,
    so they run in Odoo's test mode, where those are savepoints of the test's cursor.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": DOMAIN, "bounce_alias": "bounce", "catchall_alias": "catchall"}
        )
        (cls.company | cls.other_company).alias_domain_id = cls.domain
        cls.team.alias_domain_id = cls.domain
        cls.second_team.write(
            {"alias_name": "warranty", "alias_domain_id": cls.domain.id}
        )
        cls.other_team.write({"alias_name": "hue", "alias_domain_id": cls.domain.id})
        cls.support = f"support-test@{DOMAIN}"
        cls.warranty = f"warranty@{DOMAIN}"
        cls.hue = f"hue@{DOMAIN}"
        cls.older_inbox = cls.env["care.inbound"].search([])
        cls.stranger = '"Lê Thị Hoa" <hoa@stranger.test>'

    def _source(
        self, body="Máy giặt không chạy.", html=False, attachments=(), **headers
    ):
        """Return the source of a mail.

        :param headers: header fields, ``_`` for ``-``; None leaves one out
        """
        message = EmailMessage()
        fields = {
            "From": self.stranger,
            "To": self.support,
            "Subject": "Máy giặt hỏng",
            "Message-Id": make_msgid(domain="stranger.test"),
            "Date": "Mon, 02 Mar 2026 09:00:00 +0700",
        }
        fields.update({key.replace("_", "-"): value for key, value in headers.items()})
        for name, value in fields.items():
            if value is not None:
                message[name] = value
        message.set_content(body, subtype="html" if html else "plain")
        for name, data in attachments:
            message.add_attachment(
                data, maintype="application", subtype="octet-stream", filename=name
            )
        return message.as_bytes()

    def _deliver(self, source, **options):
        """Deliver a source through Odoo's gateway entry; return what it returns."""
        with self.enter_registry_test_mode():
            return self.env["mail.thread"].message_process(
                options.pop("model", False), source, **options
            )

    def _inbox(self):
        """Return the mails that came in during the test, newest first."""
        return self.env["care.inbound"].search([]) - self.older_inbox

    def _receive(self, body="Máy giặt không chạy.", **headers):
        """Build a mail, deliver it, and return its row of the inbox."""
        before = self.env["care.inbound"].search([])
        self._deliver(self._source(body, **headers))
        return self.env["care.inbound"].search([]) - before

    def _mails(self, ticket=None):
        """Return the mails in the queue, of ``ticket`` or of all tickets."""
        domain = [("model", "=", "care.ticket")]
        if ticket:
            domain.append(("res_id", "=", ticket.id))
        return self.env["mail.mail"].search(domain, order="id")

    def _sent_subject(self, mail):
        """Return the subject under which ``mail`` leaves."""
        return mail._prepare_outgoing_list()[0]["subject"]

    def _mails_to(self, address, ticket=None):
        """Return the mails in the queue that go to ``address``."""
        return self._mails(ticket).filtered(
            lambda mail: (
                address in (mail.email_to or "")
                or address in mail.recipient_ids.mapped("email_normalized")
            )
        )
