from ..promise.common import PromiseCommon, local


class AssignmentCommon(PromiseCommon):
    """``team`` shares out in turn; it is Monday at ten, and two agents are there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write(
            {
                "member_ids": [(6, 0, (cls.user_own | cls.user_team).ids)],
                "leader_id": cls.user_lead.id,
                "assignment": "round_robin",
                "capacity": 5,
            }
        )
        # the leader is a member as well; in these tests he is away
        cls.people = cls.user_own | cls.user_team
        cls._away(cls.user_lead, "2026-03-02")
        cls._away(cls.user_lead, "2026-03-03")

    @classmethod
    def _away(cls, user, day):
        return cls.env["care.away"].create(
            {"user_id": user.id, "company_id": cls.company.id, "day": day}
        )

    def _open_many(self, count, moment="2026-03-02 10:00", **values):
        with self._at(str(local(moment))):
            return (
                self.env["care.ticket"]
                .with_context(care_actor="customer")
                .create(
                    [
                        {
                            "name": f"Việc {index}",
                            "partner_id": self.customer.id,
                            "team_id": self.team.id,
                            **values,
                        }
                        for index in range(count)
                    ]
                )
                .with_context(care_actor=None)
            )
