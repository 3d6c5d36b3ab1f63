from odoo.tests import tagged

from .common import NOW, RuleCommon

RULE_COLUMNS = {
    "name": {},
    "when_text": {},
    "who_text": {},
    "do_text": {},
    "state": {},
    "problem": {},
}
RUN_COLUMNS = {
    "on": {},
    "rule_id": {"fields": {"display_name": {}}},
    "partner_id": {"fields": {"display_name": {}}},
    "state": {},
    "reason": {},
    "note": {},
    "result_name": {},
}


@tagged("post_install", "-at_install")
class TestRuleQueries(RuleCommon):
    """What a batch or a list costs does not depend on how many are in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crowd = cls.env["res.partner"].create(
            [{"name": f"Người {n}", "care_customer_mark": "yes"} for n in range(210)]
        )

    def _cost(self, people):
        """Queries of the job for a batch of these customers."""
        people.city = "Huế"
        self.segment._refresh()
        self.env.cr.flush()  # what Odoo says of the move to another city
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        worked = self.runs.with_user(1)._work_claimed()
        self.env.cr.flush()
        self.assertEqual(worked, len(people))
        return self.env.cr.sql_log_count - before

    def _compare(self, most, **values):
        """Odoo writes 100 new records in one statement and 1,000 read ones in one."""
        with self._at(NOW):
            self.segment = self._world()
            self._refresh()
            self._rule(self.segment, **values)
            self._cost(self.crowd[:2])  # what is cached once and for all is cached then
            few = self._cost(self.crowd[2:4])
            many = self._cost(self.crowd[4:104])
            double = self._cost(self.crowd[104:204])
        self.assertEqual(many, double)
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(few, most)

    def test_tasks(self):
        self._compare(45, text="{{last_purchase_day}} {{care_manager}} {{phone}}")

    def test_segment(self):
        other = self._segment(kind="manual", name="Khác")
        self._compare(45, action="segment_add", target_segment_id=other.id)

    def test_contact_tags(self):
        tag = self.env["res.partner.category"].create({"name": "A"})
        self._compare(45, action="tag_add", tag_ids=[(6, 0, tag.ids)])

    def test_care_stages(self):
        loyal = self.env.ref("customer_care.care_stage_loyal")
        self._compare(45, action="stage", target_stage_id=loyal.id)

    def _page(self, records, columns):
        """Count the queries of a page with ``records``, as a care manager."""
        model = records.with_user(self.user_manager).browse()
        counts = []
        for _turn in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = model.web_search_read([("id", "in", records.ids)], columns)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(page["records"]), len(records))
        return counts[-1]

    def test_lists(self):
        with self._at(NOW):
            self.segment = self._world()
            self._refresh()
            rules = self.rules.concat(
                *[self._rule(self.segment, name=f"Q {n}") for n in range(12)]
            )
            self._cost_of_crowd = self.crowd[:40]
            self._cost_of_crowd.city = "Huế"
            self.segment._refresh()
            self._work()
        runs = self.runs.search([("rule_id", "=", rules[0].id)])
        self.assertEqual(len(runs), 40)
        self.assertEqual(
            self._page(rules, RULE_COLUMNS), self._page(rules[:2], RULE_COLUMNS)
        )
        self.assertEqual(
            self._page(runs, RUN_COLUMNS), self._page(runs[:2], RUN_COLUMNS)
        )

    def test_a_refresh_for_which_no_rule_waits(self):
        """One look whether a rule waits; nothing else."""
        with self._at(NOW):
            self.segment = self._world()
            self._refresh()
            costs = []
            for rule in (False, True):
                if rule:
                    self._rule(self.segment).action_pause()
                self.crowd[:50].city = False if rule else "Huế"
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                self.segment._refresh()
                costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*costs)
