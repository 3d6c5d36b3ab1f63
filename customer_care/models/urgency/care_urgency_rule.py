from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...lib import urgency
from ..script.selections import MOODS
from ..ticket.selections import KINDS, PRIORITIES

RULE_KINDS = [
    ("mood", "The customer is in a mood"),
    ("words", "The customer uses certain words"),
    ("kind", "The ticket is of a kind"),
    ("priority", "The ticket has a priority"),
    ("stage", "The customer stands in a care stage"),
    ("again", "The customer comes again within days"),
    ("reopened", "The ticket came back after it was solved"),
    ("deadline", "The deadline is near"),
]
#: Points of one rule; the sum of a ticket has no limit but its kinds.
MAX_POINTS = 100
#: Days that a second request is looked for, and minutes before a deadline.
MAX_DAYS = 90
MAX_MINUTES = 30 * 24 * 60
#: More phrases than that make a rule that nobody understands.
MAX_PHRASES = 200


class CareUrgencyRule(models.Model):
    """One row of the table that says what makes a ticket urgent."""

    _name = "care.urgency.rule"
    _inherit = ["care.setup.cache", "care.shared.setting"]
    _description = "Urgency Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(
        string="Reason",
        required=True,
        translate=True,
        help="Stands on the ticket, so that everybody sees why it is urgent.",
    )
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=RULE_KINDS,
        string="When",
        required=True,
        default="words",
        help="Of several rules of one kind that fit a ticket, the one with the most"
        " points counts. The points of different kinds are added.",
    )
    points = fields.Integer(
        required=True,
        default=10,
        aggregator=None,
        help="From -100 to 100. Negative points make a ticket less urgent; no ticket has"
        " less than 0.",
    )
    # what a kind asks for
    mood = fields.Selection(selection=MOODS, default="angry")
    words = fields.Text(
        translate=False,
        help="One word or phrase per line, in all languages your customers write;"
        " accents and capitals do not matter. Looked for in the subject, the request and"
        " the customer's last three messages, as whole words.",
    )
    is_angry = fields.Boolean(
        string="Means That the Customer Is Angry",
        help="Sets the mood of the ticket; an angry customer gets no automatic answer.",
    )
    ticket_kind = fields.Selection(selection=KINDS, default="complaint")
    priority = fields.Selection(selection=PRIORITIES, default="urgent")
    care_stage_ids = fields.Many2many(
        comodel_name="care.stage",
        string="Care Stages",
        check_company=True,
    )
    days = fields.Integer(
        string="Within Days",
        default=7,
        help="Another request of the same customer was opened at most so many days"
        " before this one.",
    )
    minutes = fields.Integer(
        string="Minutes Left",
        default=60,
        help="At most so many minutes are left; 0: the deadline is over.",
    )
    condition = fields.Char(compute="_compute_condition")

    _points_range = models.Constraint(
        "CHECK (points BETWEEN -100 AND 100 AND points <> 0)",
        "A rule gives between -100 and 100 points, and never 0: a rule without points"
        " changes nothing.",
    )
    _days_range = models.Constraint(
        "CHECK (kind <> 'again' OR days BETWEEN 1 AND 90)",
        "A second request is looked for within 1 to 90 days.",
    )
    _minutes_range = models.Constraint(
        "CHECK (kind <> 'deadline' OR minutes BETWEEN 0 AND 43200)",
        "A deadline is near from 0 minutes (it is over) to 43,200 minutes (30 days).",
    )

    @api.depends(lambda self: self._get_given_fields())
    @api.depends_context("lang")
    def _compute_condition(self):
        for rule in self:
            rule.condition = rule._say_condition()

    @api.model
    def _get_given_fields(self):
        """Return the fields that hold what a kind asks for; addons add theirs."""
        return [
            "kind",
            "mood",
            "words",
            "ticket_kind",
            "priority",
            "care_stage_ids",
            "days",
            "minutes",
        ]

    def _say_condition(self):
        """Return in words when this rule fits; addons say their kinds."""
        self.ensure_one()
        if self.kind in ("mood", "priority"):
            return self._say_choice(self.kind)
        if self.kind == "kind":
            return self._say_choice("ticket_kind")
        if self.kind == "words":
            return ", ".join(list(urgency.phrases(self.words).values())[:8])
        if self.kind == "stage":
            return ", ".join(self.care_stage_ids.mapped("name"))
        if self.kind == "again":
            return self.env._("within %(days)s days", days=self.days)
        if self.kind == "deadline":
            if not self.minutes:
                return self.env._("over")
            return self.env._("at most %(minutes)s minutes left", minutes=self.minutes)
        return ""

    def _say_choice(self, name):
        return self._word(name, self[name]) or ""

    # -------------------------------------------------------------- validation

    @api.constrains(lambda self: self._get_given_fields())
    def _check_given(self):
        for rule in self:
            problem = rule._find_problem()
            if problem:
                raise ValidationError(problem)

    def _find_problem(self):
        """Return what this rule lacks, as a sentence, or None; addons ask for theirs."""
        self.ensure_one()
        if self.kind == "words":
            return self._find_words_problem()
        if self.kind == "stage" and not self.care_stage_ids:
            return self.env._("“%(rule)s”: choose the care stages.", rule=self.name)
        wanted = {"mood": "mood", "kind": "ticket_kind", "priority": "priority"}
        name = wanted.get(self.kind)
        if name and not self[name]:
            return self.env._(
                "“%(rule)s”: fill in “%(field)s”, else the rule never fits.",
                rule=self.name,
                field=self._fields[name]._description_string(self.env),
            )
        return None

    def _find_words_problem(self):
        found = urgency.phrases(self.words)
        if not found:
            return self.env._(
                "“%(rule)s”: write at least one word of two letters or more, one per"
                " line. Signs alone, or nothing, would never be found.",
                rule=self.name,
            )
        if len(found) > MAX_PHRASES:
            return self.env._(
                "“%(rule)s” looks for %(count)s words. Up to %(limit)s are possible;"
                " make two rules of it.",
                rule=self.name,
                count=len(found),
                limit=MAX_PHRASES,
            )
        return None

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._expire_tickets()
        return rules

    def write(self, vals):
        self._expire_tickets()  # of the company that the rule leaves
        result = super().write(vals)
        if "company_id" in vals:
            self._expire_tickets()
        return result

    def unlink(self):
        self._expire_tickets()
        return super().unlink()

    def _expire_tickets(self):
        """Have the urgency of open tickets computed anew, where these rules count."""
        companies = self.sudo().mapped("company_id")
        if any(not rule.company_id for rule in self.sudo()):
            companies = companies.browse()
        if self:
            self.env["care.ticket"]._expire_urgency(companies)

    # ---------------------------------------------------------------- business

    @api.model
    @tools.ormcache("company_id")
    def _get_rules(self, company_id):
        """Return the rules that count in a company, in their order, from the cache.

        :return: tuple of ``lib.urgency.Rule``
        """
        rules = self.sudo().search([("company_id", "in", [False, company_id])])
        return tuple(
            urgency.Rule(rule.id, rule.kind, rule.points, rule._prepare_given())
            for rule in rules
        )

    def _prepare_given(self):
        """Return what the kind of this rule asks for; addons add theirs."""
        self.ensure_one()
        return {
            "mood": self.mood,
            "phrases": urgency.phrases(self.words),
            "is_angry": self.is_angry,
            "kind": self.ticket_kind,
            "priority": self.priority,
            "stages": frozenset(self.care_stage_ids.ids),
            "days": self.days,
            "minutes": self.minutes,
        }

    @api.model
    def _get_matchers(self):
        """Return kind → how it is asked; an addon that adds a kind adds its matcher."""
        return urgency.MATCHERS

    @api.model
    def _say_reason(self, kind, detail):
        """Return in a sentence what made a rule of ``kind`` fit; addons say their own.

        :param detail: what the matcher of the kind found
        """
        if kind == "words":
            return self.env._("The customer says “%(words)s”.", words=detail)
        if kind == "mood":
            word = self._word("mood", detail)
            return self.env._("The customer is: %(mood)s.", mood=word)
        if kind == "kind":
            return self.env._("Kind: %(kind)s.", kind=self._word("ticket_kind", detail))
        if kind == "priority":
            word = self._word("priority", detail)
            return self.env._("Priority: %(priority)s.", priority=word)
        if kind == "stage":
            stage = self.env["care.stage"].sudo().browse(detail).exists()
            return self.env._("Care stage: %(stage)s.", stage=stage.name or "–")
        if kind == "again":
            return self.env._("Other requests shortly before: %(count)s.", count=detail)
        if kind == "reopened":
            return self.env._("Times it came back: %(count)s.", count=detail)
        if kind == "deadline" and not detail:
            return self.env._("The deadline is over.")
        if kind == "deadline":
            return self.env._("At most %(minutes)s minutes are left.", minutes=detail)
        return ""

    @api.model
    def _word(self, name, code):
        """Return the label of ``code`` in the field ``name``, in the user's language."""
        return dict(self._fields[name]._description_selection(self.env)).get(code, code)
