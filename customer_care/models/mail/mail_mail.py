"""Mails of tickets that could not be sent are sent again, later and later."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Minutes between the tries; the last one repeats until ``TRY_LIMIT``.
BACK_OFF = (1, 5, 30, 120)
#: Tries after which a person must look: about 18 hours.
TRY_LIMIT = 12
#: Failures that another try cannot mend.
FINAL_FAILURES = (
    "mail_email_invalid",
    "mail_email_missing",
    "mail_from_invalid",
    "mail_from_missing",
    "mail_bl",
    "mail_optout",
    "mail_dup",
)
BATCH = 500


class MailMail(models.Model):
    _inherit = "mail.mail"

    care_try_count = fields.Integer(
        string="Tries", readonly=True, copy=False, groups="base.group_system"
    )
    care_retry_on = fields.Datetime(
        string="Next Try", readonly=True, copy=False, groups="base.group_system"
    )
    care_is_given_up = fields.Boolean(
        string="Given Up", readonly=True, copy=False, groups="base.group_system"
    )

    _care_retry_idx = models.Index(
        "(care_retry_on, id) WHERE state = 'exception' AND care_is_given_up IS NOT TRUE"
    )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Put the mark of the ticket into the subject, so that answers find back.

        Here and not on the message, whose subject our own people read.
        """
        mails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        ticket = self.env["care.ticket"]
        if self.model == ticket._name:
            ticket = ticket.sudo().browse(self.res_id).exists()
        if ticket:
            mark = ticket._get_mark()
            for mail in mails:
                subject = mail["subject"] or ""
                if mark not in subject:
                    mail["subject"] = f"{mark} {subject}".strip()
        return mails

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Keep failed mails of tickets, and wake the job that looks after them.

        Nothing of the ticket is written here: a conflict on its row after the mail has
        left would make the queue send it twice.
        """
        if failure_type:
            ours = self.sudo().filtered_domain(self._care_domain())
            if ours:
                ours.filtered("auto_delete").auto_delete = False
                self._care_wake_retry(fields.Datetime.now() + timedelta(minutes=1))
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    @api.model
    def _care_wake_retry(self, moment):
        """Have the job run at ``moment``, unless it is about to run anyway."""
        cron = self.env.ref("customer_care.ir_cron_mail_retry").sudo()
        planned = self.env["ir.cron.trigger"].sudo()
        now = fields.Datetime.now()
        if not planned.search_count(
            [
                ("cron_id", "=", cron.id),
                ("call_at", ">=", now),
                ("call_at", "<=", moment),
            ],
            limit=1,
        ):
            cron._trigger(at=moment)

    # ------------------------------------------------------------------ the job

    @api.model
    def _cron_care_retry(self):
        """Send failed mails of tickets again when it is time; show the hopeless ones.

        Tries follow after 1, 5, 30 and then every 120 minutes. Each step is committed.
        """
        cron = self.env["ir.cron"]
        while True:
            count = self._care_plan_retries() + self._care_start_retries()
            if not count:
                break
            if not cron._commit_progress(count):
                break
        upcoming = self.search(
            [*self._care_failed_domain(), ("care_retry_on", "!=", False)],
            order="care_retry_on",
            limit=1,
        )
        if upcoming:
            self._care_wake_retry(upcoming.care_retry_on)

    @api.model
    def _care_domain(self):
        """Return the mails we look after: those of tickets. A hook, to add others."""
        return Domain("model", "=", "care.ticket")

    @api.model
    def _care_failed_domain(self):
        return [
            ("state", "=", "exception"),
            ("care_is_given_up", "!=", True),
            *self._care_domain(),
        ]

    @api.model
    def _care_plan_retries(self):
        """Decide about mails that failed since the last run.

        :return: how many were looked at
        """
        mails = self.search(
            [*self._care_failed_domain(), ("care_retry_on", "=", False)],
            order="id",
            limit=BATCH,
        )
        now = fields.Datetime.now()
        hopeless = mails.filtered(
            lambda mail: (
                mail.failure_type in FINAL_FAILURES or mail.care_try_count >= TRY_LIMIT
            )
        )
        hopeless._care_give_up()
        for tries, group in (mails - hopeless).grouped("care_try_count").items():
            minutes = BACK_OFF[min(tries, len(BACK_OFF) - 1)]
            group.write(
                {
                    "care_try_count": tries + 1,
                    "care_retry_on": now + timedelta(minutes=minutes),
                }
            )
        return len(mails)

    @api.model
    def _care_start_retries(self):
        """Give the mails whose time has come back to the mail queue.

        :return: how many
        """
        due = self.search(
            [
                *self._care_failed_domain(),
                ("care_retry_on", "<=", fields.Datetime.now()),
            ],
            order="care_retry_on, id",
            limit=BATCH,
        )
        due.write({"state": "outgoing", "care_retry_on": False})
        if due:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return len(due)

    def _care_give_up(self):
        """Stop trying, and say so on the tickets."""
        self.write({"care_is_given_up": True, "care_retry_on": False})
        for mail in self.filtered(lambda mail: mail.model == "care.ticket"):
            ticket = self.env["care.ticket"].browse(mail.res_id).exists()
            if ticket:
                context = ticket.company_id._get_care_context()
                ticket.with_context(**context)._show_mail_failure(
                    mail.email_to
                    or ", ".join(mail.recipient_ids.mapped("email_formatted")),
                    mail.failure_reason or mail.failure_type or "?",
                )

    def _care_send_again(self):
        """Start anew with these mails; somebody asked for it."""
        self.write(
            {
                "state": "outgoing",
                "care_try_count": 0,
                "care_retry_on": False,
                "care_is_given_up": False,
            }
        )
        if self:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
