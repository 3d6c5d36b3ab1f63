"""How urgent a ticket is, and why: points of the rules, kept up to date."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...lib import urgency

#: Kinds of events after which the points may be others.
URGENCY_EVENTS = frozenset(
    {
        "customer_message",
        "stage_changed",
        "priority_changed",
        "kind_changed",
        "customer_changed",
    }
)
#: Tickets that the job takes up before it commits.
BATCH = 200
#: How far back the job looks for customers who moved to another care stage.
MOVED_WITHIN = timedelta(hours=2)
URGENCY_FIELDS = frozenset(
    {
        "urgency",
        "urgency_reasons",
        "urgency_due_on",
        "is_urgency_overruled",
        "urgency_override",
        "urgency_override_reason",
    }
)


class CareTicket(models.Model):
    _inherit = "care.ticket"

    urgency = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        groups="base.group_user",
        help="Points of the urgency rules, or what somebody set instead of them.",
    )
    urgency_reasons = fields.Json(
        readonly=True,
        copy=False,
        exportable=False,
        groups="base.group_user",
    )
    urgency_info = fields.Json(
        string="Why Urgent",
        compute="_compute_urgency_info",
        exportable=False,
        groups="base.group_user",
    )
    urgency_reason = fields.Char(
        string="Main Reason",
        compute="_compute_urgency_info",
        groups="base.group_user",
    )
    is_urgency_overruled = fields.Boolean(
        string="Urgency Set by Hand",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    urgency_override = fields.Integer(
        string="Urgency by Hand",
        readonly=True,
        copy=False,
        aggregator=None,
        groups="base.group_user",
    )
    urgency_override_reason = fields.Char(
        string="Why by Hand",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    urgency_due_on = fields.Datetime(
        string="Urgency Changes On",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    _urgency_due_idx = models.Index(
        "(urgency_due_on, id) WHERE is_open IS TRUE AND urgency_due_on IS NOT NULL"
    )

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | URGENCY_FIELDS

    # ---------------------------------------------------------------- computes

    @api.depends("urgency", "urgency_reasons", "urgency_override_reason")
    @api.depends_context("lang")
    def _compute_urgency_info(self):
        """Say the reasons in the reader's language, the one with the most points first."""
        rules = self.env["care.urgency.rule"].sudo().with_context(active_test=False)
        tickets = self.sudo()
        ids = {
            hit["rule"] for ticket in tickets for hit in ticket.urgency_reasons or []
        }
        names = {rule.id: rule.name for rule in rules.browse(ids).exists()}
        for ticket, shown in zip(tickets, self, strict=True):
            reasons = [
                {
                    "name": names.get(hit["rule"]) or hit["name"],
                    "kind": hit["kind"],
                    "points": hit["points"],
                    "sentence": rules._say_reason(hit["kind"], hit.get("detail")),
                }
                for hit in ticket.urgency_reasons or []
            ]
            shown.urgency_info = {
                "points": ticket.urgency,
                "reasons": reasons,
                "by_hand": ticket.urgency_override_reason or ""
                if ticket.is_urgency_overruled
                else "",
                "is_by_hand": ticket.is_urgency_overruled,
            }
            if ticket.is_urgency_overruled:
                shown.urgency_reason = ticket.urgency_override_reason
            else:
                gains = [reason for reason in reasons if reason["points"] > 0]
                shown.urgency_reason = gains[0]["name"] if gains else False

    # ---------------------------------------------------------------- opening

    @api.model
    def _prepare_opening_values(self, vals_list):
        """Give new tickets their points before they are inserted."""
        result = super()._prepare_opening_values(vals_list)
        by_company = {}
        for vals in vals_list:
            by_company.setdefault(vals["company_id"], []).append(vals)
        for company_id, group in by_company.items():
            rules = self.env["care.urgency.rule"]._get_rules(company_id)
            if rules:
                self._prepare_opening_urgency(group, rules)
        return result

    # ---------------------------------------------------------------- later

    def _after_events(self, rows):
        """Compute the urgency anew after what may change it."""
        result = super()._after_events(rows)
        stale = {row["ticket_id"] for row in rows if row["kind"] in URGENCY_EVENTS}
        heard = {
            row["ticket_id"]: row["message_id"]
            for row in rows
            if row["kind"] == "customer_message" and row["message_id"]
        }
        if heard:
            self.sudo().browse(heard)._hear_anger(heard)
        if stale:
            self.sudo().browse(stale)._update_urgency()
        return result

    @api.model
    def _get_urgency_fields(self):
        """Return the fields of a ticket whose change changes its urgency; a hook."""
        return {"mood", "sla_deadline"}

    def _update_urgency(self):
        """Compute points and reasons of these tickets anew; closed ones keep theirs.

        Public code of other addons calls it when something changed that only they know.
        The number of queries does not depend on the number of tickets.
        """
        tickets = self.sudo().filtered("is_open")
        for company, group in tickets.grouped("company_id").items():
            rules = self.env["care.urgency.rule"]._get_rules(company.id)
            facts = group._get_urgency_facts(rules) if rules else {}
            for ticket in group:
                ticket._keep_urgency(rules, facts.get(ticket.id))

    def _keep_urgency(self, rules, facts):
        """Write what the rules give this ticket, where it differs."""
        self.ensure_one()
        values = self._prepare_urgency(rules, facts)
        deadline = self._get_urgency_deadline()
        values["urgency_due_on"] = (
            urgency.next_change(rules, self._get_urgency_now(), deadline) or False
        )
        if self.is_urgency_overruled:
            values["urgency"] = self.urgency_override
        changed = {
            name: value
            for name, value in values.items()
            if (self[name] or False) != (value or False)
        }
        if changed:
            self.with_context(tracking_disable=True).write(changed)

    @api.model
    def _prepare_urgency(self, rules, facts):
        """Return the columns that follow from ``facts``, None for nothing known."""
        if facts is None:
            return {"urgency": 0, "urgency_reasons": False}
        model = self.env["care.urgency.rule"].sudo()
        hits = urgency.score(rules, facts, model._get_matchers())
        names = {rule.id: rule.name for rule in model.browse(h.rule for h in hits)}
        return {
            "urgency": urgency.total(hits),
            "urgency_reasons": [
                {
                    "rule": hit.rule,
                    "name": names[hit.rule],
                    "kind": hit.kind,
                    "points": hit.points,
                    "detail": hit.detail,
                }
                for hit in hits
            ]
            or False,
        }

    # ---------------------------------------------------------------- by hand

    def _overrule_urgency(self, points, reason):
        """Let the points set by hand count; whoever calls has checked who asks.

        :param int points: None: the rules decide again
        :param str reason: why
        """
        for ticket in self.sudo():
            is_by_hand = points is not None
            ticket.with_context(tracking_disable=True).write(
                {
                    "is_urgency_overruled": is_by_hand,
                    "urgency_override": points or 0,
                    "urgency_override_reason": reason if is_by_hand else False,
                }
            )
        self._update_urgency()

    def action_overrule_urgency(self):
        """Open the dialog that sets the urgency by hand; it checks who may."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Urgency by Hand"),
            "res_model": "care.urgency.set",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_points": self.urgency},
        }

    def action_follow_urgency_rules(self):
        """Let the rules decide again how urgent these tickets are."""
        self.check_access("write")
        overruled = self.filtered("is_urgency_overruled")
        overruled._overrule_urgency(None, False)
        for ticket in overruled:
            ticket._note_urgency(
                self.env._(
                    "Urgency: the rules decide again (%(points)s).",
                    points=ticket.urgency,
                )
            )

    def _note_urgency(self, words):
        """Keep a decision about the urgency as an internal note of whoever took it."""
        self.ensure_one()
        self.message_post(
            body=words, message_type="comment", subtype_xmlid="mail.mt_note"
        )

    # ---------------------------------------------------------------- the job

    @api.model
    def _expire_urgency(self, companies):
        """Have the job compute the urgency of all open tickets anew.

        :param companies: ``res.company``; empty: of all companies
        """
        scope = SQL("company_id = ANY(%s)", companies.ids) if companies else SQL("TRUE")
        self.flush_model(["is_open", "company_id", "urgency_due_on"])
        self.env.cr.execute(
            SQL(
                "UPDATE care_ticket SET urgency_due_on = %s WHERE is_open AND %s",
                self._get_urgency_now(),
                scope,
            )
        )
        self.invalidate_model(["urgency_due_on"])
        self._wake_urgency()

    @api.model
    def _wake_urgency(self):
        job = self.env.ref(
            "customer_care.ir_cron_care_urgency", raise_if_not_found=False
        )
        if job:
            job.sudo()._trigger()

    @api.model
    def _cron_urgency(self):
        """Compute the urgency of the tickets that are due, batch by batch."""
        cron = self.env["ir.cron"]
        self._update_moved_urgency()
        cron._commit_progress(1)
        while True:
            count = self._work_due_urgency()
            if not count:
                break
            if not cron._commit_progress(count):
                self._wake_urgency()
                break

    @api.model
    def _update_moved_urgency(self):
        """Ask anew for open tickets of customers whom the rules of care stages moved.

        Those moves, first fills included, are made in SQL, many at once; writing the
        tickets there would cross the agents who work on them. Looking back further than
        the job's interval finds what was committed late.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ticket.id
                  FROM care_ticket ticket
                  JOIN care_stage_change change
                    ON change.partner_id = ticket.commercial_partner_id
                   AND change.company_id = ticket.company_id
                   AND change."on" >= %s
                 WHERE ticket.is_open
                """,
                self._get_urgency_now() - MOVED_WITHIN,
            )
        )
        self.browse([row[0] for row in rows])._update_urgency()

    @api.model
    def _work_due_urgency(self):
        """Compute one batch of what is due; return how many tickets it was."""
        tickets = self.sudo().search(
            [
                ("is_open", "=", True),
                ("urgency_due_on", "<=", self._get_urgency_now()),
            ],
            order="urgency_due_on, id",
            limit=BATCH,
        )
        tickets._update_urgency()
        # one that time alone will not change leaves the list in any case
        self.env.flush_all()
        return len(tickets)
