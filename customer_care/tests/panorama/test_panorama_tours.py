from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import PanoramaCommon


class CustomerTour(PanoramaCommon, HttpCase):
    def _walk(self):
        """An agent opens a customer, filters, logs a call and sees it on top."""
        self._buy(fields.Date.today(), 10, self.customer)
        self._create_ticket(kind="complaint", user_id=self.user_own.id)
        self._log_contact(
            summary="<img src=x onerror=console.error(1)>", direction="in"
        )
        self.env.flush_all()
        self.start_tour(
            f"/odoo/care-customers/{self.customer.id}",
            "care_customer_path",
            login="care_own",
        )
        log = self.env["care.contact.log"].search(
            [("partner_id", "=", self.customer.id)], limit=1
        )
        self.assertEqual(log.summary, "Hẹn gọi lại sáng thứ hai")
        self.assertEqual((log.channel, log.direction), ("call", "out"))
        self.assertEqual((log.user_id, log.is_by_hand), (self.user_own, True))


@tagged("post_install", "-at_install")
class TestCustomerTour(CustomerTour):
    browser_size = "1400x900"

    def test_agent_reads_a_customer_and_logs_a_call(self):
        self._walk()


@tagged("post_install", "-at_install")
class TestCustomerTourPhone(CustomerTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_agent_reads_a_customer_and_logs_a_call_on_the_phone(self):
        self._walk()
