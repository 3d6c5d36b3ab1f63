from datetime import date

from ..common import CareCommon

#: Ten in the morning in Hanoi, on a Monday, and what the calendar shows there.
NOON = "2026-03-02 03:00:00"
DAY = date(2026, 3, 2)
NIGHT = "2026-03-02 16:00:00"  # eleven in the evening there


class GateCommon(CareCommon):
    """A company in Vietnam without limits, and the words to set them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"country_id": cls.env.ref("base.vn").id, "care_tz": "Asia/Ho_Chi_Minh"}
        )
        cls.gate = cls.env["care.gate"]
        cls.logs = cls.env["care.contact.log"]
        cls.counters = cls.env["care.contact.counter"]
        cls.company._care_ship_limits()
        cls._lift_limits()
        cls.limit = cls.env["care.limit"].search([("company_id", "=", cls.company.id)])
        cls.limit.patience_days = 3

    @classmethod
    def _person(cls, number, **values):
        """Create a person whose addresses nobody else has."""
        return cls.env["res.partner"].create(
            {
                "name": f"Khách {number}",
                "email": f"khach{number}@gate.test",
                "phone": f"+8498100{number:04}",
                "country_id": cls.env.ref("base.vn").id,
                "tz": False,
                **values,
            }
        )

    @classmethod
    def _set_line(cls, channel="sms", purpose="promotion", hours=(0, 24), cap=0):
        return cls.env["care.limit.line"].create(
            {
                "limit_id": cls.limit.id,
                "channel": channel,
                "purpose": purpose,
                "hour_from": hours[0],
                "hour_to": hours[1],
                "day_cap": cap,
            }
        )

    @classmethod
    def _agree(cls, partners, channel="sms", purpose="promotion", granted=True, **more):
        return partners._care_set_consent(
            channel, purpose, granted, "hand", "Nói tại quầy", **more
        )

    def _decide(self, partners, channel="sms", purpose="promotion", **more):
        return self.gate._decide(
            more.pop("company", self.company), channel, purpose, partners, **more
        )

    def _verdicts(self, partners, *args, **more):
        """Decide; return (verdict, reason) of each, in order."""
        decided = self._decide(partners, *args, **more)
        return [(row.verdict, row.reason) for row in decided.values()]
