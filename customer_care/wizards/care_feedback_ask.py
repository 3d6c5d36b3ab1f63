from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MANAGER = "customer_care.group_manager"


class CareFeedbackAsk(models.TransientModel):
    """Asks a segment or selected customers whether they would recommend us."""

    _name = "care.feedback.ask"
    _description = "Ask for a Recommendation"

    survey_id = fields.Many2one(
        comodel_name="care.feedback.survey",
        required=True,
        domain="[('kind', '=', 'nps'), '|', ('company_id', '=', False),"
        " ('company_id', '=', allowed_company_ids[0])]",
        default=lambda self: self._default_survey_id(),
        ondelete="cascade",
    )
    segment_id = fields.Many2one(comodel_name="care.segment", ondelete="cascade")
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        default=lambda self: self._default_partner_ids(),
    )
    audience_count = fields.Integer(string="Audience", compute="_compute_counts")
    go_count = fields.Integer(string="Are Asked", compute="_compute_counts")
    wait_count = fields.Integer(string="Are Asked Later", compute="_compute_counts")
    quiet_count = fields.Integer(
        string="Asked a Short While Ago", compute="_compute_counts"
    )
    skip_count = fields.Integer(
        string="No Agreement or No Address", compute="_compute_counts"
    )

    @api.model
    def _default_survey_id(self):
        return self.env["care.feedback.survey"].search(
            [
                ("kind", "=", "nps"),
                ("company_id", "in", (False, self.env.company.id)),
            ],
            limit=1,
        )

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    def _get_audience(self):
        """Return whom one asks, each once, under the rights of the user."""
        self.ensure_one()
        partners = self.partner_ids._origin
        if self.segment_id:
            partners |= self.segment_id._get_audience()[0]
        return partners._filtered_access("read")

    @api.depends("survey_id", "segment_id", "partner_ids")
    def _compute_counts(self):
        feedback = self.env["care.feedback"]
        for wizard in self:
            audience = wizard._get_audience()
            quiet = feedback._find_asked(audience, self.env.company)
            asked = audience.filtered(lambda partner, q=quiet: partner.id not in q)
            verdicts = [
                decision.verdict
                for decision in self.env["care.gate"]
                ._decide(self.env.company, "email", "promotion", asked, reserve=False)
                .values()
            ]
            wizard.audience_count = len(audience)
            wizard.quiet_count = len(quiet)
            wizard.go_count = verdicts.count("go")
            wizard.wait_count = verdicts.count("postpone")
            wizard.skip_count = verdicts.count("skip")

    def action_ask(self):
        """Plan the questions; the job asks the gate about each and sends them.

        :raises AccessError: the caller is no care manager
        :raises UserError: nobody is chosen, or the survey is of another kind
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only care managers ask many customers at once.")
            )
        survey, company = self.survey_id, self.env.company
        survey.check_access("read")
        if survey.kind != "nps" or survey.company_id - company:
            raise UserError(
                self.env._(
                    "“%(survey)s” does not ask for a recommendation, or belongs to"
                    " another company. Choose another survey.",
                    survey=survey.name,
                )
            )
        audience = self._get_audience()
        if not audience:
            raise UserError(
                self.env._(
                    "Nobody is chosen. Name customers, or a segment with members."
                )
            )
        rows = self.env["care.feedback"]._ask_partners(survey, audience, company)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_feedback_action"
        )
        return {**action, "domain": [("id", "in", rows.ids)], "context": {}}
