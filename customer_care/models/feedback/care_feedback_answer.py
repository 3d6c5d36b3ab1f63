"""What a customer answers: once, by a gesture of his own, on a page drawn just before."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...lib import feedback_score, signed
from .selections import ANSWERABLE

#: Characters of a comment that are kept.
COMMENT_LENGTH = 4000
#: A page was open at least so long before a person can have pressed its button.
MIN_SECONDS = 1
#: A page that was open longer is drawn anew; what was chosen stays.
MAX_MINUTES = 60
#: Answers per question and hour, tries of one visitor per hour. A system parameter
#: ``customer_care.limit_<word>`` overrides them; 0 switches a limit off.
LIMITS = {"feedback": 20, "feedback_ip": 60}


class CareFeedback(models.Model):
    _inherit = "care.feedback"

    # ------------------------------------------------------------------ the page

    def _get_form(self):
        """Return the name of this question's form: a stamp is good for it alone."""
        self.ensure_one()
        return f"feedback {self.id} {self.link_version}"

    def _issue_stamp(self):
        """Return a stamp for one drawing of this question's form."""
        return self.env["care.form.stamp"]._issue(self._get_form())

    def _read_stamp(self, word):
        """Return what is wrong with the stamp of a form, empty when it is good."""
        secret = self.env["care.ticket"]._get_link_secret()
        stamp = signed.read_stamp(secret, self._get_form(), word)
        if not stamp:
            return "unknown"
        age = self.env.cr.now() - stamp.issued
        if age > timedelta(minutes=MAX_MINUTES):
            return "old"
        return "fast" if age < timedelta(seconds=MIN_SECONDS) else ""

    @api.model
    def _get_limit(self, word):
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param(f"customer_care.limit_{word}", "")
        return int(value) if value.isdecimal() else LIMITS[word]

    def _take_place(self, address):
        """Count one try; False when the hour of the question or visitor is used up."""
        self.ensure_one()
        return self.env["care.rate.counter"]._take(
            {
                ("feedback_ip", address or ""): self._get_limit("feedback_ip"),
                ("feedback", str(self.id)): self._get_limit("feedback"),
            }
        )

    def _get_page_state(self):
        """Return what the page shows: a word of ``form answered expired shut``."""
        self.ensure_one()
        if self.state == "answered":
            return "answered"
        if self.state == "expired" or (
            self.state in ANSWERABLE and not self._is_asked_now(self)
        ):
            return "expired"
        return "form" if self.state in ANSWERABLE else "shut"

    def _note_opened(self):
        """Note that a person, and no program, looked at the question."""
        self.ensure_one()
        if self.state == "sent":
            self.sudo().write(
                {
                    "state": "opened",
                    "opened_on": self.env.cr.now().replace(microsecond=0),
                }
            )

    # ------------------------------------------------------------------ the answer

    def _prepare_answer(self, values):
        """Check what a form says.

        :param dict values: ``score``, ``comment`` and ``choice`` as they came
        :return: (dict of good values, dict field → sentence); no sentence: all is well
        """
        self.ensure_one()
        errors = {}
        score = feedback_score.read_score(self.kind, values.get("score"))
        if score is None:
            first, last = feedback_score.SCALES[self.kind]
            errors["score"] = self.env._(
                "Please choose a number from %(first)s to %(last)s, then press the"
                " button.",
                first=first,
                last=last,
            )
        comment = (values.get("comment") or "").replace("\x00", "").strip()
        if len(comment) > COMMENT_LENGTH:
            errors["comment"] = self.env._(
                "Your text is longer than %(count)s characters. Please shorten it, or"
                " write to us with the contact form.",
                count=COMMENT_LENGTH,
            )
        word = values.get("choice") or ""
        choice = self.survey_id.choice_ids.filtered(lambda c: str(c.id) == word)
        if word and not choice:
            errors["choice"] = self.env._(
                "This reason is not on the list any more. Please choose another one, or"
                " none."
            )
        return {"score": score, "comment": comment, "choice": choice}, errors

    def _answer(self, answer, channel):
        """Take the first answer; whatever comes later changes nothing.

        In the caller's transaction. Of two answers at the same moment PostgreSQL lets
        one through and makes the other fail (``SerializationFailure``); the web server
        runs that request again, which finds the answer.

        :param dict answer: what :meth:`_prepare_answer` returned
        :param str channel: a word of ``CHANNELS``: where it was answered
        :return: whether this was the first answer
        """
        self.ensure_one()
        row = self.sudo()
        now = self.env.cr.now().replace(microsecond=0)
        row.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE care_feedback SET state = 'answered', score = %(score)s,"
                " answered_on = %(now)s, remind_on = NULL, reason = NULL"
                " WHERE id = %(id)s AND state IN %(states)s AND score IS NULL"
                " AND (expires_on IS NULL OR expires_on > %(now)s)"
                " RETURNING id",
                score=answer["score"],
                now=now,
                id=row.id,
                states=ANSWERABLE,
            ),
            log_exceptions=False,  # a double click is no error in the log
        )
        is_first = bool(self.env.cr.rowcount)
        row.invalidate_recordset()
        if not is_first:
            return False
        was_sent = bool(row.sent_on)
        row.write(
            {
                **(
                    {}
                    if was_sent
                    else {**row._prepare_sent_values(now), "remind_on": False}
                ),
                "channel": row.channel or channel,
                "answer_channel": channel,
                "opened_on": row.opened_on or now,
                "comment": answer["comment"] or False,
                "choice_id": answer["choice"].id,
                "is_good": feedback_score.is_good(row.kind, answer["score"]),
                "is_low": answer["score"] <= row.survey_id.low_score,
            }
        )
        row._record_rated(was_sent)
        row._start_follow_up()
        return True

    def _record_rated(self, was_sent):
        """Append what happened to the ticket."""
        ticket = self.ticket_id
        if not ticket:
            return
        if not was_sent:  # answered on the conversation before the mail left
            self._record_survey_sent({})
        ticket = ticket.with_context(care_actor="customer")
        ticket._record_events([ticket._prepare_event_values("rated", is_public=True)])
