"""The clock on the wall against a second implementation: minute by minute, by zoneinfo."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ...lib import quiet_hours

MINUTE = timedelta(minutes=1)
#: Nights on which something happens to the clock, with the zone (UTC, one day before).
NIGHTS = {
    "forward at two": ("America/New_York", "2026-03-07 12:00"),
    "back at two": ("America/New_York", "2026-10-31 12:00"),
    "forward at midnight": ("Asia/Beirut", "2026-03-28 08:00"),
    "back at midnight": ("Asia/Beirut", "2026-10-24 08:00"),
    "by half an hour": ("Australia/Lord_Howe", "2026-04-03 20:00"),
    "a day left out": ("Pacific/Apia", "2011-12-29 12:00"),
    "nothing": ("Asia/Ho_Chi_Minh", "2026-03-02 00:00"),
    "offset of 45 minutes": ("Asia/Kathmandu", "2026-03-02 00:00"),
}
WINDOWS = [(7, 22), (8, 17), (20, 6), (2.5, 3), (1.5, 1), (0, 0.25), (23.75, 24)]


@tagged("post_install", "-at_install")
class TestQuietHours(BaseCase):
    def _wall(self, name, moment):
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(name))

    def _is_open(self, name, window, moment):
        """The definition: the hour on the wall is between the two, over midnight or not."""
        wall = self._wall(name, moment)
        hour = wall.hour + wall.minute / 60
        start, end = window
        if start < end:
            return start <= hour < end
        return hour >= start or hour < end

    def _first(self, moment, holds):
        """Go minute by minute to the first moment that fulfils ``holds``."""
        if holds(moment):
            return moment
        moment = moment.replace(second=0) + MINUTE
        while not holds(moment):
            moment += MINUTE
        return moment

    def test_next_opening_is_the_first_open_minute(self):
        for story, (name, begin) in NIGHTS.items():
            zone = quiet_hours.zone_of(name)
            begin = datetime.fromisoformat(begin)
            for hours in WINDOWS:
                window = quiet_hours.make_window(*hours)
                for step in range(0, 2 * 24 * 60, 47):
                    moment = begin + timedelta(minutes=step, seconds=step % 60)
                    expected = self._first(
                        moment,
                        lambda at, name=name, hours=hours: self._is_open(
                            name, hours, at
                        ),
                    )
                    found = quiet_hours.next_open(window, zone, moment)
                    self.assertEqual(found, expected, (story, hours, moment))

    def test_next_day_is_the_first_minute_of_a_later_date(self):
        for story, (name, begin) in NIGHTS.items():
            zone = quiet_hours.zone_of(name)
            begin = datetime.fromisoformat(begin)
            for step in range(0, 2 * 24 * 60, 47):
                moment = begin + timedelta(minutes=step, seconds=step % 60)
                today = self._wall(name, moment).date()
                expected = self._first(
                    moment,
                    lambda at, name=name, today=today: (
                        self._wall(name, at).date() > today
                    ),
                )
                found = quiet_hours.next_day(zone, moment)
                self.assertEqual(found, expected, (story, moment))
                self.assertEqual(quiet_hours.local_day(zone, moment), today)

    def test_whole_day_is_always_open(self):
        moment = datetime(2026, 3, 2, 20, 0)
        zone = quiet_hours.zone_of("Asia/Ho_Chi_Minh")
        self.assertEqual(quiet_hours.next_open(None, zone, moment), moment)

    def test_hours_that_cannot_be(self):
        for hours in ((8, 8), (-1, 5), (24, 5), (5, 24.5), (0, 0), (99, 100)):
            with self.subTest(hours), self.assertRaises(ValueError):
                quiet_hours.make_window(*hours)

    def test_zones_that_do_not_exist(self):
        self.assertEqual(
            str(quiet_hours.zone_of("Mars/Base", "Asia/Tokyo")), "Asia/Tokyo"
        )
        self.assertEqual(str(quiet_hours.zone_of("Mars/Base", False, "x" * 500)), "UTC")
