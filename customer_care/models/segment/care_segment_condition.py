"""The condition of a segment: what may stand in it, and why a customer fulfils it."""

import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.orm.domains import DomainCondition, DomainNary, DomainNot, DomainOr

#: Parts of a path that say nothing to a reader.
SILENT = {"care_profile_id", "code"}
OPERATORS = {
    "=": "=",
    "!=": "≠",
    ">": ">",
    ">=": "≥",
    "<": "<",
    "<=": "≤",
}


class CareSegment(models.Model):
    _inherit = "care.segment"

    condition_text = fields.Text(
        string="In Words", compute="_compute_condition_text", compute_sudo=False
    )

    # --------------------------------------------------------------- validation
    @api.constrains("domain", "kind")
    def _check_domain(self):
        """Refuse, by name, what a condition cannot hold.

        Odoo runs constraints as the system: judged is what the author may read.
        """
        for segment in self.sudo(False):
            domain = segment._parse(segment.domain)
            segment._check_tree(domain, self.env["res.partner"])
            try:
                segment.env["res.partner"]._search(domain)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(name)s” cannot be used: %(error)s",
                        name=segment.name,
                        error=error,
                    )
                ) from error

    @api.model
    def _parse(self, text):
        """Return the Domain that ``text`` stands for.

        :raises ValidationError: it is not a list of conditions made of plain values
        """
        try:
            return Domain(ast.literal_eval(text or "[]"))
        except (ValueError, SyntaxError, TypeError, MemoryError) as error:
            raise ValidationError(
                self.env._(
                    "This condition cannot be read: %(text)s. It is a list of plain "
                    "values; for days use words such as 'today -90d'.",
                    text=(text or "")[:200],
                )
            ) from error

    def _check_tree(self, domain, model):
        """Check every part of ``domain``, a condition on ``model``."""
        for condition in domain.iter_conditions():
            self._check_condition(condition, model)

    def _check_condition(self, condition, model):
        """Check one condition: its field along the whole path, and its value."""
        previous = None
        for name in condition.field_expr.split("."):
            field = model._fields.get(name)
            if field is None:
                # a part of a date or property, such as birthday.month_number
                if previous and previous.type in ("date", "datetime", "properties"):
                    break
                self._refuse_field(name, model, self.env._("there is no such field"))
            if not field._description_searchable:
                self._refuse_field(
                    name, model, self.env._("it is neither stored nor searchable")
                )
            if not model._has_field_access(field, "read") or name in self._secrets():
                self._refuse_field(name, model, self.env._("it is not for your eyes"))
            previous = field
            if field.relational:
                other = self.env[field.comodel_name]
                if not other.has_access("read"):
                    self._refuse_field(
                        name, model, self.env._("it is not for your eyes")
                    )
                model = other
        value = condition.value
        if isinstance(value, Domain):
            self._check_tree(value, model)
        elif condition.operator in ("any", "not any") and isinstance(
            value, list | tuple
        ):
            self._check_tree(Domain(list(value)), model)
        elif isinstance(value, str) and "week_start" in value:
            raise ValidationError(
                self.env._(
                    "“week_start” depends on the language of the reader, so that the "
                    "segment would differ from person to person. Use a day, such as "
                    "“=monday”."
                )
            )

    @api.model
    def _secrets(self):
        """Return names of fields that no condition may ask, whoever writes it."""
        return {
            "password",
            "signup_type",
            "signup_token",
            "access_token",
            "api_key_ids",
        }

    def _refuse_field(self, name, model, reason):
        field = model._fields.get(name)
        raise ValidationError(
            self.env._(
                "The condition of “%(segment)s” asks for “%(label)s” (%(name)s) of "
                "%(model)s: %(reason)s. Choose another field.",
                segment=self.name,
                label=field._description_string(self.env) if field else name,
                name=name,
                model=model._description,
                reason=reason,
            )
        )

    # -------------------------------------------------------------------- words
    @api.depends("domain", "kind", "source_ids.name", "except_ids.name")
    @api.depends_context("lang", "uid")
    def _compute_condition_text(self):
        for segment in self:
            try:
                lines = segment._lines()
            except ValidationError as error:
                lines = [(0, error.args[0], None)]
            segment.condition_text = "\n".join(
                "    " * depth + text for depth, text, _domain in lines
            )

    def _lines(self):
        """Return the rule in words: list of (depth, text, Domain of the line)."""
        self.ensure_one()
        lines = []
        if self.kind == "manual":
            return [(0, self.env._("Only customers put in by hand"), Domain.FALSE)]
        if self.kind == "combined":
            lines.append(
                (
                    0,
                    self.env._(
                        "In any of: %(names)s",
                        names=", ".join(self.source_ids.mapped("name")),
                    ),
                    Domain("id", "in", self._members_sql(self.source_ids)),
                )
            )
        domain = self._domain()
        if not domain.is_true():
            lines += self._tree_lines(domain, self.env["res.partner"], 0)
        elif self.kind == "dynamic":
            lines.append((0, self.env._("Every customer"), Domain.TRUE))
        if self.except_ids:
            lines.append(
                (
                    0,
                    self.env._(
                        "Not in: %(names)s",
                        names=", ".join(self.except_ids.mapped("name")),
                    ),
                    Domain("id", "not in", self._members_sql(self.except_ids)),
                )
            )
        return lines

    def _tree_lines(self, domain, model, depth):
        """Return the lines of one node and of what is under it."""
        if isinstance(domain, DomainNot):
            head = (depth, self.env._("None of:"), domain)
            return [head, *self._tree_lines(domain.child, model, depth + 1)]
        if isinstance(domain, DomainNary):
            if isinstance(domain, DomainOr):
                lines = [(depth, self.env._("At least one of:"), domain)]
                depth += 1
            elif depth:
                lines = [(depth, self.env._("All of:"), domain)]
                depth += 1
            else:
                lines = []
            for child in domain.children:
                lines += self._tree_lines(child, model, depth)
            return lines
        if isinstance(domain, DomainCondition):
            return [(depth, self._condition_words(domain, model), domain)]
        return [(depth, str(domain), domain)]

    def _condition_words(self, condition, model):
        """Return one condition as it would be said, such as “Purchases ≥ 3”."""
        labels, field = [], None
        for name in condition.field_expr.split("."):
            field = model._fields.get(name)
            if field is None:
                labels.append(name)
                break
            if condition.field_expr == name or name not in SILENT:
                labels.append(field._description_string(self.env))
            if field.relational:
                model = self.env[field.comodel_name]
        label = " › ".join(labels)
        operator, value = condition.operator, condition.value
        if operator in ("any", "not any"):
            inner = value if isinstance(value, Domain) else Domain(list(value))
            parts = [text for _d, text, _n in self._tree_lines(inner, model, 0)]
            words = "; ".join(parts)
            if operator == "any":
                return self.env._("%(label)s: %(rest)s", label=label, rest=words)
            return self.env._("No %(label)s: %(rest)s", label=label, rest=words)
        if operator in ("in", "not in") and not isinstance(value, str):
            shown = ", ".join(self._value_words(item, field, model) for item in value)
            if operator == "in":
                return self.env._(
                    "%(label)s is one of %(values)s", label=label, values=shown
                )
            return self.env._(
                "%(label)s is none of %(values)s", label=label, values=shown
            )
        if value is False and operator == "=":
            return self.env._("%(label)s is not set", label=label)
        if value is False and operator == "!=":
            return self.env._("%(label)s is set", label=label)
        return self.env._(
            "%(label)s %(operator)s %(value)s",
            label=label,
            operator=OPERATORS.get(operator, operator),
            value=self._value_words(value, field, model),
        )

    def _value_words(self, value, field, model):
        """Return a value as the reader knows it."""
        if field is not None and field.relational and isinstance(value, int):
            record = self.env[field.comodel_name].browse(value).exists()
            is_known = record and record.has_access("read")
            return record.display_name if is_known else str(value)
        if field is not None and field.name == "code" and isinstance(value, str):
            named = self.env[field.model_name].search([("code", "=", value)], limit=1)
            return named.display_name or value
        if field is not None and field.type == "selection" and isinstance(value, str):
            return dict(field._description_selection(self.env)).get(value, value)
        if value is True:
            return self.env._("yes")
        if value is False:
            return self.env._("no")
        return str(value)

    # ---------------------------------------------------------------------- why
    def _explain(self, partner):
        """Tell why a customer is in or out.

        :param partner: ``res.partner`` of one; his commercial partner is meant
        :return: dict of ``is_in`` (as stored), ``fits`` (by the rule, now),
            ``override``, ``is_customer``, and ``lines``: list of (depth, text, fulfilled)
        """
        self.ensure_one()
        segment = self._as_system()
        partner = partner.with_env(segment.env).commercial_partner_id
        customers = segment.env["res.partner"]
        this = Domain("id", "=", partner.id)
        lines = [
            (depth, text, bool(customers.search_count(this & domain)))
            for depth, text, domain in self.sudo()._lines_for(segment)
        ]
        member = segment.env["care.segment.member"].search(
            [("segment_id", "=", segment.id), ("partner_id", "=", partner.id)]
        )
        return {
            "is_in": member.state == "in",
            "fits": bool(customers.search_count(this & segment._rule_domain())),
            "override": member.override or None,
            "is_customer": bool(
                segment.env["care.profile"].search_count(
                    [
                        ("partner_id", "=", partner.id),
                        ("company_id", "=", segment.company_id.id),
                    ]
                )
            ),
            "lines": lines,
        }

    def _lines_for(self, segment):
        """Return the lines of the rule in the reader's words, to be asked of all."""
        return segment.with_context(lang=self.env.context.get("lang"))._lines()
