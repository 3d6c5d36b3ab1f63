"""What is promised for a ticket: its facts compared with the policies."""

from typing import NamedTuple

from odoo import Command, api, models

from ...lib.promise_clock import METRICS, Terms

#: Kinds of events after which a ticket may be promised something else.
DECIDING_KINDS = frozenset(
    {
        "created",
        "team_changed",
        "priority_changed",
        "category_changed",
        "kind_changed",
        "customer_changed",
        "policy_changed",
        "calendar_changed",
        "spam",
        "not_spam",
        "voided",
        "restored",
        "merged",
        "unmerged",
    }
)
#: Open tickets compared at once by the job.
BATCH = 500


class Facts(NamedTuple):
    """What policies ask of a ticket; ids are 0 for none."""

    company: int
    team: int
    category: int
    kind: str
    priority: str
    stage: int
    partners: frozenset[int]
    tags: frozenset[int]
    is_void: bool
    ticket: object = None


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ facts

    def _get_promise_facts(self):
        """Return the :class:`Facts` of these tickets, as they are now."""
        facts = []
        for ticket in self.sudo():
            partner = ticket.partner_id.with_company(ticket.company_id)
            facts.append(
                Facts(
                    company=ticket.company_id.id,
                    team=ticket.team_id.id or 0,
                    category=ticket.category_id.id or 0,
                    kind=ticket.kind or "",
                    priority=ticket.priority,
                    stage=partner.care_stage_id.id or 0,
                    partners=frozenset((partner | partner.commercial_partner_id).ids),
                    tags=frozenset(ticket.tag_ids.ids),
                    is_void=bool(ticket.void_reason),
                    ticket=ticket,
                )
            )
        return facts

    @api.model
    def _get_opening_facts(self, vals):
        """Return the :class:`Facts` of a ticket about to be created."""
        partners = {vals.get("partner_id"), vals.get("commercial_partner_id")}
        return Facts(
            company=vals["company_id"],
            team=vals["team_id"] or 0,
            category=vals.get("category_id") or 0,
            kind=vals.get("kind") or "",
            priority=vals["priority"],
            stage=vals.get("care_stage_id") or 0,
            partners=frozenset(ref for ref in partners if ref),
            tags=frozenset(_as_tag_ids(vals.get("tag_ids"))),
            # its void reason is an event after the first
            is_void=False,
        )

    # ------------------------------------------------------------------ matching

    @api.model
    def _match_terms(self, facts):
        """Return what is promised: one dict metric → :class:`Terms` per facts.

        First match wins, for each metric by itself. Few queries, whatever the number.
        """
        policies = self.env["care.sla.policy"].sudo()
        rules = {fact.company: [] for fact in facts}
        for company in rules:
            rules[company] = policies._get_rules(company)
        every = [rule for group in rules.values() for rule in group]
        if not every:
            return [{} for _fact in facts]
        partners = set().union(*(fact.partners for fact in facts))
        members = policies._find_members(every, partners)
        fitting = self._find_fitting(every, facts)
        days = self._get_days(rules)
        found = []
        for fact in facts:
            lines = {}
            for rule in [] if fact.is_void else rules[fact.company]:
                if not _fits(rule, fact, members, days.get(fact.company)):
                    continue
                ref = fact.ticket.id if fact.ticket else 0
                if not rule.domain or ref in fitting[rule.id]:
                    _add_lines(lines, rule, fact.priority)
            found.append(lines)
        return self._settle_calendars(facts, found)

    @api.model
    def _get_days(self, rules):
        """Return company id → its day today, where a promise asks for it."""
        companies = self.env["res.company"].sudo()
        return {
            company: self.env["care.profile"]._today(companies.browse(company))
            for company, group in rules.items()
            if any(rule.first_day or rule.last_day for rule in group)
        }

    @api.model
    def _find_fitting(self, rules, facts):
        """Return rule id → ids of tickets that meet its further condition."""
        tickets = self.browse(fact.ticket.id for fact in facts if fact.ticket).sudo()
        policies = self.env["care.sla.policy"].sudo()
        return {
            rule.id: set(
                tickets.filtered_domain(policies.browse(rule.id)._parse_domain()).ids
            )
            for rule in rules
            if rule.domain
        }

    @api.model
    def _settle_calendars(self, facts, found):
        """Turn lines into terms: the hours of the team become a version of them."""
        pairs = {}
        for fact, lines in zip(facts, found, strict=True):
            for metric, (_rule, line) in lines.items():
                calendar = line.calendar
                if calendar is None:
                    calendar = self._get_team_start(fact.team or False).calendar_id
                pairs[id(lines), metric] = (calendar, fact.company)
        versions = self.env["care.calendar.version"]._get_current_ids(
            pair for pair in pairs.values() if pair[0]
        )
        versions = {pair: versions.get(pair, 0) for pair in pairs.values()}
        return [
            {
                metric: Terms(
                    seconds=line.seconds,
                    version=versions[pairs[id(lines), metric]],
                    pauses=line.pauses,
                    warn=rule.warn,
                    policy=rule.id,
                )
                for metric, (rule, line) in lines.items()
            }
            for lines in found
        ]

    # ------------------------------------------------------------------ opening

    @api.model
    def _are_terms_late(self, vals_list):
        """Whether a promise can only be found once the tickets exist."""
        policies = self.env["care.sla.policy"].sudo()
        return any(
            rule.domain
            for company in {vals["company_id"] for vals in vals_list}
            for rule in policies._get_rules(company)
        )

    @api.model
    def _put_opening_terms(self, vals_list):
        """Put what is promised for new tickets into ``vals_list``."""
        terms = self._match_terms([self._get_opening_facts(v) for v in vals_list])
        ids = self.env["care.sla.terms"]._intern(terms)
        for vals, ref in zip(vals_list, ids, strict=True):
            vals["terms_ref"] = ref

    def _set_late_terms(self, rows):
        """Find the promises of tickets that were just created.

        :param list[dict] rows: their ``created`` rows, not appended yet
        :return: the books of their clocks, in order
        """
        tickets = self.sudo().with_context(tracking_disable=True)
        facts = [fact._replace(is_void=False) for fact in tickets._get_promise_facts()]
        ids = self.env["care.sla.terms"]._intern(self._match_terms(facts))
        values = [{} for _row in rows]
        for row, ref in zip(rows, ids, strict=True):
            row["terms_ref"] = ref
        books = self._open_clock_books(values, rows)
        for ticket, vals in zip(tickets, values, strict=True):
            if vals:
                ticket.write(vals)
        return books

    # ------------------------------------------------------------------ rows

    def _set_event_terms(self, rows):
        """Put into each of ``rows`` the terms in force after it.

        :param list[dict] rows: event rows of these tickets, about to be appended
        """
        deciding = {r["ticket_id"] for r in rows if r["kind"] in DECIDING_KINDS}
        tickets = self.sudo().browse(deciding)
        refs = {}
        if tickets:
            terms = self._match_terms(tickets._get_promise_facts())
            ids = self.env["care.sla.terms"]._intern(terms)
            refs = dict(zip(tickets.ids, ids, strict=True))
        for row in rows:
            ref = refs.get(row["ticket_id"])
            if ref is None:
                ref = self.sudo().browse(row["ticket_id"]).terms_ref
            row["terms_ref"] = ref

    def _refresh_terms_after(self, vals):
        """Compare terms after a write that no event speaks of.

        Tags and further conditions decide on promises too; only companies that use them
        pay for looking.
        """
        policies = self.env["care.sla.policy"].sudo()
        affected = self.browse()
        for company, tickets in self.sudo().grouped("company_id").items():
            rules = policies._get_rules(company.id)
            if any(r.domain or (r.tags and "tag_ids" in vals) for r in rules):
                affected |= tickets
        affected.filtered("is_open")._refresh_terms()

    def _refresh_terms(self, kind="policy_changed"):
        """Record the promises that changed; the system does, whoever caused it.

        :param str kind: kind of the events
        :return: tickets that are promised something else now
        """
        tickets = self.sudo()
        terms = self._match_terms(tickets._get_promise_facts())
        ids = self.env["care.sla.terms"]._intern(terms)
        changed = tickets.browse(
            ticket.id
            for ticket, ref in zip(tickets, ids, strict=True)
            if ticket.terms_ref != ref
        )
        changed._record_events(
            [ticket._prepare_event_values(kind, actor="system") for ticket in changed]
        )
        return changed

    @api.model
    def _cron_refresh_terms(self):
        """Compare open tickets with what is promised now, in batches.

        Woken when a policy or working hours change, and once a day for dates, segments
        and care stages.
        """
        cron, last = self.env["ir.cron"], 0
        cron._commit_progress(remaining=self.search_count([("is_open", "=", True)]))
        while True:
            tickets = self.with_context(active_test=False).search(
                [("is_open", "=", True), ("id", ">", last)], order="id", limit=BATCH
            )
            if not tickets:
                break
            last = tickets[-1].id
            for company, group in tickets.grouped("company_id").items():
                group.with_company(company)._refresh_terms()
            if not cron._commit_progress(len(tickets)):
                break


def _add_lines(lines, rule, priority):
    """Add what a rule promises for a priority, where nothing came before it."""
    for metric in METRICS:
        line = rule.lines.get((metric, priority)) or rule.lines.get((metric, None))
        if line:
            lines.setdefault(metric, (rule, line))


def _fits(rule, fact, members, day):
    """Whether a ticket meets every condition of a rule that needs no look at it."""
    return (
        (not rule.teams or fact.team in rule.teams)
        and (not rule.categories or fact.category in rule.categories)
        and (not rule.kinds or fact.kind in rule.kinds)
        and (not rule.tags or not rule.tags.isdisjoint(fact.tags))
        and (not rule.stages or fact.stage in rule.stages)
        and (
            not rule.segment
            or any((rule.segment, partner) in members for partner in fact.partners)
        )
        and (not rule.first_day or day >= rule.first_day)
        and (not rule.last_day or day <= rule.last_day)
    )


def _as_tag_ids(commands):
    """Return the ids that the commands of a new ticket link."""
    tags = set()
    for command in commands or ():
        if isinstance(command, int):
            tags.add(command)
        elif command[0] == Command.SET:
            tags = set(command[2])
        elif command[0] == Command.LINK:
            tags.add(command[1])
    return tags
