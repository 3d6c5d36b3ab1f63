"""What customers write: requests, replies, closing and reopening.

Everything here comes from outside. The controllers hand over plain words and files of a
whitelist of fields; this module decides what they mean, and is the only place where a
customer's wish becomes a write.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr

from ...lib import upload
from ...lib.plain_text import as_html, clean, clean_line, find_script, first_words
from ...lib.text import digits, phone_needle

#: Longest text per field, in characters.
MAX_LENGTH = {
    "subject": 120,
    "text": 10_000,
    "name": 100,
    "email": 254,
    "phone": 40,
    "order": 60,
    "shop": 60,
}
#: Digits of a phone number with its country code (ITU-T E.164 allows 15).
PHONE_DIGITS = range(7, 16)
#: Uses per hour; system parameters ``customer_care.limit_<word>`` change them. Many
#: customers share the address of a mobile network or of a shop, so "ip" is generous.
LIMITS = {
    "ip": 60,
    "session": 10,
    "contact": 10,
    "user": 30,
    "reply_ip": 120,
    "reply_ticket": 30,
}
MEGABYTE = 1024 * 1024


class CareTicket(models.Model):
    _inherit = "care.ticket"

    order_ref = fields.Char(
        string="Order as Given",
        copy=False,
        help="The order number as the customer typed it.",
    )
    shop_ref = fields.Char(
        string="Shop",
        copy=False,
        help="The shop whose link or QR code opened the form.",
    )
    # ------------------------------------------------------------------ checking

    @api.model
    def _prepare_request(self, values, files, company, visitor):
        """Read a new request; nothing is written.

        :param dict values: field → text as sent, fields of :meth:`_get_form_lengths`
            and ``category``
        :param list files: :class:`upload.Upload` records
        :param company: ``res.company`` record the form belongs to
        :param visitor: ``res.partner`` of who is signed in, empty for others
        :return: (request, errors): dict of clean values and dict field → sentence
        """
        request = self._clean_words(values)
        request["files"] = files
        request["category"] = category = self.env["care.ticket.category"]
        errors = self._check_words(request)
        if values.get("category"):
            category = category._find_for_portal(company, values["category"])
            request["category"] = category
            if not category:
                errors["category"] = self.env._(
                    "This topic is not offered any more. Please choose another one."
                )
        if not request["text"]:
            errors["text"] = self.env._("Please tell us what happened.")
        self._check_asked(request, errors, visitor)
        self._check_contact(request, errors, visitor)
        if not errors.get("files"):
            problem = self._check_files(files, company)
            if problem:
                errors["files"] = problem
        return request, errors

    @api.model
    def _prepare_reply(self, values, files):
        """Read a reply to one ticket; nothing is written.

        :return: (reply, errors), as :meth:`_prepare_request`
        """
        self.ensure_one()
        reply = {**self._clean_words(values), "files": files}
        errors = self._check_words(reply)
        if not reply["text"] and not files:
            errors["text"] = self.env._("Please write a message, or add a photo.")
        problem = self._check_files(files, self.sudo().company_id)
        if problem:
            errors["files"] = problem
        if self.stage_category == "cancelled":
            errors["form"] = self.env._(
                "This request was withdrawn, so nobody reads it any more. Please send a"
                " new one."
            )
        return reply, errors

    @api.model
    def _get_form_lengths(self):
        """Return field → longest text, for every field of words a form may carry.

        A hook: an addon that asks for more adds its field here.
        """
        return dict(MAX_LENGTH)

    @api.model
    def _clean_words(self, values):
        return {
            name: (clean if name == "text" else clean_line)(values.get(name))
            for name in self._get_form_lengths()
        }

    @api.model
    def _check_words(self, words):
        """Return field → sentence for text that is too long or holds a script."""
        errors = {}
        for name, limit in self._get_form_lengths().items():
            script = find_script(words[name])
            if len(words[name]) > limit:
                errors[name] = self.env._(
                    "This is too long: please use at most %(limit)s characters.",
                    limit=limit,
                )
            elif script:
                errors[name] = self.env._(
                    "This contains program code (“%(code)s”), which we do not accept."
                    " Please describe it in words.",
                    code=script[:40],
                )
        return errors

    @api.model
    def _check_asked(self, request, errors, visitor):
        """Add sentences about what the category wants to know and was not told."""
        category = request["category"]
        missing = {
            "order": self.env._("Please give the order number."),
            "phone": self.env._("Please give a phone number."),
            "files": self.env._("Please add at least one photo or file."),
        }
        given = dict(request, phone=request["phone"] or visitor.sudo().phone)
        for what, sentence in missing.items():
            if category._get_asking(what) == "required" and not given[what]:
                errors.setdefault(what, sentence)

    @api.model
    def _check_contact(self, request, errors, visitor):
        """Add sentences about how we reach the customer: by phone or e-mail."""
        if request["phone"] and len(digits(request["phone"])) not in PHONE_DIGITS:
            errors.setdefault(
                "phone",
                self.env._("This is not a phone number. Example: 0912 345 678."),
            )
        if visitor:
            return
        if request["email"] and not email_normalize(request["email"]):
            errors.setdefault(
                "email",
                self.env._("This is not an e-mail address. Example: mai@example.com."),
            )
        if not request["email"] and not request["phone"]:
            errors.setdefault(
                "contact",
                self.env._(
                    "Please give a phone number or an e-mail address, so that we can"
                    " answer you."
                ),
            )

    @api.model
    def _check_files(self, files, company):
        """Return the sentence about files that may not come in, empty when all may."""
        count, megabytes = (
            company.sudo().care_upload_count,
            company.sudo().care_upload_mb,
        )
        if len(files) > count:
            return self.env._(
                "You added %(found)s files; one message can carry %(count)s. Please send"
                " the others in a second message.",
                found=len(files),
                count=count,
            )
        for file in files:
            name = upload.clean_name(file.name)
            if file.size > megabytes * MEGABYTE:
                return self.env._(
                    "The file “%(name)s” is too large. One file can have"
                    " %(megabytes)s MB.",
                    name=name,
                    megabytes=megabytes,
                )
            if upload.refusal(file.name, file.head):
                return self.env._(
                    "We cannot take the file “%(name)s”: it is a program or a web page."
                    " Please send a photo, a PDF or a document.",
                    name=name,
                )
        return ""

    # ------------------------------------------------------------------ limits

    @api.model
    def _get_limit(self, word):
        """Return how often per hour, from the system parameter or ``LIMITS``."""
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param(f"customer_care.limit_{word}", "")
        )
        return int(value) if value.isdecimal() else LIMITS[word]

    @api.model
    def _take_request_place(self, request, visitor, address, session):
        """Count one request of this visitor; False when his hour is used up."""
        caps = {("ip", address): self._get_limit("ip")}
        if visitor:
            caps["user", str(visitor.id)] = self._get_limit("user")
        else:
            caps["session", session] = self._get_limit("session")
            contact = email_normalize(request["email"]) or digits(request["phone"])
            caps["contact", contact] = self._get_limit("contact")
        return self.env["care.rate.counter"]._take(caps)

    def _take_reply_place(self, address):
        """Count one reply to this ticket; False when the hour is used up."""
        self.ensure_one()
        return self.env["care.rate.counter"]._take(
            {
                ("reply_ip", address): self._get_limit("reply_ip"),
                ("reply_ticket", str(self.id)): self._get_limit("reply_ticket"),
            }
        )

    # ------------------------------------------------------------------ writing

    @api.model
    def _create_from_customer(self, request, company, visitor, channel):
        """Create the ticket of a request that :meth:`_prepare_request` found good.

        A visitor who is not signed in is linked to the contact with his address, as
        with e-mail, so that agents see the history; the ticket is marked until somebody
        has confirmed who it is, and the contact's portal does not show it before.

        :param str channel: ``form`` or ``portal``
        :return: the ticket, with superuser rights
        """
        partner = visitor or self._recognise_customer(request, company)
        values = self._prepare_request_values(request, company, partner)
        values |= {
            "channel_id": self.env.ref(f"customer_care.channel_{channel}").id,
            "is_unverified": not visitor,
            "customer_lang": False if visitor else self.env.lang,
        }
        ticket = self._as_customer(channel).with_company(company).create(values)
        ticket._post_from_customer(request, visitor, channel)
        ticket._send_receipt()
        return ticket

    @api.model
    def _prepare_request_values(self, request, company, partner):
        """Return the values of a new ticket that follow from what the form said.

        A hook: an addon that asks for more adds where its answer is kept.

        :param dict request: clean values, as :meth:`_prepare_request` returns them
        :param partner: ``res.partner`` of the customer, empty when he is not known
        """
        return {
            "name": request["subject"] or first_words(request["text"]),
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_name": request["name"] or False,
            "email_from": self._get_typed_email(request) or False,
            "phone": request["phone"] or False,
            "category_id": request["category"].id,
            "team_id": self._get_form_team(request["category"], company).id,
            "order_ref": request["order"] or False,
            "shop_ref": request["shop"] or False,
            "sale_order_id": self._find_order(request["order"], partner, company).id,
        }

    def _as_customer(self, channel):
        """Return these tickets for writing what the customer of this request wants."""
        return self.sudo().with_context(care_actor="customer", care_channel=channel)

    @api.model
    def _get_typed_email(self, request):
        """Return the typed address with the typed name, empty without one."""
        email = email_normalize(request["email"])
        return formataddr((request["name"], email)) if email else ""

    @api.model
    def _get_form_team(self, category, company):
        """Return the team of a customer's request: category, setting, first offered."""
        team = category.team_id or company.sudo().care_form_team_id
        return (team.active and team) or self.env["care.team"].sudo().search(
            [("company_id", "=", company.id), ("is_portal_visible", "=", True)], limit=1
        )

    @api.model
    def _recognise_customer(self, request, company):
        """Return the contact with the typed e-mail, or else the typed phone number.

        Employees and the contacts that stand for our companies are no customers.
        Nothing of what is found may show on a page of the visitor.
        """
        partners = self.env["res.partner"].sudo()
        found = self.sudo()._find_customer(request["email"], company)
        if found.partner_share and not found.ref_company_ids:
            return found
        if not request["phone"]:
            return partners
        code = company.country_id.phone_code or 84
        number = phone_needle(digits(request["phone"]), code)
        found = partners.search(
            Domain("care_phone_digits", "like", number)
            & Domain("company_id", "in", [False, company.id])
            & Domain("partner_share", "=", True)
            & Domain("ref_company_ids", "=", False)
        )
        found = found.filtered(
            lambda partner: phone_needle(partner.care_phone_digits, code) == number
        )
        return found if len(found) == 1 else partners

    @api.model
    def _find_order(self, ref, partner, company):
        """Return the customer's own order with this number, or none."""
        orders = self.env["sale.order"].sudo()
        if not ref or not partner:
            return orders
        return orders.search(
            Domain("name", "in", [ref, ref.upper()])
            & Domain("company_id", "=", company.id)
            & Domain("partner_id", "child_of", partner.commercial_partner_id.id),
            limit=1,
        )

    def _post_from_customer(self, words, author, channel):
        """Post what the customer wrote, as a public message of his.

        :param dict words: ``text`` and ``files`` that were found good
        :param author: ``res.partner``, empty when it is not known who writes
        :param str channel: code of the channel it came by
        """
        self.ensure_one()
        ticket = self._as_customer(channel)
        ticket.message_post(
            body=as_html(words["text"]),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=author.id,
            email_from=author.email_formatted or ticket._get_nameless_sender(),
            attachments=[
                (upload.clean_name(file.name), file.get_content())
                for file in words["files"]
            ],
        )

    def _reply_from_customer(self, reply, author, channel):
        """Add a customer's reply; a pending or solved ticket goes back to work.

        A reply to a ticket that was solved longer ago than its team reopens opens a new
        one that is linked to it, as a mail does.

        :return: the ticket that holds the reply
        """
        self.ensure_one()
        if not self._needs_follow_up() or self._reads_as_thanks(
            reply["text"], bool(reply["files"])
        ):
            self._post_from_customer(reply, author, channel)
            return self
        ticket = self._start_follow_up(channel)
        ticket._post_from_customer(reply, author, channel)
        ticket._tell_follow_up()
        ticket._send_receipt()
        return ticket

    def _start_follow_up(self, channel):
        """Open a new ticket of the same customer, linked to this one."""
        self.ensure_one()
        return self._as_customer(channel).create(
            {
                "name": self.name,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "partner_name": self.partner_name,
                "email_from": self.email_from,
                "phone": self.phone,
                "category_id": self.category_id.id,
                "team_id": self.team_id.id,
                "channel_id": self.env.ref(f"customer_care.channel_{channel}").id,
                "sale_order_id": self.sale_order_id.id,
                "order_ref": self.order_ref,
                "shop_ref": self.shop_ref,
                "customer_lang": self.customer_lang,
                "is_unverified": self.is_unverified,
                "parent_id": self.id,
            }
        )

    def _close_from_customer(self, author, channel):
        """Close on the customer's word that all is right now."""
        self.ensure_one()
        if self.stage_category in ("closed", "cancelled"):
            return
        ticket = self._as_customer(channel)
        ticket._track_set_author(author or self.env.user.partner_id)
        ticket.action_close()

    def _reopen_from_customer(self, author, channel):
        """Take a solved or closed ticket back to work on the customer's word."""
        self.ensure_one()
        if not self._can_reopen():
            return
        ticket = self._as_customer(channel)
        ticket._track_set_author(author or self.env.user.partner_id)
        ticket._release_absent_owner()
        ticket.action_reopen()

    def _can_reopen(self):
        """Whether a button opens this ticket again; later a message opens a new one."""
        self.ensure_one()
        done = self.stage_category in ("solved", "closed")
        return done and not self.sudo()._needs_follow_up()
