from odoo import api, fields, models


class CareRuleTry(models.TransientModel):
    """Tells what a rule would do for one customer, and does nothing."""

    _name = "care.rule.try"
    _description = "Try a Rule on a Customer"

    rule_id = fields.Many2one(
        comodel_name="care.rule", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", ondelete="cascade"
    )
    verdict = fields.Char(compute="_compute_answer")
    answer = fields.Text(compute="_compute_answer")

    @api.depends("rule_id", "partner_id")
    def _compute_answer(self):
        for wizard in self:
            wizard.verdict = wizard.answer = False
            if not (wizard.rule_id and wizard.partner_id):
                continue
            wizard.rule_id.check_access("read")
            wizard.partner_id.check_access("read")
            wizard.verdict, wizard.answer = wizard._try()

    def _try(self):
        """Return (the answer in one sentence, what would be done)."""
        rule = self.rule_id._as_system()
        partner = self.partner_id.with_env(rule.env).commercial_partner_id
        reason = self.rule_id.sudo()._why_not(partner).get(partner.id)
        name = partner.display_name
        if reason:
            reasons = self.env["care.rule.run"]._fields["reason"]
            why = dict(reasons._description_selection(self.env))[reason]
            return (
                self.env._("%(name)s would be left out: %(why)s.", name=name, why=why),
                False,
            )
        return (
            self.env._("The rule would act for %(name)s:", name=name),
            rule._sample(partner)[partner.id],
        )
