from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..script.common import ScriptCommon


@tagged("post_install", "-at_install")
class TestPromiseTours(ScriptCommon, HttpCase):
    def test_morning_of_a_busy_agent(self):
        """What is late comes first; a script answers; the promise of it is seen."""
        self.env["care.sla.policy"].search([]).active = False
        self.env["care.sla.policy"].create(
            {
                "name": "Cam kết",
                "company_id": self.company.id,
                "target_ids": [
                    (0, 0, {"metric": metric, "hours": hours, "hours_kind": "always"})
                    for metric, hours in (("first_reply", 2), ("resolution", 48))
                ],
            }
        )
        self._script(
            "Xin lỗi vì chậm", "<p>Chào {{salutation}}, em xin lỗi vì chậm trễ.</p>"
        )
        late = self._open_before(3, "Bếp từ báo lỗi")
        self._open_before(1, "Xin lịch lắp")
        self.start_tour("/odoo/care-my-work", "care_agent_morning", login="care_own")
        states = {clock.metric: clock.state for clock in late.clock_ids}
        self.assertEqual(states, {"first_reply": "breached", "resolution": "met"})
        self.assertEqual(late._find_clock_differences(), {})

    def _open_before(self, hours, name):
        """Open a ticket of the customer, for the agent, so many hours ago."""
        moment = fields.Datetime.now() - timedelta(hours=hours)
        with self._at(str(moment)):
            return (
                self.env["care.ticket"]
                .with_context(care_actor="customer")
                .create(
                    {
                        "name": name,
                        "partner_id": self.customer.id,
                        "team_id": self.team.id,
                        "user_id": self.user_own.id,
                    }
                )
                .with_context(care_actor=None)
            )
