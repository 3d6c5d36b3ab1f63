"""The clocks of tickets, as rows."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...fields import Measure
from ...lib.business_time import HorizonError
from ...lib.promise_clock import Clock, Terms
from .selections import CLOCK_STATES, METRICS

#: Steps that the job takes with a clock, in their order.
STEPS = [
    ("none", "Nothing yet"),
    ("warned", "Warned"),
    ("broken", "Reported as broken"),
    ("escalated", "Reported further"),
]


class CareSlaClock(models.Model):
    """One measurement of one promise to one customer.

    Written by the system alone, from the events of the ticket; a rebuild gives the same.
    Seconds are business seconds of the version of the working hours that it names,
    round the clock where it names none; paused seconds are seconds of the calendar.
    """

    _name = "care.sla.clock"
    _description = "Promise Clock"
    _order = "started_on desc, id desc"
    _log_access = False
    _rec_name = "metric"

    ticket_id = fields.Many2one(
        comodel_name="care.ticket", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id")
    metric = fields.Selection(selection=METRICS, string="Promise", required=True)
    round = fields.Integer(
        string="No.",
        required=True,
        aggregator=None,
        help="A ticket has one first reply, but as many next replies as messages.",
    )
    state = fields.Selection(selection=CLOCK_STATES, required=True)
    # promised
    policy_id = fields.Many2one(
        comodel_name="care.sla.policy",
        string="Promised By",
        index="btree_not_null",
        ondelete="set null",
    )
    version_id = fields.Many2one(
        comodel_name="care.calendar.version",
        string="Counted In",
        index="btree_not_null",
        ondelete="set null",
    )
    policy_ref = fields.Integer(aggregator=None)
    version_ref = fields.Integer(aggregator=None)
    target_seconds = Measure(string="Promised Seconds", digits=(16, 0))
    warn_percent = fields.Integer(aggregator=None)
    pauses = fields.Char()
    # measured
    started_on = fields.Datetime(required=True)
    since = fields.Datetime(help="From when it runs on; empty while it stands still.")
    consumed_seconds = Measure(string="Used Seconds", digits=(16, 0))
    paused_on = fields.Datetime(string="Paused Since")
    paused_seconds = Measure(digits=(16, 0))
    deadline = fields.Datetime(string="Due")
    warn_on = fields.Datetime(string="Warning")
    breached_on = fields.Datetime(string="Broken On")
    stopped_on = fields.Datetime(string="Ended On")
    # in words
    shown_state = fields.Selection(
        selection=CLOCK_STATES,
        string="State Now",
        compute="_compute_shown_state",
        help="Broken from the second it is, also before the job has come by.",
    )
    target_text = fields.Char(string="Promised", compute="_compute_texts")
    used_text = fields.Char(string="Used", compute="_compute_texts")
    # what the job did and does next; not measured
    step = fields.Selection(selection=STEPS, required=True, default="none")
    due_on = fields.Datetime(help="When the job looks at it again.")

    _round_uniq = models.Constraint(
        "UNIQUE (ticket_id, metric, round)",
        "This promise is measured already.",
    )
    _due_idx = models.Index("(due_on, id) WHERE due_on IS NOT NULL")
    _started_idx = models.Index("(started_on)")

    @api.depends("state", "deadline")
    def _compute_shown_state(self):
        now = self._now()
        for clock in self:
            is_late = clock.state == "running" and clock.deadline
            is_late = is_late and clock.deadline < now
            clock.shown_state = "breached" if is_late else clock.state

    @api.depends("target_seconds", "consumed_seconds", "since", "version_ref")
    @api.depends_context("lang")
    def _compute_texts(self):
        """Say seconds as hours and minutes, what was used up to now included."""
        hours = (
            self.env["care.calendar.version"]
            .sudo()
            ._get_hours(self.mapped("version_ref"))
        )
        now = self._now()
        for clock in self:
            used = clock.consumed_seconds or 0
            if clock.since and clock.version_ref in hours:
                try:
                    used += max(hours[clock.version_ref].seconds(clock.since, now), 0)
                except HorizonError:
                    used = clock.consumed_seconds or 0
            clock.target_text = self._say_seconds(clock.target_seconds or 0)
            clock.used_text = self._say_seconds(used)

    @api.model
    def _say_seconds(self, seconds):
        """Return business seconds as hours and minutes; no days, which differ in length."""
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.env._("%(minutes)s min", minutes=minutes)
        if not minutes % 60:
            return self.env._("%(hours)s h", hours=minutes // 60)
        return self.env._(
            "%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60
        )

    # ------------------------------------------------------------------ loading

    @api.model
    def _load_last(self, ticket_ids):
        """Return ticket id → its last clock of each metric, as :class:`Clock`."""
        found = {ticket_id: [] for ticket_id in ticket_ids}
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT DISTINCT ON (ticket_id, metric) * FROM care_sla_clock"
                " WHERE ticket_id IN %s ORDER BY ticket_id, metric, round DESC",
                tuple(found),
            )
        )
        for row in rows:
            found[row["ticket_id"]].append(_as_clock(row))
        return found

    @api.model
    def _load_all(self, ticket_ids):
        """Return ticket id → all its clocks, as :class:`Clock`, in order."""
        found = {ticket_id: [] for ticket_id in ticket_ids}
        if found:
            rows = self.env.execute_query_dict(
                SQL(
                    "SELECT * FROM care_sla_clock WHERE ticket_id IN %s"
                    " ORDER BY ticket_id, started_on, id",
                    tuple(found),
                )
            )
            for row in rows:
                found[row["ticket_id"]].append(_as_clock(row))
        return found

    # ------------------------------------------------------------------ saving

    @api.model
    def _save(self, clocks_by_ticket):
        """Write the clocks that changed: one INSERT and one UPDATE for all of them.

        :param dict clocks_by_ticket: ticket id → list of :class:`Clock`
        """
        fresh, known = [], []
        for ticket_id, clocks in clocks_by_ticket.items():
            for clock in clocks:
                if clock.is_changed:
                    (known if clock.id else fresh).append((ticket_id, clock))
        if fresh:
            self._insert(fresh)
        if known:
            self._update(known)
        if fresh or known:
            self.env["care.ticket"].invalidate_model(["clock_ids"], flush=False)
            self.invalidate_model(flush=False)

    def _insert(self, pairs):
        rows = [_as_row(clock, ticket_id) for ticket_id, clock in pairs]
        ids = self.env.execute_query(
            SQL(
                "INSERT INTO care_sla_clock (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, rows[0])),
                SQL(", ").join(tuple(row.values()) for row in rows),
            )
        )
        for (_ticket, clock), (clock_id,) in zip(pairs, ids, strict=True):
            clock.id, clock.is_changed = clock_id, False

    def _update(self, pairs):
        rows = []
        for ticket_id, clock in pairs:
            rows.append((clock.id, _as_row(clock, ticket_id)))
            clock.is_changed = False
        names = list(TYPES)
        self.env.cr.execute(
            SQL(
                "UPDATE care_sla_clock clock SET %(sets)s, policy_id = (SELECT id FROM"
                " care_sla_policy WHERE id = new.policy_ref), version_id = (SELECT id"
                " FROM care_calendar_version WHERE id = new.version_ref),"
                " due_on = %(due)s"
                " FROM (VALUES %(rows)s) AS new (id, %(names)s)"
                " WHERE clock.id = new.id",
                sets=SQL(", ").join(
                    SQL("%(name)s = new.%(name)s", name=SQL.identifier(name))
                    for name in names
                    if name != "due_on"
                ),
                # what was done stays done: warned once, whatever moves afterwards
                due=SQL(
                    "CASE clock.step WHEN 'none' THEN new.due_on"
                    " WHEN 'warned' THEN CASE WHEN new.stopped_on IS NULL"
                    " THEN COALESCE(new.breached_on, new.deadline) END"
                    " WHEN 'broken' THEN CASE WHEN new.stopped_on IS NULL"
                    " THEN clock.due_on END END"
                ),
                names=SQL(", ").join(map(SQL.identifier, names)),
                rows=SQL(", ").join(
                    SQL(
                        "(%s, %s)",
                        clock_id,
                        SQL(", ").join(
                            SQL("%s::" + TYPES[name], row[name]) for name in names
                        ),
                    )
                    for clock_id, row in rows
                ),
            )
        )


#: Column → type in the database, of what a clock writes about itself.
TYPES = {
    "state": "varchar",
    "policy_ref": "integer",
    "version_ref": "integer",
    "target_seconds": "numeric",
    "warn_percent": "integer",
    "pauses": "varchar",
    "started_on": "timestamp",
    "since": "timestamp",
    "consumed_seconds": "numeric",
    "paused_on": "timestamp",
    "paused_seconds": "numeric",
    "deadline": "timestamp",
    "warn_on": "timestamp",
    "breached_on": "timestamp",
    "stopped_on": "timestamp",
    "due_on": "timestamp",
}


def _as_row(clock, ticket_id):
    """Return the columns of a :class:`Clock`."""
    is_due = clock.is_live and (clock.since is not None or clock.state == "breached")
    return {
        "ticket_id": ticket_id,
        "metric": clock.metric,
        "round": clock.round,
        "state": clock.state,
        "policy_id": clock.terms.policy or None,
        "version_id": clock.terms.version or None,
        "policy_ref": clock.terms.policy,
        "version_ref": clock.terms.version,
        "target_seconds": clock.terms.seconds,
        "warn_percent": clock.terms.warn,
        "pauses": ",".join(clock.terms.pauses),
        "started_on": clock.started_on,
        "since": clock.since,
        "consumed_seconds": clock.consumed,
        "paused_on": clock.paused_on,
        "paused_seconds": clock.paused_seconds,
        "deadline": clock.deadline,
        "warn_on": clock.warn_on,
        "breached_on": clock.breached_on,
        "stopped_on": clock.stopped_on,
        "step": "none",
        "due_on": (clock.warn_on or clock.deadline) if is_due else None,
    }


def _as_clock(row):
    """Return the :class:`Clock` of a row."""
    return Clock(
        metric=row["metric"],
        round=row["round"],
        started_on=row["started_on"],
        terms=Terms(
            seconds=int(row["target_seconds"]),
            version=row["version_ref"] or 0,
            pauses=tuple(word for word in (row["pauses"] or "").split(",") if word),
            warn=row["warn_percent"],
            policy=row["policy_ref"] or 0,
        ),
        since=row["since"],
        state=row["state"],
        consumed=int(row["consumed_seconds"] or 0),
        paused_on=row["paused_on"],
        paused_seconds=int(row["paused_seconds"] or 0),
        deadline=row["deadline"],
        warn_on=row["warn_on"],
        breached_on=row["breached_on"],
        stopped_on=row["stopped_on"],
        id=row["id"],
        is_changed=False,
    )
