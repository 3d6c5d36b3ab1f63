"""The texts of a rule: written by care managers, filled in for each customer."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...lib import placeholder
from ...lib.plain_text import clean_line
from ..message.care_message_placeholder import LINKS, OF_TICKETS


class CareRule(models.Model):
    _inherit = "care.rule"

    subject = fields.Char(
        translate=True,
        help="What is to be done, in a few words. Words in double braces, such as "
        "{{salutation}}, are filled in for each customer.",
    )
    text = fields.Text(
        string="Details",
        translate=True,
        help="Everything the person needs to know. The same words in braces are "
        "filled in.",
    )
    placeholder_help = fields.Char(compute="_compute_placeholder_help")

    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        words = ", ".join(
            f"{placeholder.mark(name)} {label}"
            for name, label in self._placeholders().items()
        )
        self.placeholder_help = words

    @api.constrains("subject", "text")
    def _check_placeholders(self):
        """Refuse by name what nobody can fill in, in every language."""
        allowed = self._placeholders()
        for rule in self:
            for code, _name in self.env["res.lang"].get_installed():
                said = rule.with_context(lang=code)
                for text in (said.subject, said.text):
                    found = placeholder.find_problems(text, allowed)
                    if found:
                        rule._refuse_placeholder(found, allowed)

    def _refuse_placeholder(self, found, allowed):
        raise ValidationError(
            self.env._(
                "The text of “%(rule)s” asks for %(unknown)s, which nobody can fill "
                "in. These words can stand in double braces: %(allowed)s.",
                rule=self.name,
                unknown=", ".join(filter(None, found.unknown)) or "{{ }}",
                allowed=", ".join(allowed),
            )
        )

    @api.model
    def _placeholders(self):
        """Hook: return the words that may stand in a text, with their labels.

        Those of messages, without links and tickets, and what colleagues may know.

        :return: dict of name → label, in the reader's language
        """
        shared = self.env["care.message"]._placeholders()
        return {
            name: label
            for name, label in shared.items()
            if name not in LINKS | OF_TICKETS
        } | {
            "phone": self.env._("Phone"),
            "email": self.env._("E-mail"),
            "care_stage": self.env._("Care Stage"),
            "birthday": self.env._("Next Birthday"),
            "purchase_count": self.env._("Purchases"),
        }

    @api.model
    def _own_values(self, partner):
        """Hook: return what only texts for colleagues say, as dict of name → words.

        Called for many customers of one prefetch: what is read is read for all.
        """
        birthday = partner.care_next_birthday
        return {
            "phone": partner.phone or "",
            "email": partner.email or "",
            "care_stage": partner.care_stage_id.name or "",
            "birthday": format_date(self.env, birthday) if birthday else "",
            "purchase_count": str(partner.care_purchase_count or 0),
        }

    def _fill(self, partners):
        """Return the texts of this rule for each customer, in the language of the env.

        :return: dict of partner id → (subject, text)
        """
        self.ensure_one()
        subject = placeholder.parse(self.subject)
        text = placeholder.parse(self.text)
        partners = partners.with_env(self.env)
        values = self.env["care.message"]._prepare_values(
            partners,
            self.company_id,
            self.env.lang or "en_US",
            subject.names | text.names,
        )
        filled = {}
        for partner in partners:
            words = values[partner.id]
            own = self._own_values(partner)
            words |= {name: clean_line(own[name]) for name in own}
            filled[partner.id] = (
                " ".join(subject.fill(words).split()),
                text.fill(words),
            )
        return filled
