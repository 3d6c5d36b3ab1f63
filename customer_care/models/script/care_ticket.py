"""Scripts beside the reply box of a ticket, and which of them was sent."""

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...lib import placeholder, script_choice, script_text
from ...lib.plain_text import clean_line
from ...lib.salutation import given_name, guess_title, salutation

#: What a message names the wordings by that it was made of.
PARAMETER = "care_script_variant_ids"
#: More scripts than that are not one message.
MAX_SCRIPTS = 10
#: Deeper trees of categories are cut, so that a broken one cannot hang a page.
MAX_DEPTH = 10


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ offering

    def get_scripts(self, script_ids=None):
        """Return the scripts for this ticket, each in the wording that fits best.

        For agents who may read the ticket. The number of queries does not depend on the
        number of scripts.

        :param list script_ids: only these; None: all that are offered here
        :return: list of dicts with ``id``, ``name``, ``kind`` and its ``kind_label``,
            ``variant_id``, ``conditions`` in words, ``html`` and ``text`` filled in for
            this customer; the closest fit first
        :raises AccessError: the user may not read this ticket
        """
        self.ensure_one()
        self.check_access("read")
        domain = self._get_script_domain()
        if script_ids is not None:
            ids = [ref for ref in script_ids if isinstance(ref, int)]
            domain &= Domain("id", "in", ids)
        scripts = self.env["care.script"].search(domain)
        chosen = self._choose_variants(scripts.variant_ids)
        values, customer_lang = {}, self._get_customer_lang()
        kinds = dict(scripts._fields["kind"]._description_selection(self.env))
        rows = []
        for script in scripts:
            variant = chosen.get(script.id)
            if not variant:
                continue
            lang = variant._get_lang(customer_lang)
            if lang not in values:
                values[lang] = self._prepare_script_values(lang)
            html = placeholder.parse(variant.body).fill_html(values[lang])
            rows.append(
                {
                    "id": script.id,
                    "name": script.name,
                    "kind": script.kind,
                    "kind_label": kinds[script.kind],
                    "variant_id": variant.id,
                    "conditions": variant._say_conditions(),
                    "html": str(html),
                    "text": script_text.as_plain_text(html),
                    "is_close": bool(variant.mood or variant.segment_id),
                }
            )
        # what was written for this very mood or segment comes first
        return sorted(rows, key=lambda row: not row["is_close"])

    def _get_script_domain(self):
        """Return the domain of the scripts that are offered on this ticket; a hook."""
        return (
            Domain("company_id", "in", [False, self.company_id.id])
            & (
                Domain("team_ids", "=", False)
                | Domain("team_ids", "in", self.team_id.ids)
            )
            & (
                Domain("category_ids", "=", False)
                | Domain("category_ids", "in", list(self._get_category_path()))
            )
        )

    def _get_category_path(self):
        """Return the ids of the ticket's category and of those above it."""
        path, category = [], self.category_id.sudo()
        while category and len(path) < MAX_DEPTH:
            path.append(category.id)
            category = category.parent_id
        return tuple(path)

    def _choose_variants(self, variants):
        """Return id of the script → the variant that fits this ticket best."""
        situation = self._prepare_script_situation(variants)
        chosen = {}
        for script, own in variants.grouped("script_id").items():
            found = script_choice.best(
                [variant._as_choice() for variant in own], situation
            )
            if found:
                chosen[script.id] = own.browse(found)
        return chosen

    def _prepare_script_situation(self, variants):
        """Return what is known of this ticket, as ``lib.script_choice`` reads it."""
        company = self.company_id.sudo()
        segments = frozenset()
        if variants.segment_id and self.partner_id and not self.is_unverified:
            members = self.env["care.segment.member"].sudo()
            found = members.search(
                [
                    ("partner_id", "=", self.commercial_partner_id.id),
                    ("segment_id", "in", variants.segment_id.ids),
                    ("state", "=", "in"),
                ]
            )
            segments = frozenset(found.segment_id.ids)
        return script_choice.Situation(
            lang=self._get_customer_lang(),
            fallback=company._get_care_lang(),
            mood=self.mood or None,
            path=self._get_category_path(),
            segments=segments,
        )

    def _prepare_script_values(self, lang):
        """Return what the placeholders say on this ticket for who reads ``lang``.

        Whoever typed a name into the form is addressed by that name and by nothing that
        we know of the contact he may not be.
        """
        ticket, variants = self.sudo(), self.env["care.script.variant"]
        messages = self.env["care.message"].sudo().with_context(lang=lang)
        names = set(variants._placeholders())
        partner, company = ticket.partner_id, ticket.company_id
        if partner and not ticket.is_unverified:
            values = messages._prepare_values(
                partner, company, lang, names, ticket=ticket
            )[partner.id]
        else:
            name = ticket.partner_name or ""
            called = (
                salutation(name, guess_title(name), lang) or messages._say_nameless()
            )
            values = {
                "salutation": called,
                "Salutation": called[:1].upper() + called[1:],
                "customer_name": name or called,
                "given_name": (given_name(name) if lang.startswith("vi") else name)
                or called,
                "company_name": company.name or "",
                "company_phone": company.phone or "",
                "care_manager": messages._say_team(company),
                "last_purchase_day": "",
                "ticket_number": ticket.number or "",
                "ticket_subject": ticket.name or "",
            }
        values["agent_name"] = self.env.user.name or ""
        return {name: clean_line(value) for name, value in values.items()}

    # ------------------------------------------------------------------ sending

    @api.model
    def _get_allowed_message_params(self):
        return super()._get_allowed_message_params() | {PARAMETER}

    def message_post(self, *, care_script_variant_ids=None, **kwargs):
        """Post as every thread does, and note the scripts the message was made of.

        :param list care_script_variant_ids: ids of the wordings, in their order
        :raises AccessError: the user may not answer this ticket
        :raises ValidationError: that is no list of ids
        """
        if not care_script_variant_ids:
            return super().message_post(**kwargs)
        variants = self._check_script_variants(care_script_variant_ids)
        message = super().message_post(**kwargs)
        self._note_script_use(variants, message)
        return message

    def _message_update_content(
        self, message, /, *, care_script_variant_ids=None, **kwargs
    ):
        """Leave scripts out: they are noted when a message goes out, not afterwards."""
        return super()._message_update_content(message, **kwargs)

    def _check_script_variants(self, ids):
        """Return the wordings that a message names and its author may use here.

        One that was deleted, or belongs to another company, is left out: the message
        is worth more than its statistics.
        """
        self.ensure_one()
        mine = self.sudo(False)
        if self.env.user.share or not mine.has_access("write"):
            raise AccessError(
                self.env._(
                    "Only who may answer ticket %(number)s notes which script was used.",
                    number=self.sudo().number,
                )
            )
        is_list = isinstance(ids, list | tuple) and len(ids) <= MAX_SCRIPTS
        if not is_list or not all(type(ref) is int for ref in ids):
            raise ValidationError(
                self.env._(
                    "A message names its scripts by up to %(count)s ids.",
                    count=MAX_SCRIPTS,
                )
            )
        found = mine.env["care.script.variant"].search(
            [
                ("id", "in", list(ids)),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        known = set(found.ids)
        return found.browse(ref for ref in dict.fromkeys(ids) if ref in known)

    def _note_script_use(self, variants, message):
        """Write which of ``variants`` stand in ``message``, and whether they were edited."""
        message = message.sudo()
        is_note = message.is_internal or message.subtype_id.internal
        if is_note or not message.subtype_id:
            return
        sent = script_text.sent_words(message.body)
        texts = {}
        for variant in variants:
            lang = variant._get_lang(self._get_customer_lang())
            values = self._prepare_script_values(lang)
            html = placeholder.parse(variant.body).fill_html(values)
            texts[variant] = script_text.sent_words(html)
        kept = variants.filtered(lambda one: script_choice.is_kept(texts[one], sent))
        is_edited = script_choice.is_edited([texts[one] for one in kept], sent)
        self.env["care.script.use"].sudo().create(
            [
                {
                    "script_id": variant.script_id.id,
                    "variant_id": variant.id,
                    "ticket_id": self.id,
                    "message_id": message.id,
                    "user_id": self.env.uid,
                    "company_id": self.company_id.id,
                    "date": self.env.cr.now(),
                    "is_edited": is_edited,
                }
                for variant in kept
            ]
        )
