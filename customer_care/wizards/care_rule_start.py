from odoo import api, fields, models
from odoo.exceptions import UserError


class CareRuleStart(models.TransientModel):
    """Starts a rule for those who are inside already, after showing how many."""

    _name = "care.rule.start"
    _description = "Also Start Those Already Inside"

    rule_id = fields.Many2one(
        comodel_name="care.rule", required=True, ondelete="cascade"
    )
    present_count = fields.Integer(
        string="Customers Already Inside", compute="_compute_present"
    )
    do_text = fields.Char(related="rule_id.do_text", related_sudo=False)
    samples = fields.Html(
        string="For Example", compute="_compute_present", sanitize=False
    )

    @api.depends("rule_id")
    def _compute_present(self):
        for wizard in self:
            wizard.present_count, wizard.samples = 0, False
            rule = wizard.rule_id
            if not rule:
                continue
            rule.check_access("write")
            if rule._can_note_present():
                wizard.present_count = rule.sudo()._count_present()
                system = rule._as_system()
                some = system.env["res.partner"].search(
                    system._present_domain(), limit=5
                )
                wizard.samples = system._samples_markup(some)

    def action_start(self):
        """Let the rule act for those who are inside already.

        :raises AccessError: the caller may not change the rule
        """
        self.ensure_one()
        rule = self.rule_id
        rule.check_access("write")
        if rule.state != "running" or not rule._can_note_present():
            raise UserError(
                self.env._(
                    "Only a running rule that waits for customers who come into a "
                    "segment or a care stage can start with those who are there. Start "
                    "the rule first."
                )
            )
        rule.sudo()._note_present()
        return {"type": "ir.actions.act_window_close"}
