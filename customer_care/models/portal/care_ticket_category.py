from odoo import fields, models
from odoo.fields import Domain

ASKING = [
    ("hidden", "Do not ask"),
    ("optional", "Ask"),
    ("required", "Must be given"),
]


class CareTicketCategory(models.Model):
    _inherit = "care.ticket.category"

    # what the form asks
    portal_hint = fields.Char(
        string="Hint for Customers",
        translate=True,
        help="Tells the customer what to write, e.g. “Which room is the device in?”",
    )
    portal_order = fields.Selection(
        selection=ASKING,
        string="Order Number",
        required=True,
        default="optional",
        help="Whether the form asks for the order the request is about.",
    )
    portal_phone = fields.Selection(
        selection=ASKING,
        string="Phone Number",
        required=True,
        default="optional",
        help="Whether the form asks for a phone number. Visitors who are not signed in"
        " are always asked for a phone number or an e-mail address.",
    )
    portal_files = fields.Selection(
        selection=ASKING,
        string="Photos and Files",
        required=True,
        default="optional",
        help="Whether the form asks for photos and other files.",
    )

    def _get_portal_domain(self, company):
        """Return the domain of the categories customers of ``company`` may choose."""
        team = Domain("team_id", "=", False) | (
            Domain("team_id.is_portal_visible", "=", True)
            & Domain("team_id.active", "=", True)
            & Domain("team_id.company_id", "=", company.id)
        )
        return (
            Domain("is_portal_visible", "=", True)
            & Domain("active", "=", True)
            & Domain("company_id", "in", [False, company.id])
            & team
        )

    def _find_for_portal(self, company, ref=None):
        """Return categories a customer may choose, with superuser rights.

        :param company: ``res.company`` record the form belongs to
        :param str ref: what came from outside as an id; None for all categories
        :return: the one category ``ref`` names, nothing when it names none of them
        """
        domain = self._get_portal_domain(company)
        if ref is not None:
            domain &= Domain("id", "=", self.env["care.ticket"]._parse_ref(ref))
        return self.sudo().search(domain)

    def _is_asked(self, what):
        """Return whether the form shows ``what`` (order, phone, files) for this choice."""
        return self._get_asking(what) != "hidden"

    def _get_asking(self, what):
        """Return how the form asks for ``what``: a word of ``ASKING``."""
        return self[f"portal_{what}"] if self else "optional"
