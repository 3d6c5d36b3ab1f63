from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models

from ..lib import gate
from ..models.consent.care_limit_line import LIMITED
from ..models.consent.selections import PURPOSES

#: Verdict → icon and colour; a word stands beside them.
MARKS = {
    gate.GO: ("fa-check", "text-success"),
    gate.POSTPONE: ("fa-clock-o", "text-warning"),
    gate.SKIP: ("fa-times", "text-danger"),
}


class CareContactWhy(models.TransientModel):
    """Tells what would be sent to a customer now, what was not sent, and why."""

    _name = "care.contact.why"
    _description = "Why Was Nothing Sent?"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        ondelete="cascade",
    )
    answer = fields.Html(compute="_compute_answer", sanitize=False)
    log_ids = fields.Many2many(
        comodel_name="care.contact.log",
        string="Not Sent, or Not Yet",
        compute="_compute_log_ids",
    )

    @api.depends("partner_id")
    def _compute_answer(self):
        for wizard in self:
            partner = wizard.partner_id
            partner.check_access("read")
            wizard.answer = partner and wizard._build_answer(partner)

    @api.depends("partner_id")
    def _compute_log_ids(self):
        logs = self.env["care.contact.log"]
        for wizard in self:
            wizard.log_ids = logs.search(
                [
                    ("partner_id", "=", wizard.partner_id.id),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", ("refused", "postponed")),
                ],
                limit=20,
            )

    def _build_answer(self, partner):
        """Return a table of channels and purposes: what the gate would say now."""
        check = self.env["care.gate"]
        purposes = self._fields_words(PURPOSES, "purpose")
        rows, sentences = [], defaultdict(dict)
        for channel, label in self._fields_words(LIMITED, "channel"):
            cells = []
            for purpose, _label in purposes:
                decision = check._decide(
                    self.env.company, channel, purpose, partner, reserve=False
                )[partner.id]
                cells.append(self._build_cell(decision))
                if decision.reason:
                    text = check._explain(
                        decision.reason, decision.until, decision.address
                    )
                    sentences[text][label] = True
            rows.append(
                Markup('<tr><th scope="row">%s</th>%s</tr>')
                % (label, Markup("").join(cells))
            )
        heads = Markup("").join(
            Markup('<th scope="col">%s</th>') % label for _code, label in purposes
        )
        return Markup(
            '<table class="table table-sm align-middle o_care_why">'
            "<thead><tr><td></td>%s</tr></thead><tbody>%s</tbody></table>%s"
        ) % (heads, Markup("").join(rows), self._build_sentences(sentences))

    def _fields_words(self, selection, name):
        """Return codes with their words in the reader's language."""
        field = self.env["care.contact.log"]._fields[name]
        words = dict(field._description_selection(self.env))
        return [(code, words[code]) for code, _label in selection]

    def _build_cell(self, decision):
        icon, colour = MARKS[decision.verdict]
        words = self.env["care.contact.log"]._reason_text(decision.reason)
        return Markup(
            '<td><i class="fa fa-fw %s %s" role="presentation"></i> <span>%s</span></td>'
        ) % (icon, colour, words or self.env._("Goes"))

    def _build_sentences(self, sentences):
        """Return each reason once, with its channels and the way out.

        :param dict sentences: sentence → channels, as the keys of a dict
        """
        if not sentences:
            return Markup("")
        lines = Markup("").join(
            Markup("<li><strong>%s</strong>: %s</li>") % (", ".join(channels), text)
            for text, channels in sentences.items()
        )
        return Markup('<ul class="mb-3">%s</ul>') % lines
