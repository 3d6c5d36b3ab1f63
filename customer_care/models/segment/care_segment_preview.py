"""What a segment would hold, before anything is saved."""

import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

SAMPLES = 10
#: Who builds segments; a preview of any condition is no matter of everybody else.
EDITORS = "customer_care.group_manager"


class CareSegment(models.Model):
    _inherit = "care.segment"

    preview_count = fields.Integer(
        string="Fit Now", compute="_compute_preview", compute_sudo=False, groups=EDITORS
    )
    preview_email_count = fields.Integer(
        string="With an E-mail",
        compute="_compute_preview",
        compute_sudo=False,
        groups=EDITORS,
    )
    preview_phone_count = fields.Integer(
        string="With a Phone",
        compute="_compute_preview",
        compute_sudo=False,
        groups=EDITORS,
    )
    preview_silent_count = fields.Integer(
        string="With Neither",
        compute="_compute_preview",
        compute_sudo=False,
        groups=EDITORS,
    )
    preview_partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="For Example",
        compute="_compute_preview",
        compute_sudo=False,
        groups=EDITORS,
    )
    preview_error = fields.Char(
        compute="_compute_preview", compute_sudo=False, groups=EDITORS
    )
    size_graph = fields.Text(compute="_compute_size_graph")

    @api.depends("domain", "kind", "source_ids", "except_ids", "company_id")
    def _compute_preview(self):
        for segment in self:
            counts, partners, error = [0, 0, 0, 0], [], False
            if segment.company_id:
                try:
                    segment._check_domain()
                    counts, partners = segment._preview()
                except ValidationError as problem:
                    error = problem.args[0]
            segment.preview_count = counts[0]
            segment.preview_email_count = counts[1]
            segment.preview_phone_count = counts[2]
            segment.preview_silent_count = counts[3]
            segment.preview_partner_ids = self.env["res.partner"].browse(partners)
            segment.preview_error = error

    def _preview(self):
        """Ask the database who fits the rule now.

        :return: [all, with e-mail, with phone, with neither], ids of up to ten of them
        """
        self.ensure_one()
        segment = self._as_system()
        wanted = segment._wanted_sql()
        rows = segment.env.execute_query(
            SQL(
                """
                SELECT COUNT(*),
                       COUNT(*) FILTER (WHERE COALESCE(email, '') <> ''),
                       COUNT(*) FILTER (WHERE COALESCE(phone, '') <> ''),
                       COUNT(*) FILTER (WHERE COALESCE(email, '') = ''
                                          AND COALESCE(phone, '') = ''),
                       (ARRAY_AGG(customer.id ORDER BY customer.id DESC))[:%s]
                  FROM (%s) wanted JOIN res_partner customer ON customer.id = wanted.id
                """,
                SAMPLES,
                wanted,
            )
        )
        *counts, partners = rows[0]
        return counts, partners or []

    @api.depends("size_ids.size")
    def _compute_size_graph(self):
        for segment in self:
            points = [
                {"x": format_date(self.env, day, date_format="d/M"), "y": size}
                for day, size in segment._sizes()
            ]
            segment.size_graph = json.dumps(
                [
                    {
                        "values": points,
                        "title": "",
                        "key": self.env._("Customers"),
                        "area": True,
                        "is_sample_data": False,
                    }
                ]
            )
