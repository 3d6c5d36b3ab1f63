from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _get_public_ticket_file_domain(self):
        """Return the domain of the ticket files that customers may be shown."""
        messages = self.env["mail.message"].sudo()
        public = messages._search(self.env["care.ticket"]._get_public_message_domain())
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT attachment_id FROM message_attachment_rel"
                " WHERE message_id IN %s)",
                public.subselect(),
            ),
        )

    def _get_hidden_ticket_files(self, operation):
        """Return those of ``self`` that belong to tickets and not to the customer.

        Core lets everybody who may read a record read all its files, those of internal
        notes included.
        """
        files = self.sudo().filtered(lambda file: file.res_model == "care.ticket")
        if files and operation == "read":
            messages = self.env["mail.message"].sudo()
            public = self.env["care.ticket"]._get_public_message_domain()
            files -= messages.search(
                public & Domain("attachment_ids", "in", files.ids)
            ).attachment_ids
        return files.sudo(False)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or self.env.user._is_internal():
            return result
        forbidden = result[0] if result else self.browse()
        hidden = (self - forbidden)._get_hidden_ticket_files(operation)
        if not hidden:
            return result
        error = result[1] if result else self._make_ticket_file_error
        return self.browse(OrderedSet(forbidden._ids + hidden._ids)), error

    def _make_ticket_file_error(self):
        return AccessError(
            self.env._("This file is not part of your conversation with us.")
        )

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        if not (self.env.su or bypass_access or self.env.user._is_internal()):
            domain = Domain(domain) & (
                Domain("res_model", "!=", "care.ticket")
                | self.sudo()._get_public_ticket_file_domain()
            )
        return super()._search(
            domain,
            offset=offset,
            limit=limit,
            order=order,
            active_test=active_test,
            bypass_access=bypass_access,
        )
