from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import GateCommon

#: Decree 91/2020/ND-CP: hours of messages and calls, how many a day.
LAW = {
    "sms": (7, 22, 3),
    "call": (8, 17, 1),
    "email": (0, 24, 3),
}


@tagged("post_install", "-at_install")
class TestCareLimit(GateCommon):
    """Quiet hours and limits of a company, and who sets them."""

    def _lines(self, limit, purpose="promotion"):
        return {
            line.channel: (line.hour_from, line.hour_to, line.day_cap)
            for line in limit.line_ids
            if line.purpose == purpose
        }

    def _of(self, company):
        return self.env["care.limit"].search([("company_id", "=", company.id)])

    def test_vietnam_in_one_click(self):
        self.limit.patience_days = 9
        self.limit.with_user(self.user_manager).action_vietnam_preset()
        found = self._lines(self.limit)
        self.assertEqual({name: found[name] for name in LAW}, LAW)
        self.assertEqual(self.limit.promotion_label, "[QC]")
        self.assertTrue(self.limit.refusal_line)
        self.assertEqual(self.company.care_promotion_label, "[QC]")
        self.assertEqual(self.company.care_refusal_line, self.limit.refusal_line)
        # twice is once
        self.limit.with_user(self.user_manager).action_vietnam_preset()
        self.assertEqual(self._lines(self.limit), found)
        self.assertFalse(self._lines(self.limit, "transactional"))

    def test_the_preset_keeps_words_that_people_wrote(self):
        self.limit.refusal_line = "Nhắn TC gửi 9241 để từ chối"
        self.limit.action_vietnam_preset()
        self.assertEqual(self.limit.refusal_line, "Nhắn TC gửi 9241 để từ chối")

    def test_every_company_starts_with_limits(self):
        hanoi, paris, nowhere = self.env["res.company"].create(
            [
                {"name": "Hà Nội", "country_id": self.env.ref("base.vn").id},
                {"name": "Paris", "country_id": self.env.ref("base.fr").id},
                {"name": "Đâu đó"},
            ]
        )
        for company in (hanoi, nowhere):
            found = self._lines(self._of(company))
            self.assertEqual({name: found[name] for name in LAW}, LAW)
        self.assertTrue(self._of(paris).line_ids)
        self.assertFalse(self._of(paris).promotion_label)
        self.assertEqual(len(self._of(hanoi)), 1)
        hanoi._care_ship_limits()
        self.assertEqual(len(self._of(hanoi)), 1)

    def test_limits_are_those_of_the_line(self):
        self._set_line("sms", "care", (7.5, 22), 4)
        limit = self.company._get_care_limit("sms", "care")
        self.assertEqual(
            (limit.window.start, limit.window.end, limit.cap, limit.patience),
            (450, 1320, 4, 3),
        )
        nothing = self.company._get_care_limit("sms", "promotion")
        self.assertEqual((nothing.window, nothing.cap), (None, 0))

    def test_hours_that_cannot_be(self):
        line = self._set_line()
        for hours in ((8, 8), (-1, 5), (24, 5), (5, 25)):
            with self.subTest(hours), self.assertRaises(ValidationError):
                line.write({"hour_from": hours[0], "hour_to": hours[1]})
        line.write({"hour_from": 20, "hour_to": 6})  # over midnight

    @mute_logger("odoo.sql_db")
    def test_numbers_that_cannot_be(self):
        line = self._set_line()
        for act in (
            lambda: line.write({"day_cap": -1}),
            lambda: self.limit.write({"patience_days": -1}),
            lambda: self.limit.write({"patience_days": 31}),
            self._set_line,
            lambda: self.env["care.limit"].create({"company_id": self.company.id}),
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                act()
                self.env.flush_all()

    def test_who_sets_them(self):
        self._set_line()
        for user in (self.user_own, self.user_lead):
            sheet = self.limit.with_user(user)
            self.assertTrue(sheet.has_access("read"))
            for act in (
                lambda sheet=sheet: sheet.write({"patience_days": 1}),
                lambda sheet=sheet: sheet.line_ids.write({"day_cap": 1}),
                sheet.action_vietnam_preset,
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    act()
        self.limit.with_user(self.user_manager).write({"patience_days": 1})
        for record in (self.limit, self.limit.line_ids):
            self.assertFalse(record.with_user(self.user_other).has_access("read"))
        with self.assertRaises(AccessError):
            self.limit.with_user(self.user_reader).action_open()

    def test_the_menu_opens_the_sheet_of_the_company(self):
        sheets = self.env["care.limit"].with_user(self.user_manager)
        self.assertEqual(sheets.action_open()["res_id"], self.limit.id)
        self.limit.sudo().unlink()
        opened = sheets.browse(sheets.action_open()["res_id"])
        self.assertEqual(opened.company_id, self.company)
        self.assertTrue(opened.line_ids)
