"""Automations of administrators that wait for segments and care stages.

They read the same outbox as the rules of care managers: the job hands them their
records in batches, long after the transaction in which it happened.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .outcome import Outcome

TRIGGERS = [
    ("on_care_segment_enter", "A customer comes into a segment"),
    ("on_care_segment_leave", "A customer leaves a segment"),
    ("on_care_stage_change", "A customer moves to another care stage"),
]
SEGMENT_TRIGGERS = ("on_care_segment_enter", "on_care_segment_leave")
#: What the occasion consists of: changing it makes it another occasion.
OCCASION_FIELDS = frozenset(
    {
        "active",
        "trigger",
        "care_segment_id",
        "care_from_stage_id",
        "care_to_stage_id",
    }
)


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    trigger = fields.Selection(
        selection_add=TRIGGERS,
        ondelete={code: "cascade" for code, _label in TRIGGERS},
    )
    care_segment_id = fields.Many2one(
        comodel_name="care.segment",
        string="Segment",
        index="btree_not_null",
        ondelete="restrict",
    )
    care_from_stage_id = fields.Many2one(
        comodel_name="care.stage",
        string="From Care Stage",
        index="btree_not_null",
        ondelete="restrict",
    )
    care_to_stage_id = fields.Many2one(
        comodel_name="care.stage",
        string="To Care Stage",
        index="btree_not_null",
        ondelete="restrict",
    )
    care_since = fields.Datetime(
        string="Waiting Since",
        readonly=True,
        copy=False,
        help="What happened before is left alone.",
    )

    @api.constrains("trigger", "model_id", "care_segment_id")
    def _check_care_trigger(self):
        codes = {code for code, _label in TRIGGERS}
        for automation in self.filtered(lambda one: one.trigger in codes):
            if automation.model_name != "res.partner":
                raise ValidationError(
                    self.env._(
                        "“%(name)s” waits for customers, so that its model must be "
                        "Contact.",
                        name=automation.name,
                    )
                )
            if (
                automation.trigger in SEGMENT_TRIGGERS
                and not automation.care_segment_id
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” waits for a segment: choose which.",
                        name=automation.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        automations = super().create(vals_list)
        automations.care_since = self.env.cr.now().replace(microsecond=0)
        return automations

    def write(self, vals):
        if OCCASION_FIELDS & vals.keys():
            vals = {**vals, "care_since": self.env.cr.now().replace(microsecond=0)}
        return super().write(vals)

    # ----------------------------------------------------------------- the outbox
    def _care_is_running(self):
        return self.trigger in {code for code, _label in TRIGGERS}

    def _care_running_since(self):
        return self.care_since

    def _care_act(self, runs, company):
        """Run the actions for the customers of these runs, in one call for all.

        :return: dict of run id → Outcome
        """
        self.ensure_one()
        automation = self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            tz=company.care_tz,
            lang=company.partner_id.lang or "en_US",
        )
        runs = runs.with_env(automation.env)
        return runs._isolated(automation._care_run)

    def _care_run(self, runs):
        """Run every action once, with all the customers that fit."""
        fitting = self._filter_post(runs.partner_id)
        if fitting:
            actions = self.sudo().action_server_ids.with_context(
                active_model="res.partner",
                active_ids=fitting.ids,
                active_id=fitting.ids[0],
                __action_done={self: fitting},
            )
            for action in actions.sorted("sequence"):
                action.run()
            self.env.flush_all()
        return {
            run.id: Outcome("done")
            if run.partner_id in fitting
            else Outcome("skipped", "condition")
            for run in runs
        }
