from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib import ticket_state
from .selections import ACTORS, EVENT_KINDS, KINDS, PRIORITIES, STAGE_CATEGORIES

#: Columns that carry a measurement: nobody may ever change them.
MEASURED_COLUMNS = (
    "ticket_id",
    "date",
    "kind",
    "actor",
    "is_public",
    "is_automatic",
    "stage_category",
    "priority",
    "ticket_kind",
    "user_ref",
    "team_ref",
    "terms_ref",
)


class CareTicketEvent(models.Model):
    """One thing that happened to a ticket: the only source of time.

    Append-only. The ORM refuses ``write`` and ``unlink`` to everybody, a row trigger
    refuses to change ``MEASURED_COLUMNS`` and to delete in SQL as well. A row goes
    with its ticket (cascade); the other foreign keys may be emptied or re-pointed, as
    deleting a user or merging contacts does. Every row holds the state *after* the
    event; states before, and durations, are derived from the order (date, id).
    """

    _name = "care.ticket.event"
    _description = "Ticket Event"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "kind"

    # what happened
    ticket_id = fields.Many2one(
        comodel_name="care.ticket", required=True, ondelete="cascade"
    )
    date = fields.Datetime(
        required=True,
        help="When we received or did it; the date a mail claims is not used.",
    )
    kind = fields.Selection(selection=EVENT_KINDS, required=True)
    actor = fields.Selection(selection=ACTORS, required=True)
    actor_id = fields.Many2one(
        comodel_name="res.users", string="Done by", ondelete="set null"
    )
    is_public = fields.Boolean(string="Seen by the customer")
    is_automatic = fields.Boolean(string="Automatic")
    message_id = fields.Many2one(
        comodel_name="mail.message", index="btree_not_null", ondelete="set null"
    )
    channel_id = fields.Many2one(
        comodel_name="care.ticket.channel", ondelete="set null"
    )
    # state after it
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Assigned to", ondelete="set null"
    )
    team_id = fields.Many2one(comodel_name="care.team", ondelete="set null")
    stage_id = fields.Many2one(comodel_name="care.ticket.stage", ondelete="set null")
    stage_category = fields.Selection(selection=STAGE_CATEGORIES, required=True)
    priority = fields.Selection(selection=PRIORITIES, required=True)
    category_id = fields.Many2one(
        comodel_name="care.ticket.category", ondelete="set null"
    )
    ticket_kind = fields.Selection(selection=KINDS)
    resource_calendar_id = fields.Many2one(
        comodel_name="resource.calendar", ondelete="set null"
    )
    # ids that survive the deletion of what they name, so that counts can be rebuilt
    user_ref = fields.Integer(string="Assigned to (id)", aggregator=None)
    team_ref = fields.Integer(string="Team (id)", aggregator=None)
    terms_ref = fields.Integer(string="Terms (id)", aggregator=None)

    _ticket_order_idx = models.Index("(ticket_id, date, id)")
    _date_idx = models.Index("(date, kind)")

    def init(self):
        """Create the trigger that keeps the log append-only (PostgreSQL 13 syntax)."""
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION care_ticket_event_guard() RETURNS trigger AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    IF EXISTS (SELECT 1 FROM care_ticket WHERE id = OLD.ticket_id) THEN
                        RAISE EXCEPTION
                            'care_ticket_event % is part of an append-only log', OLD.id
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN OLD;
                END IF;
                RAISE EXCEPTION
                    'care_ticket_event % is part of an append-only log', OLD.id
                    USING ERRCODE = 'restrict_violation';
            END $$ LANGUAGE plpgsql
            """
        )
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS care_ticket_event_guard ON care_ticket_event;
                CREATE TRIGGER care_ticket_event_guard
                    BEFORE DELETE OR UPDATE OF %s ON care_ticket_event
                    FOR EACH ROW EXECUTE FUNCTION care_ticket_event_guard()
                """,
                SQL(", ").join(map(SQL.identifier, MEASURED_COLUMNS)),
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise self._append_only_error()

    def unlink(self):  # pylint: disable=method-required-super
        raise self._append_only_error()  # pylint: disable=no-raise-unlink

    def _append_only_error(self):
        return UserError(
            self.env._(
                "The history of a ticket cannot be changed or deleted: promises and"
                " reports count on it. Write an internal note to explain an entry."
            )
        )

    def _insert(self, rows):
        """Append ``rows`` in one statement; the only way into the log.

        :param list[dict] rows: column → value, all with the same keys, ids as integers
            or None; :meth:`care.ticket._prepare_event_values` makes them
        :return: ids of the new rows, in the order of ``rows``
        """
        if not rows:
            return []
        columns = list(rows[0])
        values = SQL(", ").join(
            tuple(row[column] for column in columns) for row in rows
        )
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                values,
            )
        )
        self.env["care.ticket"].invalidate_model(["event_ids"], flush=False)
        return [row[0] for row in inserted]

    def _as_state_event(self, row):
        """Return the pure event of ``row``, a dict of column values of this table."""
        return ticket_state.Event(
            kind=row["kind"],
            date=row["date"],
            actor=row["actor"],
            category=row["stage_category"],
            is_public=row["is_public"],
            is_automatic=row["is_automatic"],
            user=row["user_ref"] or 0,
            team=row["team_ref"] or 0,
        )

    def _replay(self, ticket_ids):
        """Rebuild the derived state of tickets from their events alone.

        :param ticket_ids: ids of ``care.ticket``
        :return: dict ticket id → :class:`ticket_state.State`
        """
        columns = (
            "ticket_id",
            "kind",
            "date",
            "actor",
            "stage_category",
            "is_public",
            "is_automatic",
            "user_ref",
            "team_ref",
        )
        states = {ticket_id: ticket_state.State() for ticket_id in ticket_ids}
        if not states:
            return states
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT %s FROM care_ticket_event WHERE ticket_id IN %s"
                " ORDER BY ticket_id, date, id",
                SQL(", ").join(map(SQL.identifier, columns)),
                tuple(states),
            )
        )
        for row in rows:
            ticket_state.apply(states[row["ticket_id"]], self._as_state_event(row))
        return states
