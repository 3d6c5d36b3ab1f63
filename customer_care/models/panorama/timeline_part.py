"""What a source of the timeline hands in, and how its page is asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field

from odoo.tools import SQL, Query

from ...lib.timeline import Cursor


@dataclass(slots=True)
class TimelinePart:
    """One source of the timeline: which records of one model, when, and in which words.

    The rights of the reader are in ``query``: it comes from ``_search`` of the model in
    the reader's environment, and every column from ``_field_to_sql``, which checks the
    field.
    """

    #: Unique among the parts; sorts lines of the same moment.
    code: str
    #: The filter it belongs to, a code of ``_get_care_timeline_kinds``.
    kind: str
    #: The model of the records, which their lines open unless the words name another.
    model: str
    #: Of ``_search``, under the reader's rights; joins may have been added.
    query: Query
    #: When it happened: naive UTC.
    moment: SQL
    #: Name → column; handed to ``words`` as read from the database, dates as text.
    details: dict[str, SQL]
    #: Details of one record → what its line says: ``title``, ``text``, ``icon`` …
    words: Callable[[dict], dict]
    #: Only the day is known: ``moment`` is the beginning of it.
    is_day: bool = False
    #: Currencies that ``details`` name, to be read at once.
    currencies: list[str] = field(default_factory=list)

    def select(self, before: Cursor | None, limit: int) -> SQL:
        """Return the newest ``limit`` records that come after ``before`` on the page."""
        record = SQL.identifier(self.query.table, "id")
        if before:
            self.query.add_where(self._after(before, record))
        self.query.order = SQL("%s DESC, %s DESC", self.moment, record)
        self.query.limit = limit
        pairs = SQL(", ").join(
            SQL("%s, %s", name, column) for name, column in self.details.items()
        )
        return SQL(
            "(%s)",
            self.query.select(
                SQL("%s::text AS code", self.code),
                SQL("%s AS id", record),
                SQL("%s AS moment", self.moment),
                SQL("jsonb_build_object(%s) AS details", pairs),
            ),
        )

    def _after(self, before, record):
        """Return the condition of what stands below a line: one moment, code and id."""
        if self.code == before.code:
            return SQL(
                "(%s, %s) < (%s, %s)", self.moment, record, before.moment, before.id
            )
        operator = SQL("<=") if self.code < before.code else SQL("<")
        return SQL("%s %s %s", self.moment, operator, before.moment)
