"""The customer's side of a conversation: public messages, and their files only."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import is_html_empty
from odoo.tools.mail import email_split_tuples

#: Kinds of messages that are part of what was said to or by the customer.
PUBLIC_TYPES = ("comment", "email", "email_outgoing", "auto_comment", "sms")
#: So many messages a page shows; older ones on request.
PAGE_MESSAGES = 50


class CareTicket(models.Model):
    _inherit = "care.ticket"

    @api.model
    def _get_public_message_domain(self):
        """Return the domain of the messages that customers may read, on any ticket."""
        return (
            Domain("model", "=", self._name)
            & Domain("message_type", "in", PUBLIC_TYPES)
            & Domain("is_internal", "=", False)
            & Domain("subtype_id", "!=", False)
            & Domain("subtype_id.internal", "=", False)
        )

    def _get_public_messages(self, limit=None):
        """Return what was said between customer and company, oldest first.

        :param int limit: only so many of the newest
        :return: ``mail.message`` records with superuser rights
        """
        self.ensure_one()
        messages = self.env["mail.message"].sudo()
        domain = self._get_public_message_domain() & Domain("res_id", "=", self.id)
        return messages.search(domain, order="date desc, id desc", limit=limit)[::-1]

    def _get_public_attachments(self):
        """Return the files of this ticket that the customer may open, as superuser."""
        return self._get_public_messages().attachment_ids

    def _find_public_attachment(self, ref):
        """Return the file of a public message of this ticket that ``ref`` names.

        :param str ref: what came from outside as an id
        :return: ``ir.attachment`` with superuser rights, empty for every other file
        """
        self.ensure_one()
        attachment_id = self._parse_ref(ref)
        return self._get_public_attachments().filtered(lambda a: a.id == attachment_id)

    def _prepare_conversation(self, show_all=False):
        """Return everything a page needs to show the conversation.

        Costs a fixed number of queries, however long it is.

        :param bool show_all: also the messages before the last ``PAGE_MESSAGES``
        :return: dict with ``messages`` (list of dict) and ``has_more``
        """
        self.ensure_one()
        limit = None if show_all else PAGE_MESSAGES + 1
        messages = self._get_public_messages(limit)
        has_more = not show_all and len(messages) > PAGE_MESSAGES
        if has_more:
            messages = messages[1:]
        messages.fetch(["body", "date", "author_id", "email_from", "attachment_ids"])
        messages.attachment_ids.fetch(["name", "mimetype", "file_size"])
        messages.author_id.fetch(["name", "partner_share"])
        shown = [self._prepare_message(message) for message in messages]
        return {
            "messages": [entry for entry in shown if entry["body"] or entry["files"]],
            "has_more": has_more,
        }

    def _prepare_message(self, message):
        """Return what a page shows of one public message."""
        # staff are contacts; who wrote without being one is on the customer's side
        from_customer = not message.author_id or self.sudo()._is_from_customer(
            message.author_id
        )
        return {
            "id": message.id,
            "body": False if is_html_empty(message.body) else message.body,
            "date": message.date,
            "author": self._get_public_author(message, from_customer),
            "is_customer": from_customer,
            "files": [
                {
                    "id": attachment.id,
                    "name": attachment.name,
                    "size": attachment.file_size,
                    "is_image": attachment.mimetype
                    in ("image/jpeg", "image/png", "image/gif", "image/webp"),
                }
                for attachment in message.attachment_ids
            ],
        }

    def _get_public_author(self, message, from_customer):
        """Return the name a customer sees over a message."""
        author = message.author_id
        robot = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        if author and author.id != robot:
            return author.name or ""
        if from_customer:
            ticket = self.sudo()
            typed = email_split_tuples(message.email_from or "")
            name = typed[0][0] if typed else ""
            return name or ticket.partner_name or self.env._("Customer")
        return self.sudo().company_id.name
