from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

from ...lib import placeholder, script_choice
from ..message.care_message_placeholder import LINKS
from .selections import MOODS


class CareScriptVariant(models.Model):
    """One wording of a script, and when it is the right one."""

    _name = "care.script.variant"
    _inherit = ["care.shared.record"]
    _description = "Wording of a Script"
    _order = "script_id, sequence, id"
    _check_company_auto = True

    # identity
    script_id = fields.Many2one(
        comodel_name="care.script",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="script_id.company_id",
        store=True,
        index="btree_not_null",
    )
    sequence = fields.Integer(default=10)
    # when it is the right one
    mood = fields.Selection(
        selection=MOODS,
        string="Customer Is",
        help="Empty: in any mood. A ticket whose mood nobody noted counts as calm.",
    )
    lang_id = fields.Many2one(
        comodel_name="res.lang",
        string="Language",
        default=lambda self: self.env["res.lang"]._get_data(code=self.env.lang).id,
        ondelete="restrict",
        help="Empty: for every language.",
    )
    category_id = fields.Many2one(
        comodel_name="care.ticket.category",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="This category and those below it; empty: any.",
    )
    segment_id = fields.Many2one(
        comodel_name="care.segment",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Customers who are in this segment; empty: everybody.",
    )
    # words
    body = fields.Html(
        string="Words",
        required=True,
        sanitize_style=True,
        sanitize_form=True,
    )
    summary = fields.Char(string="Begins With", compute="_compute_summary")
    editor_info = fields.Json(compute="_compute_editor_info")
    preview = fields.Html(compute="_compute_preview")
    # use
    use_ids = fields.One2many(comodel_name="care.script.use", inverse_name="variant_id")
    use_count = fields.Integer(string="Times Used", compute="_compute_use_count")
    edited_count = fields.Integer(string="Times Edited", compute="_compute_use_count")

    # ---------------------------------------------------------------- computes

    @api.depends("script_id.name", "mood", "lang_id", "category_id", "segment_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for variant in self:
            conditions = variant._say_conditions()
            variant.display_name = (
                f"{variant.script_id.name} ({conditions})"
                if conditions
                else variant.script_id.name
            )

    def _say_conditions(self):
        """Return in a few words when this wording is the right one."""
        self.ensure_one()
        moods = dict(self._fields["mood"]._description_selection(self.env))
        names = (
            moods.get(self.mood),
            self.lang_id.name,
            self.category_id.name,
            self.segment_id.name,
        )
        return ", ".join(name for name in names if name)

    @api.depends("body")
    def _compute_summary(self):
        for variant in self:
            variant.summary = placeholder.as_text(variant.body)[:120]

    @api.depends_context("company", "lang")
    def _compute_editor_info(self):
        samples = self._get_samples()
        pieces = [
            {"name": name, "label": label, "sample": samples.get(name, label)}
            for name, label in self._placeholders().items()
        ]
        self.editor_info = {"placeholders": pieces}

    @api.depends("body", "lang_id")
    @api.depends_context("company", "lang", "uid")
    def _compute_preview(self):
        for variant in self:
            reader = variant.with_context(lang=variant._get_lang(self.env.lang))
            variant.preview = placeholder.parse(variant.body).fill_html(
                reader._get_samples()
            )

    @api.depends("use_ids")
    def _compute_use_count(self):
        counts = self.env["care.script.use"]._count_by("variant_id", self)
        for variant in self:
            variant.use_count, variant.edited_count = counts.get(
                variant._origin.id, (0, 0)
            )

    # ------------------------------------------------------------ placeholders

    @api.model
    def _placeholders(self):
        """Return the white list: name → what it stands for, in the user's language.

        That of messages, without links that open a customer's page without a password:
        whoever reads the ticket would hold them.
        """
        words = {
            name: label
            for name, label in self.env["care.message"]._placeholders().items()
            if name not in LINKS
        }
        return {**words, "agent_name": self.env._("Who Writes")}

    @api.model
    def _get_samples(self):
        """Return name → words of a customer who does not exist."""
        samples = self.env["care.message"]._get_samples()
        return {**samples, "agent_name": self.env.user.name}

    @api.constrains("body")
    def _check_body(self):
        """Refuse, by name, what cannot be filled in."""
        allowed = self._placeholders()
        for variant in self:
            if is_html_empty(variant.body):
                raise ValidationError(
                    self.env._(
                        "A wording of “%(script)s” says nothing. Write what the customer"
                        " shall read, or delete the wording.",
                        script=variant.script_id.name,
                    )
                )
            found = placeholder.find_html_problems(variant.body, allowed)
            if found:
                variant._refuse(found, ", ".join(map(placeholder.mark, allowed)))

    def _refuse(self, found, allowed):
        """Raise what ``found`` says is wrong with the words.

        :param found: ``placeholder.Problems``
        :param str allowed: what may be used, as written
        """
        where = {"script": self.script_id.name, "allowed": allowed}
        if found.unknown:
            raise ValidationError(
                self.env._(
                    "The script “%(script)s” asks for something that is not on the list:"
                    " %(unknown)s. You can use: %(allowed)s.",
                    unknown=", ".join(map(placeholder.mark, found.unknown)),
                    **where,
                )
            )
        if found.is_hidden:
            raise ValidationError(
                self.env._(
                    "The script “%(script)s” has a placeholder inside a link or a format."
                    " Placeholders stand in the text only. You can use: %(allowed)s.",
                    **where,
                )
            )
        raise ValidationError(
            self.env._(
                "The script “%(script)s” has braces that belong to no placeholder. Write"
                " a placeholder in one piece, without formatting inside it. You can use:"
                " %(allowed)s.",
                **where,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        for variant in self:
            if variant.sudo().use_ids[:1]:
                raise ValidationError(
                    self.env._(
                        "A wording of “%(script)s” was used in messages to customers, so"
                        " it must stay readable. Change its words, or archive the"
                        " script.",
                        script=variant.script_id.name,
                    )
                )

    # ---------------------------------------------------------------- business

    def _get_owner(self):
        return self.sudo().script_id.company_id

    def _get_lang(self, default):
        """Return the code of the language in which this wording is filled in.

        Odoo speaks the languages alone that are switched on.
        """
        self.ensure_one()
        return self.lang_id.code if self.lang_id.active else default

    def _as_choice(self):
        """Return the conditions of this wording for ``lib.script_choice``."""
        self.ensure_one()
        return script_choice.Variant(
            id=self.id,
            mood=self.mood or None,
            lang=self.lang_id.code or None,
            category=self.category_id.id or None,
            segment=self.segment_id.id or None,
            sequence=self.sequence,
        )
