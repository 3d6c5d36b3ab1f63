"""How facts are kept, rebuilt and compared; nothing else writes them."""

import functools
import json
from datetime import date

from odoo import api, models, tools
from odoo.tools import SQL, split_every

from odoo.addons.customer_care.lib import ticket_state

from ...lib import ticket_fact

#: Tickets rebuilt at once: enough for set-based statements, little enough for memory.
REBUILD_BATCH = 2000
#: Columns of an event that the fold reads.
EVENT_COLUMNS = (
    "ticket_id",
    "date",
    "kind",
    "actor",
    "actor_id",
    "is_public",
    "is_automatic",
    "channel_id",
    "company_id",
    "partner_id",
    "user_id",
    "team_id",
    "stage_category",
    "priority",
    "category_id",
    "ticket_kind",
    "user_ref",
    "team_ref",
)
#: Fact column → event column that holds the ticket as it is now.
CURRENT_COLUMNS = {
    "company_id": "company_id",
    "partner_id": "partner_id",
    "user_id": "user_id",
    "team_id": "team_id",
    "priority": "priority",
    "category_id": "category_id",
    "kind": "ticket_kind",
}
#: Fact column → attribute of the tally that it holds.
TALLY_COLUMNS = {
    "created_on": "created_on",
    "asked_on": "asked_on",
    "channel_id": "channel",
    "first_team_id": "first_team",
    "reply_user_id": "reply_user",
    "reply_team_id": "reply_team",
    "solver_id": "solver",
    "solver_team_id": "solver_team",
}
#: Fact column → attribute of the ticket's state that it holds.
STATE_COLUMNS = {
    "stage_category": "category",
    "first_reply_on": "first_reply_on",
    "first_solved_on": "first_solved_on",
    "solved_on": "solved_on",
}
#: Attributes that are not in ``fold_state``: held by columns, or needed by no figure.
TALLY_SKIP = frozenset(TALLY_COLUMNS.values())
STATE_SKIP = frozenset([*STATE_COLUMNS.values(), "last_customer_on"])
#: Day → the instant it is the day of, in the time zone of the company.
DAY_COLUMNS = {
    "created_day": "created_on",
    "reply_day": "first_reply_on",
    "solved_day": "solved_on",
}


