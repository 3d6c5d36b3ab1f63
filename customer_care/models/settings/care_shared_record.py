from odoo import api, models
from odoo.exceptions import AccessError


class CareSharedRecord(models.AbstractModel):
    """Set-up records that all companies use.

    They are changed by those who answer for all companies: administrators of the suite,
    and people who work in every company. Where there is one company, that is everybody
    whose role allows it.
    """

    _name = "care.shared.record"
    _description = "Record Shared by Companies"

    @api.model
    def _may_change_shared(self):
        """Whether the user may change what all companies use."""
        user = self.env.user
        if self.env.su or user.has_group("customer_care.group_admin"):
            return True
        others = [("id", "not in", user.company_ids.ids)]
        return not self.env["res.company"].sudo().search_count(others, limit=1)

    def _get_owner(self):
        """Hook: return the company that this record belongs to, empty when shared."""
        return self.env["res.company"]

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or operation == "read":
            return result
        companies = self.env.user.company_ids
        shared = self.filtered(
            lambda record: record.id and not record._get_owner() & companies
        )
        if shared and not self._may_change_shared():
            return shared, shared._make_shared_error
        return None

    def _make_shared_error(self):
        """Return the error that says whose records these are and what to do instead."""
        names = ", ".join(self.sudo().mapped("display_name")[:5])
        return AccessError(
            self.env._(
                "All companies use “%(names)s”, and you do not work in all of them. Ask"
                " an administrator of Customer Care to change it.",
                names=names,
            )
        )
