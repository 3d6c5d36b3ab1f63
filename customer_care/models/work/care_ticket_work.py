from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...lib.quiet_hours import local_day, utc_time

#: Rows that My Work shows at most; the rest is a click away in the list.
MY_WORK_LIMIT = 100
#: Groups of My Work in their order on the screen.
WORK_GROUPS = ("late", "soon", "earlier", "today", "todo", "pending", "hold")
#: A promise that ends within so many hours is work for now.
SOON_HOURS = 2


class CareTicket(models.Model):
    _inherit = "care.ticket"

    email_address = fields.Char(
        compute="_compute_email_address",
        inverse="_inverse_email_address",
    )
    # set on the ticket, kept on the customer
    partner_care_stage_id = fields.Many2one(
        inverse="_inverse_partner_care_stage",
        domain="[('company_id', 'in', [False, company_id])]",
        groups="base.group_user",
    )

    @api.depends("email_from")
    def _compute_email_address(self):
        for ticket in self:
            sender = ticket.email_from or ""
            ticket.email_address = email_normalize(sender, strict=False) or sender

    def _inverse_email_address(self):
        """Keep the name before an address that nobody changed."""
        for ticket in self:
            sender = ticket.email_from or ""
            if (email_normalize(sender, strict=False) or sender) != (
                ticket.email_address or ""
            ):
                ticket.email_from = ticket.email_address

    def _inverse_partner_care_stage(self):
        """Move the customer to the stage chosen on the ticket.

        Whoever may change the ticket may say where its customer stands; that needs no
        right to edit contacts. Only this one field is written.
        """
        for ticket in self.filtered("partner_id"):
            stage_company = ticket.partner_care_stage_id.company_id
            if stage_company and stage_company != ticket.company_id:
                raise ValidationError(
                    self.env._(
                        "The care stage “%(stage)s” belongs to another company than the"
                        " ticket. Choose one of %(company)s.",
                        stage=ticket.partner_care_stage_id.name,
                        company=ticket.company_id.name,
                    )
                )
            customer = ticket.partner_id.commercial_partner_id
            customer.sudo().with_company(
                ticket.company_id
            ).care_stage_id = ticket.partner_care_stage_id

    # ------------------------------------------------------------------ saving

    def web_save(self, vals, specification, next_id=None):
        """Save as every form does; a ticket may leave the view of who saves it.

        Whoever hands a ticket to a colleague or another team may lose the right to read
        it. It is saved all the same, and nothing is read back: the form then closes.

        :return: what was read, an empty list when the user may not read it any more
        :raises AccessError: the user may not change or open such a ticket
        """
        # asked for no field, the form's method reads nothing
        rows = super().web_save(vals, {}, next_id)
        shown = self.browse(row["id"] for row in rows)
        if not shown.has_access("read"):
            return []
        return shown.with_context(bin_size=True).web_read(specification)

    # ------------------------------------------------------------------ first screen

    @api.model
    def action_open_care(self):
        """Return the first screen of the app for the role of the user.

        An agent starts with My Work; whoever leads a team, or all of them, with Team
        Today.
        """
        leads = self.env.user.has_group("customer_care.group_lead")
        name = "care_team_today_action" if leads else "care_my_work_action"
        return self.env["ir.actions.actions"]._for_xml_id(f"customer_care.{name}")

    # ------------------------------------------------------------------ My Work

    @api.model
    def get_my_work(self):
        """Return what the user has to do now, under his own rights.

        His open tickets and the free ones of his teams, grouped by what is promised and
        by how long customers have been waiting; in each group the most urgent first. The
        number of queries does not depend on the number of tickets.

        :return: dict with ``groups`` (word, label, count, rows), ``count`` (all tickets,
            shown or not) and ``limit`` (rows shown at most)
        """
        domain = self._get_my_work_domain()
        tickets = self.search(
            domain,
            order="sla_deadline, urgency desc, waiting_since, priority_rank desc, id",
            limit=MY_WORK_LIMIT,
        )
        today = self._get_start_of_today()
        groups = {word: [] for word in WORK_GROUPS}
        for ticket in tickets:
            group = ticket._get_work_group(today)
            row = ticket._prepare_work_row()
            row["is_work"] = group not in ("pending", "hold")
            groups[group].append(row)
        for rows in groups.values():
            rows.sort(key=lambda row: -row["urgency"])  # else as they were found
        labels = self._get_work_labels()
        return {
            "groups": [
                {"word": word, "label": labels[word], "rows": rows}
                for word, rows in groups.items()
                if rows
            ],
            "count": (
                len(tickets)
                if len(tickets) < MY_WORK_LIMIT
                else self.search_count(domain)
            ),
            "limit": MY_WORK_LIMIT,
        }

    @api.model
    def _get_my_work_domain(self):
        """Return the domain of the user's own and free open tickets."""
        mine = Domain("user_id", "=", self.env.uid)
        free = Domain("user_id", "=", False) & Domain(
            "team_id.member_ids", "in", self.env.user.ids
        )
        return Domain("is_open", "=", True) & (mine | free)

    @api.model
    def _get_start_of_today(self):
        """Return the start of the company's day as naive UTC."""
        zone = pytz.timezone(self.env.company.care_tz or "UTC")
        return utc_time(zone, local_day(zone, fields.Datetime.now()))

    @api.model
    def _get_work_labels(self):
        return {
            "late": self.env._("Late"),
            "soon": self.env._("Within %(hours)s hours", hours=SOON_HOURS),
            "earlier": self.env._("Waiting since before today"),
            "today": self.env._("Waiting since today"),
            "todo": self.env._("To do, nobody is waiting"),
            "pending": self.env._("Waiting for the customer"),
            "hold": self.env._("On hold"),
        }

    def _get_work_group(self, today):
        """Return the word of ``WORK_GROUPS`` this ticket belongs to.

        :param datetime today: start of the day, naive UTC
        """
        self.ensure_one()
        if self.sla_deadline:
            left = self.sla_deadline - fields.Datetime.now()
            if left < timedelta():
                return "late"
            if left <= timedelta(hours=SOON_HOURS):
                return "soon"
        if self.waiting_since:
            return "earlier" if self.waiting_since < today else "today"
        if self.stage_category in ("pending", "hold"):
            return self.stage_category
        return "todo"

    def _prepare_work_row(self):
        """Return what one line about this ticket shows."""
        self.ensure_one()
        partner = self.partner_id
        who = partner.care_salutation or partner.name or self.partner_name
        who = who or self.email_address or self.env._("Unknown customer")
        return {
            "id": self.id,
            "number": self.number,
            "name": self.name,
            "who": who[:1].upper() + who[1:],
            "care_stage": self.partner_care_stage_id.name or "",
            "stage": self.stage_id.name,
            "why": self._say_why_now(),
            "is_mine": self.user_id.id == self.env.uid,
            "is_complaint": self.kind == "complaint",
            "priority": self.priority,
            "priority_label": self._say_priority(),
            "urgency": self.urgency,
            "urgency_reason": self.urgency_reason or "",
            "waiting_since": fields.Datetime.to_string(self.waiting_since) or False,
            "deadline": fields.Datetime.to_string(self.sla_deadline) or False,
            "metric": self._say_metric(),
            "channel": self.channel_id.name or "",
            "icon": self.channel_id.icon or "fa-ticket",
        }

    def _say_priority(self):
        """Return the priority in words, empty for the ordinary ones."""
        if self.priority not in ("high", "urgent"):
            return ""
        labels = dict(self._fields["priority"]._description_selection(self.env))
        return labels[self.priority]

    def _say_metric(self):
        """Return what is due next in words, empty where nothing is promised."""
        labels = dict(self._fields["sla_metric"]._description_selection(self.env))
        return labels.get(self.sla_metric, "")

    def _say_why_now(self):
        """Return in a few words why this ticket is on the list."""
        self.ensure_one()
        if self.waiting_since:
            if self.reopen_count:
                return self.env._("Came back after it was solved")
            if self.reply_count:
                return self.env._("Wrote again, answer")
            return self.env._("First answer")
        if self.stage_category == "pending":
            return self.env._("We wait for the customer")
        if self.stage_category == "hold":
            return self.env._("We wait for somebody else")
        if self.reply_count:
            return self.env._("Answered, finish it")
        return self.env._("Start")