class CareTicketFact(models.Model):
    _inherit = "care.ticket.fact"

    # ------------------------------------------------------------------ live

    def _fold(self, rows):
        """Take events into account that were just appended.

        One statement reads the facts so far, one writes what changed of them; new
        tickets need no read. A ticket without a fact, or whose new event is older than
        its last, is rebuilt from its events: the order in which they were inserted does
        not matter.

        :param list[dict] rows: columns of ``care.ticket.event``, in order
        """
        by_ticket = {}
        for row in rows:
            by_ticket.setdefault(row["ticket_id"], []).append(row)
        fresh = {key for key, new in by_ticket.items() if new[0]["kind"] == "created"}
        stored = self._read_stored(by_ticket.keys() - fresh)
        values_list, unknown = [], []
        for ticket_id, new_rows in by_ticket.items():
            known = stored.get(ticket_id)
            fold = _unpack_fold(known) if known else _empty_fold()
            if (not known and ticket_id not in fresh) or not _in_order(fold, new_rows):
                unknown.append(ticket_id)
                continue
            self._apply_rows(fold, new_rows)
            values_list.append(self._prepare_values(fold, new_rows[-1]))
        self._store(values_list, stored)
        if unknown:
            self._rebuild(unknown)

    def _apply_rows(self, fold, rows):
        """Fold ``rows``, in order, into ``fold``, in place."""
        tally, state = fold
        as_event = self.env["care.ticket.event"]._as_state_event
        for row in rows:
            before = ticket_fact.look(state)
            ticket_state.apply(state, as_event(row))
            ticket_fact.observe(tally, row, before, state)

    def _prepare_values(self, fold, row):
        """Return the columns of a fact, fit for JSON.

        :param fold: tally and state after ``row``
        :param dict row: the ticket's last event
        """
        tally, state = fold
        held = {
            **{name: getattr(tally, part) for name, part in TALLY_COLUMNS.items()},
            **{name: getattr(state, part) for name, part in STATE_COLUMNS.items()},
        }
        zone = self._get_time_zone(row["company_id"])
        for name, source in DAY_COLUMNS.items():
            held[name] = ticket_fact.day(held[source], zone)
        return {
            "ticket_id": row["ticket_id"],
            "is_void": ticket_fact.is_void(tally),
            **{name: row[column] or None for name, column in CURRENT_COLUMNS.items()},
            **{
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in held.items()
            },
            **ticket_fact.measures(tally, state),
            "fold_state": {
                "tally": ticket_fact.pack(tally, TALLY_SKIP),
                "state": ticket_fact.pack(state, STATE_SKIP),
            },
        }

    @tools.ormcache("company_id")
    def _get_time_zone(self, company_id):
        """Return the zone in which a company counts its days.

        Every event of every ticket asks; reading a company costs more than the fold.
        """
        return self.env["res.company"].sudo().browse(company_id).care_tz

    # ------------------------------------------------------------------ storing

    def _store(self, values_list, stored):
        """Insert facts, or write what changed of them: one statement each.

        :param list[dict] values_list: as :meth:`_prepare_values` makes them
        :param dict stored: ticket id → columns of the facts that are there already
        """
        inserts, updates, changed = [], [], {}
        for values in values_list:
            have = stored.get(values["ticket_id"])
            if have is None:
                inserts.append(values)
                continue
            differs = {name for name, value in values.items() if have[name] != value}
            if differs:
                updates.append(values)
                changed.update(dict.fromkeys(differs))
        if inserts:
            names = list(inserts[0])
            self.env.cr.execute(SQL(_get_insert_code(*names), json.dumps(inserts)))
        if updates:
            names = ["ticket_id", *changed]
            rows = [{name: values[name] for name in names} for values in updates]
            ticket_ids = tuple(values["ticket_id"] for values in updates)
            self.env.cr.execute(
                SQL(_get_update_code(changed), json.dumps(rows), ticket_ids)
            )
        if inserts or updates:
            self._forget_cache()

    def _forget_cache(self):
        self.invalidate_model(flush=False)

    # ------------------------------------------------------------------ rebuild

    @api.model
    def _rebuild(self, ticket_ids=None):
        """Make facts anew, from the events alone, in batches of bounded memory.

        :param ticket_ids: ids of ``care.ticket``; None for every ticket of the database
        :return: how many facts there are of these tickets
        """
        count = 0
        for batch in self._iter_batches(ticket_ids):
            found = self._compute_from_events(batch)
            self._store(list(found.values()), self._read_stored(batch))
            count += len(found)
        return count

    @api.model
    def _find_differences(self, ticket_ids=None):
        """Compare stored facts with what the events say.

        :param ticket_ids: ids of ``care.ticket``; None for every ticket of the database
        :return: dict ticket id → {column: (stored, from the events)}, only what differs
        """
        differences = {}
        for batch in self._iter_batches(ticket_ids):
            found = self._compute_from_events(batch)
            stored = self._read_stored(batch)
            for ticket_id in found.keys() | stored.keys():
                have, want = stored.get(ticket_id, {}), found.get(ticket_id, {})
                differs = {
                    name: (have.get(name), want.get(name))
                    for name in (have.keys() | want.keys()) - {"id"}
                    if have.get(name) != want.get(name)
                }
                if differs:
                    differences[ticket_id] = differs
        return differences

    def _iter_batches(self, ticket_ids):
        """Yield tuples of ticket ids, every ticket of the database for None."""
        if ticket_ids is not None:
            yield from split_every(REBUILD_BATCH, sorted(ticket_ids))
            return
        last_id = 0
        while True:
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM care_ticket WHERE id > %s ORDER BY id LIMIT %s",
                    last_id,
                    REBUILD_BATCH,
                )
            )
            if not rows:
                return
            yield tuple(row[0] for row in rows)
            last_id = rows[-1][0]

    def _compute_from_events(self, ticket_ids):
        """Return ticket id → columns of its fact, from the events alone."""
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT %s FROM care_ticket_event WHERE ticket_id IN %s"
                " ORDER BY ticket_id, date, id",
                SQL(", ").join(map(SQL.identifier, EVENT_COLUMNS)),
                tuple(ticket_ids),
            )
        )
        by_ticket = {}
        for row in rows:
            by_ticket.setdefault(row["ticket_id"], []).append(row)
        found = {}
        for ticket_id, ticket_rows in by_ticket.items():
            fold = _empty_fold()
            self._apply_rows(fold, ticket_rows)
            found[ticket_id] = self._prepare_values(fold, ticket_rows[-1])
        return found

    def _read_stored(self, ticket_ids):
        """Return ticket id → columns of its fact, as JSON has them."""
        if not ticket_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT to_jsonb(fact) FROM care_ticket_fact AS fact"
                " WHERE ticket_id IN %s",
                tuple(ticket_ids),
            )
        )
        return {row[0]["ticket_id"]: row[0] for row in rows}

    def _recount_days(self, companies):
        """Find the days of facts anew after a company moved to another time zone."""
        for company in companies:
            days = (
                SQL(
                    "%s = (%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
                    SQL.identifier(name),
                    SQL.identifier(source),
                    company.care_tz,
                )
                for name, source in DAY_COLUMNS.items()
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE care_ticket_fact SET %s WHERE company_id = %s",
                    SQL(", ").join(days),
                    company.id,
                )
            )
        self._forget_cache()


def _empty_fold():
    return ticket_fact.Tally(), ticket_state.State()


def _unpack_fold(stored):
    """Return what the next event of a ticket is folded into.

    :param dict stored: columns of its fact, as JSON has them
    """
    packed = stored["fold_state"]
    tally = {part: stored[name] for name, part in TALLY_COLUMNS.items()}
    state = {part: stored[name] for name, part in STATE_COLUMNS.items()}
    return (
        ticket_fact.unpack(ticket_fact.Tally, {**tally, **packed["tally"]}),
        ticket_fact.unpack(ticket_state.State, {**state, **packed["state"]}),
    )


def _in_order(fold, rows):
    """Return whether ``rows`` follow, in time, on each other and on what was folded."""
    last = fold[0].last_on
    dates = [row["date"] for row in rows]
    return dates == sorted(dates) and (not last or last <= dates[0])


@functools.cache
def _get_insert_code(*names):
    """Return the statement that inserts these columns; its parameter is JSON."""
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO care_ticket_fact ({columns}) SELECT {columns}"
        " FROM jsonb_populate_recordset(NULL::care_ticket_fact, %s)"
    )


def _get_update_code(names):
    """Return the statement that writes these columns; its parameters are JSON and ids.

    The ids are named apart so that one ticket is found by the index: of JSON the planner
    expects a hundred rows, and reads the whole table.
    """
    columns = ", ".join(f'"{name}" = found."{name}"' for name in names)
    return (
        f"UPDATE care_ticket_fact AS fact SET {columns}"
        " FROM jsonb_populate_recordset(NULL::care_ticket_fact, %s) AS found"
        " WHERE fact.ticket_id = found.ticket_id AND fact.ticket_id IN %s"
    )
