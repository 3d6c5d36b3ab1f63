from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CareMerge(models.TransientModel):
    """Shows what becomes of contacts that are merged, and merges them."""

    _name = "care.merge"
    _description = "Compare and Merge Contacts"

    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Contacts",
        required=True,
        context={"active_test": False},
        default=lambda self: self._default_partner_ids(),
    )
    destination_id = fields.Many2one(
        comodel_name="res.partner",
        string="This One Stays",
        compute="_compute_destination_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', partner_ids)]",
        ondelete="cascade",
    )
    problem = fields.Char(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    @api.model
    def _open(self, partners):
        """Return the action that compares ``partners``."""
        wizard = self.create({"partner_ids": [(6, 0, partners.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare and Merge"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("partner_ids")
    def _compute_destination_id(self):
        for wizard in self:
            contacts = wizard.partner_ids._origin
            if wizard.destination_id not in contacts:
                wizard.destination_id = contacts._care_choose_survivor()

    @api.depends("partner_ids", "destination_id")
    def _compute_preview(self):
        for wizard in self:
            contacts = wizard.partner_ids._origin
            contacts.check_access("read")
            wizard.problem = wizard._get_problem(contacts)
            wizard.preview = wizard._get_preview(contacts)

    def _get_problem(self, contacts):
        """Return why these contacts cannot be merged, or False."""
        try:
            contacts._care_check_merge()
        except UserError as error:
            return str(error)
        return False

    def _get_preview(self, contacts):
        """Return a table of the contacts, and in sentences what will happen."""
        head = (
            self.env._("Contact"),
            self.env._("Phone"),
            self.env._("E-mail"),
            self.env._("Purchases"),
            self.env._("Tickets"),
            self.env._("Since"),
        )
        rows = [
            (
                self._get_name(contact),
                contact.phone or "–",
                contact.email or "–",
                contact.care_purchase_count or 0,
                contact.care_ticket_count,
                format_date(self.env, contact.create_date) or "–",
            )
            for contact in contacts.sorted(lambda c: c != self.destination_id)
        ]
        cell = Markup("<td>%s</td>")
        body = Markup("").join(
            Markup("<tr>%s</tr>") % Markup("").join(cell % value for value in row)
            for row in rows
        )
        titles = Markup("").join(
            Markup('<th scope="col">%s</th>') % title for title in head
        )
        sentences = Markup("").join(
            Markup("<li>%s</li>") % sentence
            for sentence in self._get_sentences(contacts)
        )
        return Markup(
            '<div class="table-responsive"><table class="table table-sm">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div><ul>%s</ul>"
        ) % (titles, body, sentences)

    def _get_name(self, contact):
        name = contact.display_name or ""
        if contact != self.destination_id:
            return name
        return Markup("<strong>%s</strong> (%s)") % (name, self.env._("stays"))

    def _get_sentences(self, contacts):
        """Return what will happen, a sentence each."""
        kept = self.destination_id
        others = contacts - kept
        if not kept or not others:
            return []
        sentences = [
            self.env._(
                "%(name)s stays. Purchases, tickets, orders, messages, segments and"
                " history of the others move there; nothing is counted twice or lost.",
                name=kept.display_name,
            ),
            self.env._(
                "Where %(name)s has no phone, e-mail, address or birthday yet, it is"
                " taken from the others; what differs stays readable in the history.",
                name=kept.display_name,
            ),
        ]
        login = contacts.sudo().user_ids[:1]
        if login:
            sentences.append(
                self.env._(
                    "%(login)s signs in to the portal and will see everything of this"
                    " customer. Make sure that it is the same person.",
                    login=login.login,
                )
            )
        sentences.append(self.env._("This cannot be undone."))
        return sentences

    def action_merge(self):
        """Merge the contacts, as the person who asks, and open the one that stays."""
        self.ensure_one()
        kept = self.destination_id
        if kept not in self.partner_ids:
            raise UserError(
                self.env._("Say which of the contacts stays before you merge them.")
            )
        self.partner_ids._care_merge_into(kept)
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": kept.id,
            "view_mode": "form",
            "target": "current",
        }
