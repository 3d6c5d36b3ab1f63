"""What a card of the Care Board says of its customer."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

from ..work.ranking import top_records


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _prepare_care_cards(self):
        """Return customer id → his card, in the same few queries for any number.

        A card says what is worth knowing before somebody is moved or called: name,
        12-month value, last contact, next step, lock, second mark. Figures of the
        profile are for every agent; steps are named where the reader may open them.
        """
        profiles = {
            profile.partner_id.id: profile
            for profile in self.env["care.profile"].search(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                ]
            )
        }
        steps = self._get_care_next_steps(profiles)
        return {
            customer.id: customer._prepare_care_card(
                profiles.get(customer.id, self.env["care.profile"]), steps[customer.id]
            )
            for customer in self
        }

    def _prepare_care_card(self, profile, step):
        """Return the card of one customer; a hook for what else a card shall say."""
        self.ensure_one()
        currency = self.env.company.currency_id
        locked = self.care_stage_lock_until
        if locked and locked < self.env["care.profile"]._today(self.env.company):
            locked = False  # its day has passed: the rule decides again
        stage = self.care_stage_id
        return {
            "id": self.id,
            "name": self.name or self.display_name,
            "stage_id": stage.id or 0,
            "value": format_amount(self.env, profile.revenue_365, currency),
            "last_contact": self._say_last_contact(profile),
            "next": step,
            "manager": self.care_manager_id.name or "",
            "readiness": self._say_readiness(),
            "is_at_risk": self.care_is_at_risk and stage.phase == "loyal",
            "lock_until": fields.Date.to_string(locked) if locked else False,
            "lock_text": format_date(self.env, locked) if locked else "",
        }

    def _say_readiness(self):
        """Return how ready the customer is to buy, empty without an open lead."""
        labels = dict(self._fields["care_readiness"]._description_selection(self.env))
        return labels.get(self.care_readiness, "")

    def _say_last_contact(self, profile):
        if not profile.last_contact_on:
            return self.env._("No contact yet")
        day = fields.Datetime.context_timestamp(self, profile.last_contact_on).date()
        return self.env._("Last contact %(ago)s", ago=self._say_days_ago(day))

    # --------------------------------------------------------------- next steps
    def _get_care_next_steps(self, profiles):
        """Return customer id → what comes next with him, and whether it is late.

        The next activity on him, his people or his leads; else an open ticket; else
        that nothing is planned, or that nobody is in charge.
        """
        planned = self._get_care_activities()
        tickets = self._get_care_oldest_tickets()
        steps = {}
        for customer in self:
            activity = planned.get(customer.id)
            ticket = tickets.get(customer.id)
            if activity:
                step = customer._prepare_activity_step(activity)
            elif ticket:
                step = {
                    "kind": "ticket",
                    "text": self.env._("Ticket: %(ticket)s", ticket=ticket.name),
                    "late": bool(ticket.waiting_since),
                }
            elif profiles.get(customer.id) and profiles[customer.id].open_ticket_count:
                text = self.env._("A colleague works on an open ticket")
                step = {"kind": "ticket", "text": text, "late": False}
            elif customer.care_manager_id:
                text = self.env._("Nothing planned")
                step = {"kind": "none", "text": text, "late": False}
            else:
                text = self.env._("Nobody in charge")
                step = {"kind": "nobody", "text": text, "late": True}
            steps[customer.id] = step
        return steps

    def _prepare_activity_step(self, activity):
        today = fields.Date.context_today(self)
        what = activity.summary or activity.activity_type_id.name or ""
        due = activity.date_deadline
        days = (due - today).days
        when = format_date(self.env, due)
        if days < 0:
            text = self.env._("%(what)s, late since %(day)s", what=what, day=when)
        elif days == 0:
            text = self.env._("%(what)s, today", what=what)
        elif days == 1:
            text = self.env._("%(what)s, tomorrow", what=what)
        else:
            text = self.env._("%(what)s on %(day)s", what=what, day=when)
        return {"kind": "activity", "text": text, "late": days < 0}

    def _get_care_activities(self):
        """Return customer id → the activity that is due first, of those in view."""
        owners = {("res.partner", person.id): person.id for person in self}
        people = self.env["res.partner"].search_fetch(
            [("commercial_partner_id", "in", self.ids)], ["commercial_partner_id"]
        )
        for person in people:
            owners["res.partner", person.id] = person.commercial_partner_id.id
        leads = self.env["crm.lead"]
        if leads.has_access("read"):
            found = leads.search_fetch(
                [
                    ("partner_id", "in", people.ids),
                    ("company_id", "in", [False, *self.env.companies.ids]),
                ],
                ["partner_id"],
            )
            for lead in found:
                owner = lead.partner_id.commercial_partner_id.id
                owners["crm.lead", lead.id] = owner
        first = {}
        for model in ("res.partner", "crm.lead"):
            ids = [key[1] for key in owners if key[0] == model]
            due = top_records(
                self.env["mail.activity"],
                Domain("res_model", "=", model) & Domain("res_id", "in", ids),
                "res_id",
                SQL("date_deadline"),
                1,
            )
            for activity in due:
                owner = owners[model, activity.res_id]
                known = first.get(owner)
                if not known or activity.date_deadline < known.date_deadline:
                    first[owner] = activity
        return first

    def _get_care_oldest_tickets(self):
        """Return customer id → his open ticket that waits longest, of those in view."""
        tickets = top_records(
            self.env["care.ticket"],
            Domain("commercial_partner_id", "in", self.ids)
            & Domain("is_open", "=", True)
            & Domain("company_id", "=", self.env.company.id),
            "commercial_partner_id",
            SQL("waiting_since NULLS LAST"),
            1,
        )
        return {ticket.commercial_partner_id.id: ticket for ticket in tickets}
