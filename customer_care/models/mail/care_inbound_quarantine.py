"""What could not be processed waits for a person, and somebody is told."""

import logging

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.mail_charset import clean

_logger = logging.getLogger(__name__)

#: Kept of a traceback: its end says most.
ERROR_LIMIT = 10_000


class CareInbound(models.Model):
    _inherit = "care.inbound"

    @api.model
    def _put_into_quarantine(self, inbound_id, error, trace):
        """Keep a mail for a person, in a transaction of its own.

        :param inbound_id: id of the row
        :param error: the exception
        :param str trace: its traceback
        """
        _logger.info("Mail %s goes to quarantine: %s", inbound_id, error)
        for is_reminding in (True, False):
            try:
                with self.env.registry.cursor() as cr:
                    self._write_quarantine(cr, inbound_id, error, trace, is_reminding)
                return
            except Exception as problem:  # it stays waiting then
                _logger.info("Mail %s: %s", inbound_id, problem, exc_info=True)

    @api.model
    def _write_quarantine(self, cr, inbound_id, error, trace, is_reminding):
        cr.execute(
            SQL(
                "SELECT id FROM care_inbound WHERE id = %s AND state = 'received'"
                " FOR UPDATE SKIP LOCKED",
                inbound_id,
            )
        )
        if not cr.rowcount:
            return
        env = api.Environment(cr, SUPERUSER_ID, {})
        inbound = env["care.inbound"].browse(inbound_id)
        inbound = inbound.with_context(
            **inbound.company_id._get_care_context(), mail_notify_force_send=False
        )
        inbound.write(
            {
                "state": "quarantine",
                "reason": clean(inbound._explain(error)),
                "error": clean(trace)[-ERROR_LIMIT:] or False,
                "handled_on": cr.now().replace(microsecond=0),
            }
        )
        if is_reminding:
            inbound._remind_leader()

    def _explain(self, error):
        """Return in words why a mail could not be processed."""
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, RecursionError | MemoryError):
            return self.env._(
                "The mail is built too deeply or is too large to be read."
            )
        return self.env._(
            "The mail could not be processed: %(error)s. The raw mail is kept; press"
            " Replay when the cause is gone.",
            error=f"{type(error).__name__}: {error}"[:500],
        )

    # ------------------------------------------------------------------ replay

    @api.model
    def _replay(self, inbound_id):
        """Process a mail again that is in quarantine, ignored or waiting.

        :return: id of the ticket, False when it failed again
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """
                    UPDATE care_inbound SET state = 'received', attempt_count = 1
                     WHERE id = (
                           SELECT id FROM care_inbound
                            WHERE id = %s AND state != 'done'
                              FOR UPDATE SKIP LOCKED)
                 RETURNING id
                    """,
                    inbound_id,
                )
            )
            if not cr.rowcount:
                return False
        ticket_id = self._process_now(inbound_id, is_forced=True)
        if ticket_id:
            with self.env.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["care.inbound"].browse(inbound_id)._after_quarantine()
        return ticket_id

    def _after_quarantine(self):
        """Take the reminder off these mails, and put it on another that still waits."""
        self.activity_ids.unlink()
        for inbound in self:
            left = self.search(
                [
                    ("state", "=", "quarantine"),
                    ("team_id", "=", inbound.team_id.id),
                    ("company_id", "=", inbound.company_id.id),
                ],
                limit=1,
            )
            left.with_context(
                **inbound.company_id._get_care_context(), mail_notify_force_send=False
            )._remind_leader()

    # ------------------------------------------------------------------ telling somebody

    def _remind_leader(self):
        """Give the leader one reminder, however many mails of his team wait."""
        for inbound in self:
            user = inbound._get_responsible()
            if not user:
                continue
            same = inbound.search(
                [
                    ("team_id", "=", inbound.team_id.id),
                    ("company_id", "=", inbound.company_id.id),
                    ("state", "=", "quarantine"),
                    ("activity_ids.user_id", "=", user.id),
                ],
                limit=1,
            )
            if not same:
                inbound.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=inbound.env._("Mail in quarantine"),
                    note=inbound.reason,
                    user_id=user.id,
                )

    def _get_responsible(self):
        """Return who looks after this mail: the leader, else a manager of the company.

        Only somebody who may open it: its address may belong to no team.
        """
        lead = self.env.ref("customer_care.group_lead")
        leader = self.team_id.leader_id
        if leader.active and lead in leader.all_group_ids:
            return leader
        company = [("company_ids", "in", self.company_id.ids), ("share", "=", False)]
        for group in ("group_manager", "group_admin"):
            found = self.env["res.users"].search(
                [
                    *company,
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref(f"customer_care.{group}").ids,
                    ),
                    ("id", "!=", SUPERUSER_ID),
                ],
                order="id",
                limit=1,
            )
            if found:
                return found
        return self.env["res.users"]
