"""How a ticket comes into being: defaults, number, first event; in few queries.

Creating a ticket is what every channel does, so what changes rarely (teams, stages,
categories, the sequence) is kept in the registry's cache, and everything that can be
known is computed before the one INSERT.
"""

from typing import NamedTuple

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.ticket_state import OPEN_CATEGORIES
from .care_ticket import COMPUTED_FIELDS
from .selections import PRIORITY_RANK

NUMBER_SEQUENCE = "care.ticket"
#: What the first event records of a new ticket.
EVENT_FIELDS = (
    "partner_id",
    "user_id",
    "team_id",
    "stage_id",
    "priority",
    "category_id",
    "kind",
    "channel_id",
    "company_id",
)
#: What is read of a customer when his ticket is opened.
CUSTOMER_FIELDS = (
    "name",
    "email",
    "phone",
    "company_id",
    "commercial_partner_id",
    "care_stage_id",
)
#: Fields whose company is compared before the ticket is created.
COMPANY_CHECKED_FIELDS = frozenset({"team_id", "stage_id", "category_id", "partner_id"})
#: Says in the context that the companies of new tickets were compared.
COMPANY_IS_CHECKED = object()


class TeamStart(NamedTuple):
    """How tickets of a team start."""

    company_id: int | bool
    calendar_id: int | None
    stage_id: int | bool


class StageFacts(NamedTuple):
    """What a stage means to a ticket that starts in it."""

    category: str
    company_id: int | bool
    has_template: bool


class CategoryDefaults(NamedTuple):
    """What a category gives to its tickets."""

    team_id: int | bool
    kind: str | bool
    priority: str | bool
    company_id: int | bool


class NumberFormat(NamedTuple):
    """How the numbers of a company are drawn and written."""

    sequence_id: int
    is_plain: bool
    prefix: str
    suffix: str
    padding: int


