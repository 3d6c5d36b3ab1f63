"""Who hears of a promise in danger: one digest per person and quarter of an hour."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

ALERT_KINDS = [
    ("warning", "Ends soon"),
    ("broken", "Broken"),
    ("escalated", "Still broken"),
]
#: Nobody gets two digests within so many minutes.
PAUSE = 15
#: Step of the clock → kind of the alert.
KINDS = {"warned": "warning", "broken": "broken", "escalated": "escalated"}


class CareSlaAlert(models.Model):
    """That one person is told of one clock; written with the step of the clock."""

    _name = "care.sla.alert"
    _description = "Promise Alert"
    _order = "made_on desc, id desc"
    _log_access = False
    _rec_name = "kind"

    clock_id = fields.Many2one(
        comodel_name="care.sla.clock", required=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(related="clock_id.ticket_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Told",
        required=True,
        ondelete="cascade",
    )
    kind = fields.Selection(selection=ALERT_KINDS, required=True)
    made_on = fields.Datetime(required=True)
    sent_on = fields.Datetime()
    is_dropped = fields.Boolean(
        string="Not Needed", help="The promise was kept before the digest went out."
    )

    _once_uniq = models.Constraint(
        "UNIQUE (clock_id, user_id, kind)", "This person was told of this already."
    )
    _unsent_idx = models.Index("(user_id, id) WHERE sent_on IS NULL")
    _last_idx = models.Index(
        "(user_id, sent_on) WHERE sent_on IS NOT NULL AND is_dropped IS NOT TRUE"
    )

    # ------------------------------------------------------------------ making

    @api.model
    def _make(self, steps, now):
        """Write down who hears of the steps that clocks have taken.

        A warning goes to who has the ticket; a broken promise to him and to the leader;
        what stays broken to the accountable person. Who is missing is stood in for by
        the next one up.

        :param list[tuple] steps: (clock id, ticket id, step) rows
        :param datetime now: naive UTC
        """
        tickets = self.env["care.ticket"].sudo().browse({row[1] for row in steps})
        by_id = {ticket.id: ticket for ticket in tickets}
        rows = []
        for clock_id, ticket_id, step in steps:
            for user in by_id[ticket_id]._get_promise_hearers(KINDS[step]):
                rows.append((clock_id, user.id, KINDS[step], now))
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO care_sla_alert (clock_id, user_id, kind, made_on)"
                    " VALUES %s ON CONFLICT DO NOTHING",
                    SQL(", ").join(rows),
                )
            )
            self.invalidate_model(flush=False)

    # ------------------------------------------------------------------ digests

    @api.model
    def _send_digests(self):
        """Send each person what has gathered, one person in a transaction."""
        cron = self.env["ir.cron"]
        for user_id in self._get_due_users():
            self._send_digest(user_id)
            if not cron._commit_progress(1, remaining=1):
                break

    @api.model
    def _get_due_users(self):
        """Return the ids of people who have alerts and got no digest lately."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT user_id FROM care_sla_alert alert"
                " WHERE sent_on IS NULL AND NOT EXISTS ("
                " SELECT 1 FROM care_sla_alert sent WHERE sent.user_id = alert.user_id"
                " AND sent.is_dropped IS NOT TRUE AND sent.sent_on > %s)"
                " ORDER BY user_id",
                self._get_pause_start(),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _get_pause_start(self):
        now = self.env["care.sla.clock"]._now()
        return now - timedelta(minutes=PAUSE)

    @api.model
    def _get_next_digest(self):
        """Return when the next digest may go out, None when nothing has gathered."""
        return self.env.execute_query(
            SQL(
                "SELECT min(COALESCE((SELECT max(sent.sent_on) + %s * interval '1 minute'"
                " FROM care_sla_alert sent WHERE sent.user_id = alert.user_id"
                " AND sent.is_dropped IS NOT TRUE), alert.made_on))"
                " FROM care_sla_alert alert WHERE sent_on IS NULL",
                PAUSE,
            )
        )[0][0]

    def _send_digest(self, user_id):
        """Send one person all that has gathered for him; what is settled is left out."""
        self.env.cr.execute(
            "SELECT id FROM care_sla_alert WHERE user_id = %s AND sent_on IS NULL"
            " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
            [user_id],
        )
        alerts = self.sudo().browse(row[0] for row in self.env.cr.fetchall())
        user = self.env["res.users"].sudo().browse(user_id)
        needed = alerts.filtered(lambda alert: alert._is_needed())
        alerts.sent_on = self.env["care.sla.clock"]._now()
        (alerts - needed).is_dropped = True
        if not needed:
            return
        company = user.company_id
        writer = self.with_context(
            lang=user.lang or company.partner_id.lang,
            tz=user.tz or company.care_tz,
            mail_notify_force_send=False,  # the outbox sends it
        ).with_company(company)
        writer.browse(needed.ids)._notify_user(user)

    def _is_needed(self):
        """Whether its reader can do something still."""
        self.ensure_one()
        return bool(
            self.user_id.active
            and not self.clock_id.stopped_on
            and self.clock_id.state in ("running", "breached")
        )

    def _notify_user(self, user):
        """Send one notification about these alerts, by mail or in the inbox."""
        late = self.filtered(lambda alert: alert.kind != "warning")
        if late:
            subject = self.env._(
                "Promises to customers: %(count)s late", count=len(late)
            )
        else:
            subject = self.env._(
                "Promises to customers: %(count)s end soon", count=len(self)
            )
        body = self.env["ir.qweb"]._render(
            "customer_care.promise_digest",
            {"groups": self._prepare_digest_groups(user), "user": user},
        )
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=body,
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _prepare_digest_groups(self, user):
        """Return the rows of a digest: the worst first, each ticket once per promise."""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        metrics = dict(
            self.env["care.sla.clock"]
            ._fields["metric"]
            ._description_selection(self.env)
        )
        groups = []
        seen = set()
        for kind, _label in reversed(ALERT_KINDS):
            rows = []
            for alert in self.filtered(lambda a, k=kind: a.kind == k):
                if alert.clock_id in seen:
                    continue
                seen.add(alert.clock_id)
                ticket = alert.ticket_id
                rows.append(
                    {
                        "url": f"{ticket.get_base_url()}/odoo/care-tickets/{ticket.id}",
                        "name": ticket.display_name,
                        "customer": ticket.partner_id.name or ticket.partner_name or "",
                        "metric": metrics[alert.clock_id.metric],
                        "person": ticket.user_id.name or self.env._("Nobody"),
                        "due": format_datetime(
                            self.env,
                            alert.clock_id.deadline,
                            tz=self.env.context.get("tz"),
                            dt_format="short",
                        ),
                    }
                )
            if rows:
                groups.append({"label": labels[kind], "rows": rows})
        return groups
