"""The outbox: what goes to whom, when, and what became of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .selections import CHANNELS, STATES


class CareMessageDelivery(models.Model):
    """One message to one customer. The row is there before anything is sent.

    Written by the system alone. ``UNIQUE (key, partner)`` is what keeps a message from
    going out twice, whoever asks again: a rule after a crash, two workers, two clicks.
    """

    _name = "care.message.delivery"
    _description = "Message to a Customer"
    _log_access = False
    _rec_name = "partner_id"
    _order = "id desc"

    message_id = fields.Many2one(
        comodel_name="care.message", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent By",
        ondelete="set null",
        help="The person who sent it; empty when a rule did.",
    )
    channel = fields.Selection(selection=CHANNELS, required=True)
    # cause
    key = fields.Char(help="Names the occasion; one occasion sends once.")
    source_model = fields.Char(string="Cause (Model)")
    source_id = fields.Many2oneReference(string="Cause", model_field="source_model")
    ticket_id = fields.Many2one(
        comodel_name="care.ticket", index="btree_not_null", ondelete="set null"
    )
    # state
    state = fields.Selection(selection=STATES, required=True, default="waiting")
    created_on = fields.Datetime(string="Asked For", required=True)
    due_on = fields.Datetime(string="Not Before")
    done_on = fields.Datetime(string="Decided")
    reason = fields.Char(string="Reason (Code)", help="Why it waits or was not sent.")
    reason_text = fields.Char(string="Reason", compute="_compute_reason_text")
    attempts = fields.Integer(help="How often sending failed for a technical reason.")
    error = fields.Text(string="Problem")
    address = fields.Char(help="Where it went.")
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        string="As It Was Sent",
        index="btree_not_null",
        ondelete="set null",
    )
    is_undelivered = fields.Boolean(
        string="Came Back",
        compute="_compute_is_undelivered",
        search="_search_is_undelivered",
        help="It was handed over, and the mail server or SMS service gave it back.",
    )
    is_link_closed = fields.Boolean(
        help="Links in this message open nothing any more: the customer is forgotten."
    )

    _key_partner_uniq = models.UniqueIndex(
        "(key, partner_id) WHERE key IS NOT NULL",
        "This message was sent to this customer already.",
    )
    _due_idx = models.Index("(due_on, id) WHERE state = 'waiting'")

    def _get_bounces(self, domain):
        """Return the notifications that failed or came back; nothing is written here.

        Core keeps them up to date for mails and text messages alike.
        """
        return (
            self.env["mail.notification"]
            .sudo()
            ._search([*domain, ("notification_status", "in", ("bounce", "exception"))])
        )

    @api.depends("mail_message_id")
    def _compute_is_undelivered(self):
        posts = self.sudo().mail_message_id
        query = self._get_bounces([("mail_message_id", "in", posts.ids)])
        notifications = self.env["mail.notification"].sudo().browse(tuple(query))
        back = set(notifications.mail_message_id.ids)
        for delivery in self:
            delivery.is_undelivered = delivery.sudo().mail_message_id.id in back

    @api.model
    def _search_is_undelivered(self, operator, value):
        if operator != "in":
            return NotImplemented
        notifications = self._get_bounces([("mail_message_id", "!=", False)])
        posts = notifications.subselect("mail_message_id")
        back = Domain("mail_message_id", "in", posts)
        return (back if True in value else Domain.FALSE) | (
            ~back if False in value else Domain.FALSE
        )

    @api.depends("reason", "error", "state", "mail_message_id")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for delivery in self:
            delivery.reason_text = delivery._get_reason_text()

    def _get_reason_text(self):
        """Return in words why this waits, was not sent, or came back."""
        self.ensure_one()
        if self.is_undelivered:
            return self.env._("It was sent and came back, or could not be delivered.")
        return self._say_reason(self.reason) or self.error or False

    @api.model
    def _say_reason(self, code):
        """Return the words of a reason: the gate's, and what only messages know."""
        own = {
            "merged": self.env._("The contact was merged with one who got it"),
            "forgotten": self.env._("The customer was forgotten"),
            "cancelled": self.env._("Somebody took it back"),
        }
        return own.get(code) or self.env["care.contact.log"]._reason_text(code)

    # ---------------------------------------------------------------- asking
    @api.model
    def _claim(
        self, message, partners, channel, company, *, source=None, ticket=None, key=None
    ):
        """Write one row per customer, except where ``key`` was used for him before.

        :return: the new rows, with superuser rights
        :raises psycopg2.errors.SerializationFailure: another transaction used the key a
            moment ago; run again, this one finds its rows
        """
        rows = self.sudo()
        if not partners:
            return rows.browse()
        now = self.env.cr.now().replace(microsecond=0)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_message_delivery (message_id, partner_id, company_id,
                       user_id, channel, key, source_model, source_id, ticket_id,
                       state, created_on, due_on, attempts)
                SELECT %(message)s, partner.id, %(company)s, %(user)s, %(channel)s,
                       %(key)s, %(source_model)s, %(source)s, %(ticket)s,
                       'waiting', %(now)s, %(now)s, 0
                  FROM unnest(%(partners)s) WITH ORDINALITY AS partner (id, place)
                 ORDER BY partner.place
                    ON CONFLICT (key, partner_id) WHERE key IS NOT NULL DO NOTHING
                RETURNING id
                """,
                message=message.id,
                company=company.id,
                user=None if self.env.su and self.env.uid == 1 else self.env.uid,
                channel=channel,
                key=key or None,
                source_model=source._name if source else None,
                source=source.id if source else None,
                ticket=ticket.id if ticket else None,
                now=now,
                partners=list(dict.fromkeys(partners.ids)),
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.env["care.message"].invalidate_model(
            ["delivery_ids", "sent_count", "waiting_count", "failed_count"]
        )
        return rows.browse(ids)

    # --------------------------------------------------------------- actions
    def action_cancel(self):
        """Take back what waits; care managers may.

        :raises UserError: nothing of it waits any more
        """
        self._check_managed()
        waiting = self.sudo().filtered(lambda delivery: delivery.state == "waiting")
        if not waiting:
            raise UserError(
                self.env._("Nothing of this waits any more, so nothing was taken back.")
            )
        waiting._note({row.id: ("skipped", "cancelled", None, None) for row in waiting})

    def action_send_again(self):
        """Have the job try again what failed; care managers may."""
        self._check_managed()
        failed = self.sudo().filtered(lambda delivery: delivery.state == "failed")
        failed.write(
            {"state": "waiting", "attempts": 0, "error": False, "reason": False}
        )
        failed.due_on = fields.Datetime.now()
        self._wake()

    def _check_managed(self):
        """Raise an AccessError unless the user may write the texts of these rows."""
        self.check_access("read")
        self.env["care.message"].check_access("write")

    @api.model
    def _wake(self, moment=None):
        """Have the job look at what is due, now or at ``moment``."""
        cron = self.env.ref("customer_care.ir_cron_care_message").sudo()
        cron._trigger(at=moment)

    # ---------------------------------------------------------------- merging
    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep every row; what waits twice for one person goes out once.

        Keys of the sources get a suffix where the destination used the same key.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_message_delivery delivery
                   SET key = delivery.key || ':' || delivery.partner_id,
                       state = CASE delivery.state
                           WHEN 'waiting' THEN 'skipped' ELSE delivery.state END,
                       reason = CASE delivery.state
                           WHEN 'waiting' THEN 'merged' ELSE delivery.reason END
                 WHERE delivery.partner_id = ANY(%(sources)s)
                   AND EXISTS (
                       SELECT 1 FROM care_message_delivery other
                        WHERE other.key = delivery.key
                          AND (other.partner_id = %(destination)s
                               OR other.partner_id = ANY(%(sources)s)
                                  AND other.partner_id < delivery.partner_id))
                """,
                sources=list(sources.ids),
                destination=destination.id,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE care_message_delivery SET partner_id = %s"
                " WHERE partner_id = ANY(%s)",
                destination.id,
                list(sources.ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _care_forget_partners(self, partners):
        """Remove addresses and words, shut the links; keep the rows, so counts stay."""
        rows = self.sudo().search([("partner_id", "in", partners.ids)])
        waiting = rows.filtered(lambda delivery: delivery.state == "waiting")
        waiting.write({"state": "skipped", "reason": "forgotten"})
        rows.write(
            {
                "address": False,
                "error": False,
                "mail_message_id": False,
                "is_link_closed": True,
            }
        )

    @api.model
    def _care_export_partners(self, partners):
        """Return what was sent to these partners, as plain values."""
        rows = self.sudo().search([("partner_id", "in", partners.ids)], order="id")
        return [
            {
                "message": row.message_id.name,
                "channel": row.channel,
                "state": row.state,
                "reason": row.reason_text or "",
                "asked_on": fields.Datetime.to_string(row.created_on),
                "decided_on": fields.Datetime.to_string(row.done_on) or "",
                "address": row.address or "",
            }
            for row in rows
        ]
