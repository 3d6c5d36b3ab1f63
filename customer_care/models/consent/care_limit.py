from odoo import api, fields, models

#: (channel, purpose) → hour from, hour to, messages per address and day (0: no cap).
#: Promotion follows Decree 91/2020/ND-CP: messages 07–22, calls 08–17, at most 3 SMS,
#: 3 e-mails and 1 call per address and day. Zalo is held like SMS. Care is not bound by
#: it; its hours are manners.
VIETNAM = {
    ("sms", "promotion"): (7, 22, 3),
    ("zalo", "promotion"): (7, 22, 3),
    ("call", "promotion"): (8, 17, 1),
    ("email", "promotion"): (0, 24, 3),
    ("sms", "care"): (7, 22, 0),
    ("zalo", "care"): (7, 22, 0),
    ("call", "care"): (8, 20, 0),
}
#: Where no law is known to us: what nobody takes amiss.
ELSEWHERE = {
    ("sms", "promotion"): (9, 20, 1),
    ("zalo", "promotion"): (9, 20, 1),
    ("call", "promotion"): (9, 18, 1),
    ("email", "promotion"): (0, 24, 1),
    ("sms", "care"): (8, 21, 0),
    ("zalo", "care"): (8, 21, 0),
    ("call", "care"): (8, 20, 0),
}


class CareLimit(models.Model):
    """When customers of a company may be written to, and how often."""

    _name = "care.limit"
    _description = "Quiet Hours & Limits"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    care_tz = fields.Selection(
        related="company_id.care_tz",
        string="Time Zone",
        help="Counts for customers whose own time zone is not known.",
    )
    line_ids = fields.One2many(
        comodel_name="care.limit.line",
        inverse_name="limit_id",
        string="Hours and Limits",
        copy=True,
    )
    patience_days = fields.Integer(
        string="Wait for a Free Day",
        default=3,
        required=True,
        help="A message that is one too many for its day waits so many days for another "
        "one, then it is not sent. 0: it does not wait.",
    )
    promotion_label = fields.Char(
        string="Label of Promotion",
        help="Stands in front of every promotional message, as the law asks for.",
    )
    refusal_line = fields.Char(
        translate=True,
        help="Stands at the end of every promotional message, before the link.",
    )

    _company_uniq = models.Constraint(
        "UNIQUE (company_id)", "A company has one sheet of quiet hours and limits."
    )
    _patience_days_check = models.Constraint(
        "CHECK (patience_days BETWEEN 0 AND 30)",
        "A message waits between 0 and 30 days for a free day.",
    )

    @api.model
    def _get_refusal_line(self):
        """Return the words before the link to refuse, in the language of the context."""
        return self.env._("You do not want such messages any more? Say so here:")

    def _apply_preset(self, preset):
        """Replace the lines of these companies.

        :param dict preset: ``VIETNAM`` or ``ELSEWHERE``
        """
        lines = [
            (
                0,
                0,
                {
                    "channel": channel,
                    "purpose": purpose,
                    "hour_from": hour_from,
                    "hour_to": hour_to,
                    "day_cap": cap,
                },
            )
            for (channel, purpose), (hour_from, hour_to, cap) in preset.items()
        ]
        label = "[QC]" if preset is VIETNAM else False
        for limit in self:
            limit.write(
                {
                    "line_ids": [(5, 0, 0), *lines],
                    "patience_days": 3,
                    "promotion_label": label or limit.promotion_label,
                }
            )
        self._fill_refusal_line()

    def _fill_refusal_line(self):
        """Write the words to refuse in every language, where there are none."""
        empty = self.filtered(lambda limit: not limit.refusal_line)
        for code, _name in self.env["res.lang"].get_installed():
            spoken = empty.with_context(lang=code)
            spoken.refusal_line = spoken._get_refusal_line()

    def action_vietnam_preset(self):
        """Set what the law of Vietnam asks of promotion, and manners for care.

        :raises AccessError: the caller may not change the limits of the company
        """
        self.check_access("write")
        self._apply_preset(VIETNAM)

    @api.model
    def action_open(self):
        """Open the sheet of the current company.

        :return: an action
        """
        self.check_access("read")
        company = self.env.company
        company.sudo()._care_ship_limits()
        limit = self.search([("company_id", "=", company.id)], limit=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quiet Hours & Limits"),
            "res_model": "care.limit",
            "res_id": limit.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "path": "care-limits",
            "target": "current",
        }
