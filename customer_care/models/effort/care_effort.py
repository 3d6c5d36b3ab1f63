from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.quiet_hours import local_day

#: Longest piece of work that one entry can hold, in seconds.
LONGEST = 24 * 3600
#: What people may say about an entry; everything else is the system's.
ENTERED_FIELDS = frozenset({"ticket_id", "user_id", "date", "seconds", "hours", "note"})
#: What may be corrected later.
CORRECTED_FIELDS = frozenset({"date", "seconds", "hours", "note"})


class CareEffort(models.Model):
    """Working time that somebody spent, measured by a timer or written down by hand.

    An entry belongs to one *holder*: a ticket. What else people work on (a step of a
    process) becomes a holder by adding its Many2one here, naming it in
    :meth:`_get_holder_fields`, and keeping its own total in :meth:`_after_change`.
    """

    _name = "care.effort"
    _description = "Effort"
    _order = "date desc, id desc"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        comodel_name="care.ticket",
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Done by",
        default=lambda self: self.env.user,
        index=True,
        ondelete="set null",
        domain=[("share", "=", False)],
    )
    date = fields.Datetime(
        string="When",
        required=True,
        default=lambda self: self._get_now(),
        help="When the work was done; not in the future.",
    )
    seconds = fields.Float(
        digits=(16, 0),
        required=True,
        help="Working time in seconds, more than 0 and at most 24 hours.",
    )
    hours = fields.Float(
        string="Time",
        compute="_compute_hours",
        inverse="_inverse_hours",
        store=True,
        help="Hours and minutes, such as 0:15.",
    )
    kind = fields.Selection(
        selection=[("timer", "Timer"), ("manual", "By hand")],
        string="How",
        required=True,
        readonly=True,
        default="manual",
    )
    note = fields.Char(string="What Was Done")

    _seconds_range = models.Constraint(
        "CHECK (seconds > 0 AND seconds <= 86400)",
        "One entry holds more than nothing and at most 24 hours.",
    )

    # ------------------------------------------------------------------ computes

    @api.model
    def _get_now(self):
        """Return the time of the server, in whole seconds: clients' clocks may be wrong."""
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _get_holder_fields(self):
        """Return the Many2one fields of which every entry has exactly one. A hook."""
        return ["ticket_id"]

    def _get_holder(self):
        """Return the record that the work was done for."""
        self.ensure_one()
        for name in self._get_holder_fields():
            if self[name]:
                return self[name]
        return self.env["care.ticket"]

    @api.depends("ticket_id.company_id")
    def _compute_company_id(self):
        for effort in self:
            effort.company_id = effort._get_holder().company_id

    @api.depends("seconds")
    def _compute_hours(self):
        for effort in self:
            effort.hours = effort.seconds / 3600

    def _inverse_hours(self):
        for effort in self:
            effort.seconds = round(effort.hours * 60) * 60

    # ------------------------------------------------------------------ checks

    @api.constrains("ticket_id", "date")
    def _check_entry(self):
        now = self._get_now()
        for effort in self:
            if sum(bool(effort[name]) for name in self._get_holder_fields()) != 1:
                raise ValidationError(
                    self.env._(
                        "Effort belongs to one ticket. Open it and log it there."
                    )
                )
            if effort.date > now + timedelta(minutes=1):
                raise ValidationError(
                    self.env._(
                        "Effort cannot lie in the future. Log it when the work is done."
                    )
                )

    def _check_correction(self):
        """Refuse to change what is not one's own of today, or of a team one leads.

        :raises UserError: says until when and by whom it can be corrected
        """
        if self.env.su or self.env.user.has_group("customer_care.group_manager"):
            return
        zone = pytz.timezone(self.env.user.tz or self.env.company.care_tz or "UTC")
        today = local_day(zone, self._get_now())
        for effort in self:
            if effort._is_led():
                continue
            is_today = local_day(zone, effort.create_date) == today
            if effort.user_id != self.env.user or not is_today:
                raise UserError(
                    self.env._(
                        "You can correct your own effort on the day you logged it. Ask"
                        " the leader of the team to correct this entry."
                    )
                )

    def _is_led(self):
        """Whether the user leads the team of the holder."""
        self.ensure_one()
        team = self.sudo()._get_holder().team_id
        return bool(team) and team.leader_id == self.env.user

    def _check_author(self):
        """Refuse work in the name of others, and on what one cannot open."""
        if self.env.su:
            return
        for effort in self:
            holder = effort._get_holder().with_env(self.env)
            if holder:
                holder.check_access("read")
            is_other = effort.user_id != self.env.user
            if is_other and not (
                effort._is_led()
                or self.env.user.has_group("customer_care.group_manager")
            ):
                raise UserError(
                    self.env._(
                        "You can log your own effort. The leader of the team logs it for"
                        " others."
                    )
                )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals if name in ENTERED_FIELDS}
                for vals in vals_list
            ]
        vals_list = [self._settle_time({"seconds": 0} | vals) for vals in vals_list]
        efforts = super().create(vals_list)
        efforts._check_author()
        efforts._after_change(efforts.ticket_id)
        return efforts

    def write(self, vals):
        if not self.env.su:
            refused = set(vals) - CORRECTED_FIELDS
            if refused:
                raise UserError(
                    self.env._(
                        "Time, day and text of an entry can be corrected. To move it to"
                        " another ticket or person, delete it and log it there."
                    )
                )
        self.check_access("write")
        self._check_correction()
        result = super().write(self._settle_time(vals))
        if "seconds" in vals or "hours" in vals:
            self._after_change(self.ticket_id)
        return result

    def unlink(self):
        self.check_access("unlink")
        self._check_correction()
        tickets = self.ticket_id
        result = super().unlink()
        self._after_change(tickets)
        return result

    @api.model
    def _settle_time(self, vals):
        """Return ``vals`` with whole seconds in place of hours and minutes.

        :raises ValidationError: nobody works so long, or for no time at all
        """
        vals = dict(vals)
        if "hours" in vals:
            vals["seconds"] = round((vals.pop("hours") or 0) * 60) * 60
        if "seconds" not in vals:
            return vals
        if not (vals["seconds"] or 0) > 0:
            raise ValidationError(
                self.env._(
                    "Effort is more than 0 minutes. To take an entry back, delete it."
                )
            )
        if vals["seconds"] > LONGEST:
            raise ValidationError(
                self.env._(
                    "One entry holds at most 24 hours. Log longer work in one entry per"
                    " day."
                )
            )
        return vals

    @api.model
    def _after_change(self, tickets):
        """Hook: effort of ``tickets`` was logged, corrected or deleted.

        Brings their totals up to date and records the event, in the same transaction.
        """
        self.flush_model(["ticket_id", "seconds"])
        # whoever corrects his entry may not see the ticket any more
        tickets = tickets.sudo().with_context(care_actor=None)
        tickets._refresh_effort()
        tickets._record_events(
            [ticket._prepare_event_values("effort") for ticket in tickets]
        )

    @api.model
    def _sum_by_ticket(self, ticket_ids):
        """Return ticket id → seconds, for tickets that have any.

        :param list ticket_ids: ids of ``care.ticket``
        """
        if not ticket_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT ticket_id, SUM(seconds) FROM care_effort"
                " WHERE ticket_id IN %s GROUP BY ticket_id",
                tuple(ticket_ids),
            )
        )
        return {ticket_id: float(seconds) for ticket_id, seconds in rows}
