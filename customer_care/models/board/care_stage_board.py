"""The Care Board: care stages with their customers, counts and values."""

import pytz

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from ...lib.quiet_hours import utc_time

#: Cards that a column shows at first, and that one page adds.
PAGE = 20
#: What the board can be narrowed down by.
CRITERIA = frozenset({"text", "manager", "segment_id", "at_risk"})
#: Key of the customers who stand in no care stage.
NOWHERE = 0


class CareStage(models.Model):
    _inherit = "care.stage"

    # ------------------------------------------------------------------ reading
    @api.model
    def get_care_board(self, criteria=None):
        """Return the Care Board of the current company, under the reader's rights.

        The number of queries depends neither on customers nor on care stages. Folded
        columns come without cards; :meth:`get_care_cards` brings them.

        :param dict criteria: ``text`` (name, e-mail or any digits of a phone),
            ``manager`` ("mine", "nobody" or the id of a user), ``segment_id``,
            ``at_risk`` (bool); all may be missing
        :return: dict with ``columns`` (id, name, color, is_folded, is_open, count,
            value, came, left, cards), ``count`` (customers of the company, whatever the
            criteria), ``limit`` (cards of a page) and ``choices`` to narrow down by
        :raises AccessError: the reader is no agent
        """
        domain = self._get_board_domain(criteria)
        counts = self._count_board(domain)
        changes = self._count_board_changes(domain if criteria else None)
        stages = self._get_board_stages(counts)
        shown = [stage.id for stage in stages if not stage.fold]
        cards = self._get_board_cards(domain, [*shown, NOWHERE], 0)
        return {
            "columns": [
                self._prepare_board_column(stage, counts, changes, cards)
                for stage in [*stages, self.browse()]
                if stage or counts.get(NOWHERE)
            ],
            "count": self._count_board_customers(counts, criteria),
            "limit": PAGE,
            "choices": self._get_board_choices(),
        }

    @api.model
    def get_care_cards(self, stage_id, criteria=None, offset=0):
        """Return one more page of cards of a column, under the reader's rights.

        :param int stage_id: a care stage; 0: customers who stand in none
        :param dict criteria: as of :meth:`get_care_board`
        :param int offset: how many cards are there already
        :return: list of cards, the most valuable customers first
        :raises AccessError: the reader is no agent
        """
        domain = self._get_board_domain(criteria)
        stage_id, offset = int(stage_id), max(int(offset), 0)
        return self._get_board_cards(domain, [stage_id], offset).get(stage_id, [])

    @api.model
    def _get_board_stages(self, counts):
        """Return the stages of the company, archived ones where customers stand there."""
        known = self.with_context(active_test=False).search(
            [("company_id", "in", (False, self.env.company.id))]
        )
        # what a deleted stage, or one of another company, left behind is nowhere
        for stage_id in set(counts) - set(known.ids) - {NOWHERE}:
            lost = counts.pop(stage_id)
            here = counts.get(NOWHERE, (0, 0))
            counts[NOWHERE] = (here[0] + lost[0], here[1] + lost[1])
        return known.filtered(lambda stage: stage.active or stage.id in counts)

    def _prepare_board_column(self, stage, counts, changes, cards):
        company = self.env.company
        count, value = counts.get(stage.id or NOWHERE, (0, 0))
        came, left = changes.get(stage.id, (0, 0))
        return {
            "id": stage.id or NOWHERE,
            "name": stage.name or self.env._("No care stage yet"),
            "description": stage.description or "",
            "color": stage.color,
            "is_folded": stage.fold,
            "is_open": stage.active,
            "count": count,
            "value": format_amount(self.env, value, company.currency_id),
            "came": came,
            "left": left,
            "cards": cards.get(stage.id or NOWHERE, []),
        }

    # ------------------------------------------------------------------- asking
    @api.model
    def _check_board_reader(self):
        """Raise an AccessError unless the user is an agent of the current company."""
        if not self.env.user.has_group("customer_care.group_agent_own"):
            raise AccessError(
                self.env._("Only people of customer care see the Care Board.")
            )
        self.env["care.profile"].check_access("read")

    @api.model
    def _get_board_domain(self, criteria):
        """Return the domain on contacts that these criteria mean.

        :raises UserError: a criterion is unknown or has no possible value
        """
        self._check_board_reader()
        criteria = dict(criteria or {})
        if not criteria.keys() <= CRITERIA:
            raise UserError(
                self.env._(
                    "The board cannot be narrowed down by “%(names)s”. Use the search, "
                    "the person in charge, the segment or the risk.",
                    names=", ".join(sorted(criteria.keys() - CRITERIA)),
                )
            )
        domain = Domain("care_is_customer", "=", True)
        text = str(criteria.get("text") or "").strip()
        if text:
            said = Domain("display_name", "ilike", text)
            domain &= said | Domain("child_ids", "any", said)
        if criteria.get("manager"):
            domain &= self._get_board_manager_domain(criteria["manager"])
        if criteria.get("segment_id"):
            segment = int(criteria["segment_id"])
            domain &= Domain("care_segment_ids", "in", [segment])
        if criteria.get("at_risk"):
            domain &= Domain("care_is_at_risk", "=", True)
        return domain

    @api.model
    def _get_board_manager_domain(self, manager):
        if manager == "nobody":
            return Domain("care_manager_id", "=", False)
        user = self.env.uid if manager == "mine" else int(manager)
        return Domain("care_manager_id", "=", user)

    @api.model
    def _get_board_query(self, domain):
        """Return the query of the customers of the current company that fit.

        Contacts under the reader's rights, each with his profile ``care_profile``.
        """
        contacts = self.env["res.partner"].with_context(active_test=True)
        query = contacts._search(domain)
        profiles = self.env["care.profile"]._search(
            [("company_id", "=", self.env.company.id)]
        )
        query.add_join(
            "JOIN",
            "care_profile",
            "care_profile",
            SQL("care_profile.partner_id = res_partner.id"),
        )
        query.add_where(profiles.where_clause)
        return query

    @api.model
    def _get_board_stage_sql(self):
        """Return the column with the care stage of a contact in this company."""
        column = self.env["res.partner"]._field_to_sql("res_partner", "care_stage_id")
        return SQL("COALESCE(%s, %s)", column, NOWHERE)

    @api.model
    def _count_board(self, domain):
        """Return stage id → (customers, their 12-month value), in one query."""
        self.env.flush_all()
        query = self._get_board_query(domain)
        stage = self._get_board_stage_sql()
        query.groupby = SQL("1")
        rows = self.env.execute_query(
            query.select(
                SQL("%s AS stage_id", stage),
                SQL("COUNT(*)"),
                SQL("COALESCE(SUM(care_profile.revenue_365), 0)"),
            )
        )
        return {stage_id: (count, float(value)) for stage_id, count, value in rows}

    @api.model
    def _count_board_customers(self, counts, criteria):
        """Return how many customers there are, whatever the board is narrowed to."""
        if not criteria:
            return sum(count for count, _value in counts.values())
        return self.env["care.profile"].search_count(
            [("company_id", "=", self.env.company.id)]
        )

    @api.model
    def _count_board_changes(self, domain=None):
        """Return stage id → (came in, went out) since the first of this month.

        What came with a first fill is no change.

        :param domain: the contacts that count; None: all
        """
        changes = self.env["care.stage.change"]
        since = Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("on", ">=", self._get_start_of_month()),
                ("initial", "=", False),
            ]
        )
        if domain is not None:
            query = self.env["res.partner"]._search(domain)
            since &= Domain("partner_id", "in", query)
        moved = {}
        for before, after, count in changes._read_group(
            since, ["from_id", "to_id"], ["__count"]
        ):
            came, left = moved.get(after.id, (0, 0))
            moved[after.id] = came + count, left
            came, left = moved.get(before.id, (0, 0))
            moved[before.id] = came, left + count
        return moved

    @api.model
    def _get_start_of_month(self):
        """Return the first moment of the company's month as naive UTC."""
        company = self.env.company
        first = self.env["care.profile"]._today(company).replace(day=1)
        return utc_time(pytz.timezone(company.care_tz), first)

    # -------------------------------------------------------------------- cards
    @api.model
    def _get_board_cards(self, domain, stage_ids, offset):
        """Return stage id → cards, the most valuable customers of each stage first."""
        query = self._get_board_query(domain)
        stage = self._get_board_stage_sql()
        query.add_where(SQL("%s = ANY(%s)", stage, list(stage_ids)))
        ranked = query.select(
            SQL("res_partner.id"),
            SQL("%s AS stage_id", stage),
            SQL(
                "ROW_NUMBER() OVER (PARTITION BY %s ORDER BY"
                " care_profile.revenue_365 DESC NULLS LAST,"
                " care_profile.last_contact_on DESC NULLS LAST, res_partner.id DESC)"
                " AS place",
                stage,
            ),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id, stage_id FROM (%s) ranked WHERE place > %s AND place <= %s"
                " ORDER BY stage_id, place",
                ranked,
                offset,
                offset + PAGE,
            )
        )
        customers = self.env["res.partner"].browse([row[0] for row in rows])
        cards = customers._prepare_care_cards()
        columns = {}
        for customer_id, stage_id in rows:
            columns.setdefault(stage_id, []).append(cards[customer_id])
        return columns

    @api.model
    def _get_board_choices(self):
        """Return who may be in charge, and the segments, to narrow the board down by."""
        people = self.env["res.users"].search(
            [
                (
                    "all_group_ids",
                    "in",
                    self.env.ref("customer_care.group_agent_own").ids,
                ),
                ("share", "=", False),
                ("company_ids", "in", self.env.company.ids),
            ],
            order="name, id",
        )
        segments = self.env["care.segment"].search_fetch(
            [("company_id", "=", self.env.company.id)], ["name"]
        )
        return {
            "people": [
                {"id": user.id, "name": user.name}
                for user in people
                if user != self.env.user
            ],
            "segments": [
                {"id": segment.id, "name": segment.name} for segment in segments
            ],
        }
