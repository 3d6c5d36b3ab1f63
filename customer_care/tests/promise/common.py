"""The hours and the promises that tests of this area share."""

from datetime import datetime, timedelta

from ..common import CareCommon

#: Holidays of the worked examples.
HOLIDAYS = ("2026-04-27", "2026-04-30", "2026-05-01", "2026-09-02")
MORNING, AFTERNOON = (8, 12), (13, 17)


def local(moment):
    """Return naive UTC of a moment in Ho Chi Minh City, ``YYYY-MM-DD HH:MM``."""
    return datetime.fromisoformat(moment) - timedelta(hours=7)


class PromiseCommon(CareCommon):
    """``team`` works Monday to Friday from 8 to 12 and 13 to 17 in Ho Chi Minh City."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.sla.policy"].search([]).active = False
        cls.company.care_tz = "Asia/Ho_Chi_Minh"
        cls.calendar = cls._create_calendar("C1")
        cls.team.resource_calendar_id = cls.calendar
        for day in HOLIDAYS:
            cls.env["resource.calendar.leaves"].create(
                {
                    "name": "Nghỉ lễ",
                    "calendar_id": cls.calendar.id,
                    "company_id": cls.company.id,
                    "date_from": local(f"{day} 00:00"),
                    "date_to": local(f"{day} 23:59") + timedelta(seconds=59),
                }
            )

    @classmethod
    def _create_calendar(
        cls, name, days=range(5), parts=(MORNING, AFTERNOON), **values
    ):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": "morning" if end <= 12 else "afternoon",
                        },
                    )
                    for day in days
                    for start, end in parts
                ],
                **values,
            }
        )

    @classmethod
    def _promise(cls, *targets, **values):
        """Create a promise; a target is (metric, hours) or a dict of values."""
        lines = [
            {"metric": target[0], "hours": target[1]}
            if isinstance(target, tuple)
            else target
            for target in targets
        ]
        return cls.env["care.sla.policy"].create(
            {
                "name": "Cam kết",
                "company_id": cls.company.id,
                "target_ids": [(0, 0, line) for line in lines],
                **values,
            }
        )

    def _clock(self, ticket, metric, number=1):
        return ticket.clock_ids.filtered(
            lambda clock: clock.metric == metric and clock.round == number
        )

    def _open_at(self, moment, **values):
        """Open a ticket by its customer at a moment of Ho Chi Minh City."""
        with self._at(str(local(moment))):
            return (
                self.env["care.ticket"]
                .with_context(care_actor="customer")
                .create(
                    {
                        "name": "Máy giặt không chạy",
                        "partner_id": self.customer.id,
                        "team_id": self.team.id,
                        **values,
                    }
                )
                .with_context(care_actor=None)
            )

    def _reply_at(self, moment, ticket):
        with self._at(str(local(moment))):
            return self._post(ticket, self.user_team)

    def _write_at(self, moment, ticket):
        """The customer writes."""
        with self._at(str(local(moment))):
            return self._post(ticket, self.user_portal)

    def _move_at(self, moment, ticket, stage):
        with self._at(str(local(moment))):
            ticket.stage_id = stage

    def _assert_same(self, tickets, now=None):
        """The stored clocks are what the events alone give."""
        self.env.flush_all()
        self.assertEqual(tickets._find_clock_differences(now), {})
        self.assertEqual(tickets._find_state_differences(), {})
