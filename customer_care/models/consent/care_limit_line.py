from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_duration

from ...lib.gate import ADDRESS_KINDS
from ...lib.quiet_hours import make_window
from .selections import CHANNELS, PURPOSES

#: Channels on which we start to speak, so that hours and caps make sense.
LIMITED = [item for item in CHANNELS if item[0] in ADDRESS_KINDS]


class CareLimitLine(models.Model):
    """Hours and cap of one channel and purpose."""

    _name = "care.limit.line"
    _description = "Hours and Cap of a Channel"
    _order = "purpose desc, channel, id"
    _rec_name = "channel"

    limit_id = fields.Many2one(
        comodel_name="care.limit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="limit_id.company_id", store=True, index=True)
    channel = fields.Selection(selection=LIMITED, required=True)
    purpose = fields.Selection(selection=PURPOSES, required=True, default="promotion")
    hour_from = fields.Float(
        string="From", default=8, required=True, help="By the customer's own clock."
    )
    hour_to = fields.Float(
        string="To",
        default=20,
        required=True,
        help="Before “From”: on the next day. 24:00: until midnight.",
    )
    day_cap = fields.Integer(
        string="At Most per Day",
        help="Messages of this and other purposes with a limit, to one address on one "
        "day of the customer's calendar. 0: no limit.",
    )

    _channel_purpose_uniq = models.Constraint(
        "UNIQUE (limit_id, channel, purpose)",
        "This channel and purpose has a line already: change that one.",
    )
    _day_cap_check = models.Constraint(
        "CHECK (day_cap >= 0)", "A limit is a positive number, or 0 for none."
    )

    @api.constrains("hour_from", "hour_to")
    def _check_hours(self):
        for line in self:
            try:
                make_window(line.hour_from, line.hour_to)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "From %(start)s to %(end)s are no hours of a day. Give two "
                        "different times between 00:00 and 24:00; an end before the "
                        "start lies on the next day.",
                        start=format_duration(line.hour_from),
                        end=format_duration(line.hour_to),
                    )
                ) from error
