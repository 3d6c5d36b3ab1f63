import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...lib import mail_charset

STATES = [
    ("received", "Waiting"),
    ("done", "Handled"),
    ("ignored", "Ignored"),
    ("quarantine", "Quarantine"),
]
OUTCOMES = [
    ("ticket", "New ticket"),
    ("reply", "Reply"),
    ("note", "Note: unverified sender"),
    ("automatic", "Note: automatic mail"),
    ("report", "Delivery failure"),
]
#: How much of a source is shown on the screen; the rest is in the file.
SHOWN_CHARACTERS = 200_000
#: Sources deleted per step of the clean-up.
PURGE_BATCH = 500


class CareInbound(models.Model):
    """A mail as it came, and what became of it: the inbox before every ticket.

    A row is committed before anything is done with the mail. One row per mail and
    company: the UNIQUE constraint, not a search, keeps a mail that comes twice from
    making two tickets. Every mail ends as ``done``, ``ignored`` (with the reason) or in
    ``quarantine`` (with the error), so that nothing is ever lost silently. Rows are
    written by the system alone.
    """

    _name = "care.inbound"
    _description = "Incoming Mail"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "subject"

    # the mail
    message_id = fields.Char(string="Message-Id", required=True, readonly=True)
    recipient = fields.Char(
        required=True,
        readonly=True,
        help="The team's address that decides who gets the mail; “reply” for an answer"
        " that was sent to no team's address.",
    )
    fingerprint = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    email_from = fields.Char(string="From", readonly=True)
    received_on = fields.Datetime(readonly=True, required=True)
    # for whom
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    team_id = fields.Many2one(
        comodel_name="care.team",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    alias_id = fields.Many2one(
        comodel_name="mail.alias", readonly=True, ondelete="set null"
    )
    given_ticket_id = fields.Many2one(
        comodel_name="care.ticket",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The ticket that the mail server's set-up names for this mail.",
    )
    given_values = fields.Json(readonly=True)
    keep_original = fields.Boolean(readonly=True)
    drop_attachments = fields.Boolean(readonly=True)
    # source
    source = fields.Binary(
        string="Raw Mail",
        attachment=True,
        readonly=True,
        groups="customer_care.group_lead",
    )
    source_name = fields.Char(compute="_compute_source_name")
    source_text = fields.Text(
        string="Source",
        compute="_compute_source_text",
        groups="customer_care.group_lead",
    )
    has_source = fields.Boolean(
        readonly=True, help="The raw mail is still kept; it goes after some time."
    )
    # what became of it
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="received"
    )
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    reason = fields.Text(readonly=True, help="Why no ticket came of it, in words.")
    error = fields.Text(readonly=True, groups="customer_care.group_lead")
    ticket_id = fields.Many2one(
        comodel_name="care.ticket",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    handled_on = fields.Datetime(readonly=True)
    due_on = fields.Datetime(
        readonly=True, help="From then on the scheduled job takes a waiting mail up."
    )
    attempt_count = fields.Integer(readonly=True, aggregator=None)

    _message_uniq = models.Constraint(
        "UNIQUE (message_id, recipient)", "This mail was received before."
    )
    _waiting_idx = models.Index("(due_on, id) WHERE state = 'received'")
    _quarantine_idx = models.Index("(team_id, id) WHERE state = 'quarantine'")
    _purge_idx = models.Index(
        "(company_id, received_on) WHERE has_source IS TRUE AND state IN ('done', 'ignored')"
    )

    # ------------------------------------------------------------------ computes

    @api.depends("message_id")
    def _compute_source_name(self):
        for inbound in self:
            inbound.source_name = f"mail-{inbound.id}.eml"

    @api.depends("has_source")
    def _compute_source_text(self):
        for inbound in self:
            raw = inbound._read_source()
            inbound.source_text = mail_charset.decode(raw, None)[:SHOWN_CHARACTERS]

    @api.depends("subject", "email_from")
    def _compute_display_name(self):
        for inbound in self:
            inbound.display_name = inbound.subject or self.env._(
                "(no subject, from %(sender)s)", sender=inbound.email_from or "?"
            )

    def _read_source(self):
        """Return the raw mail, empty when it is not kept any more.

        Whoever calls has checked that the user may read it.
        """
        self.ensure_one()
        value = self.with_context(bin_size=False).sudo().source
        return base64.b64decode(value) if value else b""

    # ------------------------------------------------------------------ actions

    def action_replay(self):
        """Process these mails again; leads may, for what their teams received.

        Mails in quarantine get another try. Ignored ones become tickets: the person who
        presses the button has read them.
        """
        self._check_replay()
        handled = sum(
            bool(self._replay(inbound.id))
            for inbound in self
            if inbound.state in ("quarantine", "ignored", "received")
        )
        self.invalidate_recordset()
        failed = len(self) - handled
        if failed:
            message = self.env._(
                "%(handled)s handled, %(failed)s could not be. The reason is on the"
                " mail.",
                handled=handled,
                failed=failed,
            )
        else:
            message = self.env._("%(handled)s handled.", handled=handled)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if failed else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_dismiss(self):
        """Take these mails out of quarantine without a ticket; who did it is noted."""
        self._check_replay()
        reason = self.env._("Put aside by %(user)s.", user=self.env.user.name)
        mails = self.filtered(lambda inbound: inbound.state == "quarantine").sudo()
        mails.write(
            {"state": "ignored", "reason": reason, "handled_on": fields.Datetime.now()}
        )
        mails._after_quarantine()

    def _check_replay(self):
        """Only who may read the raw source decides about a mail.

        :raises AccessError: not a team lead, or a mail of another team or company
        """
        if not self.env.user.has_group("customer_care.group_lead"):
            raise AccessError(
                self.env._("Only team leads may decide about incoming mails.")
            )
        self.check_access("read")

    def action_open_ticket(self):
        """Open the ticket that came of this mail."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------ clean-up

    @api.autovacuum
    def _gc_sources(self):
        """Delete raw mails that were handled longer ago than their company keeps them.

        :return: (deleted, what remains), so that the clean-up goes on in batches
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT inbound.id
                  FROM care_inbound inbound
                  JOIN res_company company ON company.id = inbound.company_id
                 WHERE inbound.has_source IS TRUE
                   AND inbound.state IN ('done', 'ignored')
                   AND inbound.received_on
                       < %s - company.care_inbound_days * interval '1 day'
                 ORDER BY inbound.id
                 LIMIT %s
                """,
                self.env.cr.now(),
                PURGE_BATCH + 1,
            )
        )
        old = self.sudo().browse([row[0] for row in found[:PURGE_BATCH]])
        old.write({"source": False, "has_source": False, "error": False})
        return len(old), max(len(found) - PURGE_BATCH, 0)
