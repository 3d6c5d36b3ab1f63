from ..customer.test_care_profile import NOW
from ..segment.test_care_segment import SegmentCommon


class RuleCommon(SegmentCommon):
    """Six customers, a segment of those in Huế that was filled, and rules for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["care.rule"]
        cls.runs = cls.env["care.rule.run"]
        cls.activities = cls.env["mail.activity"]

    def _world(self):
        """Know the customers and fill the segment, in silence; two are in."""
        self.people[:2].city = "Huế"
        self._refresh()
        segment = self._segment("[('city', '=', 'Huế')]", name="Ở Huế")
        segment._refresh_and_note()
        return segment

    def _rule(self, segment=None, start=True, **values):
        """A rule that gives a task to ``user_own``, running unless told."""
        rule = self.rules.create(
            {
                "name": "Gọi người mới",
                "company_id": self.company.id,
                "user_id": self.user_manager.id,
                "segment_id": segment.id if segment else False,
                "getter": "user",
                "getter_id": self.user_own.id,
                "subject": "Gọi {{customer_name}}",
                **values,
            }
        )
        if start:
            rule.action_start()
        return rule

    def _come(self, *people, segment=None):
        """These customers move to Huế, and the segment follows."""
        for person in people:
            person.city = "Huế"
        (segment or self.segment)._refresh_and_note()

    def _work(self):
        """What the job does, without its commits."""
        while self.runs.with_user(1)._work_claimed():
            self.env.flush_all()

    def _told(self, rule):
        """(customer, state, reason) of what happened for a rule, in order."""
        return [
            (run.partner_id, run.state, run.reason or None)
            for run in self.runs.search([("rule_id", "=", rule.id)], order="id")
        ]

    def _tasks(self, partners=None):
        """The tasks about these customers."""
        partners = self.people if partners is None else partners
        return self.activities.search(
            [("res_model", "=", "res.partner"), ("res_id", "in", partners.ids)],
            order="id",
        )


__all__ = ["NOW", "RuleCommon"]
