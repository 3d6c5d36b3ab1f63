"""Writes to many customers: shows first who gets it, who does not and why."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..models.message.care_message import TEXTS
from ..models.message.care_message_placeholder import OF_TICKETS
from ..models.message.selections import CHANNELS, PURPOSES

#: So many are sent while one waits; more go into the outbox.
AT_ONCE = 200
#: So many customers an agent may write to; more are for care managers.
AGENT_LIMIT = 20
#: Reasons for which another way may reach the customer.
UNREACHED = ("no_address", "bad_address")
MANAGER = "customer_care.group_manager"


class CareMessageWrite(models.TransientModel):
    """A message, or words of one's own, to a segment or to selected customers."""

    _name = "care.message.write"
    _description = "Write to Customers"

    # audience
    segment_id = fields.Many2one(comodel_name="care.segment", ondelete="cascade")
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="care_message_write_partner_rel",
        string="Customers",
        default=lambda self: self._default_partner_ids(),
    )
    audience_count = fields.Integer(string="Audience", compute="_compute_audience")
    held_out_count = fields.Integer(string="Held Out", compute="_compute_audience")
    # words
    step = fields.Selection(
        selection=[("write", "Write"), ("check", "Check")], default="write"
    )
    channel = fields.Selection(selection=CHANNELS, required=True, default="email")
    message_id = fields.Many2one(
        comodel_name="care.message",
        domain="[('is_once', '=', False), '|', ('company_id', '=', False),"
        " ('company_id', '=', allowed_company_ids[0])]",
        ondelete="cascade",
        help="Leave it empty to write words of your own.",
    )
    purpose = fields.Selection(selection=PURPOSES, required=True, default="care")
    subject = fields.Char()
    body_html = fields.Html(string="E-mail", sanitize_style=True)
    sms_text = fields.Text(string="SMS")
    is_without_accents = fields.Boolean(string="Drop Accents")
    editor_info = fields.Json(compute="_compute_editor_info")
    # who gets it
    sent_message_id = fields.Many2one(
        comodel_name="care.message", readonly=True, ondelete="set null"
    )
    go_count = fields.Integer(string="Get It Now", readonly=True)
    wait_count = fields.Integer(string="Get It Later", readonly=True)
    skip_count = fields.Integer(string="Do Not Get It", readonly=True)
    reasons_html = fields.Html(string="Why", sanitize=False, readonly=True)
    samples_html = fields.Html(string="Samples", sanitize=False, readonly=True)
    unreached_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="care_message_write_unreached_rel",
        string="Not Reached",
        readonly=True,
    )
    unreached_count = fields.Integer(readonly=True)
    other_count = fields.Integer(string="Reached the Other Way", readonly=True)

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    # ---------------------------------------------------------------- computes
    @api.depends("segment_id", "partner_ids")
    def _compute_audience(self):
        for wizard in self:
            audience, held_out = wizard._get_audience()
            wizard.audience_count = len(audience)
            wizard.held_out_count = held_out

    @api.depends("purpose")
    def _compute_editor_info(self):
        for wizard in self:
            draft = self.env["care.message"].new({"purpose": wizard.purpose})
            info = draft.editor_info
            pieces = [p for p in info["placeholders"] if p["name"] not in OF_TICKETS]
            wizard.editor_info = {**info, "placeholders": pieces}

    def _get_audience(self):
        """Return (customers, how many of the segment are held out)."""
        self.ensure_one()
        segment = self.segment_id
        if not segment:
            return self.partner_ids, 0
        segment.check_access("read")
        return segment._get_audience()

    # ----------------------------------------------------------------- actions
    def action_check(self):
        """Ask the gate who would get it, and show that; nothing is sent."""
        self.ensure_one()
        audience = self._get_allowed_audience()
        message = self._get_message()
        message._check_sendable(self.channel, self.env.company)
        found = message._preview(audience.sudo(), self.channel, self.env.company)
        unreached = self._find_unreached(audience)
        self.write(
            {
                "step": "check",
                "sent_message_id": message.id,
                "go_count": found["counts"]["go"],
                "wait_count": found["counts"]["postpone"],
                "skip_count": found["counts"]["skip"],
                "reasons_html": self._format_reasons(found["reasons"]),
                "samples_html": self._format_samples(found["samples"]),
                "unreached_ids": [Command.set(unreached.ids)],
                "unreached_count": len(unreached),
                "other_count": len(unreached._care_reached_by(self._get_other())),
            }
        )
        return self._reopen()

    def action_back(self):
        """Go back to the words."""
        self.ensure_one()
        self.step = "write"
        return self._reopen()

    def action_send(self):
        """Send it, through the gate again; nobody gets it twice by a second click."""
        self.ensure_one()
        audience = self._get_allowed_audience()
        message = self.sent_message_id
        if self.step != "check" or not message:
            return self.action_check()
        if not self.go_count + self.wait_count:
            raise UserError(
                self.env._(
                    "Nobody would get it, so nothing was sent. Look at the reasons, or"
                    " choose another way to reach these customers."
                )
            )
        options = {"source": self.segment_id or None, "key": f"written {self.id}"}
        audience = audience.sudo()
        company = self.env.company
        if len(audience) > AT_ONCE:
            count = message._queue(audience, self.channel, company, **options)
            text = self.env._(
                "%(count)s messages are in the outbox and go out in a few minutes.",
                count=count,
            )
        else:
            counts = message._send(audience, self.channel, company, **options)
            text = self.env._(
                "Sent: %(sent)s. Waiting: %(postponed)s. Not sent: %(skipped)s.",
                **counts,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_other_channel(self):
        """Write to those who were not reached by the other channel."""
        self.ensure_one()
        other = self._get_other()
        reached = self.unreached_ids._care_reached_by(other)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_care.care_message_write_action"
            ),
            "context": {
                "default_partner_ids": reached.ids,
                "default_channel": other,
                "default_message_id": self.message_id.id,
                "default_purpose": self.purpose,
                "default_subject": self.subject,
                "default_body_html": self.body_html,
                "default_sms_text": self.sms_text,
            },
        }

    def action_view_unreached(self):
        """Open those who were not reached as a list to call or to write to on Zalo."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To Call or Write to on Zalo"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("customer_care.care_reach_view_list").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", self.unreached_ids.ids)],
        }

    # ------------------------------------------------------------------ pieces
    def _get_allowed_audience(self):
        """Return the audience, if the user may write to it.

        :raises AccessError: he may not see a contact, or it is for care managers
        """
        audience, _held_out = self._get_audience()
        if not audience:
            raise UserError(
                self.env._(
                    "There is nobody to write to. Choose customers, or a segment that"
                    " has some."
                )
            )
        if not self.env.user.has_group("customer_care.group_agent_own"):
            raise AccessError(self.env._("Only people of customer care write to many."))
        audience.check_access("read")
        purposes = {
            (self.message_id or self).purpose,
            self.sent_message_id.sudo().purpose,
        }
        is_large = len(audience) > AGENT_LIMIT or "promotion" in purposes
        if is_large and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "Advertising, and messages to more than %(limit)s customers, are for"
                    " care managers. Ask one of them to send it.",
                    limit=AGENT_LIMIT,
                )
            )
        return audience

    def _get_message(self):
        """Return the chosen message, or one made of the words that were written.

        :return: ``care.message``, superuser where it is made for this sending
        """
        if self.message_id:
            self.message_id.check_access("read")
            return self.message_id
        values = {
            "name": self.subject or (self.sms_text or "")[:60] or self.env._("Written"),
            "active": False,
            "is_once": True,
            "company_id": self.env.company.id,
            "purpose": self.purpose,
            "is_without_accents": self.is_without_accents,
            **{name: self[name] for name in TEXTS},
        }
        message = self.sent_message_id.sudo()
        is_own = (
            message.create_uid == self.env.user
            and message.company_id == self.env.company
        )
        if is_own and message.is_once and not message.delivery_ids:
            message.write(values)
            return message
        return self.env["care.message"].sudo().create(values)

    def _find_unreached(self, audience):
        """Return those of ``audience`` who have no address for the channel."""
        return audience - audience._care_reached_by(self.channel)

    def _get_other(self):
        return "sms" if self.channel == "email" else "email"

    def _format_reasons(self, reasons):
        """Return the reasons with their numbers, the most frequent first."""
        if not reasons:
            return False
        words = self.env["care.contact.log"]._reason_text
        rows = [
            Markup('<tr><td class="text-end pe-3 fw-bold">%s</td><td>%s</td></tr>')
            % (count, words(code))
            for code, count in sorted(reasons.items(), key=lambda item: -item[1])
        ]
        return Markup('<table class="o_care_reasons">%s</table>') % Markup().join(rows)

    def _format_samples(self, samples):
        """Return what some customers will read, one under the other."""
        cards = [
            Markup(
                '<div class="card mb-2"><div class="card-header py-1 small">%s'
                ' <span class="text-muted">%s</span></div>'
                '<div class="card-body py-2">%s%s</div></div>'
            )
            % (
                sample["partner"].display_name,
                sample["address"],
                Markup("<strong>%s</strong>") % sample["subject"]
                if sample["subject"]
                else "",
                sample["content"],
            )
            for sample in samples
        ]
        return Markup().join(cards) or False

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to Customers"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
