from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .selections import STAGE_CATEGORIES


class CareTicketStage(models.Model):
    """A column of the ticket board; all logic reads its category, never its name."""

    _name = "care.ticket.stage"
    _inherit = ["care.setup.cache", "care.shared.setting"]
    _description = "Ticket Stage"
    _order = "sequence, id"

    # identity
    name = fields.Char(required=True, translate=True)
    category = fields.Selection(
        selection=STAGE_CATEGORIES,
        required=True,
        default="open",
        index=True,
        help="What the stage means: clocks, reports and the portal read this.",
    )
    team_ids = fields.Many2many(
        comodel_name="care.team",
        string="Teams",
        help="Leave empty to share the stage between all teams.",
    )
    # customer
    template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Message to the Customer",
        domain=[("model", "=", "care.ticket")],
        ondelete="restrict",
        help="Sent to the customer when a ticket reaches this stage.",
    )
    portal_name = fields.Char(
        translate=True, help="What the customer reads; empty: the name."
    )
    portal_description = fields.Char(
        translate=True, help="One sentence that tells the customer what happens now."
    )
    # display
    sequence = fields.Integer(default=10)
    fold = fields.Boolean(string="Folded on the board")
    active = fields.Boolean(default=True)
    ticket_count = fields.Integer(compute="_compute_ticket_count")

    def _compute_ticket_count(self):
        counts = dict(
            self.env["care.ticket"]
            .with_context(active_test=False)
            ._read_group([("stage_id", "in", self.ids)], ["stage_id"], ["__count"])
        )
        for stage in self:
            stage.ticket_count = counts.get(stage, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        used = self.env["care.ticket"].sudo().with_context(active_test=False)
        for stage in self:
            count = used.search_count([("stage_id", "=", stage.id)])
            if count:
                raise UserError(
                    self.env._(
                        "%(count)s tickets stand in the stage “%(stage)s”, so it cannot"
                        " be deleted. Move them to another stage first, or archive"
                        " this one.",
                        count=count,
                        stage=stage.name,
                    )
                )

    def write(self, vals):
        if "category" in vals:
            self._check_category_change(vals["category"])
        return super().write(vals)

    def _check_category_change(self, category):
        """Refuse to change the meaning of a stage that tickets stand in.

        The events of those tickets say what the stage meant when they reached it.
        """
        changed = self.filtered(lambda stage: stage.category != category)
        for stage in changed:
            if stage.sudo().ticket_count:
                raise UserError(
                    self.env._(
                        "The stage “%(stage)s” holds %(count)s tickets, whose history"
                        " counts on its meaning. Create a new stage and move the"
                        " tickets there.",
                        stage=stage.name,
                        count=stage.sudo().ticket_count,
                    )
                )

    @api.model
    def _get_team_domain(self, team):
        """Return the domain of the stages a ticket of ``team`` may stand in."""
        companies = [False, *team.company_id.ids] if team else [False]
        return Domain("company_id", "in", companies) & (
            Domain("team_ids", "=", False) | Domain("team_ids", "in", team.ids)
        )

    @api.model
    def _find(self, team, categories):
        """Return the first stage of ``team`` in the first of ``categories`` that has one.

        :param team: ``care.team`` record, may be empty
        :param categories: category words in order of preference
        :return: one stage, or an empty recordset
        """
        stages = self.sudo().search(self._get_team_domain(team))
        for category in categories:
            found = stages.filtered(lambda stage, c=category: stage.category == c)[:1]
            if found:
                return found.sudo(self.env.su)
        return self.browse()
