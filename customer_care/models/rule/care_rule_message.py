"""Do: send a message, through the gate."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..message.selections import CHANNELS
from .outcome import Outcome


class CareRule(models.Model):
    _inherit = "care.rule"

    message_id = fields.Many2one(
        comodel_name="care.message",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    message_channel = fields.Selection(
        selection=CHANNELS,
        string="Sent By",
        default="email",
    )

    def _missing_message(self):
        if not self.message_id:
            return [self.env._("Choose the message.")]
        if not self.message_channel:
            return [self.env._("Choose how the message is sent.")]
        problem = self._message_problem()
        return [problem] if problem else []

    def _message_problem(self):
        """Return why the message cannot be sent to anybody, or None."""
        try:
            self.message_id._check_sendable(self.message_channel, self.company_id)
        except UserError as error:
            return error.args[0]
        return None

    def _say_message(self):
        """Return the action in one sentence."""
        message = self.message_id.name or "…"
        if self.message_channel == "sms":
            return self.env._("send the SMS “%(message)s”", message=message)
        return self.env._("send the e-mail “%(message)s”", message=message)

    def _sample_message(self, partners):
        """Return what would be sent to each customer, or why nothing would be."""
        if not self.message_id or self._message_problem():
            return {}
        found = self.message_id._render_samples(
            partners, self.message_channel, self.company_id
        )
        words = {
            sample["partner"].id: sample["subject"]
            if self.message_channel == "email"
            else sample["body"]
            for sample in found
        }
        decisions = self.message_id._decide(
            partners, self.message_channel, self.company_id, reserve=False
        )
        say = self.env["care.message.delivery"]._say_reason
        for ref, decision in decisions.items():
            if decision.verdict == "skip":
                words[ref] = self.env._(
                    "Nothing would be sent: %(reason)s", reason=say(decision.reason)
                )
            elif decision.verdict == "postpone":
                words[ref] = self.env._(
                    "Later (%(reason)s): “%(what)s”",
                    reason=say(decision.reason),
                    what=words.get(ref, ""),
                )
        return words

    def _do_message(self, partners):
        """Hand the message to the gate; what it refuses is left out with its reason.

        :return: dict of partner id → ``care.message.delivery`` or Outcome
        """
        problem = self._message_problem()
        if problem:
            return dict.fromkeys(partners.ids, problem)
        self.message_id._send(
            partners, self.message_channel, self.company_id, source=self
        )
        rows = self.env["care.message.delivery"].search(
            [
                ("source_model", "=", self._name),
                ("source_id", "=", self.id),
                ("partner_id", "in", partners.ids),
            ],
            order="id",
        )
        results = {row.partner_id.id: row for row in rows}  # the newest of each
        for ref, row in results.items():
            if row.state == "skipped":
                results[ref] = Outcome(
                    "skipped", "gate", row._say_reason(row.reason), row._name, row.id
                )
        return results
