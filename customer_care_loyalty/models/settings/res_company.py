from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    care_loyalty_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Program of Points and Tiers",
        ondelete="set null",
        domain="[('program_type', '=', 'loyalty'), '|', ('company_id', '=', False),"
        " ('company_id', 'parent_of', id)]",
        help="Points and tier of a customer are those of this program. Empty: of the only"
        " program of loyalty cards, if there is just one.",
    )

    @api.constrains("care_loyalty_program_id")
    def _check_care_loyalty_program(self):
        for company in self:
            program = company.sudo().care_loyalty_program_id
            if program.program_type not in (False, "loyalty"):
                raise ValidationError(
                    self.env._(
                        "“%(program)s” is no program of loyalty cards, so nobody keeps"
                        " points in it. Choose another one.",
                        program=program.name,
                    )
                )
            if program.company_id and program.company_id not in company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "The program “%(program)s” belongs to %(other)s and cannot be"
                        " used by %(company)s.",
                        program=program.name,
                        other=program.company_id.name,
                        company=company.name,
                    )
                )

    def _get_care_loyalty_program(self):
        """Return the program whose points and tiers this company shows, maybe none.

        The one that was chosen; else the only active, current program of loyalty cards
        that the company may use. Points of two programs are two currencies: between
        several, somebody has to choose.
        """
        self.ensure_one()
        chosen = self.sudo().care_loyalty_program_id
        if chosen.active:
            return chosen.sudo(self.env.su)
        today = fields.Date.context_today(self.with_context(tz=self.sudo().care_tz))
        domain = Domain.AND(
            [
                Domain("program_type", "=", "loyalty"),
                Domain("company_id", "in", [False, *self.sudo().parent_ids.ids]),
                Domain("date_from", "=", False) | Domain("date_from", "<=", today),
                Domain("date_to", "=", False) | Domain("date_to", ">=", today),
            ]
        )
        found = self.env["loyalty.program"].sudo().search(domain, limit=2)
        return found.sudo(self.env.su) if len(found) == 1 else found.browse()
