"""The job: questions go out, one reminder follows, what nobody answered ends."""

import logging
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 100
ATTEMPTS = 5
#: Minutes until the next try after a technical failure; then it is given up.
BACK_OFF = (5, 60, 360, 1440)
#: Step of the job → which rows are due, each with an index of its own.
STEPS = {
    "send": "state = 'waiting' AND due_on <= %s",
    "remind": "state IN ('sent', 'opened') AND remind_on <= %s",
    "expire": "state IN ('sent', 'opened') AND expires_on <= %s",
}


class CareFeedback(models.Model):
    _inherit = "care.feedback"

    @api.model
    def _wake(self, moment=None):
        """Have the job look at what is due, now or at ``moment``."""
        cron = self.env.ref("customer_care.ir_cron_care_feedback").sudo()
        cron._trigger(at=moment)

    @api.model
    def _cron_feedback(self):
        """Send, remind and end what is due, in batches committed one by one.

        A batch that fails is done again row by row, so that a bad one stands alone. What
        ended is not reminded: expiry comes first.
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._count_due())
        for step in ("expire", "send", "remind"):
            last = 0
            while True:
                ids = self._work_some(step, last)
                if not ids:
                    break
                last = max(ids)
                if not cron._commit_progress(len(ids), remaining=self._count_due()):
                    return

    @api.model
    def _get_due(self, step):
        """Return the condition of the rows that ``step`` is due for."""
        return SQL(STEPS[step], fields.Datetime.now())

    @api.model
    def _count_due(self):
        self.flush_model()
        return sum(
            self.env.execute_query(
                SQL("SELECT COUNT(*) FROM care_feedback WHERE %s", self._get_due(step))
            )[0][0]
            for step in STEPS
        )

    @api.model
    def _work_some(self, step, after=0):
        """Do one step for the next due rows, first thing after a commit.

        :return: ids that were looked at, empty when nothing is due
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                rows = self._lock_due(step, after)
                rows._work(step)
                self.env.flush_all()
                return rows.ids
            except (ConcurrencyError, errors.SerializationFailure):
                self._start_again()
                if attempt == ATTEMPTS:
                    _logger.info("Surveys are busy; the next run takes them")
                    return []
            except Exception as error:  # noqa: BLE001 - rows are looked at one by one
                self._start_again()
                _logger.info("A batch of surveys failed, now one by one: %s", error)
                return self._work_one_by_one(step, after)
        return []

    @api.model
    def _start_again(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    @api.model
    def _lock_due(self, step, after=0, ids=None):
        """Lock due rows that nobody else works on, and return them."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM care_feedback WHERE %(due)s AND id > %(after)s"
                " AND (%(ids)s::int[] IS NULL OR id = ANY(%(ids)s))"
                " ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED",
                due=self._get_due(step),
                after=after,
                ids=ids,
                limit=BATCH,
            ),
            log_exceptions=False,  # crossing another worker is nobody's error
        )
        return self.sudo().browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _work_one_by_one(self, step, after):
        """Do one step for the rows of a batch that failed, each for itself."""
        ids = self._lock_due(step, after).ids
        cron = self.env["ir.cron"]
        for ref in ids:
            row = self.sudo().browse(ref)
            try:
                self._lock_due(step, ids=[ref])._work(step)
                self.env.flush_all()
            except (ConcurrencyError, errors.SerializationFailure):
                self._start_again()
            except Exception as error:  # noqa: BLE001 - kept on its row
                self._start_again()
                row._note_failure(step, error)
            cron._commit_progress()
        return ids

    def _note_failure(self, step, error):
        """Keep a technical failure on the row; try later, or give up."""
        self.ensure_one()
        tries = self.attempts + 1
        values = {"attempts": tries, "error": str(error)[:1000]}
        column = "remind_on" if step == "remind" else "due_on"
        if tries <= len(BACK_OFF):
            minutes = BACK_OFF[tries - 1]
            values[column] = fields.Datetime.now() + timedelta(minutes=minutes)
        elif step == "remind":
            values["remind_on"] = False
        else:
            values["state"] = "refused"
        self.write(values)
        _logger.info("Survey %s was not sent: %s", self.id, error)

    # ------------------------------------------------------------------ the steps

    def _work(self, step):
        """Do ``step`` for these rows, as the system, company by company."""
        if step == "expire":
            self.write({"state": "expired", "remind_on": False})
            return
        if step == "send":
            self._refuse_dead()
        left = self.filtered(lambda row: row.state != "refused")
        for group in left._split(step):
            company = group.company_id
            group = group.with_context(**company._get_care_context())
            group.with_company(company)._send_group(step)

    def _refuse_dead(self):
        """Refuse what has lost its survey, its customer or its ticket's worth."""
        for row in self:
            if row.ticket_id and not row.previous_id:
                customer = row.ticket_id.partner_id
                if row.partner_id != customer:  # the ticket got another one meanwhile
                    row.partner_id = customer
            if not row.survey_id.active:
                row.write({"state": "refused", "reason": "no_survey"})
            elif not row.partner_id:
                row.write({"state": "refused", "reason": "gone"})
            elif (
                row.ticket_id.void_reason or row.ticket_id.stage_category == "cancelled"
            ):
                row.write({"state": "refused", "reason": "void"})

    def _split(self, step):
        """Return these rows in groups of one company, purpose and channel.

        No group has a customer twice. Of several first questions to one customer the
        oldest is sent, the others fall into the quiet period.
        """
        groups, seen = {}, {}
        for row in self:
            channel = row._choose_channel()
            what = (row.company_id, row.purpose, channel)
            turn = seen.get((what, row.partner_id), 0)
            seen[what, row.partner_id] = turn + 1
            groups.setdefault((turn, *map(str, what)), []).append(row.id)
        return [self.browse(groups[key]) for key in sorted(groups)]

    def _choose_channel(self):
        """Return how this customer is asked: by e-mail where he has an address."""
        self.ensure_one()
        if self.channel in ("email", "sms"):
            return self.channel
        has_mail = self._get_address("email") or self.partner_id.email
        phone = self._get_address("sms") or self.partner_id.phone
        if not has_mail and phone and self.survey_id.is_sms_allowed:
            return "sms"
        return "email"

    def _get_address(self, channel):
        """Return the address that the ticket came from, empty without one."""
        self.ensure_one()
        ticket = self.ticket_id
        return (ticket.email_from if channel == "email" else ticket.phone) or ""

    def _send_group(self, step):
        """Send a group of :meth:`_split`, as far as quiet period and gate allow."""
        company, channel = self.company_id, self[0]._choose_channel()
        rows = self
        if step == "send":
            rows -= self._refuse_asked(company)
        if not rows:
            return
        addresses = {
            row.partner_id.id: row._get_address(channel)
            for row in rows
            if row._get_address(channel)
        }
        decisions = self.env["care.gate"]._decide(
            company,
            channel,
            rows[0].purpose,
            rows.partner_id,
            addresses=addresses,
            due={row.partner_id.id: row.due_on for row in rows},
        )
        going = rows.filtered(lambda row: decisions[row.partner_id.id].verdict == "go")
        if going:
            sent = going._create_outgoing(
                channel, decisions, is_reminder=step != "send"
            )
            going._note_sent(step, channel, sent, decisions)
        (rows - going)._note_not_sent(step, channel, decisions)

    def _refuse_asked(self, company):
        """Refuse those whom the company asked a short while ago; return their rows.

        A fresh link is what the customer asked for, and no new question.
        """
        first = self.filtered(lambda row: not row.previous_id)
        asked = self._find_asked(first.partner_id, company)
        refused = first.filtered(lambda row: row.partner_id.id in asked)
        refused.write({"state": "refused", "reason": "quiet_period"})
        refused._log_contacts(
            "email", {row.id: {"state": "refused"} for row in refused}, "quiet_period"
        )
        return refused

    # ------------------------------------------------------------------ bookkeeping

    def _note_sent(self, step, channel, sent, decisions):
        """Write down what went out, on the rows, the tickets and in the contact log.

        :param dict sent: id → id of its ``mail.message``
        """
        now = self.env.cr.now().replace(microsecond=0)
        for row in self:
            if step == "remind":
                row.write({"reminded_on": now, "remind_on": False, "error": False})
                continue
            row.write(
                {
                    "state": "sent",
                    "channel": channel,
                    "mail_message_id": sent[row.id],
                    "reason": False,
                    "error": False,
                    **row._prepare_sent_values(now),
                }
            )
        if step == "send":
            self._record_survey_sent(sent)
        self._log_contacts(
            channel,
            {
                row.id: {
                    "state": "done",
                    "address": decisions[row.partner_id.id].address,
                    "mail_message_id": sent[row.id],
                }
                for row in self
            },
        )

    def _prepare_sent_values(self, now):
        """Return what is settled when a question reaches its customer.

        Whoever looks after the ticket now gets the credit; of a fresh link, whoever got
        it before.
        """
        self.ensure_one()
        survey, ticket = self.survey_id, self.ticket_id
        values = {
            "sent_on": now,
            "expires_on": now + timedelta(days=survey.valid_days),
        }
        if survey.reminder_days:
            values["remind_on"] = now + timedelta(days=survey.reminder_days)
        if ticket and not self.previous_id:
            values["user_id"] = ticket.user_id.id
            values["team_id"] = ticket.team_id.id
        return values

    def _record_survey_sent(self, sent):
        """Append the event to the tickets of these rows, in one statement."""
        tickets = self.ticket_id.with_context(care_actor="system")
        events = [
            row.ticket_id.with_context(care_actor="system")._prepare_event_values(
                "survey_sent",
                is_public=True,
                is_automatic=True,
                message_id=sent.get(row.id) or None,
            )
            for row in self
            if row.ticket_id
        ]
        if events:
            tickets._record_events(events)

    def _note_not_sent(self, step, channel, decisions):
        """Keep on each row why the gate let it wait or refused it."""
        lines = {}
        for row in self:
            verdict, reason, until, address = decisions[row.partner_id.id]
            is_waiting = verdict == "postpone"
            if step == "remind":
                ends = row.expires_on
                row.remind_on = until if is_waiting and until < ends else False
                continue
            if not is_waiting or row.reason != reason:
                lines[row.id] = {
                    "state": "postponed" if is_waiting else "refused",
                    "reason": reason,
                    "until": until,
                    "address": address or False,
                }
            row.write(
                {"reason": reason, "due_on": until}
                if is_waiting
                else {"reason": reason, "state": "refused"}
            )
        self.filtered(lambda row: row.id in lines)._log_contacts(channel, lines)

    def _log_contacts(self, channel, lines, reason=None):
        """Write a line of the contact log for each of these rows.

        :param dict lines: id → values of its own
        """
        self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": row.partner_id.id,
                    "company_id": row.company_id.id,
                    "direction": "out",
                    "channel": channel,
                    "purpose": row.purpose,
                    "reason": reason or False,
                    "summary": row.survey_id.name,
                    "ticket_id": row.ticket_id.id,
                    "source_model": row._name,
                    "source_id": row.id,
                    **lines[row.id],
                }
                for row in self
            ]
        )

    @api.model
    def _get_base_url(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("web.base.url", "").rstrip("/")

    @api.model
    def _is_asked_now(self, row):
        """Whether ``row`` can be answered: not over, not late."""
        return row.state in ("waiting", "sent", "opened") and not (
            row.expires_on and row.expires_on <= self.env.cr.now()
        )
