from odoo import api, fields, models


class CareInbound(models.Model):
    _inherit = "care.inbound"

    @api.model
    def _care_of(self, partners):
        """Return the mails from these people, and those that became their tickets."""
        mails = self.sudo()
        tickets = partners._care_records("care.ticket")
        named = mails.search(
            [
                "|",
                ("ticket_id", "in", tickets.ids),
                ("given_ticket_id", "in", tickets.ids),
            ]
        )
        emails = partners._care_addresses()[0]
        return named | mails.browse(
            partners._care_ids_by_address(self._name, emails, set())
        )

    @api.model
    def _care_forget_partners(self, partners):
        """Delete the sources of mails and what was read in them.

        A mail that waits for somebody is put aside: there is nothing left to replay.
        """
        mails = self._care_of(partners)
        mails.write(
            {
                "source": False,
                "has_source": False,
                "subject": False,
                "email_from": False,
                "fingerprint": False,
                "given_values": False,
                "error": False,
                "reason": False,
            }
        )
        mails.filtered(lambda mail: mail.state in ("received", "quarantine")).write(
            {
                "state": "ignored",
                "reason": self.env._("The sender asked to be forgotten."),
                "handled_on": fields.Datetime.now(),
            }
        )

    @api.model
    def _care_export_partners(self, partners):
        """Return the mails that came from these people; their sources are files."""
        return [
            {
                "record": "incoming mail",
                "when": fields.Datetime.to_string(mail.received_on),
                "from": mail.email_from or "",
                "subject": mail.subject or "",
                "state": mail.state,
                "source": mail._read_source().decode("utf-8", "replace"),
            }
            for mail in self._care_of(partners).sorted("id")
        ]
