from odoo.tests import tagged

from ..customer.test_care_profile import NOW, TODAY
from .test_care_segment import SegmentCommon

SEGMENT_COLUMNS = {
    "name": {},
    "purpose": {},
    "kind": {},
    "member_count": {},
    "refreshed_on": {},
    "refresh_error": {},
    "company_id": {"fields": {"display_name": {}}},
}
CUSTOMER_COLUMNS = {
    "complete_name": {},
    "care_salutation": {},
    "phone": {},
    "email": {},
    "care_stage_id": {"fields": {"display_name": {}}},
    "care_last_purchase_on": {},
    "care_revenue_365": {},
    "care_currency_id": {"fields": {"display_name": {}}},
    "care_segment_ids": {"fields": {"display_name": {}, "color": {}}},
    "care_open_ticket_count": {},
    "care_ticket_count": {},
}


@tagged("post_install", "-at_install")
class TestSegmentQueries(SegmentCommon):
    """What a list costs does not depend on how many rows it shows."""

    def _queries(self, records, columns):
        """Count the queries of a page with ``records``, as a care manager."""
        model = records.with_user(self.user_manager).browse()
        domain, counts = [("id", "in", records.ids)], []
        for _turn in range(2):  # what is cached once and for all is cached then
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = model.web_search_read(domain, columns)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(page["records"]), len(records))
        return counts[-1]

    def test_list_of_segments(self):
        segments = self.segments.create(
            [{"name": f"Đoạn {number}"} for number in range(40)]
        )
        with self._at(NOW):
            self._refresh()
            for segment in segments:
                segment._refresh_and_note()
        few = self._queries(segments[:2], SEGMENT_COLUMNS)
        self.assertEqual(self._queries(segments, SEGMENT_COLUMNS), few)
        self.assertLessEqual(few, 5)

    def test_list_of_customers(self):
        people = self.env["res.partner"].create(
            [
                {"name": f"Người {number}", "phone": f"0900 001 {number:03}"}
                for number in range(40)
            ]
        )
        with self._at(NOW):
            for person in people:
                self._buy(TODAY, partner=person)
                self._create_ticket(partner_id=person.id)
            self.profiles._refresh_all(self.company)
            for number in range(3):
                segment = self._segment(name=f"Đoạn {number}")
                segment._refresh_and_note()
        few = self._queries(people[:2], CUSTOMER_COLUMNS)
        self.assertEqual(self._queries(people, CUSTOMER_COLUMNS), few)
        self.assertLessEqual(few, 16)

    def test_members_of_a_segment(self):
        with self._at(NOW):
            self._refresh()
            segment = self._segment()
            segment._refresh_and_note()
        columns = {
            "partner_id": {"fields": {"display_name": {}}},
            "entered_on": {},
            "rotation": {},
            "override": {},
            "bucket": {},
        }
        members = segment.member_ids
        self.assertGreaterEqual(len(members), 6)
        few = self._queries(members[:2], columns)
        self.assertEqual(self._queries(members, columns), few)
