from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .selections import CHANNELS, CONSENT_SOURCES, CONSENT_STATES, PURPOSES


class CareConsent(models.Model):
    """What a customer agreed to or refused, with the evidence. Append-only.

    Of one person, company, channel and purpose the latest row holds: by day and hour,
    then by the order of writing. A withdrawal speaks for its address as well: whoever
    has that address now, the gate respects it (see care_gate.py).
    """

    _name = "care.consent"
    _description = "Consent"
    _inherit = ["care.append.only", "care.touch.mixin"]
    _rec_name = "partner_id"
    _order = "on desc, id desc"

    # who
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    address = fields.Char(
        readonly=True,
        help="The e-mail address or phone number that was meant, in one spelling.",
    )
    # what
    channel = fields.Selection(selection=CHANNELS, required=True)
    purpose = fields.Selection(selection=PURPOSES, required=True)
    state = fields.Selection(selection=CONSENT_STATES, string="Answer", required=True)
    # how we know
    on = fields.Datetime(
        string="When",
        required=True,
        default=lambda self: self.env.cr.now(),
        help="When the customer said so. The latest answer holds.",
    )
    source = fields.Selection(
        selection=CONSENT_SOURCES, string="Known From", required=True
    )
    evidence = fields.Text(
        required=True,
        help="What proves it: words of the customer, number of a form, address of a page.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Written By",
        ondelete="set null",
        default=lambda self: self.env.uid,
    )
    is_current = fields.Boolean(
        string="In Force",
        compute="_compute_is_current",
        search="_search_is_current",
        help="The latest answer for this channel and purpose.",
    )

    _latest_idx = models.Index(
        '(partner_id, company_id, channel, purpose, "on" DESC, id DESC)'
    )
    _withdrawn_idx = models.Index(
        "(address, company_id, channel, purpose)"
        " WHERE state = 'withdrawn' AND address IS NOT NULL"
    )
    _counter_idx = models.Index("(company_id, partner_id) WHERE source = 'counter'")

    @api.model
    def _select_current(self, where=None):
        """Return SQL of the ids of the rows in force.

        :param SQL where: a condition on the table ``care_consent``; default: all rows
        """
        return SQL(
            """
            SELECT DISTINCT ON (partner_id, company_id, channel, purpose) id
              FROM care_consent
             WHERE %s
             ORDER BY partner_id, company_id, channel, purpose, "on" DESC, id DESC
            """,
            where or SQL("TRUE"),
        )

    def _compute_is_current(self):
        self.flush_model()
        mine = SQL("partner_id = ANY(%s)", list(self.partner_id.ids))
        rows = self.env.execute_query(self._select_current(mine))
        current = {row[0] for row in rows}
        for consent in self:
            consent.is_current = consent._origin.id in current

    @api.model
    def _search_is_current(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        self.flush_model()
        return [("id", operator, SQL("(%s)", self._select_current()))]

    @api.constrains("on")
    def _check_on(self):
        now = self.env.cr.now()
        for consent in self:
            if consent.on > now:
                raise ValidationError(
                    self.env._(
                        "%(day)s is still to come. Give the day on which the customer "
                        "said so.",
                        day=fields.Datetime.context_timestamp(
                            self, consent.on
                        ).strftime("%d/%m/%Y %H:%M"),
                    )
                )

    @api.model
    def _refuse(self):
        raise UserError(
            self.env._(
                "Consents cannot be changed or deleted: they are the evidence. Write "
                "down what the customer says now; the latest answer holds."
            )
        )

    # ------------------------------------------------- merge, forget and export
    @api.model
    def _care_merge_partners(self, sources, destination):
        """Keep a refusal of any of the contacts, whatever another one agreed to later.

        All rows go over to ``destination``. Where one of the contacts stands withdrawn
        and the latest of all rows would be a grant, a withdrawal is added: nobody is
        written to because two contacts turned out to be one.

        :param sources: ``res.partner`` that vanish
        :param destination: the one that stays
        """
        self.flush_model()
        everybody = list((sources | destination).ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, channel, purpose,
                       (ARRAY_AGG(address ORDER BY "on" DESC)
                           FILTER (WHERE state = 'withdrawn'))[1]
                  FROM (SELECT * FROM care_consent WHERE id IN (%s)) standing
                 GROUP BY company_id, channel, purpose
                HAVING BOOL_OR(state = 'withdrawn')
                   AND (ARRAY_AGG(state ORDER BY "on" DESC, id DESC))[1] = 'granted'
                """,
                self._select_current(SQL("partner_id = ANY(%s)", everybody)),
            )
        )
        self.sudo().create(
            [
                {
                    "partner_id": destination.id,
                    "company_id": company_id,
                    "channel": channel,
                    "purpose": purpose,
                    "address": address,
                    "state": "withdrawn",
                    "source": "merge",
                    "evidence": self.env._(
                        "One of the merged contacts had said no. Ask the customer again "
                        "if you think that he agrees."
                    ),
                }
                for company_id, channel, purpose, address in rows
            ]
        )

    @api.model
    def _care_forget_partners(self, partners):
        """Take away evidence and addresses; that somebody agreed or refused is kept.

        :param partners: ``res.partner`` that are being forgotten
        """
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_consent SET address = NULL, evidence = '' "
            "WHERE partner_id = ANY(%s)",
            [list(partners.ids)],
        )
        self.invalidate_model(["address", "evidence"])

    @api.model
    def _care_export_partners(self, partners):
        """Return the consents of these people as plain dicts, the oldest first.

        :param partners: ``res.partner`` whose data is asked for
        """
        rows = self.sudo().search([("partner_id", "in", partners.ids)], order="on, id")
        return [
            {
                "record": "consent",
                "when": fields.Datetime.to_string(row.on),
                "company": row.company_id.name,
                "channel": row.channel,
                "purpose": row.purpose,
                "state": row.state,
                "source": row.source,
                "address": row.address or "",
                "evidence": row.evidence or "",
            }
            for row in rows
        ]
