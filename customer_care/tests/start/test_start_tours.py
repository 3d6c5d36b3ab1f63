from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .test_care_start import StartCommon


@tagged("post_install", "-at_install")
class TestStartTours(StartCommon, HttpCase):
    def test_manager_sets_up_in_vietnamese(self):
        """Steps 1 to 4: hours with Tết, a role, the customers, stages after a look."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.user_manager.lang = "vi_VN"
        self.user_manager.company_ids = self.env["res.company"].search([])
        self.user_manager.group_ids |= self.env.ref("base.group_erp_manager")
        self.env.ref(
            "customer_care.care_stage_dormant"
        ).rule_domain = "[('last_purchase_on', '<', 'today -180d')]"
        today = self.profiles._today(self.company)
        sources = self.env["care.purchase.source"].search([("code", "!=", "imported")])
        sources.active = False
        for days in (100, 300):
            self._buy(today - timedelta(days=days), 0)
        tables = ("mail.mail", "sms.sms", "mail.activity")
        before = {table: self.env[table].search_count([]) for table in tables}
        self.start_tour(
            "/odoo/customer-care", "care_start_path", login="care_manager_test"
        )
        after = {table: self.env[table].search_count([]) for table in tables}
        self.assertEqual(after, before, "nothing has been sent to anybody")
        self.assertTrue(self.env["care.start"]._is_done(self.company))
        self.assertEqual(self.company.care_calendar_id.hours_per_week, 44)
        self.assertTrue(self._holidays())
        self.assertTrue(self.user_reader.has_group("customer_care.group_agent_own"))
        self.assertEqual(self.buyer.care_stage_id.code, "dormant")
