"""The gateway of Odoo: mail for customer care is stored before anything is done."""

import xmlrpc.client

from odoo import api, models
from odoo.exceptions import AccessError

from ...lib.mail_source import Mail


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Store mail for customer care first, committed, then process it.

        Mail for an address of a care team, and replies to tickets, never run through
        the caller's transaction: whatever happens to it, the mail is neither lost nor
        handled twice. All other mail goes its usual way. Mail for both goes both ways;
        then the scheduled job handles our part, because the caller's transaction may
        hold rows that we need.

        :return: id of the ticket, False when the mail made none (yet)
        :raises psycopg2.Error: the mail could not be stored; the caller keeps it
        :raises AccessError: a customer or the public calls
        """
        if isinstance(message, xmlrpc.client.Binary):
            message = message.data
        if isinstance(message, str):
            message = message.encode("utf-8", "surrogateescape")
        inbound = self.env["care.inbound"]
        mail = Mail(bytes(message))
        targets, is_shared = inbound._find_targets(
            mail, model, thread_id, custom_values
        )
        if targets and not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("Only mail servers may hand in mails."))
        ids = [
            inbound._receive(
                mail,
                target,
                {
                    "keep_original": bool(save_original),
                    "drop_attachments": bool(strip_attachments),
                },
                is_urgent=is_shared,
            )
            for target in targets
        ]
        if targets and not is_shared:
            found = [inbound._process_now(new_id) for new_id in ids if new_id]
            return next((ticket_id for ticket_id in found if ticket_id), False)
        return super(
            MailThread, self.with_context(care_stored=bool(targets))
        ).message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Leave out our part of a mail that is stored in ``care.inbound`` already."""
        routes = super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )
        if self.env.context.get("care_stored"):
            routes = [route for route in routes if route[0] != "care.ticket"]
        return routes
