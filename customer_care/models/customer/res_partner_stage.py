"""Care stages by hand: a move says until when it holds, and can be given back."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from ...lib.internal import INTERNAL, is_internal

KEEP_DAYS = 90  # how long a move by hand holds unless another day is named
#: What a move writes on the contact; people move, they do not write it.
WRITTEN = frozenset({"care_stage_id", "care_stage_since", "care_stage_lock_until"})


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_stage_since = fields.Date(
        string="In This Stage Since",
        company_dependent=True,
        index=False,  # see care_stage_id
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    care_stage_lock_until = fields.Date(
        string="Kept Until",
        company_dependent=True,
        index=False,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Until then a person decided the care stage, not its rule.",
    )
    care_manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Person in Charge",
        company_dependent=True,
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="The one who looks after this customer.",
    )
    care_stage_change_ids = fields.One2many(
        comodel_name="care.stage.change",
        inverse_name="partner_id",
        string="History of Care Stages",
        groups="customer_care.group_agent_own",
    )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "care_stage_since",
            "care_stage_lock_until",
            "care_manager_id",
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """A care stage that a contact comes with was chosen by hand; that is no news."""
        if self.env.su and is_internal(self.env.context, "care_stage_moved"):
            return super().create(vals_list)
        kept = WRITTEN - {"care_stage_id"}
        partners = super().create(
            [
                {name: value for name, value in vals.items() if name not in kept}
                for vals in vals_list
            ]
        )
        placed = partners.sudo().filtered(
            lambda partner: (
                partner.care_stage_id and partner.commercial_partner_id == partner
            )
        )
        today = self.env["care.profile"]._today(self.env.company)
        for stage, customers in placed.grouped("care_stage_id").items():
            customers._care_note_move(stage, from_id=False, initial=True)
            customers.with_context(care_stage_moved=INTERNAL).write(
                {
                    "care_stage_since": today,
                    "care_stage_lock_until": today + timedelta(days=KEEP_DAYS),
                }
            )
        return partners

    def write(self, vals):
        """Writing a care stage is a move by hand; what moves write is the system's."""
        if self.env.su and is_internal(self.env.context, "care_stage_moved"):
            return super().write(vals)
        rest = {name: value for name, value in vals.items() if name not in WRITTEN}
        if rest.keys() != vals.keys():
            self.check_access("write")
            self.commercial_partner_id.check_access("write")
        result = super().write(rest) if rest else True
        if "care_stage_id" in vals:
            stage = self.env["care.stage"].browse(vals["care_stage_id"])
            standing = self.filtered(
                lambda partner: partner.commercial_partner_id.care_stage_id == stage
            )
            (self - standing)._care_move(stage)
            standing._care_follow_company()
        return result

    def _care_follow_company(self):
        """Give people of a company its care stage; Odoo asks when they join it."""
        for partner in self.sudo().with_context(care_stage_moved=INTERNAL):
            company = partner.commercial_partner_id
            if company != partner:
                partner.write(
                    {
                        "care_stage_id": company.care_stage_id.id,
                        "care_stage_since": company.care_stage_since,
                        "care_stage_lock_until": company.care_stage_lock_until,
                    }
                )

    def _care_move(self, stage, until=None, note=None):
        """Put these customers into a stage until a day, by the person who asks.

        Whoever calls it has checked what that person may do.

        :param stage: a ``care.stage`` of one, or empty: into none
        :param until: date; None: 90 days from today
        """
        company = self.env.company
        today = self.env["care.profile"]._today(company)
        if until is not None and until < today:
            raise UserError(
                self.env._(
                    "%(day)s has passed. Say until which day to come the customer shall "
                    "stay in this care stage.",
                    day=until,
                )
            )
        customers = self.sudo().commercial_partner_id
        moving = customers.filtered(lambda customer: customer.care_stage_id != stage)
        moving._care_note_move(stage, note=note)
        locked = until or today + timedelta(days=KEEP_DAYS)
        moved = customers.with_context(care_stage_moved=INTERNAL)
        moved.write({"care_stage_id": stage.id, "care_stage_lock_until": locked})
        moving.with_context(care_stage_moved=INTERNAL).write(
            {"care_stage_since": today}
        )

    def _care_note_move(self, stage, **values):
        """Write into the history that a person moves these customers to a stage."""
        changes = self.env["care.stage.change"]
        # as a whole, without the defaults: pylint: disable-next=context-overridden
        changes.with_context(clean_context(self.env.context)).create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": self.env.company.id,
                    "on": fields.Datetime.now(),
                    "from_id": customer.care_stage_id.id,
                    "to_id": stage.id,
                    "user_id": self.env.uid,
                    "reason": "hand",
                    **values,
                }
                for customer in self
            ]
        )

    def action_care_move(self, stage_id, until=None, note=None):
        """Move customers on the Care Board, as a person of customer care.

        Agents need no right to edit contacts; they need to see them.

        :param int stage_id: ``care.stage`` of this company or shared
        :param str until: day up to which the move holds, ``YYYY-MM-DD``; default 90 days
        :param str note: why
        :raises AccessError: the caller is no agent, or may not see a contact
        """
        self._check_care_mover()
        stage = self.env["care.stage"].search(
            [
                ("id", "=", stage_id),
                ("company_id", "in", (False, self.env.company.id)),
            ]
        )
        if not stage:
            raise UserError(
                self.env._(
                    "There is no such care stage. Reload the page and try again."
                )
            )
        self._care_move(stage, fields.Date.to_date(until), note)

    def action_care_follow_rule(self):
        """Give customers back to the rules of the care stages.

        :raises AccessError: the caller is no agent, or may not see a contact
        """
        self._check_care_mover()
        self._care_unlock()

    def _check_care_mover(self):
        """Raise an AccessError unless the caller is an agent who sees the contacts."""
        if not self.env.user.has_group("customer_care.group_agent_own"):
            raise AccessError(
                self.env._("Only people of customer care move customers.")
            )
        self.check_access("read")

    def _care_unlock(self):
        """End what was decided by hand and ask the rules at once, as the system."""
        customers = self.sudo().commercial_partner_id
        customers.with_context(care_stage_moved=INTERNAL).write(
            {"care_stage_lock_until": False}
        )
        stages = customers.env["care.stage"]
        stages._apply_rules(self.env.company, customers, at_once=True)
