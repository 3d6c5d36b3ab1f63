"""The rules that put customers into care stages, in one statement per company."""

import ast
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.internal import is_internal
from .res_partner_stage import KEEP_DAYS


class CareStage(models.Model):
    _inherit = "care.stage"

    # rule
    rule_domain = fields.Char(
        string="Rule",
        help="Which customers stand here, by their figures. Without a rule only "
        "people put customers here.",
    )
    rule_sequence = fields.Integer(
        string="Asked as Number",
        default=100,
        help="The first rule that fits wins; rules are asked in this order.",
    )
    leave_after_days = fields.Integer(
        string="Leaves After (days)",
        help="A customer leaves when another rule fitted for so many days, so that he "
        "does not flicker between two care stages.",
    )
    owner_team_id = fields.Many2one(
        comodel_name="care.team",
        string="Team in Charge",
        ondelete="set null",
    )

    _leave_after_positive = models.Constraint(
        "CHECK (leave_after_days >= 0)",
        "The days before a customer leaves a care stage cannot be negative.",
    )

    @api.constrains("rule_domain")
    def _check_rule_domain(self):
        for stage in self:
            try:
                self.env["care.profile"]._search(stage._rule())
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The rule of “%(stage)s” cannot be used: %(error)s It may ask "
                        "for the figures of a customer, such as purchases, days and "
                        "value.",
                        stage=stage.name,
                        error=error,
                    )
                ) from error

    def _rule(self):
        """Return the rule as a Domain on ``care.profile``; no rule fits nobody."""
        self.ensure_one()
        if not self.rule_domain:
            return Domain.FALSE
        return Domain(ast.literal_eval(self.rule_domain))

    @api.model
    def _with_rule(self, company):
        """Return the stages of a company that have a rule, in the order of asking."""
        return self.search(
            [("rule_domain", "!=", False), ("company_id", "in", (False, company.id))],
            order="rule_sequence, id",
        )

    # -------------------------------------------------------------------- apply
    @api.model
    def _system(self, company):
        """Return the model as the rules see it, whoever has them applied."""
        return (
            self.with_user(SUPERUSER_ID)
            .with_company(company)
            .with_context(
                allowed_company_ids=company.ids, tz=company.care_tz, active_test=True
            )
        )

    @api.model
    def _counts(self, company, rules=None):
        """Count who would stand where, without moving anybody.

        Whom a person put somewhere, and whom no rule fits, counts where he is.

        :param dict rules: stage id → Domain, instead of the rule that is stored
        :return: list of (stage, customers there today, customers by the rules)
        """
        stages = self._system(company)
        stages.env.flush_all()
        stages._compute_wanted(company, None, rules)
        stages.env.cr.execute(
            """
            SELECT stage_id, SUM(today)::int, SUM(wanted)::int
              FROM (SELECT current_id AS stage_id, 1 AS today, 0 AS wanted
                      FROM care_stage_wanted
                     UNION ALL
                    SELECT CASE WHEN differs THEN wanted_id ELSE current_id END, 0, 1
                      FROM care_stage_wanted) counted
             WHERE stage_id IS NOT NULL GROUP BY stage_id
            """
        )
        counts = {stage: (now, then) for stage, now, then in stages.env.cr.fetchall()}
        stages.env.cr.execute("DROP TABLE care_stage_wanted")
        return [
            (stage, *counts.get(stage.id, (0, 0)))
            for stage in self.search([("company_id", "in", (False, company.id))])
        ]

    @api.model
    def _apply_rules(self, company, partners=None, at_once=False):
        """Move the customers of a company to the stages whose rules they fulfil.

        Whom a person put somewhere stays there as long as that person said.

        :param partners: commercial partners to look at; None: all
        :param bool at_once: do not wait for the days outside a stage
        :return: how many moved
        :rtype: int
        """
        stages = self._system(company)
        stages.env.flush_all()
        company._care_hold()
        if partners is None:
            profiles = stages.env["care.profile"]
            profiles._plan_for_all()
        stages._compute_wanted(company, partners)
        moved = stages._write_wanted(company, at_once)
        if partners is None:
            profiles._plan_as_usual()
        stages.env.cr.execute("DROP TABLE care_stage_wanted")
        stages.env["care.profile"].invalidate_model(["stage_outside_on"])
        if moved:
            stages.env["res.partner"].invalidate_model(
                ["care_stage_id", "care_stage_since", "care_stage_lock_until"]
            )
        return moved

    @api.model
    def _keep_by_hand(self, company):
        """Lock who was put into a stage before rules were there, as a move today would.

        Such a stage has no day since when; whoever a rule or a move put there has one.

        :return: how many those are
        :rtype: int
        """
        self.env.flush_all()
        today = self.env["care.profile"]._today(company)
        self.env.cr.execute(
            """
            UPDATE res_partner
               SET care_stage_since = COALESCE(care_stage_since, '{}')
                       || jsonb_build_object(%(key)s, %(today)s::text),
                   care_stage_lock_until = COALESCE(care_stage_lock_until, '{}')
                       || jsonb_build_object(%(key)s, %(until)s::text)
             WHERE care_stage_id->>%(key)s IS NOT NULL
               AND care_stage_since->>%(key)s IS NULL
            """,
            {
                "key": str(company.id),
                "today": today,
                "until": today + timedelta(days=KEEP_DAYS),
            },
        )
        kept = self.env.cr.rowcount
        self.env["res.partner"].invalidate_model(
            ["care_stage_since", "care_stage_lock_until"]
        )
        return kept

    @api.model
    def _compute_wanted(self, company, partners, rules=None):
        """Fill ``care_stage_wanted``: where customers stand and where they belong."""
        rules = rules or {}
        profiles = self.env["care.profile"]
        own = Domain("company_id", "=", company.id)
        if partners is not None:
            own &= Domain("partner_id", "in", partners.ids)
        query = profiles._search(own)
        branches = SQL(" ").join(
            SQL(
                "WHEN %s THEN %s",
                stage._fits(query, own, rules.get(stage.id, stage._rule())),
                stage.id,
            )
            for stage in self._with_rule(company)
        )
        key = str(company.id)
        today = profiles._today(company)
        query.add_join(
            "JOIN",
            "customer",
            "res_partner",
            SQL("customer.id = care_profile.partner_id"),
        )
        selected = query.select(
            SQL("care_profile.id AS profile_id"),
            SQL("care_profile.partner_id"),
            SQL("care_profile.stage_outside_on AS outside_on"),
            SQL("(customer.care_stage_id->>%s)::int AS current_id", key),
            SQL(
                "COALESCE((customer.care_stage_lock_until->>%s)::date >= %s, FALSE)"
                " AS is_locked",
                key,
                today,
            ),
            SQL("CASE %s END AS wanted_id", branches)
            if branches.code
            else SQL("NULL::int AS wanted_id"),
        )
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE care_stage_wanted ON COMMIT DROP AS"
                " SELECT rows.*, rows.wanted_id IS NOT NULL"
                " AND rows.wanted_id IS DISTINCT FROM rows.current_id"
                " AND NOT rows.is_locked AS differs FROM (%s) rows",
                selected,
            )
        )
        self.env.cr.execute("ANALYZE care_stage_wanted")

    def _fits(self, query, own, rule):
        """Return the condition that a row of ``query``, the profiles, fulfils a rule.

        A rule on figures is a condition on the row that is read anyway. One that asks
        other tables is asked once for all and joined, never once per customer.
        """
        self.ensure_one()
        profiles = self.env["care.profile"]
        asked = profiles._search(own & rule)
        columns = [
            profiles._fields.get(condition.field_expr)
            for condition in rule.iter_conditions()
        ]
        if all(field and field.store and not field.relational for field in columns):
            return asked.where_clause
        fitting = query.make_alias("care_profile", f"fits_{self.id}")
        query.add_join(
            "LEFT JOIN",
            fitting,
            SQL("(%s)", asked.select(SQL("care_profile.id AS id"))),
            SQL("%s = care_profile.id", SQL.identifier(fitting, "id")),
        )
        return SQL("%s IS NOT NULL", SQL.identifier(fitting, "id"))

    @api.model
    def _write_wanted(self, company, at_once=False):
        """Note who is outside his stage, and move whoever was so long enough."""
        cr = self.env.cr
        values = {
            "company": company.id,
            "key": str(company.id),
            "today": self.env["care.profile"]._today(company),
            "now": cr.now().replace(microsecond=0),
            "silent": is_internal(self.env.context, "care_silent"),
            "at_once": at_once,
        }
        self._choose_moves(values)
        moved = self._write_moves(values)
        cr.execute("DROP TABLE care_stage_move")
        return moved

    @api.model
    def _choose_moves(self, values):
        """Fill ``care_stage_move`` with who was outside his stage long enough."""
        cr = self.env.cr
        cr.execute(
            """
            CREATE TEMP TABLE care_stage_move ON COMMIT DROP AS
            SELECT wanted.partner_id, wanted.profile_id, wanted.current_id,
                   wanted.wanted_id
              FROM care_stage_wanted wanted
              LEFT JOIN care_stage current ON current.id = wanted.current_id
             WHERE wanted.differs
               AND (%(at_once)s OR current.id IS NULL OR NOT current.active
                    OR COALESCE(wanted.outside_on, %(today)s)
                       <= %(today)s - COALESCE(current.leave_after_days, 0))
            """,
            values,
        )
        cr.execute("ANALYZE care_stage_move")

    @api.model
    def _write_moves(self, values):
        """Move whom ``care_stage_move`` holds, with an event each; return how many."""
        cr = self.env.cr
        cr.execute(
            """
            UPDATE res_partner customer
               SET care_stage_id = COALESCE(customer.care_stage_id, '{}')
                       || jsonb_build_object(%(key)s, move.wanted_id),
                   care_stage_since = COALESCE(customer.care_stage_since, '{}')
                       || jsonb_build_object(%(key)s, %(today)s::text)
              FROM care_stage_move move
             WHERE customer.id = move.partner_id
            """,
            values,
        )
        moved = cr.rowcount
        # who is outside from today on, and who is no more; nobody is written twice
        cr.execute(
            """
            UPDATE care_profile profile
               SET stage_outside_on = CASE WHEN waits.differs THEN %(today)s END
              FROM (SELECT wanted.profile_id,
                           wanted.differs AND move.profile_id IS NULL AS differs
                      FROM care_stage_wanted wanted
                      LEFT JOIN care_stage_move move USING (profile_id)) waits
             WHERE profile.id = waits.profile_id
               AND waits.differs <> (profile.stage_outside_on IS NOT NULL)
            """,
            values,
        )
        cr.execute(
            """
            INSERT INTO care_stage_change (partner_id, company_id, "on", from_id, to_id,
                   reason, initial)
            SELECT partner_id, %(company)s, %(now)s, current_id, wanted_id,
                   CASE WHEN current_id IS NULL THEN 'first' ELSE 'rule' END,
                   current_id IS NULL OR %(silent)s
              FROM care_stage_move
            """,
            values,
        )
        self._after_moves(values)
        return moved

    @api.model
    def _after_moves(self, values):
        """Follow up who moved, in the same transaction; a hook.

        ``care_stage_move`` still holds them; history is written.

        :param dict values: company (id), now, silent
        """
