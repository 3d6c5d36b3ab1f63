"""Step 4: care stages with counts before they are applied, and three sliders."""

import ast

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...lib.stage_days import DAYS, LIMITS, check_days, find_days, make_rule


class CareStart(models.Model):
    _inherit = "care.start"

    @api.model
    def _say_stages(self, company):
        days = self._shipped_days(company)
        if not days:
            return self.env._("Rules of your own.")
        names = {stage.code: stage.name for stage in self._slider_stages(company)}
        return ", ".join(
            self.env._("%(stage)s: %(days)s days", stage=names[code], days=number)
            for code, number in days.items()
        )

    @api.model
    def _slider_stages(self, company):
        """Return the stages whose rules hold the days of the sliders.

        A stage of the company stands before the shared one of the same code.
        """
        stages = self.env["care.stage"].search(
            [("code", "in", list(DAYS)), ("company_id", "in", (False, company.id))]
        )
        own = {
            stage.code: stage for stage in stages.sorted(lambda s: bool(s.company_id))
        }
        return stages.filtered(lambda stage: own[stage.code] == stage)

    @api.model
    def _shipped_days(self, company):
        """Return code → days of the rules that are as shipped but for their days."""
        found = {
            stage.code: find_days(stage.code, stage.rule_domain)
            for stage in self._slider_stages(company)
        }
        return {code: found[code] for code in DAYS if found.get(code)}

    @api.model
    def get_stages(self, days=None):
        """Count who would stand where with these days; writes nothing.

        :param dict days: care stage code → days; missing ones are as they are
        :return: dict with ``sliders`` (code, name, days, lowest, highest, shipped),
            ``changed`` (names of stages whose rule somebody has rewritten: they are
            left as they are), ``columns`` (id, name, today, wanted), ``customers``,
            ``is_known`` (whether customers were counted at all) and ``may_change``
        :raises AccessError: the user is no care manager
        :raises UserError: these days are not possible
        """
        self._check_manager()
        company = self.env.company
        chosen = self._check_days(company, days)
        stages = self._slider_stages(company)
        rules = {
            stage.id: Domain(
                ast.literal_eval(make_rule(stage.code, chosen[stage.code]))
            )
            for stage in stages
            if stage.code in chosen
        }
        counts = self.env["care.stage"]._counts(company, rules)
        by_code = {stage.code: stage for stage in stages}
        return {
            "sliders": [
                {
                    "code": code,
                    "name": by_code[code].name,
                    "days": number,
                    "lowest": LIMITS[code][0],
                    "highest": LIMITS[code][1],
                    "shipped": DAYS[code],
                }
                for code, number in chosen.items()
            ],
            "changed": [stage.name for stage in stages if stage.code not in chosen],
            "columns": [
                {"id": stage.id, "name": stage.name, "today": today, "wanted": wanted}
                for stage, today, wanted in counts
            ],
            "customers": self.env["care.profile"].search_count(
                [("company_id", "=", company.id)]
            ),
            "is_known": bool(company.sudo().care_filled_on),
            "may_change": stages.has_access("write"),
        }

    @api.model
    def action_apply_stages(self, days=None):
        """Write the days into the shipped rules, and put customers where they belong.

        In silence: nothing is sent, and the moves are those of a first fill. Whom a
        person put somewhere stays there.

        :param dict days: care stage code → days
        :return: the panel, as :meth:`get_panel`
        :raises AccessError: the user may not change what all companies use
        :raises UserError: these days are not possible
        """
        self._check_manager()
        company = self.env.company
        chosen = self._check_days(company, days)
        for stage in self._slider_stages(company):
            number = chosen.get(stage.code)
            if number and number != find_days(stage.code, stage.rule_domain):
                stage.rule_domain = make_rule(stage.code, number)
        profiles = self.env["care.profile"]._as_silent_system(company)
        if not company.sudo().care_filled_on:
            profiles._refresh(company)
        profiles.env["care.stage"]._apply_rules(company, at_once=True)
        self._note("stages", "done", chosen)
        return self.get_panel()

    @api.model
    def _check_days(self, company, days):
        """Return code → days of the rules that sliders set, or say what is wrong."""
        chosen = self._shipped_days(company)
        try:
            asked = {str(code): int(number) for code, number in (days or {}).items()}
        except (AttributeError, TypeError, ValueError):
            asked = {"": 0}
        names = {stage.code: stage.name for stage in self._slider_stages(company)}
        wrong = next((f"what:{code}" for code in asked if code not in DAYS), None)
        if not wrong:
            chosen |= {code: asked[code] for code in asked if code in chosen}
            wrong = check_days(chosen)
        if not wrong:
            return chosen
        kind, _sep, code = wrong.partition(":")
        if kind == "order":
            raise UserError(
                self.env._(
                    "“%(dormant)s” has to begin before “%(former)s”: choose fewer days "
                    "for the first, or more for the second.",
                    dormant=names.get("dormant"),
                    former=names.get("former"),
                )
            )
        if kind == "range":
            lowest, highest = LIMITS[code]
            raise UserError(
                self.env._(
                    "“%(stage)s” takes %(lowest)s to %(highest)s days.",
                    stage=names.get(code),
                    lowest=lowest,
                    highest=highest,
                )
            )
        raise UserError(
            self.env._(
                "These are no days of a care stage. Reload the page and try again."
            )
        )
