from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..ticket.selections import PRIORITIES
from .selections import HOURS_KINDS, METRICS

#: No promise is longer, in hours: a year.
MAX_HOURS = 24 * 366


class CareSlaTarget(models.Model):
    """One number of a promise: what happens within how many hours, for which priority."""

    _name = "care.sla.target"
    _description = "Promise Target"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        comodel_name="care.sla.policy",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    metric = fields.Selection(
        selection=METRICS,
        string="What Happens",
        required=True,
        default="first_reply",
        help="First reply: a person answers the first message. Next reply: a person"
        " answers the oldest message without an answer. Update: the customer hears from"
        " us again while we work. Resolution: the ticket is solved.",
    )
    priority = fields.Selection(
        selection=PRIORITIES,
        help="Empty: all priorities that have no line of their own.",
    )
    hours = fields.Float(
        string="Within",
        required=True,
        default=4.0,
        help="Hours and minutes, counted in the hours chosen beside.",
    )
    hours_kind = fields.Selection(
        selection=HOURS_KINDS,
        string="Counted In",
        required=True,
        default="team",
        help="A team without working hours counts round the clock.",
    )
    resource_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Other Hours",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_paused_pending = fields.Boolean(
        string="Stops While Waiting for the Customer", default=True
    )
    is_paused_hold = fields.Boolean(string="Stops While on Hold")

    _hours_positive = models.Constraint(
        f"CHECK (hours > 0 AND hours <= {MAX_HOURS})",
        "A promise needs a time: at least a minute, at most a year.",
    )
    _line_uniq = models.UniqueIndex(
        "(policy_id, metric, COALESCE(priority, ''))",
        "This promise has two lines for the same thing and priority. Keep one of them.",
    )

    @api.constrains("hours")
    def _check_hours(self):
        for target in self:
            if target.hours < 1 / 60 - 1e-9:
                raise ValidationError(
                    self.env._("A promise needs a time: at least a minute.")
                )

    @api.constrains("hours_kind", "resource_calendar_id")
    def _check_calendar(self):
        """A clock must be able to count in the hours that are chosen."""
        for target in self:
            calendar = target.resource_calendar_id
            if target.hours_kind != "calendar":
                continue
            if not calendar:
                raise ValidationError(
                    self.env._(
                        "Choose the working hours in which “%(policy)s” counts, or let"
                        " it count in those of the team.",
                        policy=target.policy_id.name,
                    )
                )
            calendar._check_care_countable(target.company_id)

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets.policy_id._note_new_version()
        return targets

    def write(self, vals):
        result = super().write(vals)
        self.policy_id._note_new_version()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies._note_new_version()
        return result

    def _get_pauses(self):
        """Return the stage categories in which the clock stands still."""
        self.ensure_one()
        pauses = {"pending": self.is_paused_pending, "hold": self.is_paused_hold}
        return tuple(category for category, is_paused in pauses.items() if is_paused)
