import random
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.internal import INTERNAL
from ..customer.test_care_profile import NOW, TODAY, ProfileCommon


class SegmentCommon(ProfileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segments = cls.env["care.segment"]
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Khách {number}", "care_customer_mark": "yes"}
                for number in range(6)
            ]
        )

    def _segment(self, domain="[]", **values):
        return self.segments.create(
            {"name": values.pop("name", "Đoạn"), "domain": domain, **values}
        )

    def _in(self, segment):
        """The members among ``people``."""
        members = self.env["care.segment.member"].search(
            [("segment_id", "=", segment.id), ("state", "=", "in")]
        )
        return members.partner_id & self.people

    def _events(self, segment):
        """(customer, kind, rotation, initial) of what happened to ``people``."""
        events = self.env["care.segment.event"].search(
            [
                ("segment_id", "=", segment.id),
                ("partner_id", "in", self.people.ids),
            ],
            order="id",
        )
        return [
            (event.partner_id, event.kind, event.rotation, event.initial)
            for event in events
        ]


@tagged("post_install", "-at_install")
class TestCareSegment(SegmentCommon):
    def test_fill_come_and_go(self):
        with self._at(NOW):
            self.people[:2].city = "Huế"
            self._refresh()
            segment = self._segment("[('city', '=', 'Huế')]")
            self.assertEqual(segment._refresh_and_note(), 2)
            self.assertEqual(self._in(segment), self.people[:2])
            self.assertEqual(segment.member_count, 2)
            self.people[0].city = False
            self.people[2].city = "Huế"
            self.assertEqual(segment._refresh_and_note(), 2)
            self.assertEqual(self._in(segment), self.people[1:3])
            self.people[0].city = "Huế"
            self.assertEqual(segment._refresh_and_note(), 1)
        one, two, three = self.people[:3]
        self.assertEqual(
            sorted(self._events(segment)[:2], key=lambda row: row[0].id),
            [(one, "enter", 1, True), (two, "enter", 1, True)],
        )
        self.assertCountEqual(
            self._events(segment)[2:],
            [
                (one, "leave", 1, False),
                (three, "enter", 1, False),
                (one, "enter", 2, False),
            ],
        )

    def test_unchanged_refresh_writes_no_row(self):
        with self._at(NOW):
            self._refresh()
            segment = self._segment()
            segment._refresh_and_note()
            tables = ("care_segment_member", "care_segment_event", "care_segment_size")
            before = self._row_versions(tables)
            self.assertEqual(segment._refresh(), 0)
            self.assertEqual(self._row_versions(tables), before)

    def _row_versions(self, tables):
        rows = []
        for table in tables:
            self.env.cr.execute(f"SELECT ctid::text FROM {table} ORDER BY 1")
            rows.append([row[0] for row in self.env.cr.fetchall()])
        return rows

    def test_changed_rule_is_a_first_fill(self):
        with self._at(NOW):
            self.people[0].city = "Huế"
            self.people[1].city = "Vinh"
            self._refresh()
            segment = self._segment("[('city', '=', 'Huế')]")
            segment._refresh_and_note()
            segment.domain = "[('city', 'in', ['Huế', 'Vinh'])]"
            self.assertFalse(segment.is_filled)
            segment._refresh_and_note()
        self.assertEqual(
            self._events(segment),
            [
                (self.people[0], "enter", 1, True),
                (self.people[1], "enter", 1, True),
            ],
        )

    def test_by_hand_survives_the_refresh(self):
        with self._at(NOW):
            self.people[0].city = "Huế"
            self._refresh()
            segment = self._segment("[('city', '=', 'Huế')]")
            segment._refresh_and_note()
            segment.with_user(self.user_manager).action_include(self.people[3])
            segment.with_user(self.user_manager).action_exclude(self.people[0])
            self.assertEqual(self._in(segment), self.people[3])
            segment._refresh_and_note()
            self.assertEqual(self._in(segment), self.people[3])
            segment.action_follow_rule(self.people[0] | self.people[3])
            self.assertEqual(self._in(segment), self.people[0])
        with self.assertRaises(AccessError):
            segment.with_user(self.user_team).action_include(self.people[4])

    def test_manual_segment(self):
        with self._at(NOW):
            self._refresh()
            segment = self._segment("[]", kind="manual")
            segment._refresh_and_note()
            self.assertFalse(self._in(segment))
            segment.action_include(self.people[:2])
            segment._refresh_and_note()
            self.assertEqual(self._in(segment), self.people[:2])

    def test_combined_segment(self):
        with self._at(NOW):
            self.people[:3].city = "Huế"
            self.people[2:5].email = "a@b.test"
            self._refresh()
            city = self._segment("[('city', '=', 'Huế')]")
            mail = self._segment("[('email', '!=', False)]", name="Có thư")
            both = self._segment(
                "[('name', 'not like', 'Khách 0')]",
                kind="combined",
                source_ids=[(6, 0, (city | mail).ids)],
                except_ids=[(6, 0, [self._segment("[('id', '=', 0)]").id])],
            )
            without = self._segment(except_ids=[(6, 0, both.ids)])
            for segment in self.segments._in_order(without._with_sources()):
                segment._refresh_and_note()
        self.assertEqual(self._in(both), self.people[1:5])
        self.assertEqual(self._in(without), self.people[:1] | self.people[5:])

    def test_circle_is_refused(self):
        first = self._segment()
        second = self._segment(kind="combined", source_ids=[(6, 0, first.ids)])
        third = self._segment(kind="combined", source_ids=[(6, 0, second.ids)])
        with self.assertRaisesRegex(ValidationError, "circle"):
            first.except_ids = third

    def test_used_segment_is_not_deleted(self):
        first = self._segment(name="Gốc")
        self._segment(name="Trên", kind="combined", source_ids=[(6, 0, first.ids)])
        with self.assertRaisesRegex(UserError, "Trên"):
            first.unlink()

    def test_conditions_that_are_refused(self):
        for domain, reason in (
            ("[('nose', '=', 1)]", "no such field"),
            ("[('parent_id.nose', '=', 1)]", "no such field"),
            ("[('care_salutation', '=', 'chị Mai')]", "neither stored nor searchable"),
            ("[('user_ids.password', '=', 'x')]", "not for your eyes|searchable"),
            ("[('signup_type', '=', 'x')]", "not for your eyes"),
            ("[('create_date', '>', '=week_start')]", "week_start"),
            ("[('create_date', '>', 'yesteryear')]", "cannot be used"),
            ("[('city', '=', open('/etc/passwd'))]", "cannot be read"),
            ("[('city', '=',", "cannot be read"),
            ("[('child_ids', 'any', [('nose', '=', 1)])]", "no such field"),
        ):
            with self.assertRaisesRegex(ValidationError, reason, msg=domain):
                self.segments.with_user(self.user_manager).create(
                    {"name": "x", "domain": domain}
                )

    def test_author_cannot_ask_what_he_may_not_read(self):
        """A manager without accounting rights learns nothing through a segment."""
        domain = "[('invoice_ids.amount_total', '>', 1)]"
        with self.assertRaisesRegex(ValidationError, "not for your eyes"):
            self.segments.with_user(self.user_manager).create(
                {"name": "x", "domain": domain}
            )

    def test_relative_days_follow_the_zone_of_the_company(self):
        with self._at("2026-06-15 18:00"):  # the 16th in Hanoi
            self._buy(date(2026, 6, 16), partner=self.people[0])
            self._refresh()
            segment = self._segment(
                "[('care_profile_id.last_purchase_on', '=', 'today')]"
            )
            segment._refresh_and_note()
        self.assertEqual(self._in(segment), self.people[0])

    def test_birthday_of_29_february(self):
        self.people[0].care_birthday = date(1992, 2, 29)
        segment = self._segment(
            "[('care_next_birthday', '>=', 'today'),"
            " ('care_next_birthday', '<=', 'today +7d')]"
        )
        for moment, expected in (
            ("2026-02-20 05:00", False),  # 28 February is eight days away
            ("2026-02-21 05:00", True),
            ("2026-02-28 05:00", True),
            ("2026-03-01 05:00", False),
            ("2028-02-22 05:00", True),
            ("2028-02-29 05:00", True),
            ("2028-03-01 05:00", False),
        ):
            with self._at(moment):
                self.env.invalidate_all()
                self._refresh()
                segment._refresh_and_note()
                self.assertEqual(bool(self._in(segment)), expected, moment)
                day = self.people[0].care_next_birthday
                in_a_week = (day - date.fromisoformat(moment[:10])).days <= 7
                self.assertEqual(in_a_week, expected, moment)

    def test_archived_and_others_are_never_in(self):
        with self._at(NOW):
            self.people[0].active = False
            self._refresh()
            segment = self._segment()
            segment._refresh_and_note()
        members = segment.member_ids.partner_id
        self.assertNotIn(self.people[0], members)
        self.assertNotIn(self.customer_two, members)  # no sign of a customer
        self.assertIn(self.people[1], members)

    def test_people_of_a_company_are_not_members_beside_it(self):
        company = self.env["res.partner"].create(
            {"name": "Công ty", "is_company": True, "city": "Huế"}
        )
        person = self.env["res.partner"].create(
            {"name": "Lan", "parent_id": company.id, "city": "Huế"}
        )
        with self._at(NOW):
            self._buy(TODAY, partner=person)
            self._refresh()
            for domain in (
                "[('city', '=', 'Huế')]",
                "[('care_profile_id.purchase_count', '=', 1)]",
                "['!', ('care_profile_id.purchase_count', '=', 7)]",
                "[('care_profile_id.purchase_count', '!=', 7)]",
                "[('care_profile_id', '!=', False)]",
            ):
                segment = self._segment(domain)
                segment._refresh_and_note()
                members = segment.member_ids.partner_id
                self.assertIn(company, members, domain)
                self.assertNotIn(person, members, domain)
                self.assertNotIn(self.customer_two, members, "no customer at all")
            self.assertEqual(person.care_segment_ids, company.care_segment_ids)

    def test_customers_of_another_company_are_never_in(self):
        other = self.env["res.partner"].create({"name": "Huế"})
        self.people[0].company_id = self.company
        with self._at(NOW):
            self._buy(TODAY, partner=other, company_id=self.other_company.id)
            self._refresh()
            self._refresh(self.other_company)
            here, there = self._segment(), self._segment()
            there.company_id = self.other_company
            here._refresh_and_note()
            there._refresh_and_note()
        self.assertNotIn(other, here.member_ids.partner_id)
        self.assertIn(other, there.member_ids.partner_id)
        self.assertNotIn(self.people[0], there.member_ids.partner_id)

    def test_hold_out_is_stable_and_even(self):
        people = self.env["res.partner"].create(
            [{"name": f"n {i}", "care_customer_mark": "yes"} for i in range(1000)]
        )
        with self._at(NOW):
            self._refresh()
            segment = self._segment(hold_out_percent=10)
            segment._refresh_and_note()
            members = segment.member_ids.filtered(lambda m: m.partner_id in people)
            buckets = {member.partner_id: member.bucket for member in members}
            self.assertEqual(len(buckets), 1000)
            self.assertTrue(all(0 <= bucket <= 99 for bucket in buckets.values()))
            held = sum(bucket < 10 for bucket in buckets.values())
            self.assertTrue(60 <= held <= 140, held)  # 100 expected, 4 sigma = 38
            people[:1].active = False
            self._refresh()
            segment._refresh_and_note()
            people[:1].active = True
            self._refresh()
            segment._refresh_and_note()
            again = {m.partner_id: m.bucket for m in segment.member_ids}
            self.assertEqual(buckets[people[0]], again[people[0]])

    def test_why_in_and_why_out(self):
        with self._at(NOW):
            self.people[:2].city = "Huế"
            self.people[0].email = "mai@customer.test"
            self._refresh()
            segment = self._segment(
                "['&', ('city', '=', 'Huế'), '|', ('email', '!=', False),"
                " ('phone', '!=', False)]"
            )
            segment._refresh_and_note()
            inside = segment._explain(self.people[0])
            outside = segment._explain(self.people[1])
            stranger = segment._explain(self.customer_two)
        self.assertTrue(inside["is_in"] and inside["fits"])
        self.assertEqual(
            [fulfilled for _depth, _text, fulfilled in inside["lines"]],
            [True, True, True, False],
        )
        self.assertFalse(outside["is_in"] or outside["fits"])
        self.assertEqual(
            [fulfilled for _depth, _text, fulfilled in outside["lines"]],
            [True, False, False, False],
        )
        self.assertFalse(stranger["is_customer"])
        self.assertIn("City = Huế", segment.condition_text)

    def test_filter_on_contacts_orders_leads_and_tickets(self):
        with self._at(NOW):
            order = self._order("2026-06-01 05:00:00", 10, self.people[0])
            lead = self.env["crm.lead"].create(
                {"name": "x", "partner_id": self.people[0].id}
            )
            ticket = self._create_ticket(partner_id=self.people[0].id)
            self._refresh()
            segment = self._segment("[('name', '=', 'Khách 0')]")
            segment._refresh_and_note()
        domain = [("care_segment_ids", "in", segment.ids)]
        for record in (self.people[0], order, lead, ticket):
            self.assertEqual(record.search(domain), record, record._name)
            self.assertEqual(record.care_segment_ids, segment, record._name)
        named = [("care_segment_ids", "any", [("name", "=", "Đoạn")])]
        self.assertEqual(self.env["res.partner"].search(named), self.people[0])
        self.assertFalse(self.people[1].care_segment_ids)

    def test_shipped_segments_of_every_company(self):
        codes = {
            "potential_silent",
            "new",
            "vip",
            "at_risk",
            "birthday",
            "bought_once",
            "silent",
            "complaint",
        }
        for company in (self.env.ref("base.main_company"), self.other_company):
            shipped = self.segments.search(
                [("company_id", "=", company.id), ("code", "!=", False)]
            )
            self.assertEqual(set(shipped.mapped("code")), codes)
            for segment in shipped:
                segment._refresh_and_note()
                self.assertFalse(segment.refresh_error)

    def test_size_over_time(self):
        with self._at(NOW):
            self._refresh()
            segment = self._segment("[('city', '=', 'Huế')]")
            segment._refresh_and_note()
        with self._at("2026-06-16 05:00"):
            self.people[0].city = "Huế"
            segment._refresh_and_note()
            segment._refresh_and_note()
            self.assertEqual(
                segment._sizes(), [(TODAY, 0), (TODAY + timedelta(days=1), 1)]
            )


