from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html_sanitize, is_html_empty
from odoo.tools.misc import clean_context

from ...lib import placeholder, sms_text
from .selections import PURPOSES

#: Fields of words: each is written and checked in every language.
TEXTS = ("subject", "body_html", "sms_text")


class CareMessage(models.Model):
    """A text for customers: an e-mail, a text message, or both, in their languages.

    Care managers write it without any right on templates: what stands in double braces
    is a word of a list (:meth:`_placeholders`), not a program.
    """

    _name = "care.message"
    _inherit = ["care.shared.setting"]
    _description = "Message"
    _order = "sequence, name, id"

    # identity
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    purpose = fields.Selection(
        selection=PURPOSES,
        required=True,
        default="care",
        help="Decides who gets it: advertising goes to those alone who agreed, and always"
        " carries a way to refuse.",
    )
    is_once = fields.Boolean(
        string="Written for One Sending",
        readonly=True,
        copy=False,
        help="Written while sending; it is not offered again.",
    )
    # words
    subject = fields.Char(translate=True)
    # Cleaned by _clean_html on every way in: Odoo keeps Html fields that it cleans itself
    # to one structure in all languages, and each language has a text of its own here.
    body_html = fields.Html(
        string="E-mail",
        translate=True,
        sanitize=False,
        help="What stands in the e-mail. Company, phone and, in advertising, the way to"
        " refuse are added underneath.",
    )
    sms_text = fields.Text(
        string="SMS",
        translate=True,
        help="What stands in the text message. In advertising, the label and the way to"
        " refuse are added.",
    )
    is_without_accents = fields.Boolean(
        string="Drop Accents",
        help="Sends “Chao chi Mai” for “Chào chị Mai”: a part then holds 160 characters"
        " and not 70.",
    )
    # editing
    editor_info = fields.Json(compute="_compute_editor_info")
    preview_subject = fields.Char(compute="_compute_preview")
    preview_html = fields.Html(
        string="E-mail Preview", compute="_compute_preview", sanitize=False
    )
    preview_sms = fields.Text(string="SMS Preview", compute="_compute_preview")
    # use
    delivery_ids = fields.One2many(
        comodel_name="care.message.delivery", inverse_name="message_id"
    )
    sent_count = fields.Integer(string="Sent", compute="_compute_delivery_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_delivery_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_delivery_counts")

    # ---------------------------------------------------------------- computes
    @api.depends("purpose", "company_id")
    @api.depends_context("company", "lang")
    def _compute_editor_info(self):
        """Say what the editor needs: the placeholders, and what is added to an SMS."""
        samples = self._get_samples()
        pieces = [
            {"name": name, "label": label, "sample": samples.get(name, label)}
            for name, label in self._placeholders().items()
        ]
        for message in self:
            company = message.company_id or self.env.company
            before, after = message._get_sms_frame(company, self._get_sample_link())
            message.editor_info = {
                "placeholders": pieces,
                "before": before,
                "after": after,
            }

    @api.depends(*TEXTS, "purpose", "company_id", "is_without_accents")
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        samples = self._get_samples()
        for message in self:
            company = message.company_id or self.env.company
            lang = self.env.lang or "en_US"
            letter = message._prepare_letter(company, lang)
            values = {**samples, "refuse_url": "#", "choice_url": "#"}
            message.preview_subject = letter.subject.fill(values)
            message.preview_html = letter.content.fill_html(values)
            message.preview_sms = message._fill_sms(company, samples)

    def _compute_delivery_counts(self):
        counts = {}
        rows = self.env["care.message.delivery"]._read_group(
            [("message_id", "in", self.ids)], ["message_id", "state"], ["__count"]
        )
        for message, state, count in rows:
            counts[message.id, state] = count
        for message in self:
            message.sent_count = counts.get((message.id, "sent"), 0)
            message.waiting_count = counts.get((message.id, "waiting"), 0)
            message.failed_count = counts.get((message.id, "failed"), 0)

    # -------------------------------------------------------------- validation
    @api.constrains(*TEXTS)
    def _check_texts(self):
        """Refuse, by name and language, what cannot be filled in."""
        self.flush_recordset(TEXTS)
        for message in self:
            for name in TEXTS:
                field = self._fields[name]
                stored = field._get_stored_translations(message) or {}
                for lang, text in stored.items():
                    message._check_text(field, text, lang.lstrip("_"))

    def _check_text(self, field, text, lang):
        find = (
            placeholder.find_html_problems
            if field.type == "html"
            else placeholder.find_problems
        )
        found = find(text, self._placeholders())
        if not found:
            return
        where = {
            "message": self.name,
            "field": field._description_string(self.env),
            "lang": self.env["res.lang"]._get_data(code=lang).name or lang,
            "allowed": ", ".join(map(placeholder.mark, self._placeholders())),
        }
        if found.unknown:
            raise ValidationError(
                self.env._(
                    "“%(message)s” asks for something that is not on the list"
                    " (%(field)s, %(lang)s): %(unknown)s. You can use: %(allowed)s.",
                    unknown=", ".join(map(placeholder.mark, found.unknown)),
                    **where,
                )
            )
        if found.is_hidden:
            raise ValidationError(
                self.env._(
                    "“%(message)s” has a placeholder inside a link or a format"
                    " (%(field)s, %(lang)s). Placeholders stand in the text only; to"
                    " link to the customer's choices, put {{consent_link}} there.",
                    **where,
                )
            )
        raise ValidationError(
            self.env._(
                "“%(message)s” has braces that belong to no placeholder (%(field)s,"
                " %(lang)s). Write a placeholder in one piece, without formatting inside"
                " it. You can use: %(allowed)s.",
                **where,
            )
        )

    # -------------------------------------------------------------------- CRUD
    @api.model
    def _clean_html(self, text):
        """Return ``text`` without scripts, forms and styles of the page."""
        return html_sanitize(text, sanitize_style=True) if text else text

    @api.model
    def _clean(self, vals):
        if not vals.get("body_html"):
            return vals
        return {**vals, "body_html": self._clean_html(vals["body_html"])}

    @api.model_create_multi
    def create(self, vals_list):
        """Create from the values alone: defaults of a request are not cleaned."""
        # as a whole, without the defaults: pylint: disable-next=context-overridden
        clean = self.with_context(clean_context(self.env.context))
        return super(CareMessage, clean).create(
            [self._clean(vals) for vals in vals_list]
        )

    def write(self, vals):
        return super().write(self._clean(vals))

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        """Clean and check translations too: Odoo stores those of a dialog as they come."""
        if field_name == "body_html":
            translations = {
                lang: self._clean_html(text) for lang, text in translations.items()
            }
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        if field_name in TEXTS:
            self.invalidate_recordset(TEXTS)
            self._check_texts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        for message in self:
            if message.sudo().delivery_ids[:1]:
                raise UserError(
                    self.env._(
                        "“%(message)s” was sent to customers, so what they got must stay"
                        " readable. Archive it: it is not offered any more then.",
                        message=message.name,
                    )
                )

    def copy_data(self, default=None):
        return [
            {**values, "name": self.env._("%(name)s (copy)", name=message.name)}
            if "name" not in (default or {})
            else values
            for message, values in zip(self, super().copy_data(default), strict=True)
        ]

    # ----------------------------------------------------------------- actions
    def action_view_deliveries(self):
        """Open to whom this message went, waits to go, or did not go."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_message_delivery_action"
        )
        return {**action, "domain": [("message_id", "=", self.id)], "context": {}}

    # ---------------------------------------------------------------- business
    def _has_text(self, channel):
        """Whether there is something to send on ``channel``, ``email`` or ``sms``."""
        self.ensure_one()
        if channel == "sms":
            return bool((self.sms_text or "").strip())
        return bool((self.subject or "").strip()) and not is_html_empty(self.body_html)

    def _fill_sms(self, company, values, link=None):
        """Return the whole text message for one customer.

        :param dict values: placeholder → words
        :param str link: address where to refuse; None: one for a preview
        """
        self.ensure_one()
        before, after = self._get_sms_frame(company, link or self._get_sample_link())
        text = placeholder.parse((self.sms_text or "").strip()).fill(values)
        if not text:
            return ""
        text = f"{before}{text}{after}"
        return sms_text.drop_accents(text) if self.is_without_accents else text
