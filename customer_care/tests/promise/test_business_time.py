import random
from datetime import datetime, timedelta

import pytz
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings, strategies as st
from psycopg2 import DataError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...lib.business_time import HorizonError
from .common import PromiseCommon, local

START = datetime(2025, 1, 1)
MINUTES = st.integers(min_value=0, max_value=2 * 365 * 24 * 60)


@tagged("post_install", "-at_install")
class TestBusinessTime(PromiseCommon):
    """Two look-ups give what Odoo counts interval by interval."""

    def _version(self, calendar=None, company=None):
        pair = ((calendar or self.calendar).id, (company or self.company).id)
        versions = self.env["care.calendar.version"]
        return versions._get_current_ids([pair])[pair]

    def _hours(self, version):
        return self.env["care.calendar.version"]._get_hours([version])[version]

    def _count_by_odoo(self, calendar, start, end, company=None):
        """Return the seconds that Odoo counts, days off of ``company`` left out."""
        hours = calendar.get_work_hours_count(
            pytz.utc.localize(start),
            pytz.utc.localize(end),
            domain=calendar._care_get_leave_domain(company or self.company),
        )
        return hours * 3600

    def _sql(self, function, *arguments):
        return self.env.execute_query(
            SQL("SELECT %s(%s)", SQL.identifier(function), SQL(", ").join(arguments))
        )[0][0]

    def _assert_like_odoo(self, calendar, pairs):
        version = self._version(calendar)
        hours = self._hours(version)
        for start, end in pairs:
            expected = self._count_by_odoo(calendar, start, end)
            self.assertAlmostEqual(hours.seconds(start, end), expected, delta=1)
            counted = self._sql(
                "care_business_seconds",
                version,
                SQL("%s::timestamp", start),
                SQL("%s::timestamp", end),
            )
            self.assertEqual(counted, hours.seconds(start, end))

    def _check_random(self, calendar, examples=60):
        version = self._version(calendar)
        hours = self._hours(version)

        @settings(max_examples=examples, deadline=None, derandomize=True)
        @given(MINUTES, st.integers(0, 60 * 24 * 40), st.integers(0, 59))
        def check(offset, length, second):
            start = START + timedelta(minutes=offset, seconds=second)
            end = start + timedelta(minutes=length)
            expected = self._count_by_odoo(calendar, start, end)
            counted = hours.seconds(start, end)
            self.assertAlmostEqual(counted, expected, delta=1)
            self.assertLessEqual(counted, (end - start).total_seconds())
            middle = start + (end - start) // 2
            middle = middle.replace(microsecond=0)
            self.assertEqual(
                hours.seconds(start, middle) + hours.seconds(middle, end), counted
            )
            if counted:
                deadline = hours.deadline(start, counted)
                self.assertEqual(hours.seconds(start, deadline), counted)
                self.assertEqual(
                    hours.seconds(start, deadline - timedelta(seconds=1)), counted - 1
                )

        check()

    # ------------------------------------------------------------------ equal

    def test_random_intervals_are_counted_as_odoo_does(self):
        self._check_random(self.calendar)

    def test_random_calendars_are_counted_as_odoo_does(self):
        pick = random.Random(20260302)
        for zone in ("Asia/Ho_Chi_Minh", "Europe/Paris", "America/New_York", "UTC"):
            for _index in range(3):
                days = pick.sample(range(7), pick.randint(1, 7))
                start, length = pick.randint(0, 10), pick.randint(1, 8)
                gap = pick.randint(1, 4)
                parts = ((start, start + length), (start + length + gap, 24))
                calendar = self._create_calendar("Bất kỳ", days, parts, tz=zone)
                self._check_random(calendar, 10)

    def test_daylight_saving_both_ways(self):
        calendar = self._create_calendar(
            "Paris", range(7), ((0, 12), (12, 24)), tz="Europe/Paris"
        )
        spring, autumn = datetime(2026, 3, 28, 22), datetime(2025, 10, 25, 20)
        pairs = [
            (t, t + timedelta(hours=h)) for t in (spring, autumn) for h in (1, 5, 30)
        ]
        self._assert_like_odoo(calendar, pairs)
        hours = self._hours(self._version(calendar))
        # five hours are five hours, whatever the clock on the wall does
        self.assertEqual(hours.deadline(spring, 5 * 3600), spring + timedelta(hours=5))

    def test_calendar_of_two_weeks(self):
        calendar = self._create_calendar("Hai tuần", range(5))
        calendar.switch_calendar_type()
        calendar.attendance_ids.filtered(
            lambda line: line.week_type == "1" and not line.display_type
        )[:4].unlink()
        self._check_random(calendar, 30)

    def test_single_lookups_refuse_what_is_not_laid_out(self):
        version = self._version()
        far = datetime(2040, 1, 1)
        with self.assertRaises(HorizonError):
            self._hours(version).seconds(START, far)
        with (
            self.assertRaises(DataError) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._sql("care_business_position", version, SQL("%s::timestamp", far))
        self.assertIn("not laid out", str(caught.exception))

    def test_deadline_in_sql_is_the_deadline(self):
        version = self._version()
        hours = self._hours(version)
        for day in range(14):
            for hour in (0, 1, 3, 5, 8, 9, 14, 23):
                start = datetime(2026, 3, 2, hour, 17) + timedelta(days=day)
                for seconds in (1, 3600, 4 * 3600, 8 * 3600, 50 * 3600):
                    found = self._sql(
                        "care_business_deadline",
                        version,
                        SQL("%s::timestamp", start),
                        SQL("%s::bigint", seconds),
                    )
                    self.assertEqual(found, hours.deadline(start, seconds))

    def test_joins_count_like_single_lookups(self):
        version = self._version()
        days = self.env["care.calendar.day"]
        moment = SQL("data.moment")
        rows = self.env.execute_query(
            SQL(
                "SELECT care_business_position(%(version)s, data.moment), %(position)s"
                " FROM (SELECT timestamp '2026-03-01' + n * interval '97 minutes'"
                " AS moment FROM generate_series(0, 400) n) data"
                " JOIN care_calendar_day day ON day.version_id = %(version)s"
                " AND day.day = data.moment::date",
                version=version,
                position=days._position_sql("day", moment),
            )
        )
        self.assertEqual(len(rows), 401)
        self.assertTrue(all(one == other for one, other in rows))

    # ------------------------------------------------------------------ examples

    def test_deadlines_of_the_worked_examples(self):
        hours = self._hours(self._version())
        for start, seconds, expected in (
            ("2026-03-02 08:00", 8 * 3600, "2026-03-02 17:00"),
            ("2026-03-02 08:00", 4 * 3600, "2026-03-02 12:00"),
            ("2026-03-02 11:30", 3600, "2026-03-02 13:30"),
            ("2026-03-07 10:00", 3600, "2026-03-09 09:00"),
        ):
            self.assertEqual(hours.deadline(local(start), seconds), local(expected))

    def test_holidays_do_not_count(self):
        hours = self._hours(self._version())
        # Monday 27 April is a holiday
        self.assertEqual(
            hours.seconds(local("2026-04-24 16:00"), local("2026-04-28 09:00")), 7200
        )

    # ------------------------------------------------------------------ versions

    def test_one_new_version_per_transaction(self):
        first = self._version()
        self.calendar.attendance_ids[:1].unlink()
        self.calendar.attendance_ids[:1].hour_from = 9
        self.assertEqual(self._version(), first)
        self.env.flush_all()
        self.env.cr.precommit.run()
        second = self._version()
        self.assertNotEqual(second, first)
        versions = self.env["care.calendar.version"].browse([first, second])
        self.assertEqual(versions.mapped("number"), [1, 2])
        self.assertEqual(versions.mapped("is_current"), [False, True])
        # the days of the first version are as they were
        self.assertEqual(
            self._hours(first).seconds(
                local("2026-03-02 08:00"), local("2026-03-02 17:00")
            ),
            8 * 3600,
        )

    def test_a_change_that_changes_nothing_makes_no_version(self):
        first = self._version()
        self.calendar.attendance_ids[:1].name = "Sáng"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._version(), first)

    def test_leaves_of_another_company_are_not_felt(self):
        shared = self._create_calendar("Chung", company_id=False)
        mine, theirs = self._version(shared), self._version(shared, self.other_company)
        self.env["resource.calendar.leaves"].with_company(self.other_company).create(
            {
                "name": "Chỉ ở Huế",
                "date_from": local("2026-03-03 00:00"),
                "date_to": local("2026-03-03 23:59"),
            }
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._version(shared), mine)
        now = self._version(shared, self.other_company)
        self.assertNotEqual(now, theirs)
        day = local("2026-03-03 00:00"), local("2026-03-03 23:59")
        self.assertEqual(self._hours(mine).seconds(*day), 8 * 3600)
        self.assertEqual(self._hours(now).seconds(*day), 0)

    def test_leave_of_a_person_is_nobody_elses(self):
        first = self._version()
        resource = self.env["resource.resource"].create(
            {"name": "Lan", "calendar_id": self.calendar.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ phép",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": local("2026-03-03 00:00"),
                "date_to": local("2026-03-03 23:59"),
            }
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._version(), first)

    def test_versions_are_laid_out_further_before_they_end(self):
        ref = self._version()
        version = self.env["care.calendar.version"].browse(ref)
        before = self._hours(ref)
        version._prolong(version.last_day + relativedelta(months=2))
        after = self._hours(ref)
        self.assertEqual(after.first, before.first)
        self.assertEqual(list(after.days[: len(before.days)]), list(before.days))
        start = before.days[-1].day
        moment = datetime(start.year, start.month, start.day)
        self._assert_like_odoo(
            self.calendar, [(moment - timedelta(days=3), moment + timedelta(days=30))]
        )

    def test_hours_of_the_last_years_and_the_next_are_laid_out(self):
        version = self.env["care.calendar.version"].browse(self._version())
        today = datetime.now().date()
        self.assertLessEqual(version.first_day, today - relativedelta(years=3))
        self.assertGreaterEqual(version.last_day, today + relativedelta(years=2))

    # ------------------------------------------------------------------ bad input

    def test_flexible_hours_are_refused_where_clocks_count(self):
        with self.assertRaisesRegex(ValidationError, "flexible"):
            self.calendar.write({"schedule_type": "flexible", "flexible_hours": True})
        flexible = self.env["resource.calendar"].create(
            {"name": "Linh hoạt", "schedule_type": "flexible", "flexible_hours": True}
        )
        with self.assertRaisesRegex(ValidationError, "flexible"):
            self.team.resource_calendar_id = flexible

    def test_hours_without_an_hour_are_refused(self):
        empty = self._create_calendar("Trống", days=())
        with self.assertRaisesRegex(ValidationError, "nobody works"):
            self.team.resource_calendar_id = empty

    def test_too_many_stretches_a_day_are_refused(self):
        parts = tuple((hour, hour + 0.5) for hour in range(8, 15))
        calendar = self._create_calendar("Vụn", parts=parts)
        with self.assertRaisesRegex(UserError, "more than 6 stretches"):
            self.team.resource_calendar_id = calendar
