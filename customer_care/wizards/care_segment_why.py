from markupsafe import Markup

from odoo import api, fields, models


class CareSegmentWhy(models.TransientModel):
    """Tells why a customer is in a segment, or is not."""

    _name = "care.segment.why"
    _description = "Why in a Segment"

    segment_id = fields.Many2one(
        comodel_name="care.segment", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", ondelete="cascade"
    )
    verdict = fields.Char(compute="_compute_answer")
    answer = fields.Html(compute="_compute_answer", sanitize=False)

    @api.depends("segment_id", "partner_id")
    def _compute_answer(self):
        for wizard in self:
            wizard.verdict = wizard.answer = False
            if not (wizard.segment_id and wizard.partner_id):
                continue
            wizard.segment_id.check_access("read")
            wizard.partner_id.check_access("read")
            found = wizard.segment_id._explain(wizard.partner_id)
            wizard.verdict = wizard._verdict(found)
            wizard.answer = wizard._lines_html(found["lines"])

    def _verdict(self, found):
        """Return the answer in one sentence."""
        name = self.partner_id.commercial_partner_id.display_name
        if found["override"] == "include":
            return self.env._("%(name)s is kept in by hand.", name=name)
        if found["override"] == "exclude":
            return self.env._("%(name)s is kept out by hand.", name=name)
        if not found["is_customer"]:
            return self.env._(
                "%(name)s is out: we know of no purchase, ticket, lead or login in "
                "this company, so this is not a customer yet.",
                name=name,
            )
        if found["fits"] and found["is_in"]:
            return self.env._("%(name)s is in: every line is fulfilled.", name=name)
        if found["fits"]:
            return self.env._(
                "%(name)s fits and comes in with the next refresh.", name=name
            )
        if found["is_in"]:
            return self.env._(
                "%(name)s fits no longer and leaves with the next refresh.", name=name
            )
        return self.env._("%(name)s is out: see the lines with a cross.", name=name)

    def _lines_html(self, lines):
        """Return the lines of the rule, each with a mark that is more than a colour."""
        yes, no = self.env._("fulfilled"), self.env._("not fulfilled")
        mark = Markup('<i class="fa fa-fw %s %s" role="img" aria-label="%s"></i> ')
        rows = [
            Markup('<li class="ms-%d list-unstyled">%s%s</li>')
            % (
                min(depth, 4),
                mark
                % (
                    ("fa-check", "text-success", yes)
                    if fulfilled
                    else ("fa-times", "text-danger", no)
                ),
                text,
            )
            for depth, text, fulfilled in lines
        ]
        return Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup("").join(rows)
