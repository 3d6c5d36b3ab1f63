"""Ready-made server actions about customers, for lists and automations."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..consent.selections import CHANNELS

ACTIONS = [
    ("care_stage", "Move to a Care Stage"),
    ("care_segment_add", "Put into a Segment"),
    ("care_segment_remove", "Take out of a Segment"),
    ("care_task", "Give a Care Task"),
    ("care_contact", "Log a Contact"),
]


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    state = fields.Selection(
        selection_add=[*ACTIONS, ("code",)],
        ondelete={code: "cascade" for code, _label in ACTIONS},
    )
    care_stage_id = fields.Many2one(comodel_name="care.stage", ondelete="restrict")
    care_keep_days = fields.Integer(
        string="Kept For (days)",
        default=90,
        help="So long the rules of the care stages leave the customer there.",
    )
    care_segment_id = fields.Many2one(
        comodel_name="care.segment", string="Segment", ondelete="restrict"
    )
    care_channel = fields.Selection(
        selection=CHANNELS, string="Channel", default="call"
    )
    care_summary = fields.Char(string="What About", translate=True)
    care_due_days = fields.Integer(string="Due In (days)", default=1)

    @api.model
    def _care_states(self):
        """Return the codes of the actions that are about customers; a hook."""
        return {code for code, _label in ACTIONS}

    @api.depends("state")
    def _compute_available_model_ids(self):
        ours = self.filtered(lambda action: action.state in self._care_states())
        ours.available_model_ids = self.env["ir.model"]._get("res.partner")
        return super(IrActionsServer, self - ours)._compute_available_model_ids()

    def _get_warning_messages(self):
        """Say what an action about customers lacks, when it is looked at.

        Odoo's field does not depend on ours: with the addon it would take the field of
        scheduled jobs away that is inherited from it.
        """
        warnings = super()._get_warning_messages()
        if self.state not in self._care_states():
            return warnings
        if self.model_id and self.model_id.model != "res.partner":
            warnings.append(
                self.env._("This action is about customers: its model must be Contact.")
            )
        if self.state == "care_stage" and not self.care_stage_id:
            warnings.append(self.env._("Choose the care stage."))
        if self.state == "care_stage" and self.care_keep_days < 1:
            warnings.append(self.env._("A customer is kept for a day or more."))
        if self.state.startswith("care_segment") and not self.care_segment_id:
            warnings.append(self.env._("Choose the segment."))
        if self.state == "care_task" and not self.care_summary:
            warnings.append(self.env._("Say what is to be done."))
        if self.state == "care_contact" and not self.care_channel:
            warnings.append(self.env._("Choose how the contact was made."))
        if self.state == "care_task" and self.care_due_days < 0:
            warnings.append(self.env._("A task cannot be due before today."))
        return warnings

    # ---------------------------------------------------------------- to run them
    def _care_customers(self, eval_context):
        """Return the customers that the action is run on, as the one who runs it."""
        found = eval_context.get("records") or eval_context.get("record")
        if not found:
            raise UserError(self.env._("Choose customers first: nobody is selected."))
        found.check_access("read")
        return found.commercial_partner_id

    def _run_action_care_stage_multi(self, eval_context=None):
        """Move the customers; agents of customer care may."""
        customers = self._care_customers(eval_context)
        today = self.env["care.profile"]._today(customers.env.company)
        until = today + timedelta(days=self.care_keep_days)
        customers.action_care_move(
            self.care_stage_id.id, fields.Date.to_string(until), self.name
        )
        return False

    def _run_action_care_segment_add_multi(self, eval_context=None):
        """Put the customers in; who may change the segment may."""
        customers = self._care_customers(eval_context)
        self.care_segment_id.with_env(customers.env).action_include(customers)
        return False

    def _run_action_care_segment_remove_multi(self, eval_context=None):
        """Keep the customers out; who may change the segment may."""
        customers = self._care_customers(eval_context)
        self.care_segment_id.with_env(customers.env).action_exclude(customers)
        return False

    def _run_action_care_task_multi(self, eval_context=None):
        """Give a task to the person in charge, else to the one who runs the action."""
        customers = self._care_customers(eval_context)
        customers._care_check_agent()
        due = self.env["care.profile"]._today(customers.env.company) + timedelta(
            days=self.care_due_days
        )
        customers.sudo()._care_give_tasks(self.care_summary, due)
        return False

    def _run_action_care_contact_multi(self, eval_context=None):
        """Write a contact with each customer into the log; agents may."""
        customers = self._care_customers(eval_context)
        customers._care_check_agent()
        self.env["care.contact.log"]._log(
            [
                {
                    "partner_id": customer.id,
                    "company_id": customers.env.company.id,
                    "channel": self.care_channel,
                    "summary": self.care_summary,
                    "user_id": customers.env.uid,
                    "is_by_hand": not customers.env.su,
                }
                for customer in customers
            ]
        )
        return False
