from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_feedback_ids = fields.One2many(
        comodel_name="care.feedback",
        inverse_name="partner_id",
        groups="customer_care.group_agent_own",
    )
    care_feedback_count = fields.Integer(
        string="Answers",
        compute="_compute_care_feedback",
        groups="customer_care.group_agent_own",
    )
    care_feedback_text = fields.Char(
        string="Last Ratings",
        compute="_compute_care_feedback",
        groups="customer_care.group_agent_own",
        help="The last answer of each kind, as far as you may read it.",
    )

    @api.depends("care_feedback_ids.score")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_care_feedback(self):
        """Take the people of a company with it: their answers are the company's."""
        feedback = self.env["care.feedback"]
        rows = feedback.search_fetch(
            [
                "&",
                ("score", "!=", False),
                "|",
                ("partner_id", "in", self.ids),
                ("partner_id.commercial_partner_id", "in", self.ids),
            ],
            ["partner_id", "kind", "score", "answered_on"],
            order="answered_on, id",
        )
        labels = dict(feedback._fields["kind"]._description_selection(self.env))
        found = {}
        for row in rows:
            owner = row.partner_id
            for ref in {owner.id, owner.sudo().commercial_partner_id.id}:
                found.setdefault(ref, []).append(row)
        for partner in self:
            own = found.get(partner._origin.id, [])
            last = {row.kind: row.scale_text for row in own}
            partner.care_feedback_count = len(own)
            partner.care_feedback_text = ", ".join(
                f"{labels[kind].split(' (')[0]} {text}" for kind, text in last.items()
            )

    def action_care_view_feedback(self):
        """Open what this customer was asked and answered.

        :raises AccessError: the caller may not read the contact
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_feedback_action"
        )
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {}
        return action