class CareTicket(models.Model):
    _inherit = "care.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        """Create tickets with their number, defaults and ``created`` event.

        The creator does not follow a ticket unless it is his: who works on it does.
        """
        self._check_derived_fields(vals_list)
        vals_list = [self._prepare_placement(vals) for vals in vals_list]
        self._draw_numbers(vals_list)
        customers = self._read_customers(vals_list)
        for vals in vals_list:
            self._complete_columns(vals, customers)
        is_late = self._are_terms_late(vals_list)
        if not is_late:
            self._put_opening_terms(vals_list)
        rows = self._prepare_created_events(vals_list)
        books = self._open_clock_books(vals_list, rows)
        self._prepare_opening_values(vals_list)
        checked = all(
            self._is_company_consistent(vals, customers) for vals in vals_list
        )
        # core asks for the definition of the properties: that column alone is read
        teams = {vals["team_id"] for vals in vals_list if vals["team_id"]}
        self.env["care.team"].sudo().browse(teams).fetch(
            ["ticket_properties_definition"]
        )
        creator = self.with_context(
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
            care_company=COMPANY_IS_CHECKED if checked else None,
        )
        tickets = super(CareTicket, creator).create(vals_list).with_env(self.env)
        for ticket, row in zip(tickets, rows, strict=True):
            row["ticket_id"] = ticket.id
        if is_late:
            books = tickets._set_late_terms(rows)
        self.env["care.ticket.event"]._insert(rows)
        tickets._save_clock_books(
            {t.id: book for t, book in zip(tickets, books, strict=True) if book}
        )
        tickets._after_events(rows)
        tickets.filtered("void_reason")._record_void()
        tickets._send_first_stage_message()
        return tickets

    # ------------------------------------------------------------------ values

    def _prepare_placement(self, vals):
        """Return a copy of ``vals`` with company, team, stage, kind and priority."""
        vals = {key: vals[key] for key in vals if key not in COMPUTED_FIELDS}
        for name in EVENT_FIELDS:
            default = self.env.context.get(f"default_{name}")
            if default and name not in vals:
                vals[name] = default
        category = self._get_category_defaults(vals.get("category_id") or False)
        vals["team_id"] = vals.get("team_id") or category.team_id
        if not vals["team_id"]:
            company = self.env["res.company"].browse(vals.get("company_id") or [])
            vals["team_id"] = self._get_default_team(company or self.env.company).id
        start = self._get_team_start(vals["team_id"])
        vals["company_id"] = (
            vals.get("company_id") or start.company_id or self.env.company.id
        )
        vals["kind"] = vals.get("kind") or category.kind
        vals["priority"] = vals.get("priority") or category.priority or "normal"
        vals["stage_id"] = vals.get("stage_id") or start.stage_id
        if not vals["stage_id"]:
            raise UserError(
                self.env._(
                    "There is no ticket stage to start in. Add one of the category"
                    " “New” under Configuration › Stages."
                )
            )
        return vals

    def _read_customers(self, vals_list):
        """Return company id → {partner id: partner}, read in one query per company."""
        ids_by_company = {}
        for vals in vals_list:
            if vals.get("partner_id"):
                ids = ids_by_company.setdefault(vals["company_id"], {})
                ids[vals["partner_id"]] = True
        found = {}
        for company_id, ids in ids_by_company.items():
            partners = self.env["res.partner"].sudo().with_company(company_id)
            partners = partners.browse(ids)
            partners.fetch(CUSTOMER_FIELDS)
            found[company_id] = {partner.id: partner for partner in partners}
        return found

    def _complete_columns(self, vals, customers):
        """Put the columns that follow from others into ``vals``."""
        partner = customers.get(vals["company_id"], {}).get(vals.get("partner_id"))
        stage = self._get_stage_facts(vals["stage_id"])
        if partner:
            vals["email_from"] = vals.get("email_from") or partner.email_formatted
            vals["phone"] = vals.get("phone") or partner.phone
            vals["commercial_partner_id"] = partner.commercial_partner_id.id
            vals["care_stage_id"] = partner.care_stage_id.id
        else:
            vals["commercial_partner_id"] = vals["care_stage_id"] = False
        vals["stage_category"] = stage.category
        vals["is_open"] = stage.category in OPEN_CATEGORIES
        vals["priority_rank"] = PRIORITY_RANK.get(vals["priority"], 0)
        vals["search_text"] = self._format_search_text(
            vals["number"],
            vals.get("name"),
            partner and partner.name,
            vals.get("partner_name"),
            vals.get("email_from"),
            vals.get("phone"),
        )

    @api.model
    def _prepare_opening_values(self, vals_list):
        """Hook: put into ``vals_list`` what is known of the customers at this moment.

        Company, customer, customer company and what is promised are decided; whoever
        keeps more at opening reads it for the whole batch at once.
        """

    def _is_company_consistent(self, vals, customers):
        """Whether everything that ``vals`` names belongs to its company, or to none.

        Odoo's own check reads every related record of every ticket (6 ms each); this
        one reads the cache, and leaves what it does not know to the slow one.
        """
        if any(vals.get(name) for name in self._get_slowly_checked_fields()):
            return False
        partner = customers.get(vals["company_id"], {}).get(vals.get("partner_id"))
        companies = {
            self._get_team_start(vals["team_id"]).company_id,
            self._get_stage_facts(vals["stage_id"]).company_id,
            self._get_category_defaults(vals.get("category_id") or False).company_id,
            partner.company_id.id if partner else False,
        }
        return companies <= {False, vals["company_id"]}

    @tools.ormcache()
    def _get_slowly_checked_fields(self):
        """Return the names of fields whose company only Odoo's own check compares."""
        return tuple(
            name
            for name, field in self._fields.items()
            if field.relational
            and field.check_company
            and name not in COMPANY_CHECKED_FIELDS
        )

    def _check_company(self, fnames=None):
        # an object of this module: no client can send it in its context
        if (
            fnames is None
            and self.env.context.get("care_company") is COMPANY_IS_CHECKED
        ):
            return None
        return super()._check_company(fnames)

    @api.model
    def _get_default_team(self, company):
        """Return the team of a ticket that names none: the user's, else the first."""
        teams = self.env.user.sudo().care_team_ids.filtered(
            lambda team: team.active and team.company_id == company
        )
        return (
            teams[:1]
            or company.sudo().care_form_team_id
            or self.env["care.team"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
        )

    def _send_first_stage_message(self):
        """Send the message of the stage that a ticket starts in, where it has one."""
        for ticket in self:
            if self._get_stage_facts(ticket.stage_id.id).has_template:
                ticket._message_track_post_template(["stage_id"])

    # ------------------------------------------------------------------ cached set-up

    @api.model
    @tools.ormcache("team_id")
    def _get_team_start(self, team_id):
        """Return the :class:`TeamStart` of a team, of no team for False."""
        team = self.env["care.team"].sudo().browse(team_id or [])
        stage = self.env["care.ticket.stage"].sudo()._find(team, ["new", "open"])
        return TeamStart(
            company_id=team.company_id.id,
            calendar_id=team.resource_calendar_id.id or None,
            stage_id=stage.id,
        )

    @api.model
    @tools.ormcache("stage_id")
    def _get_stage_facts(self, stage_id):
        """Return the :class:`StageFacts` of a stage."""
        stage = self.env["care.ticket.stage"].sudo().browse(stage_id)
        return StageFacts(stage.category, stage.company_id.id, bool(stage.template_id))

    @api.model
    @tools.ormcache("category_id")
    def _get_category_defaults(self, category_id):
        """Return the :class:`CategoryDefaults` of a category, of none for False."""
        category = self.env["care.ticket.category"].sudo().browse(category_id or [])
        return CategoryDefaults(
            category.team_id.id,
            category.kind,
            category.priority,
            category.company_id.id,
        )

    # ------------------------------------------------------------------ numbers

    def _draw_numbers(self, vals_list):
        """Give each of ``vals_list`` its number: one ``nextval`` query per company.

        Writers do not wait for each other; a rolled-back ticket leaves a gap.
        """
        by_company = {}
        for vals in vals_list:
            if vals.get("number", "/") == "/":
                by_company.setdefault(vals["company_id"], []).append(vals)
        for company_id, group in by_company.items():
            numbers = self._next_numbers(company_id, len(group))
            for vals, number in zip(group, numbers, strict=True):
                vals["number"] = number

    @api.model
    def _next_numbers(self, company_id, count):
        """Return ``count`` fresh ticket numbers of a company.

        :raises UserError: the sequence was deleted or archived
        """
        form = self._get_number_format(company_id)
        if not form:
            raise UserError(
                self.env._(
                    "The sequence “%(code)s” that numbers tickets is missing. Create it"
                    " under Settings › Technical › Sequences.",
                    code=NUMBER_SEQUENCE,
                )
            )
        if not form.is_plain:
            sequence = self.env["ir.sequence"].sudo().browse(form.sequence_id)
            return [sequence.next_by_id() for _index in range(count)]
        drawn = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{form.sequence_id:03d}",
                count,
            )
        )
        return [f"{form.prefix}{row[0]:0{form.padding}d}{form.suffix}" for row in drawn]

    @api.model
    @tools.ormcache("company_id")
    def _get_number_format(self, company_id):
        """Return the :class:`NumberFormat` of a company, None without a sequence.

        Plain: standard, without date ranges and without dates in prefix or suffix, so
        that a number is its prefix, the drawn value and its suffix.
        """
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", NUMBER_SEQUENCE),
                    ("company_id", "in", [company_id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        if not sequence:
            return None
        prefix, suffix = sequence.prefix or "", sequence.suffix or ""
        return NumberFormat(
            sequence_id=sequence.id,
            is_plain=sequence.implementation == "standard"
            and not sequence.use_date_range
            and "%" not in prefix + suffix,
            prefix=prefix,
            suffix=suffix,
            padding=sequence.padding,
        )
