"""Several tickets at the same moment, and one place left."""

from odoo.tests import TransactionCase, tagged

from ..promise.race_common import PromiseRaceMixin
from ..races import committing


@tagged("post_install", "-at_install")
class TestAssignmentRaces(PromiseRaceMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        with committing() as env:
            user = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": "Đồng hồ",
                        "login": "care_one_place",
                        "company_id": self.company_id,
                        "company_ids": [(6, 0, [self.company_id])],
                    }
                )
            )
            env["care.team"].browse(self.team_id).write(
                {
                    "assignment": "round_robin",
                    "capacity": 1,
                    "resource_calendar_id": False,
                    "leader_id": False,
                    "member_ids": [(6, 0, user.ids)],
                }
            )
            self.user_id = user.id

    def _remove_rows(self):
        with committing() as env:
            user = env["res.users"].browse(self.user_id)
            domain = [("company_id", "=", self.company_id)]
            env["care.ticket"].search(domain).unlink()
            env["care.team"].search(domain).member_ids = [(5, 0, 0)]
            partner = user.partner_id
            user.unlink()
            partner.unlink()
        super()._remove_rows()

    def test_one_place_is_given_once(self):
        self._run(self._open, self._open, self._open)
        with committing() as env:
            tickets = env["care.ticket"].search([("company_id", "=", self.company_id)])
            self.assertEqual(len(tickets), 3)
            self.assertEqual(len(tickets.filtered("user_id")), 1)
