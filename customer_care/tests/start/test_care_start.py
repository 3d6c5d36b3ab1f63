from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..customer.test_care_profile import NOW, TODAY, ProfileCommon


class StartCommon(ProfileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.start"].search([]).unlink()
        cls.start = cls.env["care.start"].with_user(cls.user_manager)
        cls.leaves = cls.env["resource.calendar.leaves"]

    def _holidays(self, company=None):
        return self.leaves.search(
            [
                ("company_id", "=", (company or self.company).id),
                ("care_holiday", "!=", False),
            ],
            order="date_from",
        )

    def _step(self, code, panel=None):
        panel = panel or self.start.get_panel()
        return next(step for step in panel["steps"] if step["code"] == code)


@tagged("post_install", "-at_install")
class TestCareStart(StartCommon):
    def test_steps_are_done_skipped_and_taken_up_again(self):
        panel = self.start.get_panel()
        self.assertEqual(
            [step["code"] for step in panel["steps"]][:4],
            ["hours", "people", "sources", "stages"],
        )
        self.assertEqual(panel["done"], 0)
        self.start.action_set_state("people", "done")
        panel = self.start.action_set_state("hours", "skipped")
        self.assertEqual(self._step("people", panel)["state"], "done")
        self.assertEqual(self._step("hours", panel)["state"], "skipped")
        self.assertEqual(panel["done"], 2)
        panel = self.start.action_set_state("people", "todo")
        self.assertEqual(self._step("people", panel)["state"], "todo")
        theirs = self.env["care.start"].with_user(self.user_other).get_panel()
        self.assertEqual(theirs["done"], 0)

    def test_opens_until_done_then_the_board(self):
        tickets = self.env["care.ticket"].with_user(self.user_manager)
        self.assertEqual(tickets.action_open_care()["tag"], "customer_care.start")
        for step in self.start.get_panel()["steps"]:
            self.start.action_set_state(step["code"], "skipped")
        self.assertEqual(tickets.action_open_care()["tag"], "customer_care.care_board")
        lead = self.env["care.ticket"].with_user(self.user_lead)
        self.assertEqual(lead.action_open_care()["tag"], "customer_care.team_today")

    def test_who_sets_up(self):
        calls = [
            ("get_panel", ()),
            ("action_set_state", ("hours", "done")),
            ("get_hours", ()),
            ("action_apply_hours", ()),
            ("get_people", ()),
            ("action_give_role", (self.user_reader.id, "group_lead")),
            ("action_invite", ("An", "an@care.test", "group_lead")),
            ("get_sources", ()),
            ("action_switch_source", (1, False)),
            ("action_know_customers", ()),
            ("get_stages", ()),
            ("action_apply_stages", ()),
        ]
        for user in (self.user_lead, self.user_own, self.user_reader, self.user_portal):
            start = self.env["care.start"].with_user(user)
            for method, args in calls:
                with self.subTest(user=user.login, method=method):
                    with self.assertRaises(AccessError):
                        getattr(start, method)(*args)
        with self.assertRaises(AccessError):
            self.start.create(
                {
                    "company_id": self.company.id,
                    "code": "hours",
                    "state": "done",
                    "on": "2026-01-01",
                }
            )

    def test_bad_steps(self):
        for code, state in (("nothing", "done"), ("hours", "perfect"), ([], {})):
            with self.assertRaisesRegex(UserError, "There is no step"):
                self.start.action_set_state(str(code), str(state))

    def test_sent_is_the_true_number(self):
        """Nothing in an empty company; then the mails that customers had."""
        start = self.env["care.start"].with_user(self.user_other)
        sent = start.get_panel()["sent"]
        self.assertEqual(sent["text"], "Nothing has been sent to anybody.")
        self.assertTrue(sent["is_nothing"])
        before = self.env["care.start"]._count_sent(self.company)
        ticket = self._create_ticket()
        message = self._post(ticket, self.user_team, body="Xin chào")
        told = message.sudo().notification_ids.filtered(
            lambda note: note.notification_type == "email"
        )
        customers = told.filtered(lambda note: note.res_partner_id.partner_share)
        self.assertEqual(
            self.env["care.start"]._count_sent(self.company), before + len(customers)
        )
        self.assertTrue(customers)


@tagged("post_install", "-at_install")
class TestStartHours(StartCommon):
    def _apply(self, left_out=(), team_ids=None, **choices):
        return self.start.action_apply_hours(choices, left_out, team_ids)

    def _local_days(self):
        """Days off in Hanoi, as published calendars name them."""
        days = []
        for leave in self._holidays():
            start = leave.date_from + timedelta(hours=7)
            end = leave.date_to + timedelta(hours=7)
            self.assertEqual(start.time().isoformat(), "00:00:00")
            self.assertEqual(end, start + timedelta(days=1, seconds=-1))
            days.append(start.date())
        return days

    def test_preview_writes_nothing(self):
        with self._at("2026-01-10 05:00"):
            before = self.leaves.search_count([])
            hours = self.start.get_hours({"years": 2})
            self.assertEqual(self.leaves.search_count([]), before)
            self.assertFalse(self.company.care_calendar_id)
        first = hours["days"][0]
        self.assertEqual(
            (first["day"], first["name"]), ("2026-02-16", "Lunar New Year (Tết)")
        )

    def test_hours_and_holidays_of_2027(self):
        """By the calendar of 2027: Tết is 6 February, 10/3 lunar is 16 April."""
        with self._at("2026-12-31 20:00"):  # 1 January, 3:00 in Hanoi
            self._apply(years=1)
        self.assertEqual(
            self._local_days(),
            [
                date(2027, 1, 1),
                *(date(2027, 2, day) for day in (5, 6, 7, 8, 9)),
                date(2027, 2, 10),  # instead of Saturday the 6th
                date(2027, 2, 11),  # instead of Sunday the 7th
                date(2027, 4, 16),
                date(2027, 4, 30),
                date(2027, 5, 1),
                date(2027, 5, 3),  # instead of Saturday 1 May
                date(2027, 9, 1),
                date(2027, 9, 2),
            ],
        )
        calendar = self.company.care_calendar_id
        self.assertEqual(len(calendar.attendance_ids), 10)
        self.assertEqual(calendar.hours_per_week, 40)
        self.assertEqual(calendar.tz, "Asia/Ho_Chi_Minh")
        self.assertEqual(self.team.resource_calendar_id, calendar)
        self.assertNotEqual(self.other_team.resource_calendar_id, calendar)

    def test_done_again_doubles_nothing(self):
        with self._at("2026-01-10 05:00"):
            self._apply()
            holidays, calendar = self._holidays(), self.company.care_calendar_id
            self._apply()
            self.assertEqual(self._holidays(), holidays)
            self.assertEqual(self.company.care_calendar_id, calendar)
            self.assertEqual(len(calendar.attendance_ids), 10)

    def test_changed_choices_change_the_days(self):
        with self._at("2026-01-10 05:00"):
            self._apply(years=1)
            self._apply(
                years=1, tet_before=2, tet_days=7, saturday="morning", culture=True
            )
            days = self._local_days()
            choices = self.start.get_hours()["choices"]
        for day in range(15, 22):
            self.assertIn(date(2026, 2, day), days)
        self.assertIn(date(2026, 11, 24), days)
        self.assertEqual(len(days), len(set(days)))
        self.assertEqual(self.company.care_calendar_id.hours_per_week, 44)
        self.assertEqual(choices["tet_days"], 7, "what was chosen is there again")

    def test_days_left_out_stay_out(self):
        with self._at("2026-01-10 05:00"):
            self._apply(["reunification:2026-04-30"], years=1)
            self.assertNotIn(date(2026, 4, 30), self._local_days())
            lines = {
                line["key"]: line for line in self.start.get_hours({"years": 1})["days"]
            }
        self.assertFalse(lines["reunification:2026-04-30"]["is_on"])
        self.assertTrue(lines["labour:2026-05-01"]["is_on"])

    def test_days_of_others_are_not_doubled(self):
        theirs = self.leaves.create(
            {
                "name": "Nghỉ lễ",
                "company_id": self.company.id,
                "calendar_id": False,
                "date_from": datetime(2026, 4, 28, 17),
                "date_to": datetime(2026, 5, 1, 16, 59, 59),
            }
        )
        with self._at("2026-01-10 05:00"):
            lines = {
                line["day"]: line for line in self.start.get_hours({"years": 1})["days"]
            }
            self.assertTrue(lines["2026-04-30"]["is_known"])
            self._apply(years=1)
            days = self._local_days()
        self.assertNotIn(date(2026, 4, 30), days)
        self.assertNotIn(date(2026, 5, 1), days)
        self.assertIn(date(2026, 9, 2), days)
        self.assertTrue(theirs.exists())

    def test_past_holidays_stay(self):
        with self._at("2026-01-10 05:00"):
            self._apply(years=1)
        with self._at("2026-06-15 05:00"):
            self._apply(years=1, tet_days=3)
            self.assertIn(date(2026, 2, 20), self._local_days())

    def test_two_companies_have_their_own(self):
        with self._at("2026-01-10 05:00"):
            self._apply(years=1)
            self.assertFalse(self._holidays(self.other_company))
            other = self.env["care.start"].with_user(self.user_other)
            other.action_apply_hours({"years": 1})
        self.assertEqual(len(self._holidays(self.other_company)), len(self._holidays()))
        self.assertNotEqual(
            self.other_company.care_calendar_id, self.company.care_calendar_id
        )

    def test_bad_choices(self):
        for choices in (
            {"years": 0},
            {"years": "soon"},
            {"tet_days": 40},
            {"tet_before": 5, "tet_days": 5},
            {"saturday": "sometimes"},
            {"years": None},
        ):
            with self.subTest(choices=choices):
                with self.assertRaisesRegex(UserError, "not possible"):
                    self.start.get_hours(choices)
                with self.assertRaisesRegex(UserError, "not possible"):
                    self._apply(**choices)

    def test_zone_of_a_company_without_one(self):
        self.company.care_tz = "UTC"
        with self._at("2026-01-10 05:00"):
            self._apply(years=1)
        self.assertEqual(self.company.care_tz, "Asia/Ho_Chi_Minh")


@tagged("post_install", "-at_install")
class TestStartPeople(StartCommon):
    def _may(self):
        self.user_manager.group_ids += self.env.ref(
            "base.group_erp_manager"
        ) | self.env.ref("base.group_partner_manager")

    def test_roles_in_a_sentence_each(self):
        people = self.start.get_people()
        roles = {role["code"]: role for role in people["roles"]}
        self.assertEqual(len(roles), 6)
        self.assertTrue(all(role["sentence"] for role in roles.values()))
        shown = {person["id"]: person["role"] for person in people["people"]}
        self.assertEqual(shown[self.user_own.id], "group_agent_own")
        self.assertEqual(shown[self.user_lead.id], "group_lead")
        self.assertEqual(shown[self.user_reader.id], "none")
        self.assertNotIn(self.user_other.id, shown)
        self.assertNotIn(self.user_portal.id, shown)

    def test_only_who_may_manage_users_gives_roles(self):
        self.assertFalse(self.start.get_people()["may_assign"])
        with self.assertRaises(AccessError):
            self.start.action_give_role(self.user_reader.id, "group_lead")
        self.assertFalse(self.user_reader.has_group("customer_care.group_lead"))
        self._may()
        self.start.action_give_role(self.user_reader.id, "group_lead")
        self.assertTrue(self.user_reader.has_group("customer_care.group_lead"))
        self.start.action_give_role(self.user_reader.id, "group_agent_own")
        self.assertFalse(self.user_reader.has_group("customer_care.group_lead"))
        self.start.action_give_role(self.user_reader.id, "none")
        self.assertFalse(self.user_reader.has_group("customer_care.group_agent_own"))
        self.assertTrue(self.user_reader.has_group("base.group_user"))

    def test_nobody_rises_above_himself(self):
        self._may()
        for user, role in (
            (self.user_reader, "group_admin"),
            (self.user_admin, "group_agent_own"),
        ):
            with self.assertRaises(AccessError):
                self.start.action_give_role(user.id, role)
        with self.assertRaisesRegex(UserError, "your own role"):
            self.start.action_give_role(self.user_manager.id, "group_lead")
        with self.assertRaisesRegex(UserError, "no such colleague"):
            self.start.action_give_role(self.user_other.id, "group_lead")
        with self.assertRaisesRegex(UserError, "no such colleague"):
            self.start.action_give_role(self.user_portal.id, "group_lead")
        with self.assertRaisesRegex(UserError, "no role"):
            self.start.action_give_role(self.user_reader.id, "base.group_system")

    def test_invite(self):
        self._may()
        self.start.action_invite(" Lê An ", "An.Le@Care.Test", "group_lead")
        user = self.env["res.users"].search([("login", "=", "an.le@care.test")])
        self.assertEqual(user.name, "Lê An")
        self.assertEqual(user.company_ids, self.company)
        self.assertTrue(user.has_group("customer_care.group_lead"))
        self.assertFalse(user.has_group("customer_care.group_manager"))
        with self.assertRaisesRegex(UserError, "has the login"):
            self.start.action_invite("An", "an.le@care.test", "group_lead")
        for name, email in (("", "x@care.test"), ("An", "nowhere"), ("An", None)):
            with self.assertRaisesRegex(UserError, "name and an e-mail"):
                self.start.action_invite(name, email, "group_lead")


@tagged("post_install", "-at_install")
class TestStartSources(StartCommon):
    def _source(self, code, data=None):
        data = data or self.start.get_sources()
        return next(source for source in data["sources"] if source["code"] == code)

    def test_found_counting_or_not(self):
        with self._at(NOW):
            before = self._source("imported")
            self._buy(TODAY, 10)
            self._buy(TODAY, -4)
            self._buy(TODAY, 50, self.customer_two, purchase_count=3)
            after = self._source("imported")
            self.assertEqual(after["purchases"] - before["purchases"], 4)
            self.assertEqual(after["customers"] - before["customers"], 2)
            self.env.ref("customer_care.purchase_source_imported").active = False
            off = self._source("imported")
        self.assertFalse(off["is_on"])
        self.assertEqual(off["purchases"], after["purchases"])

    def test_who_is_left_out_and_why(self):
        def counts():
            data = self.start.get_sources()
            return {line["code"]: line["count"] for line in data["left_out"]}

        with self._at(NOW):
            self.start.action_know_customers()
            before = counts()
            self.env["res.partner"].create(
                [
                    {"name": "Không", "care_customer_mark": "no"},
                    {"name": "Bán cho ta", "supplier_rank": 1},
                ]
            )
            after = counts()
        added = {code: after[code] - before.get(code, 0) for code in after}
        self.assertEqual(
            {code: number for code, number in added.items() if number},
            {"never": 1, "supplier": 1},
        )

    def test_switching_counts_anew_in_silence(self):
        source = self.env.ref("customer_care.purchase_source_imported")
        with self._at(NOW):
            self._buy(TODAY, 10)
            self.start.action_know_customers()
            self.assertTrue(self._profile())
            events = self.env["care.stage.change"].search_count([])
            manager = self.user_manager
            manager.company_ids = self.env["res.company"].search([])
            self.start.action_switch_source(source.id, False)
            self.assertFalse(self._profile())
            self.start.action_switch_source(source.id, True)
            self.assertTrue(self._profile())
        self.assertEqual(self.env["care.stage.change"].search_count([]), events)
        self.assertFalse(self.buyer.care_stage_id)

    def test_who_may_switch(self):
        """What all companies use is not switched by whoever works in one of them."""
        source = self.env.ref("customer_care.purchase_source_sale")
        self.assertFalse(self.start.get_sources()["may_switch"])
        with self.assertRaises(AccessError):
            self.start.action_switch_source(source.id, False)
        with self.assertRaisesRegex(UserError, "no such source"):
            self.start.action_switch_source(999999, False)


@tagged("post_install", "-at_install")
class TestStartStages(StartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_manager.company_ids = cls.env["res.company"].search([])
        for code, field in (
            (
                "new",
                "[('purchase_count', '=', 1), ('first_purchase_on', '>=', 'today -60d')]",
            ),
            ("dormant", "[('last_purchase_on', '<', 'today -180d')]"),
            ("former", "[('last_purchase_on', '<', 'today -365d')]"),
        ):
            cls.env.ref(f"customer_care.care_stage_{code}").rule_domain = field

    def _columns(self, days=None):
        stages = {stage.id: stage.code for stage in self.env["care.stage"].search([])}
        data = self.start.get_stages(days)
        return {stages[column["id"]]: column["wanted"] for column in data["columns"]}

    def test_counts_before_applying(self):
        """Customers silent for 100, 200 and 400 days, under three settings."""
        with self._at(NOW):
            self.start.action_know_customers()
            before = self._columns()
            people = self.env["res.partner"].create(
                [{"name": f"Im {days}"} for days in (100, 200, 400)]
            )
            for person, days in zip(people, (100, 200, 400), strict=True):
                self._buy(TODAY - timedelta(days=days), 0, person)
            self.start.action_know_customers()
            changes = self.env["care.stage.change"].search_count([])
            for days, expected in (
                ({}, {"existing": 1, "dormant": 1, "former": 1}),
                ({"dormant": 90}, {"dormant": 2, "former": 1}),
                ({"new": 120, "former": 190}, {"new": 1, "former": 2}),
            ):
                base = self._columns_without(people, days)
                found = self._columns(days)
                added = {code: found[code] - base[code] for code in found}
                self.assertEqual(
                    {code: number for code, number in added.items() if number},
                    expected,
                    days,
                )
            self.assertEqual(sum(self._columns().values()) - sum(before.values()), 3)
        self.assertEqual(self.env["care.stage.change"].search_count([]), changes)
        self.assertFalse(people.care_stage_id)
        rule = self.env.ref("customer_care.care_stage_dormant").rule_domain
        self.assertIn("-180d", rule, "nothing was written")

    def _columns_without(self, people, days):
        """The counts of everybody else, from another world: they are set aside."""
        with self.env.cr.savepoint() as point:
            self.env["care.profile"].sudo().search(
                [("partner_id", "in", people.ids)]
            ).unlink()
            counts = self._columns(days)
            point.rollback()
        self.env.invalidate_all()
        return counts

    def test_apply_is_a_silent_first_fill(self):
        person = self.env["res.partner"].create({"name": "Im 100"})
        tables = ("mail.mail", "sms.sms", "mail.activity", "mail.message")
        with self._at(NOW):
            self._buy(TODAY - timedelta(days=100), 0, person)
            self._buy(TODAY - timedelta(days=300), 0, person)
            self.start.action_know_customers()
            before = {table: self.env[table].search_count([]) for table in tables}
            panel = self.start.action_apply_stages({"dormant": 90})
            after = {table: self.env[table].search_count([]) for table in tables}
        self.assertEqual(after, before)
        self.assertEqual(person.care_stage_id.code, "dormant")
        change = self.env["care.stage.change"].search([("partner_id", "=", person.id)])
        self.assertEqual((change.reason, change.initial), ("first", True))
        self.assertEqual(self._step("stages", panel)["state"], "done")
        rule = self.env.ref("customer_care.care_stage_dormant").rule_domain
        self.assertEqual(rule, "[('last_purchase_on', '<', 'today -90d')]")

    def test_moves_of_a_second_application_are_initial_too(self):
        person = self.env["res.partner"].create({"name": "Im 100"})
        with self._at(NOW):
            self._buy(TODAY - timedelta(days=100), 0, person)
            self._buy(TODAY - timedelta(days=300), 0, person)
            self.start.action_apply_stages({})
            self.assertEqual(person.care_stage_id.code, "existing")
            self.start.action_apply_stages({"dormant": 90})
        self.assertEqual(person.care_stage_id.code, "dormant")
        changes = self.env["care.stage.change"].search([("partner_id", "=", person.id)])
        self.assertEqual(changes.mapped("initial"), [True, True])

    def test_rules_of_somebody_else_stay(self):
        dormant = self.env.ref("customer_care.care_stage_dormant")
        own = "[('last_purchase_on', '<', 'today -180d'), ('revenue', '>', 0)]"
        dormant.rule_domain = own
        with self._at(NOW):
            data = self.start.get_stages()
            self.assertEqual(data["changed"], [dormant.name])
            self.assertEqual([s["code"] for s in data["sliders"]], ["new", "former"])
            self.start.action_apply_stages({"dormant": 90, "former": 400})
        self.assertEqual(dormant.rule_domain, own)
        former = self.env.ref("customer_care.care_stage_former")
        self.assertIn("-400d", former.rule_domain)

    def test_whom_a_person_put_somewhere_stays(self):
        vip = self.env.ref("customer_care.care_stage_vip")
        with self._at(NOW):
            self._buy(TODAY - timedelta(days=400))
            self.start.action_know_customers()
            self.buyer.with_user(self.user_own).action_care_move(vip.id)
            before = self._columns()["vip"]
            self.assertGreaterEqual(before, 1)
            self.start.action_apply_stages({})
        self.assertEqual(self.buyer.care_stage_id, vip)

    def test_bad_days(self):
        for days, message in (
            ({"dormant": 400}, "has to begin before"),
            ({"new": 1}, "takes 7 to 365 days"),
            ({"new": "many"}, "no days of a care stage"),
            ({"vip": 60}, "no days of a care stage"),
            ([60, 180], "no days of a care stage"),
        ):
            with self.subTest(days=days):
                with self.assertRaisesRegex(UserError, message):
                    self.start.get_stages(days)
                with self.assertRaisesRegex(UserError, message):
                    self.start.action_apply_stages(days)

    def test_shared_rules_are_changed_by_who_answers_for_all(self):
        start = self.env["care.start"].with_user(self.user_other)
        self.assertFalse(start.get_stages()["may_change"])
        with self.assertRaises(AccessError):
            start.action_apply_stages({"new": 30})
        start.action_apply_stages({})
