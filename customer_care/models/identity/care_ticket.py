from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext


class CareTicket(models.Model):
    _inherit = "care.ticket"

    texts_removed_on = fields.Date(
        string="Texts Removed",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Since then nothing is left of this ticket but its figures: the customer was"
        " forgotten, or the time was over for which words are kept.",
    )

    _finished_with_texts_idx = models.Index(
        "(company_id, solved_on) WHERE is_open IS NOT TRUE AND texts_removed_on IS NULL"
    )

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | {"texts_removed_on"}

    @api.model
    def _care_merge_partners(self, sources, destination):
        """Move the tickets, which is no event of theirs: the customer is the same.

        What was typed on a ticket (name, address, phone) stays, so that answers to it
        still find back.
        """
        home = sources._care_merge_home(destination)
        sources._care_move_rows(self._table, "partner_id", destination)
        (sources | destination)._care_move_rows(
            self._table, "commercial_partner_id", home
        )
        self.env.cr.execute(
            SQL(
                "UPDATE care_ticket SET commercial_partner_id = %(home)s"
                " WHERE partner_id = %(kept)s"
                " AND commercial_partner_id IS DISTINCT FROM %(home)s",
                home=home.id,
                kept=destination.id,
            )
        )
        self.invalidate_model(["partner_id", "commercial_partner_id"])

    # ------------------------------------------------------------------- privacy
    @api.model
    def _care_forget_partners(self, partners):
        """Take names, addresses and texts off the tickets; all their figures stay."""
        partners._care_records(self._name).with_context(
            **self.env.context
        )._care_remove_texts()

    def _care_remove_texts(self):
        """Empty these tickets of words; number, kind, times and counts stay.

        Links to the conversation stop to work. What was said is emptied apart, see
        ``mail.message``.
        """
        today = fields.Date.context_today(self)
        for ticket in self.with_context(tracking_disable=True, mail_notrack=True):
            ticket.write(
                {
                    "name": ticket.env._("Ticket without text"),
                    "description": False,
                    "partner_name": False,
                    "email_from": False,
                    "email_cc": False,
                    "phone": False,
                    "ticket_properties": False,
                    "access_token": False,
                    "link_version": ticket.link_version + 1,
                    "texts_removed_on": today,
                }
            )

    @api.model
    def _care_export_partners(self, partners):
        """Return the tickets of these people; what was said is among the messages."""
        return [
            {
                "record": "ticket",
                "id": ticket.id,
                "number": ticket.number,
                "company": ticket.company_id.name,
                "subject": ticket.name,
                "text": html2plaintext(ticket.description or ""),
                "name": ticket.partner_name or "",
                "email": ticket.email_from or "",
                "phone": ticket.phone or "",
                "stage": ticket.stage_id.name,
                "kind": ticket.kind or "",
                "opened": str(ticket.create_date or ""),
                "solved": str(ticket.solved_on or ""),
            }
            for ticket in partners._care_records(self._name).sorted("id")
        ]

    def _ensure_customer(self):
        """Answering somebody who was forgotten makes no new contact of him."""
        known = {ticket: ticket.sudo().email_from or "" for ticket in self}
        hushed = self.env["care.suppression"].sudo()._suppressed(set(known.values()))
        kept = self.filtered(lambda ticket: known[ticket] not in hushed)
        return super(CareTicket, kept)._ensure_customer()

    # ----------------------------------------------------------------- retention
    @api.model
    def _care_due_domain(self, company, before):
        """Return which tickets were finished before that moment and still hold words."""
        return [
            ("company_id", "=", company.id),
            ("is_open", "=", False),
            ("texts_removed_on", "=", False),
            "|",
            ("solved_on", "<", before),
            "&",
            ("solved_on", "=", False),
            ("create_date", "<", before),
        ]

    def _care_expire(self):
        """Take texts, messages and files away; number, times and figures stay."""
        messages = self.env["mail.message"].sudo()
        messages.search(
            [("model", "=", self._name), ("res_id", "in", self.ids)]
        )._care_empty()
        messages._care_empty_records(self._name, self.ids)
        self._care_remove_texts()
