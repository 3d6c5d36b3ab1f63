from odoo.tests import HttpCase, tagged

from .common import GateCommon


@tagged("post_install", "-at_install")
class TestConsentTours(GateCommon, HttpCase):
    def test_agent_finds_out_logs_a_call_and_sets_a_consent(self):
        """Why nothing was sent, what was said on the phone, and the customer's yes."""
        customer = self._person(1, name="Vũ Thị Lan")
        found = self._decide(customer)
        self.gate._log_decisions(self.company, "sms", "promotion", found)
        self.start_tour(
            f"/odoo/res.partner/{customer.id}", "care_consent_path", login="care_own"
        )
        call = self.logs.search(
            [("partner_id", "=", customer.id), ("channel", "=", "call")]
        )
        self.assertRecordValues(
            call,
            [
                {
                    "summary": "Cô Lan muốn nhận tin",
                    "user_id": self.user_own.id,
                    "state": "done",
                    "is_by_hand": True,
                }
            ],
        )
        self.assertRecordValues(
            customer.care_consent_ids,
            [{"state": "granted", "source": "hand", "evidence": "Nói qua điện thoại"}],
        )
        self.assertEqual(self._verdicts(customer), [("go", "")])

    def test_manager_sets_the_hours_of_vietnam(self):
        self.start_tour(
            "/odoo/care-limits", "care_limit_path", login="care_manager_test"
        )
        calls = self.limit.line_ids.filtered(
            lambda line: (line.channel, line.purpose) == ("call", "promotion")
        )
        self.assertEqual((calls.hour_from, calls.hour_to, calls.day_cap), (8, 17, 1))
        self.assertEqual(self.limit.patience_days, 5)
