"""How ready a lead is to buy: by rules over what Odoo knows, set-based, with a reason."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...lib.internal import is_internal
from .readiness import QUOTE_DAYS, REASONS, RULES, STATES

#: What a person changes on a lead that may change its readiness.
MATTERS = frozenset(
    {
        "active",
        "company_id",
        "date_deadline",
        "lost_reason_id",
        "partner_id",
        "probability",
        "stage_id",
        "type",
        "user_id",
    }
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    care_readiness = fields.Selection(
        selection=STATES,
        string="Readiness",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="How near the customer is to buying, by the rules of the settings.",
    )
    care_readiness_reason = fields.Selection(
        selection=REASONS, string="Why So Ready", readonly=True, copy=False
    )
    care_readiness_since = fields.Datetime(
        string="So Ready Since", readonly=True, copy=False
    )
    care_readiness_change_ids = fields.One2many(
        comodel_name="care.readiness.change",
        inverse_name="lead_id",
        string="History of Readiness",
        groups="customer_care.group_manager",
    )

    # --------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        kept = [
            {
                name: value
                for name, value in vals.items()
                if name not in self._assessed()
            }
            for vals in vals_list
        ]
        leads = super().create(kept)
        leads._care_assess()
        return leads

    def write(self, vals):
        """Readiness follows what is written; it is never written by hand."""
        kept = {
            name: value for name, value in vals.items() if name not in self._assessed()
        }
        result = super().write(kept)
        if MATTERS & kept.keys():
            self._care_assess()
        return result

    @api.model
    def _assessed(self):
        return {"care_readiness", "care_readiness_reason", "care_readiness_since"}

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if not message.is_internal and message.author_id.partner_share:
            self._care_assess()
        return result

    # ------------------------------------------------------------------- assess
    def _care_assess(self):
        """Bring the readiness of these leads to what the rules say now."""
        if self.ids:
            self._care_assess_all(self)

    @api.model
    def _care_assess_all(self, leads=None):
        """Bring readiness to what the rules say now, in three statements.

        A lead that was never assessed when the job meets it was there before the rules:
        its first line is initial.

        :param leads: which ones; None: all of every company
        :return: how many leads changed their state
        :rtype: int
        """
        cr = self.env.cr
        self.env.flush_all()
        cr.execute(
            SQL(
                "CREATE TEMP TABLE care_readiness_fresh ON COMMIT DROP AS %s",
                self._select_care_readiness(leads),
            )
        )
        silent = bool(self.env.su and is_internal(self.env.context, "care_silent"))
        cr.execute(
            SQL(
                """
                INSERT INTO care_readiness_change (lead_id, partner_id, company_id, "on",
                       from_state, to_state, reason, initial)
                SELECT lead_id, partner_id, company_id, %(now)s, from_state, to_state,
                       reason, %(silent)s OR (from_state IS NULL AND %(is_job)s)
                  FROM care_readiness_fresh
                 WHERE from_state IS DISTINCT FROM to_state
                """,
                now=cr.now().replace(microsecond=0),
                silent=silent,
                is_job=leads is None,
            )
        )
        changed = cr.rowcount
        cr.execute(
            SQL(
                """
                UPDATE crm_lead lead
                   SET care_readiness = fresh.to_state,
                       care_readiness_reason = CASE
                           WHEN fresh.to_state IS NOT NULL THEN fresh.reason END,
                       care_readiness_since = CASE
                           WHEN fresh.from_state IS NOT DISTINCT FROM fresh.to_state
                           THEN lead.care_readiness_since
                           WHEN fresh.to_state IS NOT NULL THEN %(now)s END
                  FROM care_readiness_fresh fresh
                 WHERE lead.id = fresh.lead_id
                """,
                now=cr.now().replace(microsecond=0),
            )
        )
        cr.execute("DROP TABLE care_readiness_fresh")
        self.invalidate_model([*self._assessed(), "care_readiness_change_ids"])
        self.env["res.partner"].invalidate_model(["care_readiness"])
        self.env["care.readiness.change"].invalidate_model()
        return changed

    @api.model
    def _select_care_readiness(self, leads):
        """Return the query of the leads whose readiness differs from what is stored."""
        states = SQL(" ").join(
            SQL("WHEN %s THEN %s", reason, state) for reason, state in RULES.items()
        )
        return SQL(
            """
            SELECT lead_id, partner_id, company_id, from_state, from_reason, reason,
                   to_state
              FROM (SELECT told.*, CASE told.reason %(states)s END AS to_state
                      FROM (%(told)s) told) assessed
             WHERE from_state IS DISTINCT FROM to_state
                OR (to_state IS NOT NULL AND from_reason IS DISTINCT FROM reason)
            """,
            states=states,
            told=self._select_care_reasons(leads),
        )

    @api.model
    def _select_care_reasons(self, leads):
        """Return the query of leads with the first rule that fits each."""
        now = self.env.cr.now().replace(microsecond=0)
        return SQL(
            """
            SELECT lead.id AS lead_id, lead.partner_id, company.id AS company_id,
                   lead.care_readiness AS from_state,
                   lead.care_readiness_reason AS from_reason,
                   CASE
                   WHEN NOT lead.active OR lead.won_status <> 'pending' THEN 'closed'
                   WHEN quote.is_ordered THEN 'ordered'
                   WHEN quote.viewed_on >= lately.since THEN 'viewed'
                   WHEN wrote.last_on >= quote.sent_on AND wrote.last_on >= lately.since
                       THEN 'answered'
                   WHEN lead.probability >= company.care_ready_percent THEN 'likely'
                   WHEN quote.sent_on IS NOT NULL
                        AND lead.date_deadline <= (%(now)s
                            + company.care_ready_days * INTERVAL '1 day')::date
                       THEN 'closing'
                   WHEN quote.sent_on IS NOT NULL THEN 'quoted'
                   WHEN wrote.last_on >= lately.since THEN 'wrote'
                   WHEN EXISTS (SELECT 1 FROM mail_activity step
                                 WHERE step.res_model = 'crm.lead'
                                   AND step.res_id = lead.id AND step.active
                                   AND step.date_deadline >= %(now)s::date)
                       THEN 'planned'
                   WHEN lead.probability >= company.care_comparing_percent
                       THEN 'possible'
                   ELSE 'quiet' END AS reason
              FROM crm_lead lead
              LEFT JOIN res_users owner ON owner.id = lead.user_id
              JOIN res_company company
                ON company.id = COALESCE(lead.company_id, owner.company_id, %(main)s)
             CROSS JOIN LATERAL (
                 SELECT %(now)s - company.care_ready_days * INTERVAL '1 day' AS since
             ) lately
              LEFT JOIN LATERAL (%(quotes)s) quote ON TRUE
              LEFT JOIN LATERAL (%(wrote)s) wrote ON TRUE
             WHERE %(which)s
            """,
            now=now,
            main=self.env.ref("base.main_company").id,
            quotes=self._select_care_quotes(now),
            wrote=self._select_care_wrote(),
            which=(
                SQL("lead.id = ANY(%s)", list(leads.ids))
                if leads is not None
                else SQL(
                    "((lead.active AND lead.won_status = 'pending')"
                    " OR lead.care_readiness IS NOT NULL)"
                )
            ),
        )

    @api.model
    def _get_care_order_link(self):
        """Return the condition that the order ``o`` is one of ``lead``.

        With the bridge between sales and leads an order names its lead; without it the
        orders of the customer since the lead came count.
        """
        if "opportunity_id" in self.env["sale.order"]._fields:
            return SQL("o.opportunity_id = lead.id")
        return SQL(
            "o.partner_id = lead.partner_id AND o.create_date >= lead.create_date"
            " AND COALESCE(lead.company_id, o.company_id) = o.company_id"
        )

    @api.model
    def _select_care_quotes(self, now):
        """Return one row: whether the lead has ordered, a quotation, an opened one."""
        return SQL(
            """
            SELECT BOOL_OR(o.state = 'sale') AS is_ordered,
                   MAX(o.date_order) FILTER (
                       WHERE o.state = 'sent'
                         AND o.date_order >= %(now)s - %(days)s * INTERVAL '1 day')
                       AS sent_on,
                   MAX(opened.on) FILTER (WHERE o.state IN ('draft', 'sent'))
                       AS viewed_on
              FROM sale_order o
              LEFT JOIN LATERAL (
                  SELECT MAX(message.date) AS on FROM mail_message message
                   WHERE message.model = 'sale.order' AND message.res_id = o.id
                     AND message.subtype_id = %(viewed)s) opened ON TRUE
             WHERE %(link)s
            """,
            now=now,
            days=QUOTE_DAYS,
            viewed=self.env.ref("sale.mt_order_viewed").id,
            link=self._get_care_order_link(),
        )

    @api.model
    def _select_care_wrote(self):
        """Return one row: when the customer wrote last, on the lead or its orders."""
        return SQL(
            """
            SELECT MAX(message.date) AS last_on
              FROM mail_message message
              LEFT JOIN res_partner author ON author.id = message.author_id
             WHERE ((message.model = 'crm.lead' AND message.res_id = lead.id)
                    OR (message.model = 'sale.order' AND message.res_id IN (
                        SELECT o.id FROM sale_order o WHERE %(link)s)))
               AND message.message_type IN ('comment', 'email', 'sms', 'whatsapp')
               AND NOT COALESCE(message.is_internal, FALSE)
               AND COALESCE(author.partner_share, TRUE)
            """,
            link=self._get_care_order_link(),
        )

    @api.model
    def _cron_care_assess(self):
        """Hourly: time passes, quotations grow old, customers fall silent."""
        self.env["crm.lead"]._care_assess_all()
        self.env["ir.cron"]._commit_progress(1, remaining=0)
