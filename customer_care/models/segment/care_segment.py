import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...fields import Measure

KINDS = [
    ("dynamic", "By a condition"),
    ("combined", "From other segments"),
    ("manual", "By hand"),
]


class CareSegment(models.Model):
    """A set of customers kept by a rule, by other segments, or by hand.

    Who is in is stored (``care.segment.member``) and brought up to date by a refresh
    (care_segment_refresh.py); what came and went is an event, which automation reads.
    """

    _name = "care.segment"
    _description = "Segment"
    _order = "sequence, name, id"
    _check_company_auto = True

    # identity
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        readonly=True, copy=False, help="Short word of the segments that are shipped."
    )
    purpose = fields.Text(
        translate=True, help="What this segment is for, in a sentence."
    )
    sequence = fields.Integer(default=50)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # rule
    kind = fields.Selection(selection=KINDS, required=True, default="dynamic")
    domain = fields.Char(
        string="Condition",
        default="[]",
        help="Which customers belong to it, by anything that is known of them.",
    )
    source_ids = fields.Many2many(
        comodel_name="care.segment",
        relation="care_segment_source_rel",
        column1="segment_id",
        column2="source_id",
        string="In Any Of",
        domain="[('id', '!=', id), ('company_id', '=', company_id)]",
        check_company=True,
    )
    except_ids = fields.Many2many(
        comodel_name="care.segment",
        relation="care_segment_except_rel",
        column1="segment_id",
        column2="except_id",
        string="But Not In",
        domain="[('id', '!=', id), ('company_id', '=', company_id)]",
        check_company=True,
    )
    hold_out_percent = fields.Integer(
        string="Hold Out",
        help="So many of a hundred members are left out of what is done for the others, "
        "always the same ones, so that the effect can be measured.",
    )
    seed = fields.Char(
        readonly=True,
        copy=False,
        required=True,
        default=lambda self: secrets.token_hex(8),
        help="Decides which members are held out.",
    )
    # members
    member_ids = fields.One2many(
        comodel_name="care.segment.member",
        inverse_name="segment_id",
        string="Members",
        domain=[("state", "=", "in")],
    )
    size_ids = fields.One2many(
        comodel_name="care.segment.size", inverse_name="segment_id"
    )
    member_count = fields.Integer(string="Customers", readonly=True, copy=False)
    # last refresh
    is_filled = fields.Boolean(
        readonly=True,
        copy=False,
        help="The members were computed once with the rule as it is now; from then on "
        "coming and going is an event.",
    )
    refreshed_on = fields.Datetime(string="Last Refresh", readonly=True, copy=False)
    refresh_seconds = Measure(
        string="Took (s)", digits=(10, 2), readonly=True, copy=False
    )
    refresh_changes = fields.Integer(
        string="Changes of the Last Refresh", readonly=True, copy=False
    )
    refresh_error = fields.Text(string="Last Error", readonly=True, copy=False)

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another segment of this company has this code already.",
    )
    _hold_out_range = models.Constraint(
        "CHECK (hold_out_percent BETWEEN 0 AND 90)",
        "Between 0 and 90 of a hundred members can be held out.",
    )

    @api.constrains("source_ids", "except_ids")
    def _check_cycle(self):
        self._in_order(self._with_sources())

    @api.constrains("kind", "source_ids")
    def _check_sources(self):
        for segment in self:
            if segment.kind == "combined" and not segment.source_ids:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is made from other segments: choose at least one "
                        "of them, or let a condition decide.",
                        name=segment.name,
                    )
                )

    # --------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._ask_refresh()
        return segments

    def write(self, vals):
        rule = {"kind", "domain", "source_ids", "except_ids", "company_id", "active"}
        if rule & vals.keys():
            vals = {**vals, "is_filled": False}
        result = super().write(vals)
        if rule & vals.keys():
            self._ask_refresh()
        return result

    def unlink(self):
        """Members and events go with their segment; they have no foreign key to it."""
        result = super().unlink()
        for table in ("care_segment_member", "care_segment_event"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE segment_id = ANY(%s)",
                    SQL.identifier(table),
                    list(self.ids),
                )
            )
        self.env["care.segment.member"].invalidate_model()
        self.env["care.segment.event"].invalidate_model()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        users = self.search(
            ["|", ("source_ids", "in", self.ids), ("except_ids", "in", self.ids)]
        )
        users -= self
        if users:
            raise UserError(
                self.env._(
                    "%(used)s cannot be deleted: %(users)s is made from it. Change "
                    "that segment first, or archive this one.",
                    used=", ".join(self.mapped("name")),
                    users=", ".join(users.mapped("name")),
                )
            )

    def _ask_refresh(self):
        """Have the members computed soon, not while somebody waits."""
        if self:
            self.env.ref("customer_care.ir_cron_care_segment")._trigger()

    # -------------------------------------------------------------------- order
    def _with_sources(self):
        """Return these segments and all they are made from."""
        found, wave = self, self
        while wave:
            wave = (wave.source_ids | wave.except_ids) - found
            found |= wave
        return found

    @api.model
    def _in_order(self, segments):
        """Return the segments so that each follows those it is made from.

        :raises ValidationError: a segment is made from itself, over whatever detour
        """
        ordered = self.browse()
        waiting = {
            segment: (segment.source_ids | segment.except_ids) & segments
            for segment in segments
        }
        while waiting:
            ready = [
                segment for segment, needs in waiting.items() if not needs - ordered
            ]
            if not ready:
                raise ValidationError(
                    self.env._(
                        "These segments are made from each other in a circle, so that "
                        "none can be computed first: %(names)s. Take one of them out "
                        "of “In any of” or “But not in”.",
                        names=", ".join(segment.name for segment in waiting),
                    )
                )
            for segment in ready:
                ordered |= segment
                del waiting[segment]
        return ordered

    # ------------------------------------------------------------------ by hand
    def _set_override(self, partners, override):
        """Put customers in, take them out, or give them back to the rule.

        :param partners: ``res.partner``; their commercial partners are meant
        :param override: ``"include"``, ``"exclude"`` or None
        """
        self.ensure_one()
        self.env["care.segment.member"]._set_override(
            self, partners.commercial_partner_id, override
        )
        if self._refresh(partners=partners.commercial_partner_id):
            self.member_count = self._note_size()

    def action_include(self, partners):
        """Keep customers in this segment whatever its rule says.

        :param partners: recordset or ids of ``res.partner``
        """
        self.check_access("write")
        self._decide(partners, "include")

    def action_exclude(self, partners):
        """Keep customers out of this segment whatever its rule says.

        :param partners: recordset or ids of ``res.partner``
        """
        self.check_access("write")
        self._decide(partners, "exclude")

    def action_follow_rule(self, partners):
        """Let the rule decide again about customers put in or out by hand.

        :param partners: recordset or ids of ``res.partner``
        """
        self.check_access("write")
        self._decide(partners, None)

    def _decide(self, partners, override):
        """Write as the system what an editor decides about contacts he may read."""
        if not isinstance(partners, models.BaseModel):
            partners = self.env["res.partner"].browse(partners)
        partners.check_access("read")
        self.sudo()._set_override(partners.sudo().exists(), override)

    def _refresh_with_sources(self):
        """Refresh these segments and before them what they are made from."""
        segments = self.sudo()
        for segment in segments._in_order(segments._with_sources()):
            segment._refresh_and_note()

    # ------------------------------------------------------------------ actions
    def action_refresh(self):
        """Compute the members now; who may change the segment may ask for it."""
        self.check_access("write")
        self._refresh_with_sources()

    def action_view_members(self):
        """Open the customers of this segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_customer_action"
        )
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": [("care_segment_ids", "in", self.ids)],
            "context": {},
        }
