"""Do: give somebody a task with a deadline."""

from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

GETTERS = [("manager", "The person in charge"), ("user", "Always the same person")]
DAYS = [("work", "working days"), ("calendar", "days")]


def able_users(users, company):
    """Return those of ``users`` who are colleagues at work in ``company``."""
    return users.filtered_domain(
        Domain("active", "=", True)
        & Domain("share", "=", False)
        & Domain("company_ids", "in", company.ids)
    )


class CareRule(models.Model):
    _inherit = "care.rule"

    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Kind of Task",
        domain=[("res_model", "in", [False, "res.partner"])],
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "mail.mail_activity_data_call", raise_if_not_found=False
        ),
    )
    getter = fields.Selection(
        selection=GETTERS,
        string="Who Gets It",
        required=True,
        default="manager",
    )
    getter_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        comodel_name="care.team",
        check_company=True,
        ondelete="restrict",
        help="Of a task: its leader gets the tasks of customers whom nobody looks "
        "after. Of a ticket: who answers it.",
    )
    deadline_days = fields.Integer(string="Due In", default=1)
    deadline_unit = fields.Selection(
        selection=DAYS,
        required=True,
        default="work",
    )

    _deadline_range = models.Constraint(
        "CHECK (deadline_days BETWEEN 0 AND 365)",
        "A task is due between today and a year from now.",
    )

    def _missing_task(self):
        missing = []
        if not (self.subject or "").strip():
            missing.append(self.env._("Say what is to be done."))
        if self.getter == "user" and not self.getter_id:
            missing.append(self.env._("Choose who gets the task."))
        return missing

    def _say_task(self):
        """Return the action in one sentence."""
        values = {
            "who": self.getter_id.name,
            "what": self.subject or "…",
            "days": self.deadline_days,
        }
        if self.getter == "user":
            return self.env._(
                "give %(who)s the task “%(what)s”, due in %(days)s days", **values
            )
        return self.env._(
            "give the person in charge the task “%(what)s”, due in %(days)s days",
            **values,
        )

    def _sample_task(self, partners):
        """Return what would happen for each customer: dict of id → words."""
        texts, due = self._fill(partners), self._deadline()
        getters = self._getters(partners)
        return {
            partner.id: self.env._(
                "%(who)s: “%(what)s”, due on %(day)s",
                who=getters[partner.id].name or self.env._("Nobody"),
                what=texts[partner.id][0],
                day=fields.Date.to_string(due),
            )
            for partner in partners
        }

    def _do_task(self, partners):
        """Give the tasks, each in the language of the one who gets it.

        Nobody gets a mail for each of them: tasks stand in their owner's list.

        :return: dict of partner id → ``mail.activity``, or words why there is none
        """
        getters, due = self._getters(partners), self._deadline()
        done = {
            partner.id: self.env._(
                "Nobody can get the task: the person in charge, the team's leader and "
                "the owner of the rule are gone or do not work in this company."
            )
            for partner in partners
            if not getters[partner.id]
        }
        served = partners.filtered(lambda partner: partner.id not in done)
        served.mapped("display_name")  # of all at once: each task is named after one
        values = []
        for lang, some in served.grouped(lambda p: getters[p.id].lang).items():
            texts = self.with_context(lang=lang)._fill(some)
            for partner in some:
                subject, text = texts[partner.id]
                values.append(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "res_id": partner.id,
                        "activity_type_id": self.activity_type_id.id,
                        "summary": subject,
                        "note": plaintext2html(text) if text else False,
                        "user_id": getters[partner.id].id,
                        "date_deadline": due,
                        "automated": True,
                    }
                )
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        tasks = activities.create(values)
        return done | {task.res_id: task for task in tasks}

    # ----------------------------------------------------------------- who, when
    def _getters(self, partners):
        """Return who gets the task of each customer: dict of id → ``res.users``.

        The person in charge, else the leader of the team, else the owner of the rule;
        whoever is archived or works elsewhere is passed over.
        """
        self.ensure_one()
        managers = partners.with_company(self.company_id).care_manager_id
        candidates = managers | self.getter_id | self.team_id.leader_id | self.user_id
        able = able_users(candidates, self.company_id)
        rest = (self.team_id.leader_id & able) or (self.user_id & able)
        if self.getter == "user":
            first = (self.getter_id & able) or rest
            return dict.fromkeys(partners.ids, first)
        return {
            partner.id: (partner.care_manager_id & able) or rest
            for partner in partners.with_company(self.company_id)
        }

    def _deadline(self):
        """Return the day until which a task of today is to be done.

        Working days are those of the company's working hours without its holidays; a
        task of a free day counts from the next working day. A company that never works
        in the next years counts calendar days.
        """
        self.ensure_one()
        company = self.company_id
        today = self.env["care.profile"]._today(company)
        due = today + timedelta(days=self.deadline_days)
        calendar = company.resource_calendar_id
        if self.deadline_unit == "calendar" or not calendar:
            return due
        zone = pytz.timezone(company.care_tz)
        morning = zone.localize(datetime.combine(today, time.min))
        end = calendar.plan_days(
            self.deadline_days + 1,
            morning,
            compute_leaves=True,
            domain=[
                ("time_type", "=", "leave"),
                ("company_id", "in", (False, company.id)),
            ],
        )
        return end.astimezone(zone).date() if end else due
