"""What the forms of customers share: reading them safely, answering them safely."""

from dataclasses import dataclass, field

from odoo.exceptions import UserError
from odoo.http import request

from ..lib.upload import Upload, inline_type

#: Fields every form carries beside its own; never values of a record.
TECHNICAL = frozenset(
    {"csrf_token", "stamp", "contact_again", "recaptcha_token_response"}
)
FILES = "files"
#: Action name that a captcha is asked for.
CAPTCHA = "care_form"
#: Pictures in the page are shown at most so large, in pixels.
THUMBNAIL = 320
_IMAGE_HEAD = 16


@dataclass
class Submission:
    """One form as it came: words of allowed fields, files, names of other fields."""

    values: dict = field(default_factory=dict)
    files: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    stamp: str = ""
    trapped: bool = False

    @property
    def refusal(self):
        """Return the HTTP status of refusing: 400 for what no page of ours sends."""
        return 400 if self.unknown or self.trapped else 422


class CustomerForms:
    """Mixed into the controllers that take something from customers."""

    # ------------------------------------------------------------------ reading

    def _read_form(self, allowed):
        """Read the body of this request; the address' own parameters do not count.

        :param allowed: names of fields this form may carry beside files
        """
        form, files = request.httprequest.form, request.httprequest.files
        unknown = set(form) - set(allowed) - TECHNICAL | set(files) - {FILES}
        return Submission(
            values={name: form.get(name, "") for name in allowed},
            files=[
                Upload(file.filename, file.stream)
                for file in files.getlist(FILES)
                if file.filename
            ],
            unknown=sorted(unknown),
            stamp=form.get("stamp", ""),
            trapped=bool(form.get("contact_again")),
        )

    def _check_gate(self, form, submission):
        """Check what no person's form gets wrong, or only by waiting or hurrying.

        :param str form: name of the form, as its stamp was issued for
        :return: (nonce, sentence); no sentence means that all is well
        """
        if submission.unknown:
            return "", self._get_unknown(submission)
        if submission.trapped:
            return "", request.env._(
                "A field that must stay empty was filled in, as programs do. Please send"
                " the form once more."
            )
        nonce, problem = request.env["care.form.stamp"]._read(form, submission.stamp)
        if problem == "fast":
            return "", request.env._(
                "That was very quick. Please look over your message and send it again."
            )
        if problem:
            return "", request.env._(
                "This page was open for a long time. Your text is still here: please send"
                " it again."
            )
        return nonce, ""

    def _check_captcha(self):
        """Return the sentence of a captcha that was not solved, empty when all is well.

        Without a captcha in the system this asks for nothing.
        """
        try:
            request.env["ir.http"]._verify_request_recaptcha_token(CAPTCHA)
        except UserError as error:
            return str(error)
        return ""

    def _get_stamp(self, form, submission=None):
        """Return the stamp for drawing ``form``; a good one of before is kept."""
        stamps = request.env["care.form.stamp"]
        if submission and stamps._read(form, submission.stamp)[0]:
            return submission.stamp
        return stamps._issue(form)

    def _get_unknown(self, submission):
        return request.env._(
            "This form carried fields we do not know (%(fields)s), so nothing was sent."
            " Please use the form on this page.",
            fields=", ".join(submission.unknown or [FILES])[:100],
        )

    def _get_too_often(self):
        return request.env._(
            "There were many messages from here within the hour. Please wait a little and"
            " send yours again, or call us."
        )

    # ------------------------------------------------------------------ answering

    def _render_page(self, template, values, status=200):
        """Render a page of one customer: kept by nobody, framed and indexed by nobody."""
        response = request.render(template, values, status=status)
        response.headers.update(
            {
                "Cache-Control": "no-store, private",
                "Referrer-Policy": "no-referrer",
                "X-Robots-Tag": "noindex, nofollow",
                "X-Frame-Options": "SAMEORIGIN",
                "Content-Security-Policy": "frame-ancestors 'self'",
            }
        )
        return response

    def _render_not_found(self):
        """Answer for every ticket, link and file that is not there for this visitor."""
        return self._render_page("customer_care.portal_not_found", {}, status=404)

    def _redirect_after(self, path):
        """Go on with GET after a form was accepted, to an address of ours."""
        return request.redirect(path, code=303)

    def _send_file(self, ticket, file_ref, thumbnail):
        """Send a file of a public message; only pictures may show inside a page."""
        attachment = ticket._find_public_attachment(file_ref)
        if not attachment:
            return self._render_not_found()
        image = inline_type((attachment.raw or b"")[:_IMAGE_HEAD])
        binary = request.env["ir.binary"].sudo()
        if image and thumbnail:
            stream = binary._get_image_stream_from(
                attachment, width=THUMBNAIL, height=THUMBNAIL
            )
        else:
            stream = binary._get_stream_from(
                attachment, mimetype=image or "application/octet-stream"
            )
        stream.public = False
        response = stream.get_response(
            as_attachment=not image,
            immutable=False,
            content_security_policy="default-src 'none'; sandbox",
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    # ------------------------------------------------------------------ new request

    def _prepare_request_page(self, form, values, visitor, submission, errors):
        """Return what the template of a new request needs.

        :param str form: name of the form's stamp
        :param dict values: field → what stands in it
        :param visitor: ``res.partner`` of who is signed in, empty for others
        """
        company = request.env.company.sudo()
        categories = request.env["care.ticket.category"]._find_for_portal(company)
        return {
            "values": values,
            "errors": errors or {},
            "has_lost_files": bool(submission and submission.files),
            "categories": categories,
            "chosen": categories.filtered(
                lambda c: str(c.id) == values.get("category")
            ),
            "visitor": visitor.sudo(),
            "upload_count": company.care_upload_count,
            "upload_mb": company.care_upload_mb,
            "stamp": self._get_stamp(form, submission),
        }

    def _take_request(self, form, allowed, visitor, channel, has_captcha=False):
        """Read this request as a new ticket and open it.

        :param str form: name of the form's stamp
        :param allowed: names of its fields
        :param visitor: ``res.partner`` of who is signed in, empty for others
        :return: (ticket, submission, errors, status); no errors means that it is open
        """
        submission = self._read_form(allowed)
        tickets = request.env["care.ticket"]
        nonce, problem = self._check_gate(form, submission)
        if problem:
            return tickets, submission, {"form": problem}, submission.refusal
        sent = request.env["care.form.stamp"]._find_ticket(nonce)
        if sent:
            return sent, submission, {}, 200
        company = request.env.company
        wish, errors = tickets._prepare_request(
            submission.values, submission.files, company, visitor
        )
        captcha = has_captcha and not errors and self._check_captcha()
        if captcha:
            errors["form"] = captcha
        if errors:
            return tickets, submission, errors, 422
        if not tickets._take_request_place(
            wish, visitor, request.httprequest.remote_addr, request.session.sid
        ):
            return tickets, submission, {"form": self._get_too_often()}, 429
        ticket = tickets._create_from_customer(wish, company, visitor, channel)
        request.env["care.form.stamp"]._claim(nonce, ticket)
        return ticket, submission, {}, 200

    # ------------------------------------------------------------------ conversation

    def _prepare_conversation_page(self, ticket, base, form, submission=None, **values):
        """Return what the template of a conversation needs.

        :param ticket: the ticket, with superuser rights
        :param str base: address that the forms and files of this page start with
        :param str form: name of the reply form's stamp
        """
        user = request.env.user
        return {
            "ticket": ticket,
            "base": base,
            "conversation": ticket._prepare_conversation(
                show_all=bool(request.httprequest.args.get("all"))
            ),
            "steps": ticket._get_portal_steps(),
            "tz": (not user._is_public() and user.tz) or ticket.company_id.care_tz,
            "stamp": self._get_stamp(form, submission),
            "text": submission.values.get("text", "") if submission else "",
            "has_lost_files": bool(submission and submission.files),
            "done": request.httprequest.args.get("done", ""),
            "upload_count": ticket.company_id.care_upload_count,
            "upload_mb": ticket.company_id.care_upload_mb,
            "errors": {},
            "is_staff": user._is_internal() and not ticket._is_visitor_requester(),
            **values,
        }

    def _take_reply(self, ticket, form, author, channel):
        """Read this request as a reply to ``ticket`` and post it.

        :return: (ticket that holds the reply, submission, errors, status); no errors
            means that it was posted
        """
        submission = self._read_form({"text"})
        nonce, problem = self._check_gate(form, submission)
        if problem:
            return ticket, submission, {"form": problem}, submission.refusal
        sent = request.env["care.form.stamp"]._find_ticket(nonce)
        if sent:
            return sent, submission, {}, 200
        reply, errors = ticket._prepare_reply(submission.values, submission.files)
        if errors:
            return ticket, submission, errors, 422
        if not ticket._take_reply_place(request.httprequest.remote_addr):
            return ticket, submission, {"form": self._get_too_often()}, 429
        holder = ticket._reply_from_customer(reply, author, channel)
        request.env["care.form.stamp"]._claim(nonce, holder)
        return holder, submission, {}, 200

    def _take_button(self, ticket, wish, author, channel):
        """Do what the button ``wish`` says, ``close`` or ``reopen``.

        :return: (errors, status); no errors means that it counted
        """
        submission = self._read_form(())
        if submission.unknown or submission.files:
            return {"form": self._get_unknown(submission)}, 400
        if not ticket._take_reply_place(request.httprequest.remote_addr):
            return {"form": self._get_too_often()}, 429
        if wish == "close":
            ticket._close_from_customer(author, channel)
        else:
            ticket._reopen_from_customer(author, channel)
        return {}, 200
