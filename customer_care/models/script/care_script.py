from odoo import api, fields, models
from odoo.exceptions import UserError

from .selections import SCRIPT_KINDS


class CareScript(models.Model):
    """Words that agents say again and again, in the wordings that customers need."""

    _name = "care.script"
    _inherit = ["care.shared.setting"]
    _description = "Script"
    _order = "sequence, name, id"
    _check_company_auto = True

    # identity
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=SCRIPT_KINDS,
        required=True,
        default="reply",
    )
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    # where it is offered
    team_ids = fields.Many2many(
        comodel_name="care.team",
        string="Teams",
        check_company=True,
        help="Offered on tickets of these teams; empty: of all.",
    )
    category_ids = fields.Many2many(
        comodel_name="care.ticket.category",
        string="Categories",
        check_company=True,
        help="Offered on tickets of these categories and of those below them; empty: on"
        " all tickets.",
    )
    # words
    variant_ids = fields.One2many(
        comodel_name="care.script.variant",
        inverse_name="script_id",
        string="Wordings",
        copy=True,
    )
    variant_count = fields.Integer(
        string="Number of Wordings", compute="_compute_variant_count"
    )
    # use
    use_ids = fields.One2many(comodel_name="care.script.use", inverse_name="script_id")
    use_count = fields.Integer(string="Times Used", compute="_compute_use_count")
    edited_count = fields.Integer(
        string="Times Edited",
        compute="_compute_use_count",
        help="How often agents changed the words before they sent them. Often: the words"
        " do not fit.",
    )

    @api.depends("variant_ids")
    def _compute_variant_count(self):
        counts = dict(
            self.env["care.script.variant"]._read_group(
                [("script_id", "in", self.ids)], ["script_id"], ["__count"]
            )
        )
        for script in self:
            script.variant_count = counts.get(script._origin, 0)

    @api.depends("use_ids")
    def _compute_use_count(self):
        counts = self.env["care.script.use"]._count_by("script_id", self)
        for script in self:
            script.use_count, script.edited_count = counts.get(
                script._origin.id, (0, 0)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        for script in self:
            if script.sudo().use_ids[:1]:
                raise UserError(
                    self.env._(
                        "“%(script)s” was used in messages to customers, and the list of"
                        " its uses must stay readable. Archive it: it is not offered any"
                        " more then.",
                        script=script.name,
                    )
                )

    def copy_data(self, default=None):
        return [
            {**values, "name": self.env._("%(name)s (copy)", name=script.name)}
            if "name" not in (default or {})
            else values
            for script, values in zip(self, super().copy_data(default), strict=True)
        ]

    # ------------------------------------------------------------------ actions

    def action_view_uses(self):
        """Open where and by whom this script was used."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_script_use_action"
        )
        return {**action, "domain": [("script_id", "=", self.id)], "context": {}}