@tagged("post_install", "-at_install")
class TestCareTouch(SegmentCommon):
    def _look(self):
        told, hushed = self.env["care.touch"]._take()
        self.env["care.touch"]._look_at(hushed, silent=True)
        self.env["care.touch"]._look_at(told, silent=False)
        return told, hushed

    def test_what_touches_a_customer(self):
        with self._at(NOW):
            self._look()
            for act in (
                lambda: self._buy(TODAY, partner=self.people[0]),
                lambda: self._order("2026-06-01 05:00:00", 10, self.people[0]),
                lambda: self._create_ticket(partner_id=self.people[0].id),
                lambda: self.env["crm.lead"].create(
                    {"name": "x", "partner_id": self.people[0].id}
                ),
                lambda: self.people[0].write({"city": "Huế"}),
            ):
                self.assertFalse(self.env["care.touch"].search_count([]))
                act()
                self.assertIn(self.people[0], self._look()[0])

    def test_touched_customer_enters_and_leaves(self):
        with self._at(NOW):
            self._refresh()
            segment = self._segment(
                "[('care_profile_id.purchase_count', '>=', 2)]", name="Hai lần"
            )
            segment._refresh_and_note()
            self._look()
            self._buy(TODAY, partner=self.people[0])
            second = self._buy(TODAY - timedelta(days=9), partner=self.people[0])
            self._look()
            self.assertEqual(self._in(segment), self.people[0])
            second.unlink()
            self._look()
            self.assertFalse(self._in(segment))
        self.assertEqual(
            [row[1:] for row in self._events(segment)],
            [("enter", 1, False), ("leave", 1, False)],
        )

    def test_segment_that_was_never_filled_waits_for_its_first_refresh(self):
        """Else whoever is touched first would be its only member, and news."""
        with self._at(NOW):
            self._refresh()
            segment = self._segment()
            segment._refresh_some(self.people[0])
            self.assertFalse(segment.member_ids)
            self.assertFalse(self._events(segment))
            segment._refresh_and_note()
            self.assertEqual({event[3] for event in self._events(segment)}, {True})

    def test_an_import_is_silent(self):
        with self._at(NOW):
            self._refresh()
            segment = self._segment("[('care_profile_id.purchase_count', '>=', 1)]")
            segment._refresh_and_note()
            self._look()
            self.env["care.purchase"].with_context(care_silent=INTERNAL).create(
                {"partner_id": self.people[0].id, "day": TODAY, "amount": 1}
            )
            self._look()
        self.assertEqual(self._events(segment), [(self.people[0], "enter", 1, True)])

    def test_only_the_system_can_hush(self):
        purchases = self.env["care.purchase"].with_user(self.user_manager)
        purchases.with_context(care_silent=INTERNAL).create(
            {"partner_id": self.people[0].id, "day": TODAY, "amount": 1}
        )
        self.assertIn(self.people[0], self.env["care.touch"]._take()[0])

    @mute_logger("odoo.sql_db")
    def test_bad_segment_holds_nobody_up(self):
        with self._at(NOW):
            self._refresh()
            broken, good = self._segment(), self._segment(name="Tốt")
            (broken | good).write({"is_filled": True})
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE care_segment SET domain = %s WHERE id = %s",
                ["[('gone', '=', 1)]", broken.id],
            )
            self.segments.invalidate_model()
            self.people[0].city = "Huế"
            self._look()
            self.assertIn(self.people[0], self._in(good))
            self.assertTrue(broken.refresh_error)

    def test_incremental_equals_full(self):
        """Random writes, some customers looked at: what a full refresh would give."""
        draw = random.Random(5)
        with self._at(NOW):
            self._refresh()
            segments = self.segments.browse()
            for domain in (
                "[('city', '=', 'Huế')]",
                "[('care_profile_id.purchase_count', '>=', 2)]",
                "['|', ('care_profile_id.revenue', '>', 150), ('email', '!=', False)]",
                "[('care_profile_id.open_ticket_count', '>', 0)]",
            ):
                segments |= self._segment(domain)
            segments |= self._segment(
                kind="combined",
                source_ids=[(6, 0, segments[:2].ids)],
                except_ids=[(6, 0, segments[3:].ids)],
            )
            for segment in self.segments._in_order(segments):
                segment._refresh_and_note()
            for _turn in range(25):
                self._random_write(draw)
                self._look()
            some = {segment: self._in(segment) for segment in segments}
            self._refresh()
            for segment in self.segments._in_order(segments):
                self.assertEqual(segment._refresh(), 0, segment.domain)
                self.assertEqual(self._in(segment), some[segment])
        self.assertTrue(any(some.values()))

    def _random_write(self, draw):
        person = draw.choice(self.people)
        act = draw.randrange(6)
        if act == 0:
            person.city = draw.choice(("Huế", "Vinh", False))
        elif act == 1:
            person.email = draw.choice(("a@b.test", False))
        elif act in (2, 3):
            self._buy(TODAY - timedelta(days=draw.randrange(50)), 60, person)
        elif act == 4:
            self._create_ticket(partner_id=person.id)
        else:
            person.active = not person.active
