"""Moves on the Care Board: nobody overwrites what a colleague has just decided."""

from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.internal import INTERNAL


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_care_board_move(self, stage_id, until=None, note=None, seen=None):
        """Move customers who stand where the mover saw them.

        :param int stage_id: ``care.stage`` of this company or shared
        :param str until: day up to which the move holds, ``YYYY-MM-DD``; default 90 days
        :param str note: why
        :param list seen: pairs (customer id, care stage id or 0) as the board showed
            them; empty: whatever they are
        :raises AccessError: the caller is no agent, or may not see a contact
        :raises UserError: somebody moved, merged or archived one of them meanwhile, the
            care stage is gone, or the day has passed
        """
        self._check_care_mover_sees()
        self._check_care_seen(seen)
        self.action_care_move(int(stage_id), until, note)

    def action_care_board_undo(self, before, seen=None):
        """Put customers back where they stood before a move on the board.

        Whom a person had put there stays locked until that day, the others are the
        rule's again.

        :param list before: triples (customer id, care stage id or 0, day or False)
        :param list seen: as of :meth:`action_care_board_move`
        :raises AccessError: the caller is no agent, or may not see a contact
        :raises UserError: somebody moved one of them meanwhile
        """
        self._check_care_mover_sees()
        self._check_care_seen(seen)
        states = {}
        for partner_id, stage_id, locked in before:
            ids = states.setdefault((int(stage_id), locked or False), [])
            ids.append(int(partner_id))
        today = self.env["care.profile"]._today(self.env.company)
        for (stage_id, locked), ids in states.items():
            customers = self.filtered(lambda customer, ids=ids: customer.id in ids)
            stage = self.env["care.stage"].search(
                [
                    ("id", "=", stage_id),
                    ("company_id", "in", (False, self.env.company.id)),
                ]
            )
            if stage_id and not stage:
                raise UserError(
                    self.env._(
                        "There is no such care stage. Reload the page and try again."
                    )
                )
            until = fields.Date.to_date(locked) or today
            customers._care_move(stage, until, self.env._("Undone"))
            if not locked:
                customers.sudo().with_context(care_stage_moved=INTERNAL).write(
                    {"care_stage_lock_until": False}
                )

    def _check_care_mover_sees(self):
        """Raise unless the caller is an agent and these customers are still there."""
        there = self.exists()
        there._check_care_mover()
        gone = len(self) - len(there)
        if gone:
            raise UserError(
                self.env._(
                    "%(count)s of these customers no longer exist: they were merged or "
                    "deleted meanwhile. The board has been read anew; choose again.",
                    count=gone,
                )
            )
        asleep = self.filtered(lambda customer: not customer.active)
        if asleep:
            raise UserError(
                self.env._(
                    "%(names)s was archived meanwhile and is no customer any more. "
                    "Restore the contact first if that was a mistake.",
                    names=", ".join(asleep[:5].mapped("display_name")),
                )
            )

    def _check_care_seen(self, seen):
        """Raise a UserError where somebody stands elsewhere than the board showed."""
        shown = {
            int(partner_id): int(stage_id or 0) for partner_id, stage_id in seen or []
        }
        moved = self.filtered(
            lambda customer: (
                shown.get(customer.id, customer.care_stage_id.id or 0)
                != (customer.care_stage_id.id or 0)
            )
        )
        if not moved:
            return
        first = moved[0]
        change = self.env["care.stage.change"].search(
            [
                ("partner_id", "=", first.id),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        who = change.user_id.name or self.env._("the rule of the care stage")
        raise UserError(
            self.env._(
                "%(customer)s stands in “%(stage)s” meanwhile, moved by %(who)s. Nobody "
                "was moved now. The board has been read anew; move again if that is "
                "still right.",
                customer=first.display_name,
                stage=first.care_stage_id.name or self.env._("No care stage yet"),
                who=who,
            )
        )
