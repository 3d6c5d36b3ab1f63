"""The rules that put customers into care stages, in one statement per company."""

import ast

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


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
    def _counts(self, company):
        """Count who would stand where, without moving anybody.

        :return: list of (stage, customers there today, customers by the rules)
        """
        stages = self._system(company)
        stages.env.flush_all()
        stages._compute_wanted(company, None)
        stages.env.cr.execute(
            """
            SELECT stage_id, SUM(today)::int, SUM(wanted)::int
              FROM (SELECT current_id AS stage_id, 1 AS today, 0 AS wanted
                      FROM care_stage_wanted
                     UNION ALL
                    SELECT wanted_id, 0, 1 FROM care_stage_wanted) counted
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
    def _apply_rules(self, company, partners=None):
        """Move the customers of a company to the stages whose rules they fulfil.

        Whom a person put somewhere stays there as long as that person said.

        :param partners: commercial partners to look at; None: all
        :return: how many moved
        :rtype: int
        """
        stages = self._system(company)
        stages.env.flush_all()
        stages._compute_wanted(company, partners)
        moved = stages._write_wanted(company)
        stages.env.cr.execute("DROP TABLE care_stage_wanted")
        stages.env["care.profile"].invalidate_model(["stage_outside_on"])
        if moved:
            stages.env["res.partner"].invalidate_model(
                ["care_stage_id", "care_stage_since", "care_stage_lock_until"]
            )
        return moved

    @api.model
    def _compute_wanted(self, company, partners):
        """Fill ``care_stage_wanted``: where customers stand and where they belong."""
        profiles = self.env["care.profile"]
        own = Domain("company_id", "=", company.id)
        if partners is not None:
            own &= Domain("partner_id", "in", partners.ids)
        branches = SQL(" ").join(
            SQL(
                "WHEN care_profile.id IN %s THEN %s",
                profiles._search(own & stage._rule()).subselect(),
                stage.id,
            )
            for stage in self._with_rule(company)
        )
        key = str(company.id)
        today = profiles._today(company)
        query = profiles._search(own)
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

    @api.model
    def _write_wanted(self, company):
        """Note who is outside his stage, and move whoever was so long enough."""
        cr = self.env.cr
        values = {
            "company": company.id,
            "key": str(company.id),
            "today": self.env["care.profile"]._today(company),
            "now": cr.now().replace(microsecond=0),
            "silent": bool(self.env.context.get("care_silent")),
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
               AND (current.id IS NULL OR NOT current.active
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
        return moved
