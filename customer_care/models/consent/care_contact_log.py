from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ...fields import Measure
from .selections import CHANNELS, CONTACT_STATES, DIRECTIONS, PURPOSES, REASONS

STORY = 300  # characters of what was said that a list shows


class CareContactLog(models.Model):
    """Every contact with a customer: made, missed, refused or postponed.

    Both directions, by hand and by the system. Append-only: written by ``_log`` alone.
    """

    _name = "care.contact.log"
    _description = "Contact Log"
    _inherit = ["care.append.only", "care.touch.mixin"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "on desc, id desc"

    # who
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        index=True,
        ondelete="cascade",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    address = fields.Char(
        help="The e-mail address or phone number, in one spelling.",
    )
    # what
    on = fields.Datetime(
        string="When", required=True, default=lambda self: self.env.cr.now()
    )
    direction = fields.Selection(selection=DIRECTIONS, required=True, default="out")
    channel = fields.Selection(selection=CHANNELS, required=True)
    purpose = fields.Selection(selection=PURPOSES)
    state = fields.Selection(selection=CONTACT_STATES, required=True, default="done")
    reason = fields.Selection(
        selection=REASONS, string="Why Not", help="Why nothing was sent, or not yet."
    )
    until = fields.Datetime(
        string="Postponed Until", help="When it will be tried again."
    )
    explanation = fields.Char(
        compute="_compute_explanation",
        help="Why nothing was sent, and what can be done about it.",
    )
    summary = fields.Text()
    story = fields.Char(
        string="What Was Said, or Why Not",
        compute="_compute_story",
        help="What was said, in short; where nothing was sent, why.",
    )
    duration = Measure(
        string="Duration (seconds)",
        digits=(16, 0),
        help="How long the call or visit took.",
    )
    # from where
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        index="btree_not_null",
        ondelete="set null",
        help="Who spoke with the customer.",
    )
    is_by_hand = fields.Boolean(string="Logged by Hand")
    ticket_id = fields.Many2one(
        comodel_name="care.ticket", index="btree_not_null", ondelete="set null"
    )
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        string="Message",
        index="btree_not_null",
        ondelete="set null",
    )
    source_model = fields.Char(help="The model of what caused it.")
    source_id = fields.Many2oneReference(
        model_field="source_model", string="Caused By", index="btree_not_null"
    )

    _company_on_idx = models.Index('(company_id, "on" DESC, id DESC)')

    @api.depends("reason", "until", "address")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        gate = self.env["care.gate"]
        for row in self:
            row.explanation = row.reason and gate._explain(
                row.reason, row.until, row.address or ""
            )

    @api.model
    def _log(self, values_list):
        """Write contacts into the log, as the system.

        Whoever calls it has checked what the caller may do.

        :param list values_list: dicts of values; ``partner_id`` and ``channel`` are
            required, ``company_id`` is the current company and ``on`` is now unless told
        :return: the new rows, in the order of ``values_list``
        """
        # as a whole, without the defaults: pylint: disable-next=context-overridden
        clean = self.sudo().with_context(clean_context(self.env.context))
        return clean.create(values_list).with_env(self.env)

    @api.depends("summary", "explanation")
    def _compute_story(self):
        for row in self:
            said = " ".join((row.summary or "").split())
            row.story = row.explanation or shorten(said, STORY, placeholder="…")

    def action_why_not(self):
        """Open what would be sent to this customer now, what would not, and why.

        :return: an action
        :raises AccessError: the caller is no agent, or may not see the line
        """
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_care_why_not()

    @api.model
    def _reason_text(self, code):
        """Return the words of a reason of the gate, in the reader's language.

        :param str code: one of the selection ``reason``; empty gives an empty string
        """
        words = dict(self._fields["reason"]._description_selection(self.env))
        return words.get(code, "")

    @api.model
    def _refuse(self):
        raise UserError(
            self.env._(
                "The contact log cannot be changed or deleted. Log the contact again as "
                "it was: that is a new line."
            )
        )

    # ----------------------------------------------------------------- touching
    def _care_touched(self):
        """A contact that was made says something of the customer."""
        return self.sudo().filtered(lambda row: row.state == "done").partner_id

    # ------------------------------------------------- merge, forget and export
    @api.model
    def _care_merge_partners(self, sources, destination):
        """Nothing to settle: no two rows of the log exclude each other."""

    @api.model
    def _care_forget_partners(self, partners):
        """Take away words and addresses; that there was a contact is kept.

        :param partners: ``res.partner`` that are being forgotten
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE care_contact_log
               SET address = NULL, summary = NULL, mail_message_id = NULL
             WHERE partner_id = ANY(%s)
            """,
            [list(partners.ids)],
        )
        self.invalidate_model(["address", "summary", "mail_message_id"])

    @api.model
    def _care_export_partners(self, partners):
        """Return the contacts of these people as plain dicts, the oldest first.

        :param partners: ``res.partner`` whose data is asked for
        """
        rows = self.sudo().search([("partner_id", "in", partners.ids)], order="on, id")
        return [
            {
                "record": "contact",
                "when": fields.Datetime.to_string(row.on),
                "company": row.company_id.name,
                "direction": row.direction,
                "channel": row.channel,
                "purpose": row.purpose or "",
                "state": row.state,
                "reason": row.reason or "",
                "address": row.address or "",
                "duration": row.duration,
                "summary": row.summary or "",
            }
            for row in rows
        ]
