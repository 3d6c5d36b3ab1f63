from odoo import api, fields, models


class CareTicketEvent(models.Model):
    _inherit = "care.ticket.event"

    summary = fields.Char(
        string="What Happened",
        compute="_compute_summary",
        help="The event in words, for the history of the ticket.",
    )

    @api.depends("kind", "actor")
    @api.depends_context("lang")
    def _compute_summary(self):
        for event in self:
            event.summary = event._say_event()

    def _say_event(self):
        """Return the event in a few words of the reader's language."""
        self.ensure_one()
        _ = self.env._
        if self.kind == "assigned":
            if not self.user_ref:
                return _("Given back: nobody is in charge")
            return _("Assigned to %(user)s", user=self._say_reference(self.user_id))
        if self.kind == "team_changed":
            return _("Team: %(team)s", team=self._say_reference(self.team_id))
        if self.kind == "stage_changed":
            return _("Stage: %(stage)s", stage=self._say_reference(self.stage_id))
        if self.kind == "category_changed":
            name = self.category_id.display_name or _("none")
            return _("Category: %(category)s", category=name)
        if self.kind == "customer_changed":
            name = self.partner_id.display_name or _("none")
            return _("Customer: %(customer)s", customer=name)
        if self.kind in ("priority_changed", "kind_changed"):
            return self._say_word_change()
        return self._say_label("kind")

    def _say_reference(self, record):
        """Return the name of ``record``, also when it is gone meanwhile."""
        return record.display_name or self.env._("deleted")

    def _say_label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name]) or self.env._("none")

    def _say_word_change(self):
        if self.kind == "priority_changed":
            return self.env._(
                "Priority: %(priority)s", priority=self._say_label("priority")
            )
        return self.env._("Kind: %(kind)s", kind=self._say_label("ticket_kind"))
