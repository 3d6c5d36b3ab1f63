"""How tickets write their history, and keep what follows from it."""

from odoo import SUPERUSER_ID, api, models

from ...lib import ticket_state
from ...lib.internal import is_internal

#: Field → kind of the event that its change writes.
CHANGE_KINDS = {
    "team_id": "team_changed",
    "user_id": "assigned",
    "stage_id": "stage_changed",
    "priority": "priority_changed",
    "category_id": "category_changed",
    "kind": "kind_changed",
    "partner_id": "customer_changed",
    "void_reason": "spam",
}
AUTOMATIC_TYPES = ("auto_comment", "out_of_office")
SILENT_TYPES = ("notification", "user_notification")
#: Derived columns, as named on the ticket and in the state alike.
STATE_COLUMNS = tuple(name for name in ticket_state.STATE_FIELDS if name != "category")


class CareTicket(models.Model):
    _inherit = "care.ticket"

    # ------------------------------------------------------------------ who acts

    def _get_context_actor(self):
        """Return the actor that system code announced, None for a request of a user.

        The context comes from the client, so it is believed from superuser code only.
        """
        return self.env.context.get("care_actor") if self.env.su else None

    def _get_actor(self, partner_id):
        """Return who acts now on a ticket of ``partner_id``: a word of ``ACTORS``."""
        announced = self._get_context_actor()
        if announced:
            return announced
        user = self.env.user
        if user.id == SUPERUSER_ID:
            return "system"
        if not user._is_internal():
            return "customer"
        user.sudo().fetch(["partner_id"])  # else every column of the user is read
        return "customer" if user.partner_id.id == partner_id else "agent"

    # ------------------------------------------------------------------ rows

    def _prepare_event_values(self, kind, **values):
        """Return one row of ``care.ticket.event`` that holds the state after it.

        :param str kind: a word of ``EVENT_KINDS``
        :param values: columns that differ from what the ticket says
        """
        self.ensure_one()
        row = {
            "ticket_id": self.id,
            "date": self.env.cr.now().replace(microsecond=0),
            "kind": kind,
            "actor": self._get_actor(self.partner_id.id),
            "actor_id": self.env.uid,
            "is_public": False,
            "is_automatic": False,
            "message_id": None,
            "channel_id": self.channel_id.id or None,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id or None,
            "user_id": self.user_id.id or None,
            "team_id": self.team_id.id or None,
            "stage_id": self.stage_id.id,
            "stage_category": self.stage_category,
            "priority": self.priority,
            "category_id": self.category_id.id or None,
            "ticket_kind": self.kind or None,
            "resource_calendar_id": self._get_team_start(self.team_id.id).calendar_id,
            "user_ref": self.user_id.id or None,
            "team_ref": self.team_id.id or None,
            "terms_ref": None,
        }
        row.update(values)
        return row

    def _prepare_created_events(self, vals_list):
        """Return the ``created`` rows of tickets about to be created.

        Also puts what follows from the event into ``vals_list``, so that the ticket is
        written once.
        """
        rows = []
        for vals in vals_list:
            team_id = vals["team_id"] or None
            row = {
                "ticket_id": None,
                "date": self.env.cr.now().replace(microsecond=0),
                "kind": "created",
                "actor": self._get_actor(vals.get("partner_id")),
                "actor_id": self.env.uid,
                "is_public": True,
                "is_automatic": False,
                "message_id": None,
                "channel_id": vals.get("channel_id") or None,
                "company_id": vals["company_id"],
                "partner_id": vals.get("partner_id") or None,
                "user_id": vals.get("user_id") or None,
                "team_id": team_id,
                "stage_id": vals["stage_id"],
                "stage_category": vals["stage_category"],
                "priority": vals["priority"],
                "category_id": vals.get("category_id") or None,
                "ticket_kind": vals.get("kind") or None,
                "resource_calendar_id": self._get_team_start(team_id).calendar_id,
                "user_ref": vals.get("user_id") or None,
                "team_ref": team_id,
                "terms_ref": vals.get("terms_ref") or 0,
            }
            state = ticket_state.replay(
                [self.env["care.ticket.event"]._as_state_event(row)]
            )
            vals.update(_state_values(state))
            rows.append(row)
        return rows

    # ------------------------------------------------------------------ recording

    def _record_events(self, rows, categories_before=None):
        """Append ``rows`` and bring the tickets' derived columns up to date.

        :param list[dict] rows: as :meth:`_prepare_event_values` makes them, in the
            order in which they happened
        :param dict categories_before: ticket id → stage category before the rows, for
            tickets that changed it
        """
        tickets = self.sudo().browse({row["ticket_id"]: True for row in rows})
        tickets._set_event_terms(rows)
        self.env["care.ticket.event"]._insert(rows)
        books = tickets._load_clock_books(rows)
        by_ticket = {}
        for row in rows:
            by_ticket.setdefault(row["ticket_id"], []).append(row)
        for ticket in tickets:
            category = (categories_before or {}).get(ticket.id, ticket.stage_category)
            ticket._apply_rows(by_ticket[ticket.id], category, books.get(ticket.id))
        tickets._save_clock_books(books)
        tickets._after_events(rows)

    def _apply_rows(self, rows, category, book=None):
        """Fold new ``rows`` into the derived columns, from the stage ``category`` on.

        :param book: the ticket's clocks, :class:`promise_clock.ClockBook`, which turn
            with the events; None where nothing was promised
        """
        before = {
            name: self[name] or (0 if name.endswith(("_count", "_ref")) else None)
            for name in STATE_COLUMNS
        }
        state = ticket_state.State(category=category, **before)
        for row in rows:
            event = self.env["care.ticket.event"]._as_state_event(row)
            if book:
                terms = self.env["care.sla.terms"]._load(row["terms_ref"])
                book.turn(state, event, terms)
            else:
                ticket_state.apply(state, event)
        changed = {
            name: value
            for name, value in _state_values(state).items()
            if value != (before[name] or False)
        }
        if book:
            due = self._prepare_due_values(book, rows[-1]["terms_ref"])
            changed.update(
                {name: value for name, value in due.items() if self[name] != value}
            )
        if changed:
            self.with_context(tracking_disable=True).write(changed)

    def _after_events(self, rows):
        """Hook: ``rows`` were just appended for these tickets.

        Other addons keep facts from here, in the same transaction. ``rows`` are dicts
        of event columns, in order; derived columns of the tickets are up to date.
        """

    # ------------------------------------------------------------------ changes

    def _snapshot_before_write(self, vals):
        """Return ticket id → watched values before a write, empty when none is touched."""
        watched = [name for name in CHANGE_KINDS if name in vals]
        if not watched:
            return {}
        return {
            ticket.id: {
                "category": ticket.stage_category,
                **{name: ticket[name] for name in CHANGE_KINDS},
            }
            for ticket in self
        }

    def _record_changes(self, before):
        """Append one event per watched field that a write changed."""
        rows = []
        unhanded = is_internal(self.env.context, "care_unhanded")
        for ticket in self.filtered(lambda ticket: ticket.id in before):
            old = before[ticket.id]
            for name, kind in CHANGE_KINDS.items():
                if ticket[name] == old[name]:
                    continue
                if name == "void_reason":
                    kind = _void_kind(old[name], ticket[name])
                automatic = unhanded and kind == "assigned"
                rows.append(ticket._prepare_event_values(kind, is_automatic=automatic))
        if rows:
            categories = {ref: values["category"] for ref, values in before.items()}
            self._record_events(rows, categories)

    @api.model
    def _record_calendar_change(self, teams):
        """Append ``calendar_changed`` to the open tickets of ``teams``."""
        tickets = self.search([("team_id", "in", teams.ids), ("is_open", "=", True)])
        self._record_events(
            [ticket._prepare_event_values("calendar_changed") for ticket in tickets]
        )

    def _record_void(self):
        """Append the event of tickets that were opened with a void reason."""
        self._record_events(
            [
                ticket._prepare_event_values(_void_kind(False, ticket.void_reason))
                for ticket in self
            ]
        )

    def _record_bot_handover(self):
        """A bot passes these tickets to a person: the wait for a reply starts now."""
        self._record_events(
            [
                ticket._prepare_event_values(
                    "bot_handover", actor="bot", is_automatic=True
                )
                for ticket in self
            ]
        )

    # ------------------------------------------------------------------ messages

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        row = self._prepare_message_event(message)
        if row:
            self._record_events([row])
            self._react_to_message(row["kind"])
        return result

    def _prepare_message_event(self, message):
        """Return the event row of a posted message, None when it says nothing.

        Automatic: out-of-office notes, automatic answers, notifications, and what the
        mail gateway found to be automatic. They stop no clock and reopen nothing.
        """
        self.ensure_one()
        message = message.sudo()
        is_note = message.is_internal or message.subtype_id.internal
        if message.message_type in SILENT_TYPES and (is_note or not message.subtype_id):
            return None
        actor = self._get_message_actor(message)
        automatic = (
            message.message_type in AUTOMATIC_TYPES + SILENT_TYPES
            or actor == "system"
            or bool(self.env.su and self.env.context.get("care_automatic"))
        )
        if automatic:
            kind = "automatic_message"
        elif is_note:
            kind = "note"
        else:
            kind = f"{actor}_message"
        return self._prepare_event_values(
            kind,
            actor=actor,
            actor_id=self._get_message_user(message).id,
            is_public=not is_note,
            is_automatic=automatic or actor == "bot",
            message_id=message.id,
            channel_id=self._get_message_channel(message).id or None,
        )

    def _get_message_actor(self, message):
        announced = self._get_context_actor()
        if announced:
            return announced
        author = message.author_id
        if author == self.env.ref("base.partner_root"):
            return "system"
        if self._is_from_customer(author, message.email_from):
            return "customer"
        return "agent"

    def _get_message_user(self, message):
        """Return whose message it is: the login of its author for a mail that came in.

        Mails are posted by the system; the answer of an agent is still his own.
        """
        users = message.author_id.sudo().user_ids if self.env.su else self.env.user
        return users.sorted("share")[:1] or self.env.user

    def _get_message_channel(self, message):
        """Return the channel a message came by, the ticket's own when unknown."""
        code = self.env.context.get("care_channel") if self.env.su else None
        if not code and message.message_type in ("email", "sms"):
            code = message.message_type
        if code:
            found = self.env.ref(
                f"customer_care.channel_{code}", raise_if_not_found=False
            )
            return found or self.channel_id
        return self.channel_id

    def _react_to_message(self, kind):
        """Move the ticket on: an answer opens it, a customer's reply reopens it.

        :param str kind: the kind of the event just recorded
        """
        ticket = self.sudo()
        if not self.env.su:
            ticket = ticket.with_context(care_actor=None)
        category = ticket.stage_category
        answered = kind == "agent_message" and category == "new"
        returned = kind == "customer_message" and category in (
            "pending",
            "solved",
            "closed",
        )
        if answered or returned:
            stage = ticket.env["care.ticket.stage"]._find(ticket.team_id, ["open"])
            if stage:
                values = ticket._prepare_reaction_values(stage)
                ticket.write(values)

    def _prepare_reaction_values(self, stage):
        """Hook: return what a message changes when it moves the ticket to ``stage``."""
        self.ensure_one()
        return {"stage_id": stage.id}

    # ------------------------------------------------------------------ rebuild

    def _find_state_differences(self):
        """Compare the derived columns with a replay of the events.

        :return: dict ticket id → {column: (stored, replayed)}, only what differs
        """
        states = self.env["care.ticket.event"]._replay(self.ids)
        found = {}
        for ticket in self.sudo():
            replayed = _state_values(states[ticket.id])
            differs = {
                name: (ticket[name], value)
                for name, value in replayed.items()
                if (ticket[name] or False) != (value or False)
            }
            if differs:
                found[ticket.id] = differs
        return found

    def _rebuild_state(self):
        """Write the derived columns anew from the events alone."""
        states = self.env["care.ticket.event"]._replay(self.ids)
        for ticket in self.sudo().with_context(tracking_disable=True):
            ticket.write(_state_values(states[ticket.id]))


def _void_kind(before, after):
    """Return the kind of event that a change of the void reason writes."""
    if after:
        return "spam" if after == "spam" else "voided"
    return "not_spam" if before == "spam" else "restored"


def _state_values(state):
    """Return the ticket columns of a state, with Odoo's False for no instant."""
    return {name: getattr(state, name) or False for name in STATE_COLUMNS}
