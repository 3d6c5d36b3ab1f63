from odoo.tests import HttpCase, tagged

from .common import IntakeCommon


@tagged("post_install", "-at_install")
class TestCareImportTours(IntakeCommon, HttpCase):
    def test_manager_imports_a_list_in_vietnamese(self):
        """Drop a file, look at the columns, take it in, see what was left out."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.user_manager.lang = "vi_VN"
        self.start_tour(
            "/odoo/care-imports", "care_import_path", login="care_manager_test"
        )
        customer = self._by_phone("0887000901")
        self.assertEqual(customer.name, "Đỗ Thị Sen")
        self.assertEqual(
            self._bought(customer),
            [("2025-03-15", 1250000, ""), ("2025-06-21", 300000, "")],
        )
        batch = self.imports.search([("name", "=", "khach-hang.csv")], limit=1)
        self.assertEqual(self._reasons(batch), {4: "no_contact"})
        self.assertEqual(batch.user_id, self.user_manager)
