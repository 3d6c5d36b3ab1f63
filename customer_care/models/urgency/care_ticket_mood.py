"""The mood of a customer, and what an angry one is spared."""

from odoo import api, fields, models

from ..script.selections import MOODS


class CareTicket(models.Model):
    _inherit = "care.ticket"

    mood = fields.Selection(
        selection=MOODS,
        string="Customer Is",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="Chosen by whoever works on the ticket, or found by words of an urgency rule."
        " An angry customer gets no automatic answer: a person writes.",
    )

    def write(self, vals):
        """Compute the urgency anew where the mood or the deadline changed."""
        result = super().write(vals)
        if not self._get_urgency_fields().isdisjoint(vals):
            self._update_urgency()
        return result

    def action_customer_is_angry(self):
        """Note that the customer is angry, or that he no longer is."""
        for ticket in self:
            ticket.mood = "neutral" if ticket.mood == "angry" else "angry"

    def _allows_automatic_answer(self):
        """Whether a program may answer the customer of this ticket.

        An angry customer gets a person. Receipts are no answers: they say that a request
        arrived, and go out all the same.
        """
        self.ensure_one()
        return self.sudo().mood != "angry"

    # ------------------------------------------------------------------ privacy

    def _care_remove_texts(self):
        """Empty what somebody wrote about the customer's urgency as well."""
        result = super()._care_remove_texts()
        self.with_context(tracking_disable=True).write(
            {"urgency_override_reason": False}
        )
        return result

    @api.model
    def _care_export_partners(self, partners):
        """Tell people which mood was noted of them."""
        rows = super()._care_export_partners(partners)
        moods = {
            ticket.id: ticket.mood or ""
            for ticket in self.sudo().browse(row["id"] for row in rows)
        }
        return [{**row, "mood": moods[row["id"]]} for row in rows]

    # ------------------------------------------------------------------ who asks

    def _send_first_stage_message(self):
        """Say nothing by itself to an angry customer who has just written."""
        calm = self.filtered(lambda ticket: ticket._allows_automatic_answer())
        return super(CareTicket, calm)._send_first_stage_message()

    def _track_template(self, changes):
        """Leave out the message of a stage that a program moved an angry customer to.

        Who moves the ticket himself decides that the customer reads it.
        """
        result = super()._track_template(changes)
        is_program = self.env.su and self._get_actor(False) in ("system", "bot")
        if is_program and self[:1] and not self[:1]._allows_automatic_answer():
            result.pop("stage_id", None)
        return result

    def _notify_thread_with_out_of_office(
        self, message, recipients_data, msg_vals=False, **kwargs
    ):
        """Let no absence note answer an angry customer."""
        if len(self) == 1 and not self._allows_automatic_answer():
            return self.env["mail.message"]
        return super()._notify_thread_with_out_of_office(
            message, recipients_data, msg_vals=msg_vals, **kwargs
        )
