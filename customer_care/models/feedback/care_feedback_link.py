"""The link of a question, and the mail or text message that carries it."""

from odoo import api, models
from odoo.tools import formataddr

from ...lib import feedback_score, signed
from ...lib.plain_text import clean_line
from ..mail.care_ticket_notify import AUTO_GENERATED_HEADERS
from ..message.text_post import TextPost, create_texts

PATH = "/f/"
#: Faces beside the numbers of a short scale, from unhappy to happy.
FACES = ("😞", "😕", "😐", "😊", "😀")
#: Colours of the buttons in a mail: low, middle, good; on white text readable (4.5:1).
COLOURS = {"low": "#b02a37", "middle": "#6c5600", "good": "#146c43"}


class CareFeedback(models.Model):
    _inherit = "care.feedback"

    # ------------------------------------------------------------------ link

    def _get_token(self):
        """Return the word that opens this question; it carries its own end."""
        self.ensure_one()
        ends = (
            self.expires_on
            or self._prepare_sent_values(self.env.cr.now())["expires_on"]
        )
        return signed.make_survey(
            self.env["care.ticket"]._get_link_secret(),
            self.id,
            self.link_version,
            ends.date(),
        )

    def _get_path(self):
        """Return the address of the question on this server, without the host.

        Whoever has it may answer once in the customer's name, so it goes to the
        customer's own address and onto his conversation, and nowhere else.
        """
        return f"{PATH}{self._get_token()}"

    def _get_url(self):
        """Return the absolute address of the question."""
        return f"{self._get_base_url()}{self._get_path()}"

    @api.model
    def _find_by_token(self, token):
        """Return the question that ``token`` opens, with superuser rights, or none.

        Unknown, changed and shut links, and rows that are gone, give the same answer.
        Whether it can still be answered is the state of the row.
        """
        found = signed.read_survey(self.env["care.ticket"]._get_link_secret(), token)
        ref, version, _ends = found or (0, 0, None)
        row = self.sudo().search([("id", "=", ref)], limit=1)
        return row if found and row.link_version == version else row.browse()

    # ------------------------------------------------------------------ words

    def _get_lang(self):
        """Return the language in which the customer of this question is written to."""
        self.ensure_one()
        if self.ticket_id:
            return self.ticket_id._get_customer_lang()
        return self.company_id._get_care_lang(self.partner_id)

    def _get_salutation(self):
        """Return how the customer is addressed by name, empty when it is unknown."""
        self.ensure_one()
        if self.ticket_id:
            return self.ticket_id._get_customer_salutation()
        return self.partner_id.care_salutation or ""

    def _get_buttons(self, url=""):
        """Return the numbers of the scale as the mail and the page show them.

        :return: list of dicts ``score``, ``face``, ``colour``, ``label`` and ``url``
        """
        self.ensure_one()
        survey = self.survey_id
        scale = feedback_score.choices(self.kind)
        labels = {scale[0]: survey.low_label, scale[-1]: survey.high_label}
        buttons = []
        for place, score in enumerate(scale):
            if feedback_score.is_good(self.kind, score):
                tone = "good"
            elif score <= feedback_score.LOW_UP_TO[self.kind]:
                tone = "low"
            else:
                tone = "middle"
            buttons.append(
                {
                    "score": score,
                    "face": FACES[place] if self.kind == "csat" else "",
                    "tone": tone,
                    "colour": COLOURS[tone],
                    "label": labels.get(score) or "",
                    "url": f"{url}?score={score}" if url else "",
                }
            )
        return buttons

    def _say_for_whom(self):
        """Return for whom the answer counts, without telling what it is about."""
        self.ensure_one()
        name = self._get_salutation()
        number = self.ticket_id.number
        _ = self.env._
        if name and number:
            return _("For %(name)s's request #%(number)s", name=name, number=number)
        if number:
            return _("For the request #%(number)s", number=number)
        return _("For %(name)s", name=name) if name else ""

    # ------------------------------------------------------------------ outgoing

    def _create_outgoing(self, channel, decisions, is_reminder=False):
        """Create the rows of the mail or SMS queue; nothing is sent here.

        :return: dict id → id of its ``mail.message``
        """
        create = self._create_texts if channel == "sms" else self._create_mails
        return create(decisions, is_reminder)

    def _create_mails(self, decisions, is_reminder):
        values = []
        for row in self:
            own = row.with_context(lang=row._get_lang())
            address = decisions[row.partner_id.id].address
            name = clean_line(own._get_name())
            values.append(
                {
                    **own._prepare_mail_values(is_reminder),
                    "email_to": formataddr((name, address)),
                }
            )
        mails = self.env["mail.mail"].create(values)
        self.env["mail.notification"].create(
            [
                {
                    "author_id": mail.author_id.id,
                    "mail_message_id": mail.mail_message_id.id,
                    "mail_mail_id": mail.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "res_partner_id": row.partner_id.id,
                    "is_read": True,
                }
                for mail, row in zip(mails, self, strict=True)
            ]
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return {
            row.id: mail.mail_message_id.id
            for mail, row in zip(mails, self, strict=True)
        }

    def _get_name(self):
        """Return the name on the envelope: what the sender typed where he is no contact."""
        ticket = self.ticket_id
        if ticket.is_unverified:
            return ticket.partner_name or ""
        return self.partner_id.name or ""

    def _prepare_mail_values(self, is_reminder):
        """Return the mail of this row, in the language of ``self``."""
        self.ensure_one()
        company, ticket = self.company_id, self.ticket_id
        url = self._get_url()
        headers = dict(AUTO_GENERATED_HEADERS)
        refuse_url = self._get_refuse_url()
        if refuse_url:
            headers |= self.env["care.message.delivery"]._get_refusal_headers(
                refuse_url
            )
        label = company._care_get_label() if refuse_url else ""
        subject = self._say_subject(is_reminder)
        sender = (ticket and ticket._get_team_address()) or company._care_get_sender()
        return {
            "subject": " ".join(filter(None, [label, subject])),
            "email_from": sender,
            "reply_to": sender,
            "reply_to_force_new": not ticket,
            "author_id": company.partner_id.id,
            "message_type": "email_outgoing",
            "auto_delete": True,
            "is_notification": True,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "model": ticket._name if ticket else self.partner_id._name,
            "res_id": ticket.id or self.partner_id.id,
            "headers": repr(headers),
            "body_html": self._render_mail(url, refuse_url, is_reminder),
            # what our own people read opens nothing
            "body": self._render_note(is_reminder),
            "care_feedback_id": self.id,
        }

    def _say_subject(self, is_reminder):
        question = " ".join(self.survey_id.question.split())
        if is_reminder:
            return self.env._("A short reminder: %(question)s", question=question)
        return question

    def _get_refuse_url(self):
        """Return where the customer says no to such questions; empty where he asked us."""
        self.ensure_one()
        if self.purpose != "promotion":
            return ""
        partner = self.partner_id
        token = partner._care_choice_token("customer", partner.id, self.company_id)
        return partner._care_choice_url("refuse", token)

    def _render_mail(self, url, refuse_url, is_reminder):
        company = self.company_id
        return self.env["ir.qweb"]._render(
            "customer_care.feedback_mail",
            {
                "feedback": self,
                "survey": self.survey_id,
                "company": company,
                "salutation": self._get_salutation(),
                "buttons": self._get_buttons(url),
                "url": url,
                "refuse_url": refuse_url,
                "refusal_line": company._care_get_refusal_line(self.env.lang),
                "is_reminder": is_reminder,
                "lang": self.env.lang,
            },
            lang=self.env.lang,
        )

    def _render_note(self, is_reminder):
        return self.env["ir.qweb"]._render(
            "customer_care.feedback_note",
            {"survey": self.survey_id, "is_reminder": is_reminder},
            lang=self.env.lang,
        )

    def _create_texts(self, decisions, _is_reminder):
        """Create the text messages with their notifications; the SMS queue sends them."""
        prepared = []
        for row in self:
            own = row.with_context(lang=row._get_lang())
            prepared.append((row, own._say_text()))
        posts = create_texts(
            self.env,
            self[0].company_id,
            [
                TextPost(
                    record=row.ticket_id or row.partner_id,
                    partner=row.partner_id,
                    number=decisions[row.partner_id.id].address,
                    shown=row.survey_id.question,  # our own people open nothing
                    text=text,
                )
                for row, text in prepared
            ],
        )
        return {
            row.id: post.id for post, (row, _text) in zip(posts, prepared, strict=True)
        }

    def _say_text(self):
        """Return the words of the text message: who asks, what, and where to answer."""
        self.ensure_one()
        parts = [self.company_id.name, self.survey_id.question, self._get_url()]
        refuse_url = self._get_refuse_url()
        if refuse_url:
            line = self.company_id._care_get_refusal_line(self.env.lang)
            parts = [self.company_id._care_get_label(), *parts, f"{line} {refuse_url}"]
        return " ".join(clean_line(part) for part in parts if part)
