"""Promises: for whom, and how soon."""

from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..ticket.selections import KINDS

#: Where the policies that a transaction changed are noted until it commits.
NOTED = "customer_care.policies"


class Line(NamedTuple):
    """A target as clocks read it; ``calendar`` is None for the hours of the team."""

    seconds: int
    calendar: int | None
    pauses: tuple[str, ...]


class Rule(NamedTuple):
    """A policy as tickets are compared with it; an empty condition is met by all."""

    id: int
    teams: frozenset[int]
    categories: frozenset[int]
    kinds: frozenset[str]
    tags: frozenset[int]
    stages: frozenset[int]
    segment: int
    domain: str
    first_day: object
    last_day: object
    warn: int
    lines: dict


class CareSlaPolicy(models.Model):
    """What is promised to which tickets.

    Conditions are all met at once; what is left empty is met by every ticket. Where
    several promises fit, the first in the order counts, for each metric by itself.
    """

    _name = "care.sla.policy"
    _description = "Promise"
    _inherit = ["care.setup.cache", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    # identity
    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    version = fields.Integer(
        readonly=True,
        default=1,
        copy=False,
        aggregator=None,
        help="Goes up with every change; tickets keep what was decided before it.",
    )
    # for whom
    team_ids = fields.Many2many(
        comodel_name="care.team", string="Teams", check_company=True
    )
    category_ids = fields.Many2many(
        comodel_name="care.ticket.category",
        string="Categories",
        check_company=True,
        help="Their sub-categories are meant as well.",
    )
    kind = fields.Selection(selection=KINDS)
    tag_ids = fields.Many2many(
        comodel_name="care.ticket.tag",
        string="Tags",
        check_company=True,
        help="A ticket with one of them fits.",
    )
    segment_id = fields.Many2one(
        comodel_name="care.segment",
        string="Customer Segment",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    care_stage_ids = fields.Many2many(
        comodel_name="care.stage",
        string="Care Stages",
        check_company=True,
        help="Where the customer stands with us.",
    )
    domain = fields.Char(
        string="Further Condition",
        help="Any other condition on the ticket.",
    )
    date_from = fields.Date(string="Valid From", tracking=True)
    date_to = fields.Date(string="Valid Until", tracking=True)
    # what
    target_ids = fields.One2many(
        comodel_name="care.sla.target",
        inverse_name="policy_id",
        string="Promised",
        copy=True,
    )
    # what happens before and after
    warn_percent = fields.Integer(
        string="Warn After (%)",
        default=80,
        help="Who has the ticket is warned when this share of the time is used up.",
    )
    escalate_minutes = fields.Integer(
        string="Report Further After (minutes)",
        default=60,
        help="A broken promise goes to the assignee and the team leader at once, and to"
        " the accountable person of the team when nothing has happened for so long.",
    )

    _warn_in_range = models.Constraint(
        "CHECK (warn_percent BETWEEN 1 AND 99)",
        "The warning comes before the end: choose a share between 1 and 99 percent.",
    )
    _escalate_positive = models.Constraint(
        "CHECK (escalate_minutes BETWEEN 0 AND 525600)",
        "The time after which a broken promise goes further cannot be negative,"
        " nor longer than a year.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The promise ends before it begins: correct one of the two dates.",
    )

    # ------------------------------------------------------------------ checks

    @api.constrains("domain")
    def _check_domain(self):
        for policy in self.filtered("domain"):
            policy._parse_domain()

    def _parse_domain(self):
        """Return the further condition as a domain.

        :raises ValidationError: it cannot be read, or names what a ticket does not have
        """
        self.ensure_one()
        tickets = self.env["care.ticket"]
        try:
            domain = Domain(safe_eval(self.domain or "[]", {"uid": self.env.uid}))
            domain.validate(tickets)
            # what the database is asked, and what a ticket in memory is asked
            tickets.sudo().search(domain, limit=1)
            tickets.filtered_domain(domain)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The further condition of “%(policy)s” cannot be used: %(error)s"
                    " Correct it with the editor, or remove it.",
                    policy=self.name,
                    error=error,
                )
            ) from error
        return domain

    # ------------------------------------------------------------------ changes

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self._wake_refresh()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if set(vals) - {"version", "name", "message_follower_ids"}:
            self._note_new_version()
        return result

    def unlink(self):
        result = super().unlink()
        self._wake_refresh()
        return result

    def _note_new_version(self):
        """Count the version up once in a transaction, and have tickets looked at."""
        data = self.env.cr.precommit.data
        if NOTED not in data:
            data[NOTED] = set()
            self.env.cr.precommit.add(lambda: data.pop(NOTED, None))
        fresh = self.exists().filtered(lambda policy: policy.id not in data[NOTED])
        data[NOTED].update(fresh.ids)
        for policy in fresh.sudo():
            policy.version += 1
        self.env.registry.clear_cache()
        self._wake_refresh()

    @api.model
    def _wake_refresh(self):
        """Have open tickets compared with what is promised now."""
        cron = self.env.ref(
            "customer_care.ir_cron_care_promise_terms", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()

    # ------------------------------------------------------------------ matching

    @api.model
    @tools.ormcache("company_id")
    def _get_rules(self, company_id):
        """Return the :class:`Rule` list of a company, in the order in which they count."""
        policies = self.sudo().search([("company_id", "=", company_id)])
        return [policy._as_rule() for policy in policies if policy.target_ids]

    def _as_rule(self):
        categories = self.env["care.ticket.category"].sudo()
        if self.category_ids:
            categories = categories.search([("id", "child_of", self.category_ids.ids)])
        lines = {}
        for target in self.target_ids:
            calendar = None
            if target.hours_kind == "always":
                calendar = 0
            elif target.hours_kind == "calendar":
                calendar = target.resource_calendar_id.id
            lines[target.metric, target.priority or None] = Line(
                seconds=round(target.hours * 60) * 60,
                calendar=calendar,
                pauses=target._get_pauses(),
            )
        return Rule(
            id=self.id,
            teams=frozenset(self.team_ids.ids),
            categories=frozenset(categories.ids),
            kinds=frozenset([self.kind] if self.kind else ()),
            tags=frozenset(self.tag_ids.ids),
            stages=frozenset(self.care_stage_ids.ids),
            segment=self.segment_id.id or 0,
            domain=self.domain if self.domain and self.domain != "[]" else "",
            first_day=self.date_from or None,
            last_day=self.date_to or None,
            warn=self.warn_percent,
            lines=lines,
        )

    @api.model
    def _find_members(self, rules, partner_ids):
        """Return the (segment id, customer id) pairs that rules ask about."""
        segments = {rule.segment for rule in rules if rule.segment}
        if not segments or not partner_ids:
            return set()
        return set(
            self.env.execute_query(
                SQL(
                    "SELECT segment_id, partner_id FROM care_segment_member"
                    " WHERE state = 'in' AND segment_id IN %s AND partner_id IN %s",
                    tuple(segments),
                    tuple(partner_ids),
                )
            )
        )
