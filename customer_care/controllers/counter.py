"""The QR code at the counter: the page behind it, and the sheet that hangs there."""

import base64

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from .forms import CustomerForms

FORM = "counter"
#: Points of the drawn code; the page shows it in a size of its own.
CODE_SIZE = 600


class CareCounterPages(CustomerForms, http.Controller):
    """``/care/counter/<token>`` for customers, ``/care/counter`` for people of ours."""

    # ------------------------------------------------------------------ customers

    @http.route(
        "/care/counter/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
        sitemap=False,
    )
    def counter(self, token, done="", **_params):
        """Ask for an address, and what the customer agrees to."""
        company = request.env["care.counter"]._find(token)
        if not company:
            return self._render_page("customer_care.counter_shut", {}, status=404)
        if done:
            return self._render_page("customer_care.counter_done", {"company": company})
        return self._render_counter(token, company)

    @http.route(
        "/care/counter/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
        sitemap=False,
    )
    def counter_send(self, token, **_post):
        """Take what a customer agreed to; the answer is the same for everybody."""
        counter = request.env["care.counter"]
        company = counter._find(token)
        if not company:
            return self._render_page("customer_care.counter_shut", {}, status=404)
        submission = self._read_form(counter._get_names())
        problem = self._check_gate(FORM, submission)[1]
        if submission.files:
            problem = self._get_unknown(submission)
        if problem:
            errors = {"form": problem}
            return self._render_counter(
                token, company, submission, errors, submission.refusal
            )
        wish, errors = counter._prepare(submission.values, company)
        if errors:
            return self._render_counter(token, company, submission, errors, 422)
        address = request.httprequest.remote_addr
        if not counter._take_place(wish, company, address):
            errors = {"form": self._get_too_often()}
            return self._render_counter(token, company, submission, errors, 429)
        counter._take(wish, company, self._prepare_evidence(wish))
        return self._redirect_after(f"/care/counter/{token}?done=1")

    def _prepare_evidence(self, wish):
        """Return what proves it: what was typed, on which page, from where."""
        text = request.env._(
            "Typed on the page behind the QR code at the counter: %(typed)s.",
            typed=", ".join(filter(None, (wish["name"], wish["phone"], wish["email"]))),
        )
        return request.env["care.choice"]._prepare_evidence(
            text,
            request.httprequest.remote_addr,
            request.httprequest.user_agent.string,
        )

    def _render_counter(self, token, company, submission=None, errors=None, status=200):
        values = submission.values if submission else {}
        labels = request.env["care.choice"]._get_labels()
        page = {
            "company": company,
            "action": f"/care/counter/{token}",
            "values": values,
            "errors": errors or {},
            "has_lost_files": False,
            "stamp": self._get_stamp(FORM, submission),
            "channels": [
                {
                    "name": f"promotion_{code}",
                    "label": labels[code],
                    "is_on": values.get(f"promotion_{code}") == "on",
                }
                for code in ("zalo", "sms", "email", "call")
            ],
        }
        return self._render_page("customer_care.counter_page", page, status)

    # ------------------------------------------------------------------ people of ours

    @http.route(
        "/care/counter", type="http", auth="user", website=True, methods=["GET"]
    )
    def sheet(self, company="", **_params):
        """Show the sheet to print, with the code of a company of the reader."""
        self._check_lead()
        shown = self._get_company(company)
        url = request.env["care.counter"]._get_url(shown)
        is_open = shown.sudo().is_care_counter_open
        values = {
            "company": shown,
            "companies": request.env.user.company_ids,
            "url": url,
            "is_open": is_open,
            "may_change": request.env.user.has_group("customer_care.group_manager"),
            "code": self._draw_code(url) if is_open else "",
        }
        return self._render_page("customer_care.counter_sheet", values)

    @http.route(
        "/care/counter", type="http", auth="user", website=True, methods=["POST"]
    )
    def sheet_change(self, **_post):
        """Open or shut the page behind the code, or take back the codes that hang."""
        self._check_lead()
        submission = self._read_form({"wish", "company"})
        wish = submission.values["wish"]
        if submission.unknown or wish not in ("open", "shut", "renew"):
            return request.make_response(self._get_unknown(submission), status=400)
        company = self._get_company(submission.values["company"])
        company._care_change_counter(wish)
        return self._redirect_after(f"/care/counter?company={company.id}")

    def _get_company(self, ref):
        """Return the company with this id among those of the reader, else his own."""
        user = request.env.user
        return (
            user.company_ids.filtered(lambda company: str(company.id) == ref)
            or user.company_id
        )

    def _check_lead(self):
        if not request.env.user.has_group("customer_care.group_lead"):
            raise AccessError(
                request.env._("The sheet with the QR code is for leads and managers.")
            )

    def _draw_code(self, url):
        """Return a drawing of the code as an address of its own; any size is sharp."""
        drawing = createBarcodeDrawing(
            "QR", value=url, width=CODE_SIZE, height=CODE_SIZE, barLevel="M"
        )
        # without white hairlines between the squares
        code = drawing.asString("svg").replace(
            "<svg ", '<svg shape-rendering="crispEdges" ', 1
        )
        data = base64.b64encode(code.encode()).decode()
        return f"data:image/svg+xml;base64,{data}"
