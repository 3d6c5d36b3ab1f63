"""What ends by itself when a customer says nothing: reminded, solved, closed.

A scheduled job, in batches that are locked and committed one by one. What was silent
before the team turned it on ends without a word to anybody (see ``lib.closing``).
"""

import logging
from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import LockError
from odoo.fields import Domain
from odoo.tools import format_date

from ...lib import closing

_logger = logging.getLogger(__name__)

#: Tickets per commit.
BATCH = 100


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ when

    def _get_ending(self):
        """Return when this ticket ends by itself (naive UTC), None when it does not."""
        self.ensure_one()
        ticket, team = self.sudo(), self.team_id.sudo()
        if ticket.stage_category == "solved":
            return closing.ends_on(ticket.silent_since, team.close_after_days)
        if ticket.stage_category == "pending":
            return closing.pending_ends_on(
                ticket.silent_since,
                ticket.reminded_on,
                team.pending_watch_since,
                team.remind_after_days,
                team.solve_after_days,
            )
        return None

    def _get_ending_day(self):
        """Return the day on which this ticket ends by itself, False when it does not.

        In the days of its company; what is overdue ends today.
        """
        moment = self._get_ending()
        if not moment:
            return False
        zone = pytz.timezone(self.company_id.sudo().care_tz or "UTC")
        moment = max(moment, self.env.cr.now())
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _say_ending_day(self):
        """Return that day in the customer's language, empty when there is none."""
        day = self._get_ending_day()
        return format_date(self.env, day, self._get_customer_lang()) if day else ""

    def _say_reminder_ending(self):
        """Return what :meth:`_say_ending_day` will say once the reminder is sent."""
        days = self.team_id.sudo().solve_after_days
        moment = closing.ends_on(self.env.cr.now(), days)
        if not moment:
            return ""
        zone = pytz.timezone(self.company_id.sudo().care_tz or "UTC")
        day = pytz.utc.localize(moment).astimezone(zone).date()
        return format_date(self.env, day, self._get_customer_lang())

    # ------------------------------------------------------------------ job

    @api.model
    def _cron_end_silent(self):
        """Remind, solve and close what has been silent for long enough."""
        cron = self.env["ir.cron"]
        system = self.with_user(SUPERUSER_ID).with_context(active_test=True)
        for team in system._get_watching_teams():
            for step in ("close", "solve", "remind"):
                passed = set()
                while True:
                    worked = system._end_batch(team, step, passed)
                    if not worked:
                        break
                    if not cron._commit_progress(worked):
                        return

    @api.model
    def _get_watching_teams(self):
        return self.env["care.team"].search(
            Domain("close_after_days", ">", 0)
            | Domain("solve_after_days", ">", 0)
            | Domain("remind_after_days", ">", 0)
        )

    @api.model
    def _end_batch(self, team, step, passed):
        """Take one step with up to ``BATCH`` tickets of a team.

        :param str step: ``close``, ``solve`` or ``remind``
        :param set passed: ids that were taken up in this run; new ones are added
        :return: how many were taken up
        """
        domain = self._get_silent_domain(team, step)
        if domain is None:
            return 0
        tickets = (
            self.with_context(**team.company_id._get_care_context())
            .with_company(team.company_id)
            .search(
                domain & Domain("id", "not in", list(passed)),
                order="silent_since, id",
                limit=BATCH,
            )
        )
        passed.update(tickets.ids)
        for ticket in tickets:
            ticket._end_one(step, team)
        return len(tickets)

    def _end_one(self, step, team):
        """Take one step with one ticket; what goes wrong with it holds up no other."""
        try:
            with self.env.cr.savepoint():
                self.lock_for_update()
                getattr(self, f"_end_{step}")(team)
        except LockError:
            return  # somebody works with it at this very moment
        except Exception:
            _logger.warning("Ticket %s cannot end by itself", self.id, exc_info=True)
            self.env.invalidate_all(flush=False)

    @api.model
    def _get_silent_domain(self, team, step):
        """Return the domain of the tickets that a step is due for, None when it is off."""
        now = self.env.cr.now().replace(microsecond=0)

        def before(days):
            return now - timedelta(days=days)

        mine = Domain("team_id", "=", team.id)
        if step == "close":
            days = team.close_after_days
            due = Domain("silent_since", "<=", before(days)) if days > 0 else None
            category = "solved"
        else:
            category = "pending"
            since = team.pending_watch_since or now
            fresh = Domain("silent_since", ">=", since)
            remind, solve = team.remind_after_days, team.solve_after_days
            if step == "remind":
                due = fresh & Domain("silent_since", "<=", before(remind))
                due = due & Domain("reminded_on", "=", False) if remind > 0 else None
            elif solve <= 0:
                due = None
            elif remind > 0:
                due = Domain("reminded_on", "<=", before(solve))
            else:
                due = fresh & Domain("silent_since", "<=", before(solve))
            if due is not None and step == "solve" and since <= before(remind + solve):
                due |= Domain("silent_since", "<", since)
        if due is None:
            return None
        return mine & Domain("stage_category", "=", category) & due

    # ------------------------------------------------------------------ steps

    def _end_close(self, team):
        """Close; without a word where nobody was told that it would."""
        self._end_silently_if(
            closing.is_silent(self.silent_since, team.solved_watch_since)
        ).action_close()

    def _end_solve(self, team):
        """Solve what the customer has not answered."""
        self._end_silently_if(
            closing.is_silent(self.silent_since, team.pending_watch_since)
        ).action_solve()

    def _end_silently_if(self, is_silent):
        """Return the ticket, in a context that sends no message of its stage."""
        return self.with_context(tracking_disable=True) if is_silent else self

    def _end_remind(self, _team):
        """Remind the customer that we wait for his answer."""
        template = self.env.ref(
            "customer_care.mail_template_reminder", raise_if_not_found=False
        )
        if not template:
            return
        lang = self._get_customer_lang()
        ticket = self.with_context(
            lang=lang, care_actor="system", care_automatic=True, care_reminds=True
        )
        texts = template.with_context(lang=lang)
        body = texts._render_field("body_html", ticket.ids, set_lang=lang)
        subject = texts._render_field("subject", ticket.ids, set_lang=lang)
        ticket.message_post(
            body=body[self.id],
            subject=subject[self.id],
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.ref("base.partner_root").id,
            email_from=self._get_team_address()
            or self.company_id.email_formatted
            or None,
        )
