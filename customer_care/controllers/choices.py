"""Pages where a customer says what we may send him: by a link, and in his account.

A GET never changes anything: mail scanners open every link. Who knows a link's token
may change the choices behind it; the token is the right, as RFC 8058 wants it.
"""

from odoo import http
from odoo.http import request

from .forms import CustomerForms

#: What a mail program sends for one click (RFC 8058), and what our own button sends.
ONE_CLICK = ("List-Unsubscribe", "One-Click")


class CareChoices(CustomerForms, http.Controller):
    """``/u/<token>``, ``/care/consent/<token>`` and ``/my/consent``."""

    # ------------------------------------------------------------------ refusing

    @http.route(
        "/u/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
        sitemap=False,
    )
    def refuse(self, token, **_params):
        """Ask whether this customer wants no advertising any more."""
        partner, company, delivery = self._find(token)
        if not partner:
            return self._render_shut()
        return self._render_refuse(token, partner, company, delivery)

    @http.route(
        "/u/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
        csrf=False,
        sitemap=False,
        save_session=False,
    )
    def refuse_now(self, token, **_post):
        """Stop advertising on the channel of the message, at once.

        Takes one click of mail programs, which have no session and so no CSRF token.
        """
        partner, company, delivery = self._find(token)
        if not partner:
            return self._render_shut()
        name, value = ONE_CLICK
        if request.httprequest.form.get(name) != value:
            return self._render_refuse(token, partner, company, delivery, status=400)
        choices = request.env["care.choice"]
        if not choices._take_place(partner, request.httprequest.remote_addr):
            return self._render_refuse(token, partner, company, delivery, status=429)
        choices._refuse(
            partner,
            company,
            delivery.channel or "email",
            "promotion",
            "link",
            self._prepare_evidence(
                request.env._("Pressed “stop” behind the link of a message."), delivery
            ),
        )
        return self._render_refuse(token, partner, company, delivery, is_done=True)

    def _render_refuse(
        self, token, partner, company, delivery, status=200, is_done=False
    ):
        channel = delivery.channel or "email"
        current = request.env["care.choice"]._get_current(partner, company)
        row = current.get((channel, "promotion"))
        values = {
            **self._prepare_page(partner, company, delivery),
            "action": f"/u/{token}",
            "choices_path": f"/care/consent/{token}",
            "channel": channel,
            "is_done": is_done or bool(row and row.state == "withdrawn"),
            "is_too_often": status == 429,
        }
        return self._render_page("customer_care.choice_refuse", values, status)

    # ------------------------------------------------------------------ choosing

    @http.route(
        "/care/consent/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
        sitemap=False,
    )
    def choices(self, token, **_params):
        """Show what this customer receives, as switches."""
        partner, company, delivery = self._find(token)
        if not partner:
            return self._render_shut()
        path = f"/care/consent/{token}"
        return self._render_choices(path, partner, company, delivery)

    @http.route(
        "/care/consent/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
        sitemap=False,
    )
    def choices_save(self, token, **_post):
        """Take what the customer chose."""
        partner, company, delivery = self._find(token)
        if not partner:
            return self._render_shut()
        path = f"/care/consent/{token}"
        text = request.env._("Chosen on the page behind a link.")
        return self._take_choices(path, partner, company, delivery, text)

    @http.route("/my/consent", type="http", auth="user", website=True, methods=["GET"])
    def my_choices(self, **_params):
        """Show the choices of who is signed in."""
        partner, company, delivery = self._get_mine()
        return self._render_choices("/my/consent", partner, company, delivery)

    @http.route("/my/consent", type="http", auth="user", website=True, methods=["POST"])
    def my_choices_save(self, **_post):
        """Take the choices of who is signed in."""
        partner, company, delivery = self._get_mine()
        text = request.env._(
            "Chosen in the account of %(login)s.", login=request.env.user.login
        )
        return self._take_choices("/my/consent", partner, company, delivery, text)

    def _get_mine(self):
        return (
            request.env.user.partner_id.sudo(),
            request.env.company.sudo(),
            request.env["care.message.delivery"].sudo(),
        )

    def _take_choices(self, path, partner, company, delivery, text):
        """Save the switches of this request and show the page again."""
        choices = request.env["care.choice"]
        names = choices._get_names()
        submission = self._read_form(names)
        error, status = "", 303
        if submission.unknown or submission.files:
            error, status = self._get_unknown(submission), 400
        elif not choices._take_place(partner, request.httprequest.remote_addr):
            error, status = self._get_too_often(), 429
        if error:
            return self._render_choices(path, partner, company, delivery, error, status)
        wanted = {name for name in names if submission.values[name] == "on"}
        evidence = self._prepare_evidence(text, delivery)
        choices._save(partner, company, wanted, "page", evidence)
        return self._redirect_after(f"{path}?saved=1")

    def _render_choices(self, path, partner, company, delivery, error="", status=200):
        choices = request.env["care.choice"]
        values = self._prepare_page(partner, company, delivery)
        values.update(
            action=path,
            error=error,
            is_saved=bool(request.httprequest.args.get("saved")),
            groups=choices._get_switches(partner, company),
            history=choices._get_history(partner, company),
            tz=company.care_tz,
            page_name="care_consent",
        )
        return self._render_page("customer_care.choice_page", values, status)

    # ------------------------------------------------------------------ shared

    def _find(self, token):
        """Return what a link opens, and speak the customer's language from here on."""
        partner, company, delivery = request.env["care.choice"]._find(token)
        if partner:
            request.update_context(lang=company._get_care_lang(partner))
        return partner, company, delivery

    def _prepare_page(self, partner, company, delivery):
        choices = request.env["care.choice"]
        lang = request.env.lang or "en_US"
        return {
            "company": company,
            "called": choices._get_name(partner, lang),
            "masked": choices._mask(partner, delivery),
        }

    def _prepare_evidence(self, text, delivery):
        return request.env["care.choice"]._prepare_evidence(
            text,
            request.httprequest.remote_addr,
            request.httprequest.user_agent.string,
            delivery,
        )

    def _render_shut(self):
        """Answer for links that are unknown, changed, too old or shut: one page."""
        return self._render_page("customer_care.choice_shut", {}, status=404)
