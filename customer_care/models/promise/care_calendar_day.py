"""The table of the days, and the functions that count in it."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...lib.business_time import MAX_SLOTS

SLOT_NAMES = [(f"start_{index}", f"end_{index}") for index in range(1, MAX_SLOTS + 1)]

#: Seconds between two instants, and the end of so many seconds.
FUNCTIONS = """
    CREATE OR REPLACE FUNCTION care_business_seconds(
        version integer, moment_from timestamp, moment_to timestamp
    ) RETURNS bigint LANGUAGE sql STABLE AS $$
        SELECT care_business_position(version, moment_to)
             - care_business_position(version, moment_from)
    $$;
    CREATE OR REPLACE FUNCTION care_business_deadline(
        version integer, moment timestamp, seconds bigint
    ) RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
    DECLARE
        wanted bigint;
        found care_calendar_day;
        remainder bigint;
        slots integer[];
    BEGIN
        IF seconds <= 0 THEN
            RETURN moment;
        END IF;
        IF version IS NULL OR version = 0 THEN
            RETURN moment + seconds * interval '1 second';
        END IF;
        wanted := care_business_position(version, moment) + seconds;
        SELECT * INTO found FROM care_calendar_day day
         WHERE day.version_id = version AND day.before < wanted
         ORDER BY day.before DESC, day.day DESC LIMIT 1;
        remainder := wanted - found.before;
        slots := ARRAY[
            found.start_1, found.end_1, found.start_2, found.end_2,
            found.start_3, found.end_3, found.start_4, found.end_4,
            found.start_5, found.end_5, found.start_6, found.end_6
        ];
        FOR i IN 0..5 LOOP
            EXIT WHEN slots[2 * i + 1] IS NULL;
            IF remainder <= slots[2 * i + 2] - slots[2 * i + 1] THEN
                RETURN found.day::timestamp
                    + (slots[2 * i + 1] + remainder) * interval '1 second';
            END IF;
            remainder := remainder - slots[2 * i + 2] + slots[2 * i + 1];
        END LOOP;
        RAISE EXCEPTION
            'working hours, version %, are not laid out for % seconds after %',
            version, seconds, moment USING ERRCODE = 'datetime_field_overflow';
    END $$
"""


class CareCalendarDay(models.Model):
    """One day of UTC in one version of working hours.

    ``before`` counts the business seconds of the version up to this day; the slots are
    pairs of seconds from midnight. Written once, never changed. Seconds between two
    instants are two look-ups by (version, day), for one row as for a million.
    """

    _name = "care.calendar.day"
    _description = "Day of Working Hours"
    _order = "version_id, day"
    _log_access = False
    _rec_name = "day"

    version_id = fields.Many2one(
        comodel_name="care.calendar.version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    day = fields.Date(required=True)
    before = fields.Float(
        string="Seconds Before", required=True, digits=(16, 0), aggregator=None
    )
    start_1 = fields.Integer(aggregator=None)
    end_1 = fields.Integer(aggregator=None)
    start_2 = fields.Integer(aggregator=None)
    end_2 = fields.Integer(aggregator=None)
    start_3 = fields.Integer(aggregator=None)
    end_3 = fields.Integer(aggregator=None)
    start_4 = fields.Integer(aggregator=None)
    end_4 = fields.Integer(aggregator=None)
    start_5 = fields.Integer(aggregator=None)
    end_5 = fields.Integer(aggregator=None)
    start_6 = fields.Integer(aggregator=None)
    end_6 = fields.Integer(aggregator=None)

    _day_uniq = models.Constraint(
        "UNIQUE (version_id, day)", "A version has each day once."
    )
    _before_idx = models.Index("(version_id, before, day)")

    def init(self):
        """Create the functions for single look-ups (PostgreSQL 13 syntax)."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION care_business_position(
                    version integer, moment timestamp
                ) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
                DECLARE
                    result bigint;
                BEGIN
                    IF version IS NULL OR version = 0 THEN
                        RETURN floor(extract(epoch FROM moment));
                    END IF;
                    SELECT %(position)s INTO result FROM care_calendar_day day
                     WHERE day.version_id = version AND day.day = moment::date;
                    IF result IS NULL AND moment IS NOT NULL THEN
                        RAISE EXCEPTION
                            'working hours, version %%, are not laid out for %%',
                            version, moment USING ERRCODE = 'datetime_field_overflow';
                    END IF;
                    RETURN result;
                END $$
                """,
                position=self._position_sql("day", SQL("moment")),
            )
        )
        self.env.cr.execute(FUNCTIONS)

    @api.model
    def _position_sql(self, alias, moment):
        """Return the business seconds of a version up to ``moment``, as SQL.

        For any number of rows: join ``care_calendar_day`` as ``alias`` on the version
        and on ``moment::date``; the difference of two positions is the seconds between.

        :param str alias: alias of the joined table
        :param SQL moment: a timestamp in UTC
        """
        day = SQL.identifier(alias)
        second = SQL("floor(extract(epoch FROM %s::time))::integer", moment)
        slots = [
            # GREATEST leaves out the NULL of an empty slot
            SQL(
                "GREATEST(LEAST(%(second)s, %(day)s.%(end)s) - %(day)s.%(start)s, 0)",
                second=second,
                day=day,
                start=SQL.identifier(start),
                end=SQL.identifier(end),
            )
            for start, end in SLOT_NAMES
        ]
        return SQL("%s.before::bigint + %s", day, SQL(" + ").join(slots))

    @api.model
    def _insert(self, version_id, days):
        """Write the ``days`` of a version, a list of :class:`Day`."""
        rows = []
        for day in days:
            slots = [edge for slot in day.slots for edge in slot]
            slots += [None] * (2 * MAX_SLOTS - len(slots))
            rows.append((version_id, day.day, day.before, *slots))
        columns = ["version_id", "day", "before"]
        columns += [name for pair in SLOT_NAMES for name in pair]
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_calendar_day (%s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(rows),
            )
        )
