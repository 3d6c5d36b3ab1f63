"""A low score belongs to a person, with a deadline and an outcome."""

from datetime import timedelta

import pytz
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

#: Days for which the last praise is shown to the person praised.
PRAISE_DAYS = 14


class CareFeedback(models.Model):
    _inherit = "care.feedback"

    # ------------------------------------------------------------------ low scores

    def _start_follow_up(self):
        """Give a low score to a person: with an activity that carries the words."""
        for row in self.sudo().filtered("is_low"):
            owner = row._find_follow_up_owner()
            due_on = row.answered_on + timedelta(hours=row.survey_id.follow_up_hours)
            row.write(
                {
                    "follow_up_state": "todo",
                    "follow_up_user_id": owner.id,
                    "follow_up_due_on": due_on,
                }
            )
            row.activity_id = row._schedule_follow_up(owner)

    def _find_follow_up_owner(self):
        """Return who follows up: the survey's person, the leader, else the agent."""
        self.ensure_one()
        people = (
            self.survey_id.follow_up_user_id,
            self.team_id.leader_id,
            self.ticket_id.user_id,
            self.user_id,
        )
        for user in people:
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        return self.env["res.users"]

    def _schedule_follow_up(self, owner):
        """Create the activity on the ticket, or on the contact where there is none."""
        record = self.ticket_id or self.partner_id
        if not owner or not record:
            return self.env["mail.activity"]
        company = self.company_id
        lang = owner.lang or company._get_care_lang()
        row = self.with_context(**company._get_care_context()).with_context(lang=lang)
        zone = pytz.timezone(owner.tz or company.care_tz or "UTC")
        due = pytz.utc.localize(self.follow_up_due_on).astimezone(zone)
        words = [row.comment, row.choice_id.name]
        note = Markup("<br/>").join(filter(None, words)) or row.env._(
            "The customer wrote nothing with it."
        )
        return record.with_context(
            lang=lang, mail_activity_quick_update=True
        ).activity_schedule(
            "customer_care.activity_low_score",
            date_deadline=due.date(),
            summary=row.env._(
                "Low score %(score)s: call %(name)s by %(time)s",
                score=row.scale_text,
                name=row._get_salutation() or row.partner_id.name or "",
                time=due.strftime("%H:%M"),
            ),
            note=note,
            user_id=owner.id,
        )

    def action_open_follow_up(self):
        """Ask what was done about these low scores.

        :raises AccessError: the caller is no agent, or may not read the rows
        :raises UserError: nothing of it is to do
        """
        self._check_agent()
        todo = self.filtered(lambda row: row.follow_up_state == "todo")
        if not todo:
            raise UserError(
                self.env._("There is nothing to follow up here: it is done already.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Was Done"),
            "res_model": "care.feedback.follow.up",
            "view_mode": "form",
            "target": "new",
            "context": {"default_feedback_ids": [(6, 0, todo.ids)]},
        }

    def _finish_follow_up(self, outcome, note, with_activity=True):
        """Write down what was done; the system does it for whoever may.

        :param str outcome: a word of ``OUTCOMES``, may be empty
        :param str note: what was done, in words
        :param bool with_activity: mark the activity done as well
        """
        rows = self.sudo().filtered(lambda row: row.follow_up_state == "todo")
        activities = rows.activity_id
        rows.write(
            {
                "follow_up_state": "done",
                "follow_up_done_on": self.env.cr.now().replace(microsecond=0),
                "follow_up_user_id": self.env.uid,
                "follow_up_outcome": outcome or False,
                "follow_up_note": note or False,
            }
        )
        if with_activity and activities:
            activities.with_user(self.env.user).sudo().action_feedback(
                feedback=note or False
            )

    # ------------------------------------------------------------------ praise

    @api.model
    def _get_my_praise(self):
        """Return the last good score with words that the user himself got.

        :return: dict ``id``, ``rating``, ``words``, ``name`` and ``ticket_id``, or False
        """
        since = self.env.cr.now() - timedelta(days=PRAISE_DAYS)
        row = self.search(
            [
                ("user_id", "=", self.env.uid),
                ("is_good", "=", True),
                ("is_praise_seen", "!=", True),
                ("answered_on", ">=", since),
                ("comment", "!=", False),
                ("is_current", "=", True),
            ],
            order="answered_on desc, id desc",
            limit=1,
        )
        if not row:
            return False
        ticket = row.ticket_id
        return {
            "id": row.id,
            "rating": row.scale_text,
            "words": row.comment,
            "name": row.sudo()._get_salutation() or row.sudo().partner_id.name or "",
            "ticket_id": ticket.id if ticket.has_access("read") else False,
        }

    def action_dismiss_praise(self):
        """Put the card on My Work away; only the person praised does."""
        self.check_access("read")
        own = self.filtered(lambda row: row.user_id == self.env.user)
        own.sudo().write({"is_praise_seen": True})
        return True
