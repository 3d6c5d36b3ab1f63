"""What was written to, by and about a customer."""

from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext

#: Documents that the law makes us keep as they are; their own addon decides about them.
KEPT_FILES = ("account.move", "account.payment")


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _care_of(self, partners):
        """Return the messages on records about these contacts, and those they wrote.

        A message under one of their addresses is theirs where nobody is its author.
        """
        found = set()
        for model, ids in partners._care_threads().items():
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM mail_message WHERE model = %s AND res_id = ANY(%s)",
                    model,
                    ids,
                )
            )
            found.update(row[0] for row in rows)
        found.update(self.sudo().search([("author_id", "in", partners.ids)]).ids)
        emails = partners._care_addresses()[0]
        loose = partners._care_ids_by_address(self._name, emails, set())
        loose = self.sudo().browse(loose)
        found.update(loose.filtered(lambda message: not message.author_id).ids)
        return self.sudo().browse(sorted(found))

    @api.model
    def _care_forget_partners(self, partners):
        """Empty messages and activities, and delete their files; that they were stays."""
        self._care_of(partners)._care_empty()
        for model, ids in partners._care_threads().items():
            self._care_empty_records(model, ids)

    @api.model
    def _care_empty_records(self, model, ids):
        """Delete the files of these records, and the words of what is planned on them."""
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", ids),
                    "|",
                    ("res_field", "=", False),
                    ("res_field", "!=", False),
                ]
            )
        )
        if model in KEPT_FILES:
            files.write({"index_content": False})
        else:
            files.unlink()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_activity SET summary = NULL, note = NULL, res_name = NULL"
                " WHERE res_model = %s AND res_id = ANY(%s)",
                model,
                list(ids),
            )
        )
        self.env["mail.activity"].invalidate_model()
        planned = self.env["mail.scheduled.message"].sudo()
        planned.search([("model", "=", model), ("res_id", "in", ids)]).unlink()

    def _care_empty(self):
        """Take texts, addresses and files off these messages, and off their mails."""
        if not self:
            return
        self.env.flush_all()
        ids = self.ids
        self.attachment_ids.filtered(
            lambda file: file.res_model not in KEPT_FILES
        ).unlink()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_message
                   SET body = '', subject = NULL, reply_to = NULL,
                       incoming_email_to = NULL, incoming_email_cc = NULL,
                       outgoing_email_to = NULL,
                       email_from = CASE WHEN author_id IN (
                           SELECT partner_id FROM res_users WHERE NOT share)
                           THEN email_from END
                 WHERE id = ANY(%(ids)s);
                UPDATE mail_mail
                   SET body_html = NULL, email_to = NULL, email_cc = NULL,
                       headers = NULL, failure_reason = NULL,
                       state = CASE state WHEN 'outgoing' THEN 'cancel' ELSE state END
                 WHERE mail_message_id = ANY(%(ids)s);
                UPDATE mail_notification
                   SET failure_reason = NULL,
                       mail_email_address = CASE
                           WHEN mail_email_address IS NOT NULL THEN '-' END
                 WHERE mail_message_id = ANY(%(ids)s);
                UPDATE mail_tracking_value value
                   SET old_value_char = NULL, new_value_char = NULL,
                       old_value_text = NULL, new_value_text = NULL
                 WHERE value.mail_message_id = ANY(%(ids)s)
                   AND (value.field_id IS NULL OR value.field_id IN (
                        SELECT id FROM ir_model_fields
                         WHERE ttype IN ('char', 'text', 'html')
                            OR relation = 'res.partner'))
                """,
                ids=ids,
            )
        )
        if "mail.message.translation" in self.env:
            translations = self.env["mail.message.translation"].sudo()
            translations.search([("message_id", "in", ids)]).unlink()
        self.env.invalidate_all(flush=False)

    @api.model
    def _care_export_partners(self, partners):
        """Return the messages on records about these people, the oldest first."""
        return [
            {
                "record": "message",
                "id": message.id,
                "when": fields.Datetime.to_string(message.date),
                "on": message.model or "",
                "on_id": message.res_id or 0,
                "type": message.message_type,
                "is_internal": message.is_internal,
                "author": message.author_id.name or message.email_from or "",
                "subject": message.subject or "",
                "text": html2plaintext(message.body or ""),
                "files": message.attachment_ids.mapped("name"),
            }
            for message in self._care_of(partners).sorted("id")
        ]
