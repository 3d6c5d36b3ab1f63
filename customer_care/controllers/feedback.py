"""The page behind a question: a GET shows it, only a person's own press answers.

Mail scanners open every link, and some send forms again. A GET writes nothing, whatever
its address says; a POST counts only with the stamp of a page drawn within the hour.
"""

from odoo import http
from odoo.http import request

from ..lib import feedback_score
from .forms import CustomerForms

ANSWER_FIELDS = ("score", "comment", "choice", "via")
#: Statuses of pages that take no answer.
GONE = {"answered": 200, "expired": 410, "shut": 410}


class CareFeedback(CustomerForms, http.Controller):
    """``/f/<token>``."""

    @http.route(
        "/f/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
        sitemap=False,
    )
    def feedback(self, token, score="", **_params):
        """Show the question; ``score`` of the button in the mail is chosen already."""
        row = self._find(token)
        if not row:
            return self._render_not_found()
        return self._render(row, token, {"score": score})

    @http.route(
        "/f/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
        sitemap=False,
    )
    def feedback_send(self, token, **_post):
        """Take the answer, once."""
        row = self._find(token)
        if not row:
            return self._render_not_found()
        submission = self._read_form(ANSWER_FIELDS)
        if self._is_staff(row) or row._get_page_state() != "form":
            return self._render(row, token, submission.values)
        problem, status = self._check_press(row, submission)
        if problem:
            errors = {"form": problem}
            return self._render(row, token, submission.values, errors, status)
        answer, errors = row._prepare_answer(submission.values)
        if errors:
            row._note_opened()
            return self._render(row, token, submission.values, errors, 422)
        channel = "portal" if submission.values["via"] == "portal" else row.channel
        row._answer(answer, channel or "email")
        return self._redirect_after(f"/f/{token}")

    # ------------------------------------------------------------------ shared

    def _find(self, token):
        """Return the question in its customer's language, with superuser rights."""
        row = request.env["care.feedback"]._find_by_token(token)
        if not row:
            return row
        lang = row._get_lang()
        request.update_context(lang=lang)
        return row.with_context(lang=lang)

    def _is_staff(self, row):
        """Whether our own people look: they do not answer for a customer."""
        user = request.env.user
        return user._is_internal() and user.partner_id != row.partner_id

    def _check_press(self, row, submission):
        """Check what no person's press gets wrong, or only by waiting.

        :return: (sentence, status); no sentence means that all is well
        """
        if submission.unknown or submission.files:
            return self._get_unknown(submission), 400
        if submission.trapped:
            return request.env._("Please press the button once more."), 400
        if not row._take_place(request.httprequest.remote_addr):
            return self._get_too_often(), 429
        problem = row._read_stamp(submission.stamp)
        if problem == "fast":
            return request.env._(
                "That was very quick. Please look at your answer and press the button"
                " again."
            ), 422
        if problem:
            return request.env._(
                "This page was open for a long time. Your answer is still here: please"
                " press the button again."
            ), 422
        return "", 200

    def _render(self, row, token, values, errors=None, status=None):
        state = row._get_page_state()
        page = {
            "feedback": row,
            "survey": row.survey_id,
            "company": row.company_id,
            "state": state,
            "for_whom": row._say_for_whom(),
            "is_staff": self._is_staff(row),
            "action": f"/f/{token}",
            "buttons": row._get_buttons(),
            "chosen": feedback_score.read_score(row.kind, values.get("score", "")),
            "values": values,
            "errors": errors or {},
            "via": "",
            "stamp": row._issue_stamp() if state == "form" else "",
        }
        return self._render_page(
            "customer_care.feedback_page", page, status or GONE.get(state, 200)
        )
