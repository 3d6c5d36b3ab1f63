from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, RuleCommon

ROLES = (
    "user_reader",
    "user_own",
    "user_team",
    "user_lead",
    "user_manager",
    "user_other",
    "user_portal",
)
EVERYTHING = ["read", "write", "create", "unlink"]


@tagged("post_install", "-at_install")
class TestRuleAccess(RuleCommon):
    """Care managers write rules of their companies, team leads read them."""

    def _rights(self, record, user):
        theirs = record.with_user(user)
        return [name for name in EVERYTHING if theirs.has_access(name)]

    def test_who_may_what(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
        run = self.runs.search([("rule_id", "=", rule.id)])
        for role in ROLES:
            with self.subTest(role=role):
                user = getattr(self, role)
                rights = {"user_manager": EVERYTHING, "user_lead": ["read"]}
                self.assertEqual(self._rights(rule, user), rights.get(role, []))
                reads = ["read"] if role in rights else []
                self.assertEqual(self._rights(run, user), reads)
        admin = self._rights(run, self.user_admin)
        self.assertEqual(admin, ["read"], "the log is nobody's to write")

    def test_actions_are_for_care_managers(self):
        with self._at(NOW):
            self.segment = self._world()
            rule = self._rule(self.segment)
            self._come(self.people[2])
            self._work()
            run = self.runs.search([("rule_id", "=", rule.id)])
            for user in (self.user_own, self.user_lead, self.user_other):
                for act in (
                    lambda who: rule.with_user(who).action_start(),
                    lambda who: rule.with_user(who).action_pause(),
                    lambda who: run.with_user(who).action_try_again(),
                    lambda who: run.with_user(who).action_leave_out(),
                    lambda who: (
                        self.env["care.rule.start"]
                        .with_user(who)
                        .create({"rule_id": rule.id})
                        .action_start()
                    ),
                ):
                    with self.assertRaises(AccessError):
                        act(user)
            for user in (self.user_own, self.user_reader, self.user_other):
                with self.assertRaises(AccessError):
                    rule.with_user(user).action_view_runs()
                with self.assertRaises(AccessError):
                    tried = self.env["care.rule.try"].with_user(user)
                    dialog = tried.create(
                        {"rule_id": rule.id, "partner_id": self.people[0].id}
                    )
                    self.assertFalse(dialog.verdict)

    def test_previews_are_for_care_managers(self):
        rule = self._rule(start=False)
        with self.assertRaises(AccessError):
            rule.with_user(self.user_lead).read(["preview_count"])
        self.assertTrue(rule.with_user(self.user_lead).read(["when_text", "problem"]))

    def test_kept_fields_are_not_written_from_a_request(self):
        rule = self._rule(start=False).with_user(self.user_manager)
        rule.with_context(care_rule_kept=True).write({"state": "running"})
        self.assertEqual(rule.state, "draft")

    def test_secret_fields_are_no_condition(self):
        """Judged by who writes the rule, though it runs as the system."""
        rule = self._rule(start=False).with_user(self.user_manager)
        for name in ("signup_type", "bank_ids.acc_number"):
            with self.subTest(name=name):
                try:
                    readable = (
                        self.env["res.partner.bank"]
                        .with_user(self.user_manager)
                        .has_access("read")
                    )
                except AccessError:
                    readable = False
                if name != "signup_type" and readable:
                    continue
                with self.assertRaisesRegex(Exception, "not for your eyes"):
                    rule.domain = f"[('{name}', '=', 'x')]"

    def test_companies_do_not_mix(self):
        """A customer of both: each company's rules hear of its own events alone."""
        loyal = self.env.ref("customer_care.care_stage_loyal")
        both = self.people[0]
        with self._at(NOW):
            self.profiles._refresh_all(self.company)
            self.profiles._refresh_all(self.other_company)
            ours = self._rule(occasion="stage", to_stage_id=loyal.id)
            theirs = self._rule(
                occasion="stage",
                to_stage_id=loyal.id,
                company_id=self.other_company.id,
                user_id=self.user_other.id,
                getter="manager",
                getter_id=False,
            )
            both.with_company(self.other_company)._care_move(loyal)
            self._work()
        self.assertEqual(self._told(ours), [])
        self.assertEqual(self._told(theirs), [(both, "done", None)])
        self.assertEqual(self._tasks().user_id, self.user_other)

    def test_job_as_odoobot_in_the_night(self):
        """Two companies and OdooBot's UTC: each in its own day and language."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.other_company.partner_id.lang = "vi_VN"
        self.company.care_tz = "Asia/Ho_Chi_Minh"
        self.other_company.care_tz = "America/New_York"
        with self._at("2026-06-14 18:00"):  # 15 June 01:00 Hanoi, 14 June New York
            self.profiles._refresh_all(self.company)
            self.profiles._refresh_all(self.other_company)
            loyal = self.env.ref("customer_care.care_stage_loyal")
            for company, owner in (
                (self.company, self.user_manager),
                (self.other_company, self.user_other),
            ):
                rule = self._rule(
                    start=False,
                    occasion="stage",
                    to_stage_id=loyal.id,
                    company_id=company.id,
                    user_id=owner.id,
                    getter="manager",
                    getter_id=False,
                    deadline_days=0,
                    deadline_unit="calendar",
                )
                rule.action_start()
                self.people[0].with_company(company)._care_move(loyal)
            self._work()
        tasks = self._tasks(self.people[0])
        self.assertEqual(
            {(task.user_id, str(task.date_deadline)) for task in tasks},
            {(self.user_manager, "2026-06-15"), (self.user_other, "2026-06-14")},
        )

    def test_no_rule_is_created_running(self):
        rules = self.rules.with_user(self.user_manager).with_context(
            default_state="running", default_running_since="2020-01-01 00:00:00"
        )
        rule = rules.create({"name": "Chạy ngay", "company_id": self.company.id})
        self.assertFalse(rule.running_since)
        self.assertNotEqual(rule.state, "running")
