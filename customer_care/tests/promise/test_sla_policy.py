from odoo.tests import Form, tagged

from .common import PromiseCommon, local


@tagged("post_install", "-at_install")
class TestSlaPolicy(PromiseCommon):
    def _target(self, ticket, metric="first_reply"):
        """Return the promised hours of a ticket, None for no promise."""
        terms = self.env["care.sla.terms"]._load(ticket.terms_ref)
        return terms[metric].seconds / 3600 if metric in terms else None

    # ------------------------------------------------------------------ matching

    def test_nothing_promised(self):
        ticket = self._create_ticket()
        self.assertFalse(ticket.clock_ids)
        self.assertFalse(ticket.sla_deadline)
        self.assertEqual(ticket.terms_ref, 0)

    def test_first_match_wins_for_each_metric(self):
        self._promise(("first_reply", 1), sequence=1, kind="complaint")
        self._promise(("first_reply", 4), ("resolution", 8), sequence=2)
        complaint = self._create_ticket(kind="complaint")
        self.assertEqual(self._target(complaint), 1)
        self.assertEqual(self._target(complaint, "resolution"), 8)
        self.assertEqual(self._target(self._create_ticket()), 4)

    def test_priority_has_a_line_of_its_own(self):
        self._promise(
            {"metric": "first_reply", "hours": 4},
            {"metric": "first_reply", "hours": 1, "priority": "urgent"},
        )
        self.assertEqual(self._target(self._create_ticket()), 4)
        self.assertEqual(self._target(self._create_ticket(priority="urgent")), 1)

    def test_each_condition(self):
        category = self.env["care.ticket.category"].create({"name": "Bảo hành"})
        child = category.create({"name": "Máy giặt", "parent_id": category.id})
        tag = self.env["care.ticket.tag"].create({"name": "Gấp"})
        vip = self.env.ref("customer_care.care_stage_vip")
        segment = self.env["care.segment"].create(
            {
                "name": "Hùng",
                "company_id": self.company.id,
                "kind": "dynamic",
                "domain": "[(0, '=', 1)]",
            }
        )
        segment._set_override(self.customer_two, "include")
        cases = [
            ({"team_ids": [(4, self.team.id)]}, {}, {"team_id": self.second_team.id}),
            ({"category_ids": [(4, category.id)]}, {"category_id": child.id}, {}),
            ({"kind": "complaint"}, {"kind": "complaint"}, {"kind": "question"}),
            ({"tag_ids": [(4, tag.id)]}, {"tag_ids": [(4, tag.id)]}, {}),
            (
                {"segment_id": segment.id},
                {"partner_id": self.customer_two.id},
                {"partner_id": self.customer.id},
            ),
            (
                {"care_stage_ids": [(4, vip.id)]},
                {"partner_id": self.customer_two.id},
                {},
            ),
            (
                {"domain": "[('name', 'ilike', 'khẩn')]"},
                {"name": "Khẩn: cháy máy"},
                {},
            ),
        ]
        self.customer_two.care_stage_id = vip
        for conditions, fits, fails in cases:
            policy = self._promise(("first_reply", 1), **conditions)
            self.assertEqual(self._target(self._create_ticket(**fits)), 1, conditions)
            self.assertIsNone(self._target(self._create_ticket(**fails)), conditions)
            policy.active = False

    def test_clock_of_a_further_condition_starts_with_the_ticket(self):
        self._promise(("first_reply", 1), domain="[('name', 'ilike', 'khẩn')]")
        ticket = self._open_at("2026-03-02 09:00", name="Khẩn")
        clock = self._clock(ticket, "first_reply")
        self.assertEqual(clock.started_on, local("2026-03-02 09:00"))
        self.assertEqual(ticket.sla_deadline, local("2026-03-02 10:00"))
        self._assert_same(ticket)

    def test_validity(self):
        self._promise(("first_reply", 1), date_from="2026-03-10", date_to="2026-03-11")
        for day, hours in (("09", None), ("10", 1), ("11", 1), ("12", None)):
            # 23:30 in Ho Chi Minh City is another day in London
            ticket = self._open_at(f"2026-03-{day} 23:30")
            self.assertEqual(self._target(ticket), hours, day)

    def test_another_company_promises_nothing_here(self):
        self._promise(("first_reply", 1), company_id=self.other_company.id)
        self.assertIsNone(self._target(self._create_ticket()))

    # ------------------------------------------------------------------ changes

    def test_policy_changed_in_mid_ticket(self):
        policy = self._promise(("first_reply", 4))
        ticket = self._open_at("2026-03-02 08:00")
        with self._at(str(local("2026-03-02 10:00"))):
            policy.target_ids.hours = 3
            ticket._refresh_terms()
        clock = self._clock(ticket, "first_reply")
        # two hours are used up, one of three is left
        self.assertEqual(clock.deadline, local("2026-03-02 11:00"))
        self.assertIn("policy_changed", ticket.event_ids.mapped("kind"))
        self._assert_same(ticket)

    def test_decided_stays_decided(self):
        policy = self._promise(("first_reply", 4))
        ticket = self._open_at("2026-03-02 08:00")
        self._reply_at("2026-03-02 10:00", ticket)
        with self._at(str(local("2026-03-02 11:00"))):
            policy.target_ids.hours = 1
            ticket._refresh_terms()
        self.assertEqual(self._clock(ticket, "first_reply").state, "met")
        self._assert_same(ticket)

    def test_calendar_changed_in_mid_ticket(self):
        self._promise(("first_reply", 6))
        ticket = self._open_at("2026-03-02 08:00")
        with self._at(str(local("2026-03-02 10:00"))):
            # no lunch any more: four hours left, without the hour from 12 to 13
            self.calendar.attendance_ids.filtered(
                lambda line: line.hour_from == 13
            ).hour_from = 12
            self.env.flush_all()
            self.env.cr.precommit.run()
            ticket._refresh_terms()
        clock = self._clock(ticket, "first_reply")
        self.assertEqual(clock.deadline, local("2026-03-02 14:00"))
        self._assert_same(ticket)

    def test_team_changed_in_mid_ticket_keeps_what_is_used(self):
        self._promise(("first_reply", 4))
        self.second_team.resource_calendar_id = False
        ticket = self._open_at("2026-03-02 11:00")
        with self._at(str(local("2026-03-02 12:30"))):
            ticket.team_id = self.second_team
        # one hour is used up before lunch; three are left, round the clock
        self.assertEqual(ticket.sla_deadline, local("2026-03-02 15:30"))
        self._assert_same(ticket)

    def test_new_calendar_of_the_team(self):
        self._promise(("first_reply", 4))
        ticket = self._open_at("2026-03-02 11:00")
        with self._at(str(local("2026-03-02 12:30"))):
            self.team.resource_calendar_id = False
        self.assertEqual(ticket.sla_deadline, local("2026-03-02 15:30"))
        self.assertIn("calendar_changed", ticket.event_ids.mapped("kind"))

    def test_tags_decide_at_once(self):
        tag = self.env["care.ticket.tag"].create({"name": "Gấp"})
        self._promise(("resolution", 2), tag_ids=[(4, tag.id)], sequence=1)
        self._promise(("resolution", 8), sequence=2)
        ticket = self._open_at("2026-03-02 08:00")
        with self._at(str(local("2026-03-02 09:00"))):
            ticket.tag_ids = tag
        self.assertEqual(ticket.sla_deadline, local("2026-03-02 10:00"))
        self._assert_same(ticket)

    def test_deleted_policy_leaves_what_was_decided(self):
        policy = self._promise(("first_reply", 4), ("resolution", 8))
        ticket = self._open_at("2026-03-02 08:00")
        self._reply_at("2026-03-02 10:00", ticket)
        with self._at(str(local("2026-03-02 11:00"))):
            policy.unlink()
            ticket._refresh_terms()
        self.assertEqual(self._clock(ticket, "first_reply").state, "met")
        self.assertEqual(self._clock(ticket, "resolution").state, "void")
        self._assert_same(ticket)

    def test_new_policy_starts_no_clock_of_the_past(self):
        ticket = self._open_at("2026-03-02 08:00")
        with self._at(str(local("2026-03-02 11:00"))):
            self._promise(("first_reply", 4))
            ticket._refresh_terms()
        self.assertFalse(ticket.clock_ids)

    def test_refresh_leaves_alone_what_is_the_same(self):
        self._promise(("first_reply", 4))
        tickets = self._open_at("2026-03-02 08:00") | self._open_at("2026-03-02 08:00")
        events = len(tickets.event_ids)
        self.assertFalse(tickets._refresh_terms())
        self.assertEqual(len(tickets.event_ids), events)

    def test_version_counts_up_once_in_a_transaction(self):
        policy = self._promise(("first_reply", 4))
        self.env.cr.precommit.run()
        before = policy.version
        policy.target_ids.hours = 3
        policy.warn_percent = 50
        self.assertEqual(policy.version, before + 1)

    def test_terms_are_written_down_once(self):
        self._promise(("first_reply", 4))
        one, other = self._create_ticket(), self._create_ticket()
        self.assertTrue(one.terms_ref)
        self.assertEqual(one.terms_ref, other.terms_ref)

    # ------------------------------------------------------------------ queries

    def test_queries_do_not_grow_with_the_tickets(self):
        self._promise(("first_reply", 4), ("next_reply", 4), ("resolution", 8))
        values = {"name": "Nhiều", "team_id": self.team.id}
        self.env["care.ticket"].create([values])
        counts = []
        for number in (2, 50):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["care.ticket"].create([dict(values) for _index in range(number)])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_refresh_of_many_in_few_queries(self):
        policy = self._promise(("first_reply", 4))
        counts = []
        for number in (2, 30):
            tickets = self.env["care.ticket"].create(
                [{"name": "Nhiều", "team_id": self.team.id} for _index in range(number)]
            )
            policy.target_ids.hours += 1
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets._refresh_terms()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    # ------------------------------------------------------------------ overlap

    def test_overlap_says_which_counts(self):
        first = self._promise(("first_reply", 1), name="Khiếu nại", sequence=1)
        second = self._promise(("first_reply", 4), name="Tất cả", sequence=2)
        self.assertIn("gets this promise", first.overlap_note)
        self.assertIn("“Tất cả”", first.overlap_note)
        self.assertIn("Never counts", second.overlap_note)
        first.kind = "complaint"
        second.invalidate_recordset(["overlap_note"])
        self.assertIn("stands before this one", second.overlap_note)

    def test_no_overlap_is_silent(self):
        self._promise(("first_reply", 1), kind="complaint", sequence=1)
        other = self._promise(("first_reply", 4), kind="question", sequence=2)
        third = self._promise(("resolution", 4), sequence=3)
        self.assertFalse(other.overlap_note)
        self.assertFalse(third.overlap_note)

    def test_form(self):
        form = Form(self.env["care.sla.policy"].with_user(self.user_manager))
        form.name = "Bảo hành"
        with form.target_ids.new() as line:
            line.metric = "resolution"
            line.hours = 8
        policy = form.save()
        self.assertIn("Resolution: 8 h", policy.target_summary)
        self.assertEqual(policy.condition_text, "All tickets")
