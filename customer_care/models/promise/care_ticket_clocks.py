"""How the events of a ticket turn its clocks, live and when they are rebuilt."""

from odoo import api, models
from odoo.tools import SQL

from ...lib import ticket_state
from ...lib.promise_clock import ClockBook, replay


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ live

    def _load_clock_books(self, rows):
        """Return ticket id → :class:`ClockBook`, for tickets that were promised something.

        :param list[dict] rows: the events that will turn the clocks
        """
        refs = {row["ticket_id"]: row["terms_ref"] for row in rows}
        promised = [ticket for ticket in self if refs[ticket.id] or ticket.terms_ref]
        if not promised:
            return {}
        clocks = self.env["care.sla.clock"]._load_last([t.id for t in promised])
        terms = self.env["care.sla.terms"]
        versions = {
            line.version for ref in refs.values() for line in terms._load(ref).values()
        }
        versions.update(c.terms.version for group in clocks.values() for c in group)
        hours = self.env["care.calendar.version"]._get_hours(versions)
        return {ticket.id: ClockBook(hours, clocks[ticket.id]) for ticket in promised}

    def _save_clock_books(self, books):
        """Write down the clocks that events have turned."""
        self.env["care.sla.clock"].sudo()._save(
            {ticket_id: book.clocks for ticket_id, book in books.items()}
        )

    @api.model
    def _open_clock_books(self, vals_list, rows):
        """Return the book of each ticket about to be created, in order; None for no promise.

        Puts what follows from the clocks into ``vals_list``.
        """
        terms = self.env["care.sla.terms"]
        refs = [row["terms_ref"] for row in rows]
        versions = {line.version for ref in refs for line in terms._load(ref).values()}
        hours = self.env["care.calendar.version"]._get_hours(versions)
        events = self.env["care.ticket.event"]
        books = []
        for vals, row in zip(vals_list, rows, strict=True):
            book = ClockBook(hours) if row["terms_ref"] else None
            if book:
                event = events._as_state_event(row)
                book.turn(ticket_state.State(), event, terms._load(row["terms_ref"]))
                vals.update(self._prepare_due_values(book, row["terms_ref"]))
            books.append(book)
        return books

    @api.model
    def _prepare_due_values(self, book, terms_ref):
        """Return the columns of a ticket that follow from its clocks."""
        live = [clock for clock in book.clocks if clock.is_live]
        due = [clock for clock in live if clock.deadline and clock.since]
        first = min(due, key=lambda clock: (clock.deadline, clock.metric), default=None)
        return {
            "terms_ref": terms_ref,
            "sla_deadline": first.deadline if first else False,
            "sla_metric": first.metric if first else False,
            "sla_is_paused": any(clock.since is None for clock in live),
        }

    # ------------------------------------------------------------------ rebuild

    def _replay_clocks(self, now=None):
        """Return ticket id → the clocks that the events alone give, as they are ``now``.

        :param datetime now: naive UTC; None: now
        """
        now = now or self.env.cr.now().replace(microsecond=0)
        histories = self._read_histories()
        terms = self.env["care.sla.terms"]
        versions = {
            line.version
            for history in histories.values()
            for _event, ref in history
            for line in terms._load(ref).values()
        }
        hours = self.env["care.calendar.version"]._get_hours(versions)
        return {
            ticket_id: replay(
                ((event, terms._load(ref)) for event, ref in history), hours, now
            ).clocks
            for ticket_id, history in histories.items()
        }

    def _read_histories(self):
        """Return ticket id → its (event, id of the terms) pairs, in order."""
        events = self.env["care.ticket.event"]
        histories = {ticket_id: [] for ticket_id in self.ids}
        if histories:
            self.env.flush_all()
            rows = self.env.execute_query_dict(
                SQL(
                    "SELECT * FROM care_ticket_event WHERE ticket_id IN %s"
                    " ORDER BY ticket_id, date, id",
                    tuple(histories),
                )
            )
            for row in rows:
                histories[row["ticket_id"]].append(
                    (events._as_state_event(row), row["terms_ref"] or 0)
                )
        return histories

    def _find_clock_differences(self, now=None):
        """Compare the stored clocks with a replay of the events.

        :return: dict ticket id → {(metric, round): (stored, replayed)}, what differs
        """
        now = now or self.env.cr.now().replace(microsecond=0)
        stored = self.env["care.sla.clock"].sudo()._load_all(self.ids)
        replayed = self._replay_clocks(now)
        found = {}
        for ticket_id in self.ids:
            book = ClockBook({}, stored[ticket_id])
            book.advance(now)  # the job may not have come by yet
            mine = {(clock.metric, clock.round): clock for clock in book.clocks}
            other = {(c.metric, c.round): c for c in replayed[ticket_id]}
            differs = {
                key: (mine.get(key), other.get(key))
                for key in mine.keys() | other.keys()
                if not _is_same(mine.get(key), other.get(key))
            }
            if differs:
                found[ticket_id] = differs
        return found

    def _rebuild_clocks(self):
        """Write the clocks anew from the events; what the job did with them is kept."""
        stored = self.env["care.sla.clock"].sudo()._load_all(self.ids)
        replayed = self._replay_clocks()
        refs = {
            ticket_id: history[-1][1] if history else 0
            for ticket_id, history in self._read_histories().items()
        }
        superfluous = []
        for ticket_id, clocks in replayed.items():
            known = {(c.metric, c.round): c.id for c in stored[ticket_id]}
            for clock in clocks:
                clock.id = known.pop((clock.metric, clock.round), 0)
            superfluous += known.values()
        if superfluous:
            self.env.cr.execute(
                SQL("DELETE FROM care_sla_clock WHERE id IN %s", tuple(superfluous))
            )
        self.env["care.sla.clock"].sudo()._save(replayed)
        for ticket in self.sudo().with_context(tracking_disable=True):
            book = ClockBook({}, replayed[ticket.id])
            ticket.write(self._prepare_due_values(book, refs[ticket.id]))


def _is_same(one, other):
    """Whether two clocks say the same, whatever their ids."""
    if one is None or other is None:
        return False
    one.id = other.id = 0
    return one == other
